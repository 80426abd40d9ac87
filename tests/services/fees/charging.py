"""What tests of fees have in common: an offer asks for them, a client agrees, and the clock goes to a late moment."""

from datetime import timedelta

import sqlalchemy as sa

from bot.domain.bookings.bookings import Booking, Outcome
from bot.domain.payments.fees import Fees
from bot.domain.payments.money import Money
from bot.domain.people.people import Profile
from bot.domain.refusals import Done, Refusal
from bot.services.fees.fees import ChargedFee
from storage import tables
from tests.services.bare_practice import CLIENT, OWNER, done, made
from tests.services.paid_practice import PaidPractice

LATE, MISSED = Money(2000, "EUR"), Money(3000, "EUR")
BOTH = Fees(LATE, MISSED)
WORDS = "If you cancel late, you pay €20.00."


async def asks(practice: PaidPractice, fees: Fees = BOTH, *, paid: bool = False) -> Done | Refusal:
    offer = await practice.offers.find((practice.paid if paid else practice.free).id)
    assert offer is not None
    act = await practice.act(OWNER, practice.now())
    asked = {"late_cancel_fee": fees.late_cancel, "no_show_fee": fees.no_show}
    return await practice.offers.change(act, offer.id, offer.version, **asked)


async def held(practice: PaidPractice, who: Profile = CLIENT, number: int = -1) -> Booking:
    at = (await practice.starts(practice.free, practice.now() + timedelta(days=3)))[number]
    return await practice.found(made(await practice.try_hold(who, practice.free, at, practice.now())))


async def agrees(
    practice: PaidPractice, booking: Booking, fees: Fees = BOTH, who: Profile = CLIENT
) -> Done | Refusal:  # fmt: skip
    act = await practice.act(who, practice.now())
    return await practice.fees.agree(act, booking.id, booking.version, fees, WORDS)


async def booked(practice: PaidPractice, who: Profile = CLIENT, number: int = -1) -> Booking:
    """A session whose client agreed to its fees, and has a card kept."""
    return await practice.found(made(await agrees(practice, await held(practice, who, number), who=who)))


async def cancels_late(practice: PaidPractice, booking: Booking, who: Profile = CLIENT) -> Booking:
    await goes_to(practice, booking, hours=-1)
    await practice.cancel(booking.id, who)
    return await practice.found(booking.id)


async def goes_to(practice: PaidPractice, booking: Booking, **after: float) -> None:
    """So much after the start, or before it."""
    ahead = booking.starts + timedelta(**after) - practice.now()
    await practice.sweep(seconds=max(0.0, ahead.total_seconds()))


async def misses(practice: PaidPractice, booking: Booking, *, fee: Money | None) -> Booking:
    """The coach says that the client did not come."""
    await goes_to(practice, booking, hours=2)
    found = await practice.found(booking.id)
    act = await practice.act(OWNER, practice.now())
    done(await practice.day.settle(act, booking.id, found.version, Outcome.NO_SHOW, fee))
    return await practice.found(booking.id)


async def fee_of(practice: PaidPractice, booking: Booking) -> ChargedFee:
    found = await practice.fees.of_booking(await practice.found(booking.id))
    assert found is not None
    return found


def charged(practice: PaidPractice) -> list[int]:
    """What Stripe took, and has."""
    charges = practice.sandbox.account.charges.values()
    return [each.amount - each.amount_refunded for each in charges if each.status == "succeeded"]


async def consents(practice: PaidPractice) -> list[tuple[int | None, int | None, int, str, bool]]:
    row = tables.fee_consents.c
    query = sa.select(row.late_cancel, row.no_show, row.ceiling, row.words, row.withdrawn_at.is_not(None))
    return [tuple(each) for each in await practice.storage.read(lambda tx: tx.execute(query.order_by(row.id)).all())]
