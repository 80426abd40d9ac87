"""Stripe's API: carries out each route with its checked parameters."""

from collections.abc import Callable
from typing import Any

from bot.sandbox.stripe import checkout, payments
from bot.sandbox.stripe.account import Account, included, listing, shown
from bot.sandbox.stripe.expansion import check_paths, expand
from bot.sandbox.stripe.refusals import InvalidParams, Refused, missing

Asked = dict[str, Any]
Work = Callable[[Account, str, Asked, str], dict[str, Any]]
PAGE, LARGEST_PAGE = 10, 100


def create_session(account: Account, _id: str, asked: Asked, origin: str) -> dict[str, Any]:
    return shown(checkout.create(account, asked, origin))


def expire_session(account: Account, identifier: str, _asked: Asked, _origin: str) -> dict[str, Any]:
    return shown(checkout.expire(account, account.session(identifier)))


def list_sessions(account: Account, _id: str, asked: Asked, _origin: str) -> dict[str, Any]:
    _refuse_unmodelled(asked, "customer", "customer_account", "payment_link", "subscription")
    email = asked.get("customer_details", {}).get("email")
    found = [
        session
        for session in account.sessions.values()
        if asked.get("payment_intent") in (None, session.payment_intent)
        and asked.get("status") in (None, session.status)
        and email in (None, session.email)
    ]
    return page("/v1/checkout/sessions", [shown(session) for session in found], asked)


def list_line_items(account: Account, identifier: str, asked: Asked, _origin: str) -> dict[str, Any]:
    account.session(identifier)
    items = included(account, identifier, "line_items")
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
    _refuse_unmodelled(asked, "customer", "transfer_group")
    wanted = asked.get("payment_intent")
    found = [charge for charge in account.charges.values() if wanted in (None, charge.payment_intent)]
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


def retrieve(kind: str, param: str) -> Work:
    def work(account: Account, identifier: str, _asked: Asked, _origin: str) -> dict[str, Any]:
        found = account.find(identifier)
        if found is None or found["object"] != kind:
            raise missing(kind, identifier, param)
        return found

    return work


ROUTES: dict[str, Work] = {
    "POST /v1/checkout/sessions": create_session,
    "GET /v1/checkout/sessions": list_sessions,
    "GET /v1/checkout/sessions/{id}": retrieve("checkout.session", "session"),
    "GET /v1/checkout/sessions/{id}/line_items": list_line_items,
    "POST /v1/checkout/sessions/{id}/expire": expire_session,
    "GET /v1/payment_intents/{id}": retrieve("payment_intent", "intent"),
    "GET /v1/charges": list_charges,
    "GET /v1/charges/{id}": retrieve("charge", "id"),
    "POST /v1/refunds": create_refund,
    "GET /v1/refunds": list_refunds,
    "GET /v1/refunds/{id}": retrieve("refund", "id"),
    "GET /v1/balance_transactions/{id}": retrieve("balance_transaction", "id"),
    "GET /v1/events": list_events,
    "GET /v1/events/{id}": retrieve("event", "id"),
    "GET /v1/account": show_account,
    "GET /v1/webhook_endpoints": list_endpoints,
}


LISTS = (list_sessions, list_line_items, list_charges, list_refunds, list_events, list_endpoints)
# The kind of object that a route answers with.
KINDS = {
    "checkout": "checkout.session",
    "payment_intents": "payment_intent",
    "charges": "charge",
    "refunds": "refund",
    "balance_transactions": "balance_transaction",
    "events": "event",
    "account": "account",
    "webhook_endpoints": "webhook_endpoint",
}


def answer(route: str, account: Account, identifier: str, asked: Asked, origin: str) -> dict[str, Any]:
    """The body of a 200 answer. Raises Refused."""
    kind = "item" if route.endswith("line_items") else KINDS[route.split("/")[2]]
    if ROUTES[route] in LISTS:
        kind = f"list of {kind}"
    paths = asked.get("expand", [])
    check_paths(kind, paths)
    body = ROUTES[route](account, identifier, asked, origin)
    for path in paths:
        expand(account, body, path.split("."))
    return body


def page(url: str, oldest_first: list[dict[str, Any]], asked: Asked) -> dict[str, Any]:
    """Newest first, `limit` at a time, from beyond the cursor, within the bounds of `created`."""
    limit = asked.get("limit", PAGE)
    if not 1 <= limit <= LARGEST_PAGE:
        raise InvalidParams("Invalid limit: must be between 1 and 100", "parameter_invalid_integer", "limit")
    rows = [row for row in oldest_first[::-1] if _created_within(row, asked.get("created"))]
    ids = [row["id"] for row in rows]
    for name in ("starting_after", "ending_before"):
        if name in asked and asked[name] not in ids:
            raise Refused(f"No such object: '{asked[name]}'", "resource_missing", name)
    if "ending_before" in asked:
        rows = rows[: ids.index(asked["ending_before"])]
        return listing(url, rows[-limit:], len(rows) > limit)
    if "starting_after" in asked:
        rows = rows[ids.index(asked["starting_after"]) + 1 :]
    return listing(url, rows[:limit], len(rows) > limit)


def _created_within(row: dict[str, Any], bounds: Any) -> bool:
    if bounds is None:
        return True
    created = row["created"]
    if isinstance(bounds, int):
        return bool(created == bounds)
    return bool(
        created > bounds.get("gt", -1)
        and created >= bounds.get("gte", 0)
        and created < bounds.get("lt", created + 1)
        and created <= bounds.get("lte", created)
    )


def _refuse_unmodelled(asked: Asked, *names: str) -> None:
    for name in names:
        if name in asked:
            raise InvalidParams(f"The sandbox's objects have nothing to do with {name}.", param=name)
