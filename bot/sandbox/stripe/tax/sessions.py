"""Automatic tax of a checkout session: by the customer's address, or the one that the page asks for."""

from typing import Any

from bot.sandbox.stripe.account import Account
from bot.sandbox.stripe.objects import Session
from bot.sandbox.stripe.refusals import InvalidParams, Refused
from bot.sandbox.stripe.tax.objects import Place
from bot.sandbox.stripe.tax.reckon import behavior_of, line_tax


def check(account: Account, asked: dict[str, Any]) -> None:
    """Refuse automatic tax where the practice has not entered a head office, or the page cannot learn an address."""
    if not asked.get("automatic_tax", {}).get("enabled"):
        return
    if account.tax.head_office is None:
        said = "You must have a valid head office address to enable automatic tax calculation in test mode."
        raise InvalidParams(said, param="automatic_tax")
    customer = account.customers.get(asked.get("customer", ""))
    updates = asked.get("customer_update", {}).get("address") == "auto"
    if customer is not None and customer.place is None and not updates:
        raise InvalidParams(
            "Automatic tax calculation in Checkout requires a valid address on the Customer. Add a valid address to "
            "the Customer or set either `customer_update[address]` to 'auto' or `customer_update[shipping]` to "
            "'auto' to save the address entered in Checkout to the Customer.",
            "customer_tax_location_invalid",
        )


def enter_place(account: Account, session: Session, place: Place | None) -> None:
    """With an address the tax of each line is known."""
    if place is not None:
        session.place = place
    if session.taxed and session.place is not None:
        reckon(account, session, session.place)


def require_place(session: Session) -> None:
    """A page takes no money before it knows the tax."""
    if session.taxed and session.place is None:
        raise Refused("Enter your country or state.", "customer_tax_location_invalid", "region")


def reckon(account: Account, session: Session, place: Place) -> None:
    customer = account.customers.get(session.customer or "")
    exempt = customer.tax_exempt if customer else "none"
    numbers = [one for one in account.tax_ids.values() if customer and one.customer == customer.id]
    session.tax_exempt, session.tax_ids = exempt, [{"type": one.kind, "value": one.value} for one in numbers]
    kinds = frozenset(one.kind for one in numbers)
    session.taxes = [
        line_tax(
            item.amount,
            behavior_of(item.behavior, account.tax, session.currency),
            place,
            account.tax,
            exempt,
            kinds,
        )
        for item in session.line_items
    ]
