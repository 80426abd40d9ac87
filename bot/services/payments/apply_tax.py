"""Writes down the tax that the provider applied: on the movement of money, on the lines of its order, and on each
session that this pays for."""

from dataclasses import replace

from bot.domain.payments.money import Money
from bot.domain.payments.orders import LineKind, Order
from bot.domain.payments.payments import Movement
from bot.domain.payments.tax import TaxedPart, parts_of
from bot.domain.pricing.rounding import spread
from bot.integrations.payments.port import Checkout
from storage.bookings import taxed
from storage.bookings.taxed import BookingTax
from storage.engine import Tx
from storage.payments import orders, tax_contents
from storage.payments.cards import customers


def taxed_charge(movement: Movement, checkout: Checkout) -> Movement:
    """The movement of what came, with its tax as the page applied it."""
    tax = Money(checkout.tax_amount or 0, checkout.amount.currency)
    told = [
        TaxedPart(part.taxable, part.amount, part.percent, part.inclusive, part.reason, part.country, part.state)
        for part in checkout.tax_parts
    ]
    rates = parts_of(checkout.amount, told, tax)
    return replace(
        movement,
        tax_amount=tax.amount if rates else checkout.tax_amount,
        tax_location=checkout.tax_location,
        tax_rates=rates,
        tax_exempt=None if checkout.payer is None else checkout.payer.exempt,
    )


def with_number(tx: Tx, movement: Movement, checkout: Checkout) -> Movement:
    """With the provider's id of the tax number that the tax was worked out with; the number is on the receipt."""
    if not movement.tax_rates or checkout.customer_ref is None:
        return movement
    customer = customers.by_ref(tx, checkout.customer_ref)
    return movement if customer is None else replace(movement, tax_id=customer.tax.number_ref)


def on_top(order: Order, checkout: Checkout) -> Money:
    """What was paid beyond the prices of the order."""
    return checkout.amount - order.amount if order.amount < checkout.amount else Money(0, order.amount.currency)


def keep_tax(tx: Tx, order: Order, movement: Movement) -> None:
    """Split what was applied over the lines of the order, and over the sessions among them."""
    if not movement.tax_rates:
        return
    rates = [tax_contents.rate(part) for part in movement.tax_rates]
    shares = spread(Money(movement.tax_amount or 0, order.amount.currency), [line.amount for line in order.lines])
    for number, (line, share) in enumerate(zip(order.lines, shares, strict=True), 1):
        orders.keep_tax(tx, order.id, number, share.amount)
        booking_id = None if line.subject is None else line.subject.number("booking")
        if booking_id is not None and line.kind is not LineKind.FEE:
            before = taxed.of(tx, booking_id) if line.kind is LineKind.MOVE else None
            taxed.keep(tx, booking_id, _with(before, BookingTax(share.amount, rates, movement.tax_location)))


def _with(before: BookingTax | None, more: BookingTax) -> BookingTax:
    """The tax of a session, and of the difference that another offer costs."""
    if before is None:
        return more
    rates = [*before.rates, *(rate for rate in more.rates if rate not in before.rates)]
    return BookingTax(before.amount + more.amount, rates, more.location)
