"""Stripe's API: carries out each route with its checked parameters."""

from typing import Any

from bot.sandbox.stripe import payments
from bot.sandbox.stripe.account import Account, included, shown
from bot.sandbox.stripe.checkout import sessions
from bot.sandbox.stripe.customers import routes as customer_routes
from bot.sandbox.stripe.disputes import routes as dispute_routes
from bot.sandbox.stripe.expansion import check_paths, expand
from bot.sandbox.stripe.intents import routes as intent_routes
from bot.sandbox.stripe.listing import page
from bot.sandbox.stripe.refusals import InvalidParams
from bot.sandbox.stripe.route import Asked, Route, retrieve
from bot.sandbox.stripe.tax import routes as tax_routes


def create_session(account: Account, _id: str, asked: Asked, origin: str) -> dict[str, Any]:
    return shown(sessions.create(account, asked, origin))


def expire_session(account: Account, identifier: str, _asked: Asked, _origin: str) -> dict[str, Any]:
    return shown(sessions.expire(account, account.session(identifier)))


def list_sessions(account: Account, _id: str, asked: Asked, _origin: str) -> dict[str, Any]:
    _refuse_unmodelled(asked, "customer_account", "payment_link", "subscription")
    email = asked.get("customer_details", {}).get("email")
    found = [
        session
        for session in account.sessions.values()
        if asked.get("payment_intent") in (None, session.payment_intent)
        and asked.get("customer") in (None, session.customer)
        and asked.get("status") in (None, session.status)
        and email in (None, session.email)
    ]
    return page("/v1/checkout/sessions", [shown(session) for session in found], asked)


def list_line_items(account: Account, identifier: str, asked: Asked, _origin: str) -> dict[str, Any]:
    items = included(account, shown(account.session(identifier)), "line_items")
    return page(items["url"], items["data"][::-1], asked)


def create_refund(account: Account, _id: str, asked: Asked, _origin: str) -> dict[str, Any]:
    return shown(payments.refund(account, asked, account.refund_status))


def list_refunds(account: Account, _id: str, asked: Asked, _origin: str) -> dict[str, Any]:
    found = [
        refund
        for refund in account.refunds.values()
        if asked.get("payment_intent") in (None, refund.payment_intent) and asked.get("charge") in (None, refund.charge)
    ]
    return page("/v1/refunds", [shown(refund) for refund in found], asked)


def list_charges(account: Account, _id: str, asked: Asked, _origin: str) -> dict[str, Any]:
    _refuse_unmodelled(asked, "transfer_group")
    found = [
        charge
        for charge in account.charges.values()
        if asked.get("payment_intent") in (None, charge.payment_intent)
        and asked.get("customer") in (None, charge.customer)
    ]
    return page("/v1/charges", [shown(charge) for charge in found], asked)


def list_events(account: Account, _id: str, asked: Asked, _origin: str) -> dict[str, Any]:
    _refuse_unmodelled(asked, "delivery_success")
    kinds = asked.get("types") or ([asked["type"]] if "type" in asked else None)
    found = [event for event in account.events.all.values() if kinds is None or event["type"] in kinds]
    return page("/v1/events", found, asked)


def list_endpoints(account: Account, _id: str, asked: Asked, _origin: str) -> dict[str, Any]:
    return page("/v1/webhook_endpoints", account.endpoints(), asked)


def show_account(account: Account, _id: str, _asked: Asked, _origin: str) -> dict[str, Any]:
    return account.settings()


ROUTES: dict[str, Route] = {
    "POST /v1/checkout/sessions": Route(create_session, "checkout.session"),
    "GET /v1/checkout/sessions": Route(list_sessions, "list of checkout.session"),
    "GET /v1/checkout/sessions/{id}": retrieve("checkout.session", "session"),
    "GET /v1/checkout/sessions/{id}/line_items": Route(list_line_items, "list of item"),
    "POST /v1/checkout/sessions/{id}/expire": Route(expire_session, "checkout.session"),
    "GET /v1/charges": Route(list_charges, "list of charge"),
    "GET /v1/charges/{id}": retrieve("charge", "id"),
    "POST /v1/refunds": Route(create_refund, "refund"),
    "GET /v1/refunds": Route(list_refunds, "list of refund"),
    "GET /v1/refunds/{id}": retrieve("refund", "id"),
    "GET /v1/balance_transactions/{id}": retrieve("balance_transaction", "id"),
    "GET /v1/events": Route(list_events, "list of event"),
    "GET /v1/events/{id}": retrieve("event", "id"),
    "GET /v1/account": Route(show_account, "account"),
    "GET /v1/webhook_endpoints": Route(list_endpoints, "list of webhook_endpoint"),
    **customer_routes.ROUTES,
    **intent_routes.ROUTES,
    **tax_routes.ROUTES,
    **dispute_routes.ROUTES,
}


def answer(route: str, account: Account, identifier: str, asked: Asked, origin: str) -> dict[str, Any]:
    """The body of a 200 answer. Raises Refused."""
    paths = asked.get("expand", [])
    check_paths(ROUTES[route].kind, paths)
    body = ROUTES[route].work(account, identifier, asked, origin)
    for path in paths:
        expand(account, body, path.split("."))
    return body


def _refuse_unmodelled(asked: Asked, *names: str) -> None:
    for name in names:
        if name in asked:
            raise InvalidParams(f"The sandbox's objects have nothing to do with {name}.", param=name)
