"""Applies the state of a payment page to our records: one payment per booking is accepted, any other is refunded.

Everything is decided by the state of the page, under the coach's lock, so that order and repetition do not matter.
"""

import logging
from dataclasses import replace
from datetime import datetime, timedelta
from urllib.parse import parse_qs, urlsplit

from bot.domain.bookings.bookings import Booking, BookingState
from bot.domain.notices.notices import HOLDS, NoticeKind
from bot.domain.payments.money import Money
from bot.domain.payments.payments import Movement, MovementKind, Parameters, Payment, PaymentState
from bot.domain.records import Cause
from bot.integrations.payments.charge import Charge, PageState
from bot.integrations.payments.port import Checkout
from bot.services.bookings import booking_changes
from bot.services.kit import signed_refs
from bot.services.kit.patience import Patience
from bot.services.kit.reaction import Reaction
from bot.services.notices.notice_planning import tell_event
from bot.services.payments import orders_tx
from storage.bookings import bookings
from storage.engine import Tx
from storage.journal import audit
from storage.notices import outbox
from storage.payments import orders, payment_changes, payments, refunds, transactions
from storage.people import roles

log = logging.getLogger(__name__)

AGAIN = timedelta(seconds=30)
MONEY_ON_ITS_WAY = timedelta(minutes=10)
FEE = Patience(first=timedelta(seconds=20), longest=timedelta(hours=6))
OPEN_ENDS = (PaymentState.ACCEPTED, PaymentState.REFUSED)


def ours(tx: Tx, checkout: Checkout) -> Payment | None:
    """Our payment that the page is for; None for pages of other applications and for those that claim too much."""
    if checkout.payment_id is None:  # without our mark, only a page that we know ourselves can be ours
        payment = payments.by_ref(tx, checkout.ref)
    else:
        payment, asked_with = payments.with_parameters(tx, checkout.payment_id)
        if payment is None or payment.subject != checkout.subject:
            return None
        if not _asked_by_us(payment, asked_with, checkout):
            log.warning("page.of_another_house", extra={"ids": {"payment": payment.id, "page": checkout.ref}})
            return None
    if payment is not None and not checkout.paid and payment.amount != checkout.amount:
        log.error("page.amount_differs", extra={"ids": {"payment": payment.id, "page": checkout.ref}})
        return None
    return payment


def _asked_by_us(payment: Payment, asked_with: Parameters | None, checkout: Checkout) -> bool:
    """Another installation beside the same account counts its payments from one as well: only our seal is ours. Where
    what it was asked for with cannot be read any more, a page whose id we keep is."""
    if checkout.returns_to is None:
        return True
    if asked_with is None:
        return payment.checkout_ref == checkout.ref
    return checkout.returns_to in asked_with.values()


def of_another_house(tx: Tx, checkout: Checkout) -> bool:
    """Whether a page that is not ours bears the mark of another installation beside the same account."""
    if checkout.payment_id is None:
        return False
    way_back = parse_qs(urlsplit(checkout.returns_to or "").query)
    return signed_refs.unseal(tx.sealer, way_back.get("p", [""])[0]) is None


def apply_checkout(tx: Tx, react: Reaction, checkout: Checkout, cause: Cause) -> Payment | None:
    """Apply a page's state and return its payment; None when the page is not ours."""
    coach_id = bookings.coach_of(tx, payments.subject_of(tx, checkout.payment_id, checkout.ref))
    if coach_id is None:
        return None
    tx.lock_coach(coach_id)
    payment = ours(tx, checkout)
    booking = None if payment is None else bookings.about(tx, payment.subject)
    if payment is None or booking is None:
        return None
    if payment.checkout_ref not in (None, checkout.ref):
        if not checkout.paid:
            return payment
        payment = _another(tx, booking, checkout, cause.now)
    if payment.state in OPEN_ENDS:
        return payment
    if checkout.paid:
        return _paid(tx, react, payment, booking, checkout, cause)
    return _unpaid(tx, react, payment, booking, checkout, cause.now)


def forget_page(tx: Tx, payment: Payment, now: datetime) -> Payment | None:
    """Close a payment whose page the provider does not know; a hold that still stands gets another page."""
    coach_id = bookings.coach_of(tx, payment.subject)
    if coach_id is not None:
        tx.lock_coach(coach_id)
    found, booking = payments.find(tx, payment.id), bookings.about(tx, payment.subject)
    if found is None or booking is None or found.state in OPEN_ENDS:
        return found
    payment_changes.close(tx, found.id)
    _intend_another(tx, found, booking, now)
    return replace(found, state=PaymentState.CLOSED, failures=0, version=found.version + 1)


def _intend_another(tx: Tx, payment: Payment, booking: Booking, now: datetime) -> None:
    """The page of `payment` is gone, and the hold can still be paid for: the sweep makes another."""
    if payment.state in payments.LIVE and booking.is_held(now):
        orders_tx.intend_again(tx, booking, now)


def fee_known(tx: Tx, payment: Payment, charge: Charge, now: datetime) -> Payment:
    """Enter the provider's fee in the ledger; it is asked again until it tells one."""
    if payment.charge_ref is None:
        payment_changes.name_charge(tx, payment.id, charge.ref)
        payment = replace(payment, charge_ref=charge.ref, version=payment.version + 1)
    if charge.fee is None or charge.fee_ref is None:
        again = now + FEE.wait(payment.failures)
        payments.ask_at(tx, payment.id, again, payment.failures + 1)
        return replace(payment, failures=payment.failures + 1)
    kept = Money(-charge.fee.amount, charge.fee.currency)
    transactions.add(tx, _movement(MovementKind.FEE, charge.fee_ref, kept, payment, now))
    payments.ask_at(tx, payment.id, None)
    return replace(payment, failures=0)


def _another(tx: Tx, booking: Booking, checkout: Checkout, now: datetime) -> Payment:
    """Record money from a second page of one intent as a payment of its own."""
    known = payments.by_ref(tx, checkout.ref)
    if known is not None:
        return known
    made = orders_tx.intend_again(tx, booking, now)
    payment_changes.adopt_page(tx, made, checkout.ref, now)
    found = payments.find(tx, made)
    assert found is not None
    return found


def _unpaid(tx: Tx, react: Reaction, payment: Payment, booking: Booking, checkout: Checkout, now: datetime) -> Payment:
    if checkout.state is PageState.OPEN or checkout.pending:
        return _ask_later(tx, payment, booking, checkout, now)
    payment_changes.close(tx, payment.id, checkout.ref)
    if booking.is_hold_over(now):
        booking_changes.expire(tx, react, [booking], now)
    else:
        _intend_another(tx, payment, booking, now)
    closed = replace(payment, state=PaymentState.CLOSED, checkout_ref=checkout.ref, failures=0)
    return replace(closed, version=payment.version + 1)


def _ask_later(tx: Tx, payment: Payment, booking: Booking, checkout: Checkout, now: datetime) -> Payment:
    """The page can still be paid on, or its money is on its way: it is asked about again."""
    again = now + (MONEY_ON_ITS_WAY if checkout.pending else AGAIN)
    if booking.is_held(now) and booking.hold_ends is not None:
        again = min(again, booking.hold_ends)
    if payment.state is PaymentState.CLOSED:
        return payment
    payment_changes.name_page(tx, payment.id, checkout.ref)
    payments.ask_at(tx, payment.id, again)
    return replace(payment, checkout_ref=checkout.ref, failures=0, version=payment.version + 1)


def _paid(tx: Tx, react: Reaction, payment: Payment, booking: Booking, checkout: Checkout, cause: Cause) -> Payment:
    before, fits = payment.state, payment.amount == checkout.amount
    second = payments.accepted_of(tx, booking.subject) is not None or booking.state is BookingState.CONFIRMED
    becomes = PaymentState.ACCEPTED if fits and not second else PaymentState.REFUSED
    payment = _paid_by(tx, payment, becomes, checkout, cause.now)
    payment = _enter_charge(tx, payment, checkout, cause.now)
    paid_for = replace(booking, paid=booking.paid + payment.amount) if fits else booking
    if second:
        _refuse(tx, payment, booking, "second", NoticeKind.PAID_TWICE, cause.now)
    elif not fits:
        log.error("page.amount_differs", extra={"ids": {"payment": payment.id, "page": checkout.ref}})
        _refuse(tx, payment, booking, "amount", NoticeKind.PAID_OTHERWISE, cause.now)
        outbox.ask_correction(tx, booking.subject, cause.now, HOLDS)
    elif booking_changes.confirm(tx, react, paid_for, cause) is None:
        payment_changes.refuse(tx, payment.id)
        payment = replace(payment, state=PaymentState.REFUSED, version=payment.version + 1)
        _refuse(tx, payment, booking, "late", NoticeKind.PAID_LATE, cause.now)
    elif payment.order_id is not None:
        orders.pay(tx, payment.order_id, cause.now)
    audit.write(
        tx, person_id=cause.person_id, via=cause.via, act=f"payment.{payment.state}", subject=booking.subject,
        before={"payment": payment.id, "state": before.value},
        after={"amount": payment.amount.amount, "currency": payment.amount.currency}, now=cause.now,
    )  # fmt: skip
    return payment


def _paid_by(tx: Tx, payment: Payment, becomes: PaymentState, checkout: Checkout, now: datetime) -> Payment:
    """The payment with its money: the page, its way and its charge are written down."""
    charge_ref = None if checkout.charge is None else checkout.charge.ref
    payment_changes.settle(
        tx, payment.id, becomes,
        came=checkout.amount,
        checkout_ref=checkout.ref, intent_ref=checkout.intent_ref, charge_ref=charge_ref, ask_at=now + FEE.first,
    )  # fmt: skip
    return replace(
        payment,
        state=becomes,
        amount=checkout.amount,
        checkout_ref=checkout.ref,
        intent_ref=checkout.intent_ref,
        charge_ref=charge_ref,
        failures=0,
        version=payment.version + 1,
    )


def _enter_charge(tx: Tx, payment: Payment, checkout: Checkout, now: datetime) -> Payment:
    charge = checkout.charge
    # Without the charge's own id the way of the money names it just as uniquely.
    ref = charge.ref if charge is not None else checkout.intent_ref or checkout.ref
    transactions.add(
        tx,
        Movement(
            MovementKind.CHARGE, ref, checkout.amount, now,
            payment_id=payment.id,
            order_id=payment.order_id,
            booking_id=payment.subject.number("booking"),
            intent_ref=checkout.intent_ref,
            tax_amount=checkout.tax_amount,
            tax_location=checkout.tax_location,
        ),
    )  # fmt: skip
    return payment if charge is None else fee_known(tx, payment, charge, now)


def _refuse(tx: Tx, payment: Payment, booking: Booking, reason: str, kind: NoticeKind, now: datetime) -> None:
    """Refuse the money: intend its refund, and tell both sides and the owners."""
    refunds.intend(tx, payment, payment.amount, reason, now)
    for told in dict.fromkeys((booking.person_id, booking.coach_person_id, *roles.owner_ids(tx))):
        tell_event(tx, kind, booking, told, payment.id, now)


def _movement(kind: MovementKind, ref: str, amount: Money, payment: Payment, now: datetime) -> Movement:
    return Movement(
        kind, ref, amount, now,
        payment_id=payment.id, order_id=payment.order_id, booking_id=payment.subject.number("booking"),
        intent_ref=payment.intent_ref,
    )  # fmt: skip
