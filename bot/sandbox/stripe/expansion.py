"""Carries out `expand`: replaces ids in an answer by the objects that they name."""

from typing import Any

from bot.sandbox.stripe.account import Account, included
from bot.sandbox.stripe.checkout.session_json import breakdown
from bot.sandbox.stripe.refusals import InvalidParams

DEEPEST = 4
# What may be expanded on each kind of object, and the kind of object that is found there.
EXPANDABLE = {
    "checkout.session": {
        "customer": "customer",
        "invoice": "invoice",
        "line_items": "list of item",
        "payment_intent": "payment_intent",
        "setup_intent": "setup_intent",
        "subscription": "subscription",
        "total_details": "totals",
    },
    "totals": {"breakdown": "breakdown"},
    "item": {"taxes": "taxes"},
    "customer": {"invoice_settings": "invoice settings", "tax_ids": "list of tax_id"},
    "invoice settings": {"default_payment_method": "payment_method"},
    "payment_method": {"customer": "customer"},
    "setup_intent": {"customer": "customer", "payment_method": "payment_method"},
    "tax.calculation": {"line_items": "list of tax.calculation_line_item"},
    "dispute": {"charge": "charge", "payment_intent": "payment_intent"},
    "radar.early_fraud_warning": {"charge": "charge", "payment_intent": "payment_intent"},
    "payment_intent": {
        "customer": "customer",
        "latest_charge": "charge",
        "payment_method": "payment_method",
    },
    "charge": {
        "balance_transaction": "balance_transaction",
        "customer": "customer",
        "payment_intent": "payment_intent",
        "refunds": "list of refund",
    },
    "refund": {
        "balance_transaction": "balance_transaction",
        "charge": "charge",
        "failure_balance_transaction": "balance_transaction",
        "payment_intent": "payment_intent",
    },
    "balance_transaction": {"source": "charge"},
}
INCLUDED = ("line_items", "refunds", "tax_ids", "taxes")


def check_paths(kind: str, paths: list[str]) -> None:
    """Refuse (InvalidParams) a dotted path that does not exist on `kind` or goes too deep."""
    for path in paths:
        steps, here = path.split("."), kind
        if len(steps) > DEEPEST:
            said = f"You cannot expand more than {DEEPEST} levels of a property: {path}"
            raise InvalidParams(said, param="expand")
        for step in steps:
            inner = here.removeprefix("list of ") if step == "data" else None
            here = inner or EXPANDABLE.get(here, {}).get(step, "")
            if not here:
                raise InvalidParams(f"This property cannot be expanded ({path}).", param="expand")


def expand(account: Account, thing: dict[str, Any], path: list[str]) -> None:
    """Follow one checked path in place."""
    if not path:
        return
    name, rest = path[0], path[1:]
    if thing.get("object") in ("list", "search_result"):
        for one in thing["data"]:
            expand(account, one, rest)
        return
    if name == "total_details":
        if thing[name] is None:  # of a page on which nothing is paid
            return
        thing[name]["breakdown"] = breakdown(account.sessions[thing["id"]])
        return
    if isinstance(thing.get(name), str):
        thing[name] = account.find(thing[name])
    elif name in INCLUDED and name not in thing:
        thing[name] = included(account, thing, name)
    if isinstance(thing.get(name), dict):
        expand(account, thing[name], rest)
