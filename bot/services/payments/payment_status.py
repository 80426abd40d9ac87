"""How paying for a booking stands, for the page that a browser comes back to."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from enum import StrEnum

from bot.domain.bookings.bookings import BookingState
from bot.domain.payments.cards import Card
from bot.domain.payments.money import Money
from bot.domain.payments.orders import OrderState
from bot.domain.payments.payments import Payment, PaymentState, Refund
from bot.domain.payments.tax import TaxBehavior
from bot.domain.people.people import Account
from bot.domain.subjects import Subject
from bot.services.payments import sales
from bot.services.payments.kept_cards.pay_by_card import can_pay
from bot.services.payments.sales import Sale
from storage.engine import Tx
from storage.payments import as_credit, payments, refunds
from storage.payments.cards import cards
from storage.people import people


class PayState(StrEnum):
    """How paying for a booking stands, as its client should hear it."""

    CONFIRMED = "confirmed"
    HELD = "held"  # not paid, the time is still held
    PENDING = "pending"  # the provider has not said yet
    ENDED = "ended"  # not paid, and the hold is over
    LATE = "late"  # paid when the time was gone
    TWICE = "twice"  # paid once more than needed
    OTHERWISE = "otherwise"  # another amount came than was asked for
    CANCELLED = "cancelled"  # paid and confirmed, cancelled since


@dataclass(frozen=True)
class HoldMoney:
    """How paying for a hold stands: its `page`, that none is made for it (`refused`), or that money came and goes back.

    All None: there is no page yet. `attempt` is the number of the one that stands: a button that states it does nothing
    once there is another. `by_card`: a kept card is being charged for it. `declined`: the attempt before this one,
    where the bank said no to a kept card; `charged` is that card. `cards`: those that could pay it, the first one
    offered first; None where none can be kept, and while nobody looked.
    `unread`: a payment of it cannot be read, so nobody may say that nothing was paid.
    `tax_on_top`: the page adds tax by the client's address. `total`: what one of `cards` would pay, with tax.
    """

    page: Payment | None = None
    refused: Payment | None = None
    came: Payment | None = None
    unread: bool = False
    attempt: int = 0
    by_card: Payment | None = None
    declined: Payment | None = None
    cards: tuple[Card, ...] | None = None
    charged: Card | None = None
    tax_on_top: bool = False
    total: Money | None = None


def with_cards(tx: Tx, subject: Subject, person_id: int, mode: str, now: datetime) -> HoldMoney:
    """With the kept cards of who pays, and the one that is, or was just, charged."""
    found, live = of_hold(tx, subject), payments.live(tx, subject)
    good = [each for each in cards.of_person(tx, person_id, mode) if each.is_good(now)]
    kept = tuple(each for each in good if live is None or can_pay(each, live))
    tried = found.by_card or found.declined
    charged = None if tried is None or tried.card_id is None else cards.find(tx, tried.card_id)
    reckoned = None if live is None else live.reckoned
    return replace(found, cards=kept, charged=charged, total=None if reckoned is None else reckoned.total)


def of_hold(tx: Tx, subject: Subject) -> HoldMoney:
    every, unread = payments.every_of(tx, subject)
    live = next((each for each in every if each.state in payments.LIVE), None)
    before = [each for each in every if live is not None and each.attempt < live.attempt]
    return HoldMoney(
        attempt=0 if live is None else live.attempt,
        by_card=live if live is not None and live.card_id is not None else None,
        declined=before[0] if before and before[0].declined is not None else None,
        page=live if live is not None and live.state is PaymentState.OPEN else None,
        refused=next((each for each in every[:1] if each.reference is not None), None),
        came=next((each for each in every if each.state is PaymentState.REFUSED), None),
        unread=unread,
        tax_on_top=any(each.tax is TaxBehavior.EXCLUSIVE for each in every),
    )


@dataclass(frozen=True)
class PayOutcome:
    """What a browser that comes back from the payment page is told. `account` is the chat to go back to.

    Of money that was not accepted: `back` is the newest refund of it, and while the client `chooses`, it may become
    credits instead.
    """

    state: PayState
    sale: Sale
    payment: Payment
    language: str
    account: Account | None
    back: Refund | None = None
    chooses: bool = False


def outcome(tx: Tx, payment_id: int, now: datetime, *, pending: bool = False) -> PayOutcome | None:
    """How one payment stands. `pending`: the provider could not say, or the money is on its way."""
    payment = payments.find(tx, payment_id)
    sale = None if payment is None else sales.of_payment(tx, payment)
    if payment is None or sale is None:
        return None
    client = people.find(tx, sale.person_id)
    accounts = people.chats_of(tx, sale.person_id)
    back = refunds.of_payment(tx, payment.id) if payment.state is PaymentState.REFUSED else []
    waits = as_credit.waiting(tx, payment.id, payment.subject, now) if back and sale.sessions else None
    return PayOutcome(
        state=_state(payment, sale, back, pending, now),
        sale=sale,
        payment=payment,
        language="en" if client is None else client.language,
        account=accounts[0] if accounts else None,
        back=back[-1] if back else None,
        chooses=waits is not None,
    )


def _state(payment: Payment, sale: Sale, back: Sequence[Refund], pending: bool, now: datetime) -> PayState:
    if payment.state is PaymentState.REFUSED:
        reasons = {each.reason for each in back}
        if "amount" in reasons:
            return PayState.OTHERWISE
        return PayState.TWICE if "second" in reasons else PayState.LATE
    if sale.is_confirmed() or (sale.order.state is OrderState.PAID and not sale.sessions):
        return PayState.CONFIRMED
    if payment.state is PaymentState.ACCEPTED:
        return PayState.CANCELLED
    if pending:
        return PayState.PENDING
    held = any(each.state is BookingState.HELD for each in sale.holds) or (not sale.holds and sale.stands(now))
    return PayState.HELD if held else PayState.ENDED
