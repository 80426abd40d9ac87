"""Holds and time: ended, freed, paid late, let go."""

import asyncio
from datetime import timedelta

import pytest
import sqlalchemy as sa

from bot.domain.bookings.bookings import BookingState
from bot.domain.refusals import Code, Done, Refusal
from bot.domain.subjects import Subject
from bot.services.bookings import hold_expiry
from bot.services.bookings.bookings import Bookings, Quote
from bot.services.reactions import react
from storage import tables
from storage.journal import audit
from storage.notices import outbox
from tests.services.bare_practice import ANA, CLIENT, NOW, done, made, refused
from tests.services.selling_practice import HOLD, SellingPractice, guest


@pytest.mark.parametrize(("opened", "after_s", "free"), [
    (False, 1, True),  # nobody ever saw a page to pay on
    (True, 1, False),  # somebody may be paying
    (True, 121, True),
    (False, -1, False),
])  # fmt: skip
async def test_an_ended_hold_makes_way_when_nobody_can_pay(
    selling_practice: SellingPractice, opened: bool, after_s: int, free: bool
) -> None:
    at = (await selling_practice.starts())[0]
    held = made(await selling_practice.try_hold(CLIENT, selling_practice.paid, at))
    if opened:
        await selling_practice.page_opened(held)
    now = NOW + HOLD + timedelta(seconds=after_s)

    assert (at in await selling_practice.starts(after=now)) == free
    assert isinstance(await selling_practice.try_hold(guest(1), selling_practice.paid, at, now), Done) == free
    assert (await selling_practice.found(held)).state is (BookingState.EXPIRED if free else BookingState.HELD)


async def test_time_ends_a_hold_once_its_page_is_closed(selling_practice: SellingPractice) -> None:
    at = (await selling_practice.starts())[0]
    held = made(await selling_practice.try_hold(CLIENT, selling_practice.paid, at))
    await selling_practice.page_opened(held)
    assert await hold_expiry.warn(selling_practice.storage, NOW + timedelta(minutes=9)) == 0
    assert await hold_expiry.warn(selling_practice.storage, NOW + timedelta(minutes=10)) == 1
    assert await hold_expiry.warn(selling_practice.storage, NOW + timedelta(minutes=11)) == 0

    assert await hold_expiry.end_over(selling_practice.storage, react, NOW + HOLD) == 0
    assert await _payment_state(selling_practice) == "closing"
    await selling_practice.page_closed(held)
    assert await hold_expiry.end_over(selling_practice.storage, react, NOW + HOLD + timedelta(seconds=5)) == 1

    assert (await selling_practice.found(held)).ended_by == "time"
    assert at in await selling_practice.starts()


@pytest.mark.parametrize("_again", range(3))
async def test_a_hold_that_several_end_at_once_ends_once(selling_practice: SellingPractice, _again: int) -> None:
    """Time, two who want its time and its client, each in a transaction that read it as it stood."""
    practice, now = selling_practice, NOW + HOLD + timedelta(seconds=1)
    at = (await practice.starts())[0]
    held = made(await practice.try_hold(CLIENT, practice.paid, at))
    acts = [await practice.act(who, now) for who in (guest(1), guest(2), CLIENT)]
    facts = (await practice.quote(guest(1), practice.free, at, now)).facts
    *_ended, one, other, _let_go = await asyncio.gather(
        *(hold_expiry.end_over(practice.storage, react, now) for _process in range(2)),
        *(practice.bookings.hold(act, practice.free.id, practice.coach_id, at, facts) for act in acts[:2]),
        practice.bookings.release(acts[2], held, 1),
    )
    taken = [each for each in (one, other) if isinstance(each, Done)]
    assert (len(taken), {each.code for each in (one, other) if isinstance(each, Refusal)}) == (1, {Code.TAKEN})
    assert (await practice.found(made(taken[0]))).starts == at
    assert (await practice.found(held)).state in (BookingState.EXPIRED, BookingState.CANCELLED)
    trail = await practice.storage.read(lambda tx: audit.of_subject(tx, Subject("booking", held)))
    assert sum(entry.act in ("booking.expired", "booking.cancelled") for entry in trail) == 1


async def told(selling_practice: SellingPractice, held: int) -> dict[str, list[str]]:
    """State and address of the messages of a hold, by their kind."""
    rows = await selling_practice.storage.read(lambda tx: outbox.of_subjects(tx, [Subject("booking", held)]))
    return {row.notice.kind.value: [row.state.value, row.notice.address] for row in rows}


async def test_the_last_minutes_and_the_end_are_told_by_messages_that_notify(selling_practice: SellingPractice) -> None:
    at = (await selling_practice.starts())[0]
    held = made(await selling_practice.try_hold(CLIENT, selling_practice.paid, at))
    out = sa.update(tables.outbox).values(state="sent", message_ref="1")
    await selling_practice.storage.write(lambda tx: tx.execute(out))

    await hold_expiry.warn(selling_practice.storage, NOW + timedelta(minutes=10))
    assert await told(selling_practice, held) == {
        "hold": ["sent", f"notice/hold/{held}"], "hold-ending": ["pending", f"notice/hold-ending/{held}"],
    }  # fmt: skip

    await hold_expiry.end_over(selling_practice.storage, react, NOW + HOLD)
    assert await told(selling_practice, held) == {
        "hold": ["sent", f"notice/hold-ended/{held}/before"],
        "hold-ending": ["cancelled", f"notice/hold-ending/{held}"],
        "hold-ended": ["pending", f"notice/hold-ended/{held}"],
    }  # fmt: skip

    assert await selling_practice.pay(held, NOW + HOLD * 2)
    assert (await told(selling_practice, held))["hold-ended"][0] == "cancelled"


async def test_a_hold_of_few_minutes_is_not_spoken_of_twice(selling_practice: SellingPractice) -> None:
    short = Bookings(selling_practice.storage, react, hold_minutes=5)
    at, act = (await selling_practice.starts())[0], await selling_practice.act(CLIENT)
    quote = await short.quote(act.person, selling_practice.paid.id, None, at, NOW)
    assert isinstance(quote, Quote)
    held = made(await short.hold(act, selling_practice.paid.id, None, at, quote.facts))
    assert await hold_expiry.warn(selling_practice.storage, NOW) == 1
    assert set(await told(selling_practice, held)) == {"hold"}


async def test_who_lets_a_hold_go_hears_of_no_end(selling_practice: SellingPractice) -> None:
    at = (await selling_practice.starts())[0]
    held = await selling_practice.found(made(await selling_practice.try_hold(CLIENT, selling_practice.paid, at)))
    done(await selling_practice.bookings.release(await selling_practice.act(CLIENT), held.id, held.version))
    assert set(await told(selling_practice, held.id)) == {"hold"}


async def test_late_money_brings_a_hold_back_while_its_time_is_free(selling_practice: SellingPractice) -> None:
    at = (await selling_practice.starts())[0]
    first = made(await selling_practice.try_hold(CLIENT, selling_practice.paid, at))
    await hold_expiry.end_over(selling_practice.storage, react, NOW + HOLD)
    assert (await selling_practice.found(first)).state is BookingState.EXPIRED

    back = await selling_practice.pay(first, NOW + HOLD * 2)

    assert back is not None
    assert back.state is BookingState.CONFIRMED
    assert at not in await selling_practice.starts()


async def test_late_money_finds_the_time_taken(selling_practice: SellingPractice) -> None:
    at = (await selling_practice.starts())[0]
    first = made(await selling_practice.try_hold(CLIENT, selling_practice.paid, at))
    await hold_expiry.end_over(selling_practice.storage, react, NOW + HOLD)
    await selling_practice.book(at, guest(1), NOW + HOLD)

    assert await selling_practice.pay(first, NOW + HOLD * 2) is None
    assert (await selling_practice.found(first)).state is BookingState.EXPIRED


async def test_letting_a_hold_go(selling_practice: SellingPractice) -> None:
    at = (await selling_practice.starts())[0]
    held = await selling_practice.found(made(await selling_practice.try_hold(CLIENT, selling_practice.paid, at)))
    refused(
        await selling_practice.bookings.release(await selling_practice.act(ANA), held.id, held.version), Code.NOT_FOUND
    )
    refused(await selling_practice.bookings.release(await selling_practice.act(CLIENT), held.id, 7), Code.CHANGED)
    done(await selling_practice.bookings.release(await selling_practice.act(CLIENT), held.id, held.version))
    refused(
        await selling_practice.bookings.release(await selling_practice.act(CLIENT), held.id, held.version),
        Code.HOLD_OVER,
    )
    booking = await selling_practice.buy(at)
    refused(
        await selling_practice.bookings.release(await selling_practice.act(CLIENT), booking.id, booking.version),
        Code.ALREADY_PAID,
    )


async def _payment_state(selling_practice: SellingPractice) -> str:
    query = tables.payments.select()
    return str(await selling_practice.storage.read(lambda tx: tx.execute(query).one().state))
