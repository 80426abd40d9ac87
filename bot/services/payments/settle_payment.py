"""Applies the state of a payment page to our records: one payment per booking is accepted, any other is refunded.

Everything is decided by the state of the page, under the coach's lock, so that order and repetition do not matter.
"""

import logging
from datetime import datetime, timedelta

from bot.domain.bookings.bookings import Booking, BookingState
from bot.domain.notices.notices import NoticeKind
from bot.domain.payments.money import Money
from bot.domain.payments.payments import Movement, MovementKind, Payment, PaymentState
from bot.integrations.payments.port import Charge, Checkout, PageState
from bot.services.bookings import booking_changes
from bot.services.kit import backoff
from bot.services.notices.notice_planning import tell
from storage.bookings import bookings
from storage.engine import Tx
from storage.journal import audit
from storage.payments import payment_changes, payments, refunds, transactions

log = logging.getLogger(__name__)

AGAIN = timedelta(seconds=30)
MONEY_ON_ITS_WAY = timedelta(minutes=10)
FEE_AGAIN, FEE_LONGEST = timedelta(seconds=20), timedelta(hours=6)
OPEN_ENDS = (PaymentState.ACCEPTED, PaymentState.REFUSED)


def ours(tx: Tx, checkout: Checkout) -> Payment | None:
    """Our payment that the page is for; None for pages of other applications and for those that claim too much."""
    if checkout.payment_id is None:  # without our mark, only a page that we know ourselves can be ours
        payment = payments.by_ref(tx, checkout.ref)
    else:
        payment = payments.find(tx, checkout.payment_id)
        if payment is not None and payment.subject != checkout.subject:
            return None
        if payment is not None and not _asked_for(tx, payment, checkout):
            log.warning("page.of_another_house", extra={"ids": {"payment": payment.id, "page": checkout.ref}})
            return None
    if payment is None:
        return None
    if payment.amount != checkout.amount:
        log.error("page.amount_differs", extra={"ids": {"payment": payment.id, "page": checkout.ref}})
        return None
    return payment


def _asked_for(tx: Tx, payment: Payment, checkout: Checkout) -> bool:
    """Another installation beside the same account counts its payments from one as well; only our seal is ours."""
    return checkout.returns_to is None or checkout.returns_to in payments.parameters(tx, payment.id).values()


def apply_checkout(tx: Tx, checkout: Checkout, via: str, now: datetime) -> Payment | None:
    """The payment as it stands after what the page says was applied; None when the page is not ours."""
    payment = ours(tx, checkout)
    booking = None if payment is None else bookings.about(tx, payment.subject)
    if payment is None or booking is None:
        return None
    tx.lock_coach(booking.coach_id)
    payment, booking = payments.find(tx, payment.id), bookings.find(tx, booking.id)
    assert payment is not None
    assert booking is not None
    if payment.checkout_ref not in (None, checkout.ref):
        if not checkout.paid:
            return payment
        payment = _another(tx, booking, checkout, now)
    if checkout.paid:
        _paid(tx, payment, booking, checkout, via, now)
    elif payment.state not in OPEN_ENDS:
        _unpaid(tx, payment, booking, checkout, now)
    return payments.find(tx, payment.id)


def fee_known(tx: Tx, payment: Payment, charge: Charge, now: datetime) -> None:
    """Enter what the provider kept; until it says so it is asked again."""
    if payment.charge_ref is None:
        payment_changes.name_charge(tx, payment.id, charge.ref)
    if charge.fee is None or charge.fee_ref is None:
        again = now + backoff.wait(payment.failures, FEE_AGAIN, FEE_LONGEST)
        payments.ask_at(tx, payment.id, again, payment.failures + 1)
        return
    kept = Money(-charge.fee.amount, charge.fee.currency)
    transactions.add(tx, _movement(MovementKind.FEE, charge.fee_ref, kept, payment, now))
    payments.ask_at(tx, payment.id, None)


def _another(tx: Tx, booking: Booking, checkout: Checkout, now: datetime) -> Payment:
    """Money on a second page of one intent: kept as a payment of its own."""
    known = payments.by_ref(tx, checkout.ref)
    if known is not None:
        return known
    made = payments.intend(tx, booking, now)
    payment_changes.adopt_page(tx, made, checkout.ref, now)
    found = payments.find(tx, made)
    assert found is not None
    return found


def _unpaid(tx: Tx, payment: Payment, booking: Booking, checkout: Checkout, now: datetime) -> None:
    if checkout.state is PageState.OPEN or checkout.pending:
        wait = MONEY_ON_ITS_WAY if checkout.pending else AGAIN
        again = now + wait
        if booking.state is BookingState.HELD and booking.hold_ends is not None and booking.hold_ends > now:
            again = min(again, booking.hold_ends)
        if payment.state is not PaymentState.CLOSED:
            payment_changes.name_page(tx, payment.id, checkout.ref)
            payments.ask_at(tx, payment.id, again)
        return
    payment_changes.close(tx, payment.id, checkout.ref)
    if booking.state is not BookingState.HELD or booking.hold_ends is None:
        return
    if booking.hold_ends <= now:
        booking_changes.end(tx, booking, BookingState.EXPIRED, "time", now)
    elif payment.state in payments.LIVE:  # the hold can still be paid for: the sweep makes another page
        payments.intend(tx, booking, now)


def _paid(tx: Tx, payment: Payment, booking: Booking, checkout: Checkout, via: str, now: datetime) -> None:
    if payment.state in OPEN_ENDS:
        return
    before = payment.state
    second = payments.accepted_of(tx, booking.subject) is not None or booking.state is BookingState.CONFIRMED
    becomes = PaymentState.REFUSED if second else PaymentState.ACCEPTED
    payment_changes.settle(
        tx, payment.id, becomes,
        checkout_ref=checkout.ref, intent_ref=checkout.intent_ref,
        charge_ref=None if checkout.charge is None else checkout.charge.ref, ask_at=now + FEE_AGAIN,
    )  # fmt: skip
    payment = payments.find(tx, payment.id) or payment
    _enter_charge(tx, payment, checkout, now)
    if second:
        _refuse(tx, payment, booking, "second", NoticeKind.PAID_TWICE, now)
    elif booking_changes.confirm(tx, booking.id, via, now) is None:
        payment_changes.refuse(tx, payment.id)
        _refuse(tx, payment, booking, "late", NoticeKind.PAID_LATE, now)
    after = payments.find(tx, payment.id) or payment
    audit.write(
        tx, person_id=None, via=via, act=f"payment.{after.state}", subject=booking.subject,
        before={"payment": payment.id, "state": before.value},
        after={"amount": payment.amount.amount, "currency": payment.amount.currency}, now=now,
    )  # fmt: skip


def _enter_charge(tx: Tx, payment: Payment, checkout: Checkout, now: datetime) -> None:
    charge = checkout.charge
    # Without the charge's own id the way of the money names it just as uniquely.
    ref = charge.ref if charge is not None else checkout.intent_ref or checkout.ref
    transactions.add(
        tx,
        Movement(
            MovementKind.CHARGE, ref, checkout.amount, now,
            payment_id=payment.id,
            booking_id=payment.subject.number("booking"),
            intent_ref=checkout.intent_ref,
            tax_amount=checkout.tax_amount,
            tax_location=checkout.tax_location,
        ),
    )  # fmt: skip
    if charge is not None:
        fee_known(tx, payment, charge, now)


def _refuse(tx: Tx, payment: Payment, booking: Booking, reason: str, kind: NoticeKind, now: datetime) -> None:
    """The money goes back, and both sides hear of it."""
    refunds.intend(tx, payment, payment.amount, reason, now)
    for told in dict.fromkeys((booking.person_id, booking.coach_person_id)):
        tell(tx, kind, booking, told, payment.id, now)


def _movement(kind: MovementKind, ref: str, amount: Money, payment: Payment, now: datetime) -> Movement:
    return Movement(
        kind, ref, amount, now,
        payment_id=payment.id, booking_id=payment.subject.number("booking"), intent_ref=payment.intent_ref,
    )  # fmt: skip
