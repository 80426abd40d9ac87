"""Customers: made, found, changed and deleted by the API, or by a page that was completed."""

from typing import Any

from bot.sandbox.stripe.account import Account, shown
from bot.sandbox.stripe.customers.objects import Customer
from bot.sandbox.stripe.objects import Session, new_id
from bot.sandbox.stripe.refusals import InvalidParams, Refused, missing
from bot.sandbox.stripe.tax.objects import Place

MODELLED = frozenset(
    ("address", "description", "email", "expand", "invoice_settings", "metadata", "name", "phone",
     "preferred_locales", "tax", "tax_exempt")
)  # fmt: skip


def find(account: Account, identifier: str, status: int = 404) -> Customer:
    customer = account.customers.get(identifier)
    if customer is None or (customer.deleted and status == 400):
        raise missing("customer", identifier, "customer" if status == 400 else "id", status)
    return customer


def alive(account: Account, identifier: str) -> Customer:
    customer = find(account, identifier)
    if customer.deleted:
        raise missing("customer", identifier, "id")
    return customer


def create(account: Account, asked: dict[str, Any]) -> Customer:
    customer = Customer(new_id("cus_", 14), account.now(), {}, findable_at=account.now() + account.search_lag)
    _write(account, customer, asked)
    account.customers[customer.id] = customer
    account.emit("customer.created", customer)
    return customer


def update(account: Account, customer: Customer, asked: dict[str, Any]) -> Customer:
    before = shown(customer)
    _write(account, customer, asked)
    after = shown(customer)
    changed = {name: value for name, value in before.items() if after[name] != value}
    account.emit("customer.updated", customer, previous=changed)
    return customer


def delete(account: Account, customer: Customer) -> dict[str, Any]:
    """Its cards go with it."""
    customer.deleted, customer.default_method = True, None
    for method in account.methods.values():
        if method.customer == customer.id:
            method.customer, method.used = None, True
    account.emit("customer.deleted", customer)
    return {"id": customer.id, "object": "customer", "deleted": True}


def _write(account: Account, customer: Customer, asked: dict[str, Any]) -> None:
    unknown = set(asked) - MODELLED
    if unknown:
        raise InvalidParams(f"The sandbox's customers have nothing to do with {', '.join(sorted(unknown))}.")
    place = place_of(asked["address"]) if "address" in asked else customer.place
    wish = asked.get("invoice_settings", {}).get("default_payment_method")
    method = account.methods.get(wish or "")
    if wish and (method is None or method.customer != customer.id):
        raise Refused(
            f"The customer does not have a payment method with the ID {wish}. The payment method must be attached to "
            "the customer.",
            "resource_missing",
            "invoice_settings[default_payment_method]",
        )
    for name in ("email", "name", "description", "phone", "tax_exempt"):
        setattr(customer, name, asked.get(name, getattr(customer, name)))
    customer.locales = asked.get("preferred_locales", customer.locales)
    customer.place, customer.default_method = place, wish or customer.default_method
    customer.metadata = {**customer.metadata, **asked.get("metadata", {})}


def place_of(address: dict[str, str]) -> Place:
    return Place(
        address.get("country", "").upper(),
        address.get("state"),
        address.get("postal_code"),
        address.get("city"),
        address.get("line1"),
    )


def of_page(account: Account, session: Session) -> Customer:
    """A customer made by a page, as `customer_creation` or a kept card asks."""
    return create(account, {"email": session.email} if session.email else {})


def learn_of_page(account: Account, session: Session) -> None:
    """What the page asked for is written down where the session says so."""
    customer = account.customers.get(session.customer or "")
    wanted = session.asked.get("customer_update", {}).get("address") == "auto"
    if customer is not None and session.place is not None and wanted and customer.place != session.place:
        before = shown(customer)["address"]
        customer.place = session.place
        account.emit("customer.updated", customer, previous={"address": before})
