"""Routes of disputes and fraud warnings."""

from typing import Any

from bot.sandbox.stripe.account import Account, shown
from bot.sandbox.stripe.disputes import disputes
from bot.sandbox.stripe.disputes.objects import LOST
from bot.sandbox.stripe.listing import page
from bot.sandbox.stripe.route import Asked, Route, retrieve


def list_disputes(account: Account, _id: str, asked: Asked, _origin: str) -> dict[str, Any]:
    return page("/v1/disputes", _about(account.disputes, asked), asked)


def answer(account: Account, identifier: str, asked: Asked, _origin: str) -> dict[str, Any]:
    return shown(disputes.answer(account, disputes.find(account, identifier), asked))


def accept(account: Account, identifier: str, _asked: Asked, _origin: str) -> dict[str, Any]:
    """The practice gives in."""
    return shown(disputes.close(account, disputes.find(account, identifier), LOST))


def list_warnings(account: Account, _id: str, asked: Asked, _origin: str) -> dict[str, Any]:
    return page("/v1/radar/early_fraud_warnings", _about(account.warnings, asked), asked)


def _about(table: dict[str, Any], asked: Asked) -> list[dict[str, Any]]:
    """Those of the charge or payment that is asked for."""
    return [
        shown(one)
        for one in table.values()
        if asked.get("charge") in (None, one.charge) and asked.get("payment_intent") in (None, one.payment_intent)
    ]


ROUTES = {
    "GET /v1/disputes": Route(list_disputes, "list of dispute"),
    "GET /v1/disputes/{id}": retrieve("dispute", "dispute"),
    "POST /v1/disputes/{id}": Route(answer, "dispute"),
    "POST /v1/disputes/{id}/close": Route(accept, "dispute"),
    "GET /v1/radar/early_fraud_warnings": Route(list_warnings, "list of radar.early_fraud_warning"),
    "GET /v1/radar/early_fraud_warnings/{id}": retrieve("radar.early_fraud_warning", "early_fraud_warning"),
}
