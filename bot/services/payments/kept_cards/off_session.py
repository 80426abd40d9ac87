"""Charges a fee to a kept card while its client is not there: once, once more the next day, and never again."""

from datetime import datetime, timedelta

from bot.domain.payments.orders import Order, OrderState
from bot.domain.payments.payments import Payment
from bot.services.payments import sales, tell_money
from bot.services.payments.sales import Sale
from storage.engine import Tx
from storage.payments import fee_consents, payments
from storage.payments.cards import cards

TRIES = 2
AGAIN = timedelta(days=1)

FINAL = frozenset(
    {"fraudulent", "lost_card", "pickup_card", "revocation_of_all_authorizations", "revocation_of_authorization",
     "stolen_card"}
)  # fmt: skip
"""What a bank says of a card that is never to be tried again."""


def is_by_itself(payment: Payment, order: Order) -> bool:
    """Whether we make this charge, and not its client by a tap: what a tap begins ends as a page does, long before what
    they owe."""
    return order.fee is not None and payment.card_id is not None and payment.expires_at >= order.ends


def charge(tx: Tx, order: Order, booking_id: int, now: datetime, due: datetime) -> bool:
    """Intend to charge the card that is offered first, kept with the provider that the client's consent is for. False
    where none is good: then it is owed, and can be paid on a page. `due`: when the worker does it."""
    consent = fee_consents.of_booking(tx, booking_id)
    kept = [] if consent is None else cards.of_person(tx, order.person_id, consent.mode)
    card = next((each for each in kept if each.is_good(now)), None)
    if card is None:
        return False
    payment_id = payments.intend(tx, order, order.ends, now, card_id=card.id, keep=False)
    payments.ask_at(tx, payment_id, due)
    return True


def intend_another(tx: Tx, payment: Payment, sale: Sale, now: datetime, *, declined: str | None = None) -> None:
    """This attempt ended unpaid: what can be paid gets a page. A fee has one only when its client asks for it. After a
    charge of ours its card is tried once more, and each time it is told that the fee is owed."""
    order = sale.order
    if order.fee is None:
        sales.intend(tx, sale, now)
        return
    if order.state is not OrderState.OWED or not is_by_itself(payment, order):
        return
    tries = sum(each.card_id is not None for each in payments.of_subject(tx, order.subject))
    if tries < TRIES and declined not in FINAL and sale.missed is not None:
        charge(tx, order, sale.missed.id, now, max(now, order.created_at + AGAIN))
    tell_money.of_fee(tx, order, sale.missed, payment.id, now)
