"""Routes of tax: settings, registrations, calculations and what became of a payment's tax."""

from typing import Any

from bot.sandbox.stripe.account import Account, included, shown
from bot.sandbox.stripe.listing import page
from bot.sandbox.stripe.refusals import missing
from bot.sandbox.stripe.route import Asked, Route, retrieve
from bot.sandbox.stripe.tax import calculations
from bot.sandbox.stripe.tax.tax_json import registration_json, settings_json


def show_settings(account: Account, _id: str, _asked: Asked, _origin: str) -> dict[str, Any]:
    return settings_json(account.tax)


def list_registrations(account: Account, _id: str, asked: Asked, _origin: str) -> dict[str, Any]:
    return page("/v1/tax/registrations", [registration_json(one) for one in account.tax.registrations], asked)


def create_calculation(account: Account, _id: str, asked: Asked, _origin: str) -> dict[str, Any]:
    return shown(calculations.create(account, asked))


def list_calculation_lines(account: Account, identifier: str, asked: Asked, _origin: str) -> dict[str, Any]:
    lines = included(account, shown(calculations.find(account, identifier)), "line_items")
    return page(lines["url"], lines["data"][::-1], asked)


def find_association(account: Account, _id: str, asked: Asked, _origin: str) -> dict[str, Any]:
    intent = asked.get("payment_intent", "")
    found = account.associations.get(intent)
    if found is None:
        raise missing("tax association", intent, "payment_intent")
    return shown(found)


ROUTES = {
    "GET /v1/tax/settings": Route(show_settings, "tax.settings"),
    "GET /v1/tax/registrations": Route(list_registrations, "list of tax.registration"),
    "POST /v1/tax/calculations": Route(create_calculation, "tax.calculation"),
    "GET /v1/tax/calculations/{id}": retrieve("tax.calculation", "calculation"),
    "GET /v1/tax/calculations/{id}/line_items": Route(list_calculation_lines, "list of tax.calculation_line_item"),
    "GET /v1/tax/associations/find": Route(find_association, "tax.association"),
}
