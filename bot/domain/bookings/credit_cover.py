"""What stands behind a booking: money that was paid for it, or a credit of a package."""

from dataclasses import replace
from datetime import datetime

from bot.domain.bookings.bookings import Booking
from bot.domain.credits import rules
from bot.domain.credits.freezes import FreezeState
from bot.domain.credits.grants import BookedCredit
from bot.domain.payments.fees import Fees
from bot.domain.payments.money import Money
from bot.domain.pricing.effects import Coverage, CreditChange, CreditCover, forfeited

COMES_BACK = {
    None: CreditChange.RETURNED,
    FreezeState.FROZEN: CreditChange.FROZEN,
    FreezeState.TAKEN: CreditChange.LOST,
}
"""What becomes of a credit that comes back, by what a dispute of its payment does."""


def of_booking(booking: Booking, now: datetime, *, by_practice: bool) -> Coverage:
    """`by_practice`: the coach ends it, so that its credit gets days of grace in any case."""
    credit = booking.credit
    if credit is not None and credit.is_taken:
        return on_credit(booking.terms.price, credit, now, by_practice=by_practice)
    paid = booking.paid if booking.paid.amount > 0 else None
    return Coverage(booking.terms.price, paid, fee=booking.fees.late_cancel, charged=booking.fee)


def no_show_fee(booking: Booking, now: datetime) -> Money | None:
    """What its client agreed to pay for not coming, where nothing else is kept or used up for that."""
    coverage = replace(of_booking(booking, now, by_practice=False), fee=booking.fees.no_show)
    return forfeited(coverage).fee


def most_in_fees(booking: Booking, now: datetime) -> Money | None:
    """The most that it can still cost in fees, by a late cancel until it starts, or by not coming; None for nothing."""
    late = forfeited(of_booking(booking, now, by_practice=False)).fee if now < booking.starts else None
    return Fees(late, no_show_fee(booking, now)).ceiling


def on_credit(price: Money, credit: BookedCredit, now: datetime, *, by_practice: bool = False) -> Coverage:
    """Of a booking that has, or would take, this credit."""
    until = rules.back_until(credit.expires_at, credit.until, now, by_practice=by_practice)
    returned = replace(credit, until=until)
    back = COMES_BACK.get(credit.bound, CreditChange.RETURNED)
    return Coverage(price, credit=CreditCover(credit.left(now), _epoch(credit.ends), _epoch(returned.ends), back))


def _epoch(at: datetime | None) -> int | None:
    return None if at is None else int(at.timestamp())
