"""What came for credits, tax included: what goes back past us is compared with that."""

from bot.domain.credits.grants import Grant
from bot.domain.payments.money import Money
from bot.domain.payments.payments import Payment
from bot.domain.pricing.rounding import with_tax_on_top
from storage.credits import paid_by
from storage.engine import Tx
from storage.payments import orders


def grant(tx: Tx, payment: Payment, bought: Grant) -> Money:
    """Of this payment, for all of a grant. One in the place of money has its tax in its price."""
    return bought.price if paid_by.is_instead(tx, payment, bought.id) else price(tx, payment, bought.price)


def price(tx: Tx, payment: Payment, asked: Money) -> Money:
    """For a part of what its order asks for, with its share of the tax on top."""
    order = None if payment.order_id is None else orders.find(tx, payment.order_id)
    return asked if order is None else with_tax_on_top(asked, order.amount, payment.amount, asked - asked)
