"""What is on a credit: an act that would lose it is refused, and no money is asked for it."""

from datetime import timedelta

import pytest
import sqlalchemy as sa

from bot.domain.bookings.bookings import BookingState
from bot.domain.bookings.cover import Cover
from bot.services.credits import sweep
from bot.services.payments import sales
from storage import tables
from storage.engine import CannotRead, Storage
from tests.services.bare_practice import CLIENT, OWNER, made
from tests.services.bookings.test_on_credit import OnCredit
from tests.services.selling_practice import guest


@pytest.fixture
async def practice(storage: Storage) -> OnCredit:
    opened = OnCredit(storage)
    await opened.open()
    return opened


async def bought_at(practice: OnCredit, seconds: int) -> None:
    change = sa.update(tables.grants).values(bought_at=seconds)
    await practice.storage.write(lambda tx: tx.execute(change))


async def test_a_booking_is_not_cancelled_while_its_credit_could_not_come_back(practice: OnCredit) -> None:
    grant_id, at = await practice.give(), (await practice.starts(practice.paid))[-1]
    booking = await practice.found(made(await practice.take(at)))
    await bought_at(practice, 10**17)
    with pytest.raises(CannotRead):
        await practice.cancel(booking, OWNER)
    assert (await practice.found(booking.id)).state is BookingState.CONFIRMED
    await bought_at(practice, 0)
    await practice.cancel(booking, OWNER)
    assert await practice.holds(grant_id) == (2, 0)


async def test_no_money_is_asked_for_what_is_on_a_credit(practice: OnCredit) -> None:
    await practice.give()
    booking = await practice.found(made(await practice.take((await practice.starts(practice.paid))[-1])))
    assert await practice.storage.write(lambda tx: sales.about(tx, booking.subject)) is None
    after = await practice.found(booking.id)
    assert (after.cover, after.order_id) == (Cover.CREDIT, None)
    assert await practice.count(tables.orders) == 0


async def test_one_that_cannot_be_read_keeps_no_other_from_being_used_up(
    practice: OnCredit, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(sweep, "PART", 1)
    grants = [await practice.give(), await practice.give(guest(1))]
    starts = await practice.starts(practice.paid)
    for at, who in zip((starts[-1], starts[-9]), (CLIENT, guest(1)), strict=True):
        made(await practice.take(at, who))
    broken = sa.update(tables.grants).where(tables.grants.c.id == grants[0]).values(bought_at=10**17)
    await practice.storage.write(lambda tx: tx.execute(broken))
    assert await sweep.spend_past(practice.storage, starts[-1] + timedelta(days=4)) == 1
    assert await practice.holds(grants[1]) == (1, 0)
