"""Routes of payment intents and setup intents."""

from typing import Any

from bot.sandbox.stripe.account import Account, shown
from bot.sandbox.stripe.intents import intents
from bot.sandbox.stripe.listing import page
from bot.sandbox.stripe.objects import PaymentIntent
from bot.sandbox.stripe.refusals import missing
from bot.sandbox.stripe.route import Asked, Route, retrieve


def _intent(account: Account, identifier: str) -> PaymentIntent:
    found = account.intents.get(identifier)
    if found is None:
        raise missing("payment_intent", identifier, "intent")
    return found


def create(account: Account, _id: str, asked: Asked, origin: str) -> dict[str, Any]:
    return shown(intents.create(account, asked, origin))


def list_all(account: Account, _id: str, asked: Asked, _origin: str) -> dict[str, Any]:
    customer = asked.get("customer")
    found = [shown(one) for one in account.intents.values() if customer in (None, one.customer)]
    return page("/v1/payment_intents", found, asked)


def confirm(account: Account, identifier: str, asked: Asked, origin: str) -> dict[str, Any]:
    return shown(intents.confirm(account, _intent(account, identifier), asked, origin))


def capture(account: Account, identifier: str, asked: Asked, _origin: str) -> dict[str, Any]:
    return shown(intents.capture(account, _intent(account, identifier), asked))


def cancel(account: Account, identifier: str, asked: Asked, _origin: str) -> dict[str, Any]:
    return shown(intents.cancel(account, _intent(account, identifier), asked.get("cancellation_reason")))


ROUTES = {
    "POST /v1/payment_intents": Route(create, "payment_intent"),
    "GET /v1/payment_intents": Route(list_all, "list of payment_intent"),
    "GET /v1/payment_intents/{id}": retrieve("payment_intent", "intent"),
    "POST /v1/payment_intents/{id}/confirm": Route(confirm, "payment_intent"),
    "POST /v1/payment_intents/{id}/capture": Route(capture, "payment_intent"),
    "POST /v1/payment_intents/{id}/cancel": Route(cancel, "payment_intent"),
    "GET /v1/setup_intents/{id}": retrieve("setup_intent", "intent"),
}
