"""Asks the provider to charge a fee whose client is not there, as often as it takes to hear an answer, and once."""

from dataclasses import dataclass
from datetime import datetime

from bot.domain.payments.orders import OrderState
from bot.domain.payments.payments import Parameters, Payment, PaymentState
from bot.services.cards.customer_intents import KEY_LIFE
from bot.services.payments import sales
from bot.services.payments.kept_cards import off_session
from bot.services.payments.kept_cards.charge_card import FindCharge
from bot.services.payments.payment_intents import Outcome
from storage.engine import Tx
from storage.payments import asked_since, payments


def is_ours(tx: Tx, payment: Payment) -> bool:
    """Whether we are to make this charge, of a fee that is owed, while nobody is there."""
    sale = sales.of_payment(tx, payment)
    if sale is None or sale.order.state is not OrderState.OWED:
        return False
    return off_session.is_by_itself(payment, sale.order)


def forgotten(tx: Tx, payment: Payment, now: datetime) -> Parameters:
    """What the provider was asked with so long ago that its key may be forgotten: asked again, it would charge twice.
    Empty where it was not."""
    asked_at = asked_since.of(tx, payment.id)
    return payments.parameters(tx, payment.id) if asked_at is not None and now - asked_at > KEY_LIFE else {}


@dataclass(frozen=True)
class LookForFee(FindCharge):
    """What is not found was not charged, and counts as one try."""

    async def carry_out(self, now: datetime) -> Outcome:
        record = await super().carry_out(now)

        def and_again(tx: Tx) -> Payment | None:
            found = record(tx)
            sale = None if found is None else sales.of_payment(tx, found)
            if found is not None and sale is not None and found.state is PaymentState.CLOSED:
                off_session.intend_another(tx, found, sale, now)
            return found

        return and_again
