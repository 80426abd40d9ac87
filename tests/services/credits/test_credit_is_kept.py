"""What is on a credit: an act that would lose it is refused, and no money is asked for it."""

from datetime import timedelta

import pytest
import sqlalchemy as sa

from bot.domain.bookings.bookings import BookingState
from bot.domain.bookings.cover import Cover
from bot.services.credits import sweep
from bot.services.payments import sales
from storage import tables
from storage.engine import CannotRead
from tests.services.bare_practice import CLIENT, OWNER, made
from tests.services.credit_practice import CreditPractice
from tests.services.selling_practice import guest


async def bought_at(credit_practice: CreditPractice, seconds: int) -> None:
    change = sa.update(tables.grants).values(bought_at=seconds)
    await credit_practice.storage.write(lambda tx: tx.execute(change))


async def test_a_booking_is_not_cancelled_while_its_credit_could_not_come_back(credit_practice: CreditPractice) -> None:
    grant_id, at = await credit_practice.give(), (await credit_practice.starts(credit_practice.paid))[-1]
    booking = await credit_practice.found(made(await credit_practice.take(at)))
    await bought_at(credit_practice, 10**17)
    with pytest.raises(CannotRead):
        await credit_practice.cancel(booking, OWNER)
    assert (await credit_practice.found(booking.id)).state is BookingState.CONFIRMED
    await bought_at(credit_practice, 0)
    await credit_practice.cancel(booking, OWNER)
    assert await credit_practice.holds(grant_id) == (2, 0)


async def test_no_money_is_asked_for_what_is_on_a_credit(credit_practice: CreditPractice) -> None:
    await credit_practice.give()
    booking = await credit_practice.found(
        made(await credit_practice.take((await credit_practice.starts(credit_practice.paid))[-1]))
    )
    assert await credit_practice.storage.write(lambda tx: sales.about(tx, booking.subject)) is None
    after = await credit_practice.found(booking.id)
    assert (after.cover, after.order_id) == (Cover.CREDIT, None)
    assert await credit_practice.count(tables.orders) == 0


async def test_one_that_cannot_be_read_keeps_no_other_from_being_used_up(
    credit_practice: CreditPractice, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(sweep, "PART", 1)
    grants = [await credit_practice.give(), await credit_practice.give(guest(1))]
    starts = await credit_practice.starts(credit_practice.paid)
    for at, who in zip((starts[-1], starts[-9]), (CLIENT, guest(1)), strict=True):
        made(await credit_practice.take(at, who))
    broken = sa.update(tables.grants).where(tables.grants.c.id == grants[0]).values(bought_at=10**17)
    await credit_practice.storage.write(lambda tx: tx.execute(broken))
    assert await sweep.spend_past(credit_practice.storage, starts[-1] + timedelta(days=4)) == 1
    assert await credit_practice.holds(grants[1]) == (1, 0)
