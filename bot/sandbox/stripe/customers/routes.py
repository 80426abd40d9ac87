"""Routes of customers, their cards and their tax numbers."""

from typing import Any

from bot.sandbox.stripe.account import Account, included, shown
from bot.sandbox.stripe.customers import customers, methods, search, tax_ids
from bot.sandbox.stripe.listing import found_by_search, page
from bot.sandbox.stripe.refusals import missing
from bot.sandbox.stripe.route import Asked, Route, retrieve


def create(account: Account, _id: str, asked: Asked, _origin: str) -> dict[str, Any]:
    return shown(customers.create(account, asked))


def update(account: Account, identifier: str, asked: Asked, _origin: str) -> dict[str, Any]:
    return shown(customers.update(account, customers.alive(account, identifier), asked))


def delete(account: Account, identifier: str, _asked: Asked, _origin: str) -> dict[str, Any]:
    return customers.delete(account, customers.alive(account, identifier))


def list_all(account: Account, _id: str, asked: Asked, _origin: str) -> dict[str, Any]:
    found = [
        shown(one) for one in account.customers.values() if not one.deleted and asked.get("email") in (None, one.email)
    ]
    return page("/v1/customers", found, asked)


def find(account: Account, _id: str, asked: Asked, _origin: str) -> dict[str, Any]:
    found = [shown(one) for one in search.found(account, asked.get("query", ""))]
    return found_by_search("/v1/customers/search", found, asked)


def list_methods(account: Account, identifier: str, asked: Asked, _origin: str) -> dict[str, Any]:
    """Of the customer in the path, or of the one that is asked for."""
    customer = identifier or asked.get("customer", "")
    found = [shown(one) for one in methods.of_customer(account, customer, asked)]
    return page("/v1/payment_methods", found, asked)


def update_method(account: Account, identifier: str, asked: Asked, _origin: str) -> dict[str, Any]:
    return shown(methods.update(account, methods.find(account, identifier, 404), asked))


def attach(account: Account, identifier: str, asked: Asked, _origin: str) -> dict[str, Any]:
    return shown(methods.attach(account, methods.find(account, identifier, 404), asked.get("customer", "")))


def detach(account: Account, identifier: str, _asked: Asked, _origin: str) -> dict[str, Any]:
    return shown(methods.detach(account, methods.find(account, identifier, 404)))


def create_tax_id(account: Account, identifier: str, asked: Asked, _origin: str) -> dict[str, Any]:
    return shown(tax_ids.create(account, identifier, asked))


def list_tax_ids(account: Account, identifier: str, asked: Asked, _origin: str) -> dict[str, Any]:
    found = included(account, shown(customers.alive(account, identifier)), "tax_ids")
    return page(found["url"], found["data"][::-1], asked)


def delete_tax_id(account: Account, identifier: str, _asked: Asked, _origin: str) -> dict[str, Any]:
    found = account.tax_ids.get(identifier)
    if found is None:
        raise missing("tax_id", identifier, "id")
    return tax_ids.delete(account, found)


ROUTES = {
    "POST /v1/customers": Route(create, "customer"),
    "GET /v1/customers": Route(list_all, "list of customer"),
    "GET /v1/customers/search": Route(find, "list of customer"),
    "GET /v1/customers/{id}": retrieve("customer", "id"),
    "POST /v1/customers/{id}": Route(update, "customer"),
    "DELETE /v1/customers/{id}": Route(delete, "deleted customer"),
    "GET /v1/customers/{id}/payment_methods": Route(list_methods, "list of payment_method"),
    "POST /v1/customers/{id}/tax_ids": Route(create_tax_id, "tax_id"),
    "GET /v1/customers/{id}/tax_ids": Route(list_tax_ids, "list of tax_id"),
    "GET /v1/tax_ids/{id}": retrieve("tax_id", "id"),
    "DELETE /v1/tax_ids/{id}": Route(delete_tax_id, "deleted tax_id"),
    "GET /v1/payment_methods": Route(list_methods, "list of payment_method"),
    "GET /v1/payment_methods/{id}": retrieve("payment_method", "payment_method"),
    "POST /v1/payment_methods/{id}": Route(update_method, "payment_method"),
    "POST /v1/payment_methods/{id}/attach": Route(attach, "payment_method"),
    "POST /v1/payment_methods/{id}/detach": Route(detach, "payment_method"),
}
