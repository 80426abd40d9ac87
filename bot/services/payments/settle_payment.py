"""Applies the state of a payment page to our records: one payment per order is accepted, any other is refunded.

Everything is decided by the state of the page, under the coach's lock, so that order and repetition do not matter.
"""

import logging
from dataclasses import replace
from datetime import datetime, timedelta
from urllib.parse import parse_qs, urlsplit

from bot.domain.notices.notices import HOLDS
from bot.domain.payments.payments import Parameters, Payment, PaymentState
from bot.domain.records import Cause
from bot.integrations.payments.charge import PageState
from bot.integrations.payments.port import Checkout
from bot.services.bookings import booking_changes
from bot.services.kit import signed_refs
from bot.services.kit.reaction import Reaction
from bot.services.payments import orders_tx, sales
from bot.services.payments.accept_money import accept_money, before_tax
from bot.services.payments.kept_cards import off_session
from bot.services.payments.kept_cards.by_card import with_tax
from bot.services.payments.sales import Sale
from storage.engine import Tx
from storage.journal import audit
from storage.notices import outbox
from storage.payments import payment_changes, payments, whose

log = logging.getLogger(__name__)

AGAIN = timedelta(seconds=30)
MONEY_ON_ITS_WAY = timedelta(minutes=10)
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
    if payment is not None and not checkout.paid and payment.amount != before_tax(with_tax(payment, checkout)):
        log.error("page.amount_differs", extra={"ids": {"payment": payment.id, "page": checkout.ref}})
        return None
    return payment


def _asked_by_us(payment: Payment, asked_with: Parameters | None, checkout: Checkout) -> bool:
    """Another installation beside the same account counts its payments from one as well: only our seal is ours. Where
    what it was asked for with cannot be read any more, a page whose id we keep is."""
    if checkout.by_card:
        asked = checkout.ref if asked_with is None else asked_with.get("customer")
        return asked == (payment.checkout_ref if asked_with is None else checkout.customer_ref)
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
    if not sales.lock(tx, whose.subject_of(tx, checkout.payment_id, checkout.ref)):
        return None
    payment = ours(tx, checkout)
    sale = None if payment is None else sales.of_payment(tx, payment)
    if payment is None or sale is None:
        return None
    if payment.checkout_ref not in (None, checkout.ref):
        if not checkout.paid:
            return payment
        payment = _another(tx, sale, checkout, cause.now)
    if payment.state in OPEN_ENDS:
        return payment
    checkout = with_tax(payment, checkout)
    if checkout.paid:
        return accept_money(tx, react, payment, sale, checkout, cause)
    return _unpaid(tx, react, payment, sale, checkout, cause)


def forget_page(tx: Tx, payment: Payment, now: datetime) -> Payment | None:
    """Close a payment whose page the provider does not know; what can still be paid gets another page."""
    sales.lock(tx, payment.subject)
    found = payments.find(tx, payment.id)
    sale = None if found is None else sales.of_payment(tx, found)
    if found is None or sale is None or found.state in OPEN_ENDS:
        return found
    payment_changes.close(tx, found.id)
    _intend_another(tx, found, sale, now)
    return replace(found, state=PaymentState.CLOSED, failures=0, version=found.version + 1)


def _intend_another(tx: Tx, payment: Payment, sale: Sale, now: datetime) -> None:
    """The page of `payment` is gone, and what it was for can still be paid: the sweep makes another."""
    if payment.state in payments.LIVE and sale.stands(now):
        off_session.intend_another(tx, payment, sale, now)


def _another(tx: Tx, sale: Sale, checkout: Checkout, now: datetime) -> Payment:
    """Record money from a second page of one intent as a payment of its own."""
    known = payments.by_ref(tx, checkout.ref)
    if known is not None:
        return known
    made = sales.intend(tx, sale, now)
    payment_changes.adopt_page(tx, made, checkout.ref, now)
    found = payments.find(tx, made)
    assert found is not None
    return found


def _unpaid(tx: Tx, react: Reaction, payment: Payment, sale: Sale, checkout: Checkout, cause: Cause) -> Payment:
    now = cause.now
    if checkout.declined is not None and payment.state in payments.LIVE:
        return _declined(tx, payment, sale, checkout, cause)
    if checkout.state is PageState.OPEN or checkout.pending:
        return _ask_later(tx, payment, sale, checkout, now)
    payment_changes.close(tx, payment.id, checkout.ref)
    over = [each for each in sale.holds if each.is_hold_over(now)]
    if over:
        booking_changes.expire(tx, react, over, now)
    elif not sale.holds and not sale.stands(now):
        orders_tx.end(tx, react, sale.order, cause)
    else:
        _intend_another(tx, payment, sale, now)
    closed = replace(payment, state=PaymentState.CLOSED, checkout_ref=checkout.ref, failures=0)
    return replace(closed, version=payment.version + 1)


def _declined(tx: Tx, payment: Payment, sale: Sale, checkout: Checkout, cause: Cause) -> Payment:
    """The bank said no to the kept card. Once this attempt is seen ended at the provider, there is a page to pay on."""
    assert checkout.declined is not None
    if payment_changes.decline(tx, payment.id, checkout.ref, checkout.declined, cause.now):
        if sale.stands(cause.now):
            off_session.intend_another(tx, payment, sale, cause.now, declined=checkout.declined)
        outbox.ask_correction(tx, payment.subject, cause.now, HOLDS)
        audit.write(
            tx, person_id=cause.person_id, via=cause.via, act="payment.declined", subject=payment.subject,
            after={"payment": payment.id, "declined": checkout.declined}, now=cause.now,
        )  # fmt: skip
    found = payments.find(tx, payment.id)
    assert found is not None
    return found


def _ask_later(tx: Tx, payment: Payment, sale: Sale, checkout: Checkout, now: datetime) -> Payment:
    """The page can still be paid on, or its money is on its way: it is asked about again."""
    again = now + (MONEY_ON_ITS_WAY if checkout.pending else AGAIN)
    if sale.stands(now):
        again = min(again, sale.ends)
    if payment.state is PaymentState.CLOSED:
        return payment
    payment_changes.name_page(tx, payment.id, checkout.ref)
    payments.ask_at(tx, payment.id, again)
    return replace(payment, checkout_ref=checkout.ref, failures=0, version=payment.version + 1)
