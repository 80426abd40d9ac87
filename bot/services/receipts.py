"""What the money of a booking came to, for the messages and pages that speak of it."""

from dataclasses import dataclass
from enum import StrEnum

from bot.domain.bookings import Booking, BookingState
from bot.domain.money import Money
from bot.domain.payments import Movement, Payment, PaymentState, Refund, RefundState
from bot.domain.people import Account
from storage import bookings, payments, people, refunds, transactions
from storage.engine import Tx


class PayState(StrEnum):
    """How paying for a booking stands, as its client should hear it."""

    CONFIRMED = "confirmed"
    HELD = "held"  # not paid, the time is still held
    PENDING = "pending"  # the provider has not said yet
    ENDED = "ended"  # not paid, and the hold is over
    LATE = "late"  # paid when the time was gone: the money goes back
    TWICE = "twice"  # paid once more than needed: this one goes back
    CANCELLED = "cancelled"  # paid and confirmed, cancelled since


@dataclass(frozen=True)
class PayOutcome:
    """What a browser that comes back from the payment page is told. `account` is the chat to go back to."""

    state: PayState
    booking: Booking
    payment: Payment
    language: str
    account: Account | None


@dataclass(frozen=True)
class Statement:
    """All money of one booking. `paid` came in, `returned` went back or is on its way; failed refunds count for
    nothing. `refunds` and `movements` are in the order in which they happened."""

    paid: Money
    returned: Money
    refunds: tuple[Refund, ...]
    movements: tuple[Movement, ...]
    late: bool = False
    twice: bool = False

    @property
    def on_its_way(self) -> bool:
        """Whether a refund is not settled yet."""
        return any(each.state in (RefundState.INTENDED, RefundState.PENDING) for each in self.refunds)

    @property
    def failed(self) -> bool:
        """Whether money that should have gone back did not."""
        return bool(self.refunds) and self.refunds[-1].state is RefundState.FAILED


def outcome(tx: Tx, payment_id: int, *, pending: bool = False) -> PayOutcome | None:
    """How one payment stands. `pending`: the provider could not say, or the money is on its way."""
    payment = payments.find(tx, payment_id)
    booking = None if payment is None else bookings.find(tx, payment.booking_id)
    if payment is None or booking is None:
        return None
    client = people.find(tx, booking.person_id)
    accounts = people.accounts_of(tx, booking.person_id)
    return PayOutcome(
        state=_state(tx, payment, booking, pending),
        booking=booking,
        payment=payment,
        language="en" if client is None else client.language,
        account=accounts[0] if accounts else None,
    )


def statement(tx: Tx, booking: Booking) -> Statement:
    """See `Statement`; money that was refused counts too, as it came in and goes back."""
    movements = tuple(transactions.of_booking(tx, booking.id))
    made = tuple(refunds.of_booking(tx, booking.id))
    currency = booking.terms.price.currency
    return Statement(
        paid=Money(sum(each.amount.amount for each in movements if each.kind == "charge"), currency),
        returned=Money(sum(each.amount.amount for each in made if each.state is not RefundState.FAILED), currency),
        refunds=made,
        movements=movements,
        late=any(each.reason == "late" for each in made),
        twice=any(each.reason == "second" for each in made),
    )


def _state(tx: Tx, payment: Payment, booking: Booking, pending: bool) -> PayState:
    if payment.state is PaymentState.REFUSED:
        reasons = {each.reason for each in refunds.of_booking(tx, booking.id) if each.payment_id == payment.id}
        return PayState.TWICE if "second" in reasons else PayState.LATE
    if booking.state is BookingState.CONFIRMED:
        return PayState.CONFIRMED
    if payment.state is PaymentState.ACCEPTED:
        return PayState.CANCELLED
    if pending:
        return PayState.PENDING
    return PayState.HELD if booking.state is BookingState.HELD else PayState.ENDED
