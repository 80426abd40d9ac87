"""Applies money that a chat platform collected to the order that it is for."""

from bot.domain.notices.incoming import InboxRow
from bot.domain.payments.invoices import Collected, order_of
from bot.domain.payments.money import Money
from bot.domain.payments.payments import Payment, PaymentState
from bot.domain.records import Cause
from bot.domain.subjects import Subject
from bot.integrations.payments.charge import Charge, PageState
from bot.integrations.payments.port import Checkout
from bot.integrations.vendor import Event
from bot.services.kit.reaction import Reaction
from bot.services.payments import sales
from bot.services.payments.accept_money import accept_money
from bot.services.payments.payment_events import tell_stray
from storage.engine import Tx
from storage.payments import payments

KIND = "paid"


def as_event(money: Collected) -> Event:
    body = {
        "payload": money.payload,
        "amount": money.amount.amount,
        "currency": money.amount.currency,
        "charge": money.charge_ref,
    }
    return Event(money.ref, KIND, body)


def event_of(event: Event) -> Collected | None:
    """As it was kept; None for what is none."""
    match event.body:
        case {"payload": str(payload), "amount": int(amount), "currency": str(currency), "charge": str(charge)}:
            return Collected(payload, Money(amount, currency), event.id, charge)
    return None


def page_of(money: Collected) -> Checkout:
    """As a page that was paid: by the provider's charge it is given back."""
    return Checkout(
        ref=f"telegram:{money.ref}",
        state=PageState.COMPLETE,
        paid=True,
        pending=False,
        amount=money.amount,
        intent_ref=money.charge_ref,
        charge=Charge(money.charge_ref),
    )


def take(tx: Tx, react: Reaction, money: Collected, row: InboxRow, cause: Cause) -> Payment | None:
    """Accept it, or have it go back; None for what is for no order of ours. The card page beside it is closed."""
    page, order_id = page_of(money), order_of(money.payload)
    subject = None if order_id is None else Subject("order", order_id)
    sale = sales.about(tx, subject) if subject is not None and sales.lock(tx, subject) else None
    if sale is None:
        tell_stray(tx, page, row, cause)
        return None
    known = payments.by_ref(tx, page.ref)
    if known is not None:
        return known
    payment = payments.find(tx, sales.intend(tx, sale, cause.now))
    assert payment is not None
    paid = accept_money(tx, react, payment, sale, page, cause)
    if paid.state is PaymentState.ACCEPTED:
        payments.close(tx, sale.order.about, cause.now)
    return paid
