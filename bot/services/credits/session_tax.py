"""Gives a session that uses a credit up its share of the tax in the package's price."""

from bot.domain.credits.grants import Grant
from bot.domain.payments.money import Money
from bot.domain.payments.orders import FOR_CREDITS, Order
from bot.domain.pricing.rounding import split
from bot.domain.subjects import Subject
from storage.bookings import taxed
from storage.bookings.taxed import BookingTax
from storage.engine import Tx
from storage.payments import orders, tax_contents, transactions


def share(tx: Tx, grant: Grant, booking_id: int) -> None:
    """The next share, so that all sessions of the grant together have its whole tax."""
    if grant.order_id is None:
        return
    charge = transactions.charge_of(tx, grant.order_id)
    if charge is None or not charge.tax_rates:
        return
    order = orders.find(tx, grant.order_id)
    tax = None if order is None else _of_package(order, grant)
    if tax is None:
        return
    number, before = taxed.of_grant(tx, grant.id)
    until = sum(part.amount for part in split(Money(tax, grant.price.currency), grant.sessions)[: number + 1])
    rates = [tax_contents.rate(part) for part in charge.tax_rates]
    taxed.keep(tx, booking_id, BookingTax(until - before, rates, charge.tax_location))


def take_back(tx: Tx, grant: Grant, booking_id: int) -> None:
    """The credit is used up no more: its share goes to the next session."""
    if grant.order_id is not None:
        taxed.keep(tx, booking_id, None)


def _of_package(order: Order, grant: Grant) -> int | None:
    package = None if grant.package_id is None else Subject("package", grant.package_id)
    sold = [line for line in order.lines if line.kind in FOR_CREDITS]
    return next((line.tax_amount for line in sold if package in (None, line.subject)), None)
