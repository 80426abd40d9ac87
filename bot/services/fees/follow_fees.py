"""Charges the fee that an act has brought about, and gives back one that is not due any more."""

from bot.domain.bookings.bookings import Booking
from bot.domain.bookings.changes import Change, Ended, Settled
from bot.domain.payments.fees import FeeKind
from bot.domain.payments.money import Money
from bot.domain.payments.orders import LineKind, OrderLine, OrderState
from bot.domain.records import Cause
from bot.services.payments import tell_money
from bot.services.payments.kept_cards import off_session
from storage.engine import Tx
from storage.journal import audit
from storage.payments import orders, payments, refunds

RETURNED = "fee"
"""The reason of a refund that gives a fee back."""


def follow_fees(tx: Tx, change: Change) -> None:
    """What was told of a fee before the tap is what happens: see `Effect`."""
    match change:
        case Ended(before=before, after=after, ending=ending):
            cause, kind = ending.cause, FeeKind.LATE_CANCEL
        case Settled(before=before, after=after, cause=cause):
            kind = FeeKind.NO_SHOW
        case _:
            return
    if before.fee is not None:
        give_back(tx, before, cause)
    if after.fee is not None:
        _charge(tx, after, after.fee, kind, cause)


def _charge(tx: Tx, booking: Booking, fee: Money, kind: FeeKind, cause: Cause) -> None:
    """An order of its own asks for it, and the worker charges the kept card; without one it is owed."""
    line = OrderLine(LineKind.FEE, fee, booking.subject, booking.terms.offer_name, terms={"fee": kind.value})
    order = orders.open_new(tx, booking.person_id, [line], cause.now, OrderState.OWED)
    _note(tx, booking, "fee.charged", fee, cause, kind.value)
    if not off_session.charge(tx, order, booking.id, cause.now, cause.now):
        tell_money.of_fee(tx, order, booking, 0, cause.now)


def give_back(tx: Tx, booking: Booking, cause: Cause) -> None:
    """What was paid of it goes back, and what was not is not owed any more."""
    tx.lock_client(booking.person_id)  # its money may be coming at this moment
    order = orders.of_fee(tx, booking.subject)
    if order is None or booking.fee is None:
        return
    accepted = payments.accepted_of(tx, order.subject)
    if accepted is not None:
        refunds.intend(tx, accepted, accepted.amount, RETURNED, cause.now)
    elif orders.waive(tx, order.id):
        payments.close(tx, order.subject, cause.now)
    _note(tx, booking, "fee.returned" if accepted is not None else "fee.waived", booking.fee, cause)
    tell_money.of_fee_back(tx, order, booking, cause.person_id, cause.now)


def _note(tx: Tx, booking: Booking, act: str, fee: Money, cause: Cause, why: str | None = None) -> None:
    audit.write(
        tx, person_id=cause.person_id, via=cause.via, act=act, subject=booking.subject,
        after={"amount": fee.amount, "currency": fee.currency}, why=why, now=cause.now,
    )  # fmt: skip
