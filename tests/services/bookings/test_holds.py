"""Holds and time: ended, freed, paid late, let go."""

from datetime import timedelta

import pytest

from bot.domain.bookings.bookings import BookingState
from bot.domain.refusals import Code, Done
from bot.services.bookings import holds
from storage import tables
from tests.services.counter import HOLD, Counter, guest
from tests.services.house import ANA, CLIENT, NOW, done, made, refused


@pytest.mark.parametrize(("opened", "after_s", "free"), [
    (False, 1, True),  # nobody ever saw a page to pay on
    (True, 1, False),  # somebody may be paying
    (True, 121, True),
    (False, -1, False),
])  # fmt: skip
async def test_an_ended_hold_makes_way_when_nobody_can_pay(
    counter: Counter, opened: bool, after_s: int, free: bool
) -> None:
    at = (await counter.starts())[0]
    held = made(await counter.try_hold(CLIENT, counter.paid, at))
    if opened:
        await counter.page_opened(held)
    now = NOW + HOLD + timedelta(seconds=after_s)

    assert (at in await counter.starts(after=now)) == free
    assert isinstance(await counter.try_hold(guest(1), counter.paid, at, now), Done) == free
    assert (await counter.found(held)).state is (BookingState.EXPIRED if free else BookingState.HELD)


async def test_time_ends_a_hold_once_its_page_is_closed(counter: Counter) -> None:
    at = (await counter.starts())[0]
    held = made(await counter.try_hold(CLIENT, counter.paid, at))
    await counter.page_opened(held)
    assert await holds.warn(counter.storage, NOW + timedelta(minutes=9)) == 0
    assert await holds.warn(counter.storage, NOW + timedelta(minutes=10)) == 1
    assert await holds.warn(counter.storage, NOW + timedelta(minutes=11)) == 0

    assert await holds.end_over(counter.storage, NOW + HOLD) == 0
    assert await _payment_state(counter) == "closing"
    await counter.page_closed(held)
    assert await holds.end_over(counter.storage, NOW + HOLD + timedelta(seconds=5)) == 1

    assert (await counter.found(held)).ended_by == "time"
    assert at in await counter.starts()


async def test_late_money_brings_a_hold_back_while_its_time_is_free(counter: Counter) -> None:
    at = (await counter.starts())[0]
    first = made(await counter.try_hold(CLIENT, counter.paid, at))
    await holds.end_over(counter.storage, NOW + HOLD)
    assert (await counter.found(first)).state is BookingState.EXPIRED

    back = await counter.pay(first, NOW + HOLD * 2)

    assert back is not None
    assert back.state is BookingState.CONFIRMED
    assert at not in await counter.starts()


async def test_late_money_finds_the_time_taken(counter: Counter) -> None:
    at = (await counter.starts())[0]
    first = made(await counter.try_hold(CLIENT, counter.paid, at))
    await holds.end_over(counter.storage, NOW + HOLD)
    await counter.book(at, guest(1), NOW + HOLD)

    assert await counter.pay(first, NOW + HOLD * 2) is None
    assert (await counter.found(first)).state is BookingState.EXPIRED


async def test_letting_a_hold_go(counter: Counter) -> None:
    at = (await counter.starts())[0]
    held = await counter.found(made(await counter.try_hold(CLIENT, counter.paid, at)))
    refused(await counter.bookings.release(await counter.act(ANA), held.id, held.version), Code.NOT_FOUND)
    refused(await counter.bookings.release(await counter.act(CLIENT), held.id, 7), Code.CHANGED)
    done(await counter.bookings.release(await counter.act(CLIENT), held.id, held.version))
    refused(await counter.bookings.release(await counter.act(CLIENT), held.id, held.version), Code.HOLD_OVER)
    booking = await counter.buy(at)
    refused(await counter.bookings.release(await counter.act(CLIENT), booking.id, booking.version), Code.ALREADY_PAID)


async def _payment_state(counter: Counter) -> str:
    query = tables.payments.select()
    return str(await counter.storage.read(lambda tx: tx.execute(query).one().state))
