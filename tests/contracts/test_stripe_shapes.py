"""The Stripe stand-in held against Stripe's own data: its OpenAPI description and its SDK's declarations.

Without the description (`tests.support.specs`) these checks are left out, and pytest tells their number.
"""

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import jsonschema
import stripe

from bot.sandbox.stripe.account import included
from tests.contracts import stripe_params
from tests.sandbox.stripe.stripe_support import Bench, priced, running
from tests.support.specs import described

ROOT = Path(__file__).parents[2]
KINDS = {
    "checkout.session": stripe.checkout.Session,
    "payment_intent": stripe.PaymentIntent,
    "charge": stripe.Charge,
    "refund": stripe.Refund,
    "balance_transaction": stripe.BalanceTransaction,
    "event": stripe.Event,
    "account": stripe.Account,
    "webhook_endpoint": stripe.WebhookEndpoint,
    "item": stripe.LineItem,
    "price": stripe.Price,
    "payment_method": stripe.PaymentMethod,
}
# Names that the SDK does not declare though the API answers with them.
UNDECLARED: set[str] = set()


async def shown_objects(bench: Bench) -> list[dict[str, Any]]:
    """One of everything, in each state that it can be in."""
    found: list[dict[str, Any]] = []
    everywhere: dict[str, Any] = {"line_items": priced(6000, "eur"), "allowed_payment_method_types": None}
    await bench.session()
    for card in ("success", "declined", "challenge", "sepa_debit"):
        made = await bench.session(**(everywhere if card == "sepa_debit" else {}))
        await bench.submits(made.url, card=card)
    first = next(one for one in (await bench.state())["sessions"] if one["payment_status"] == "paid")
    await bench.control("refund", payment_intent=first["payment_intent"], amount=1500)
    failing = await bench.control("refund", payment_intent=first["payment_intent"], amount=1500)
    await bench.control("refund_outcome", refund=failing["id"], status="failed")
    bench.sandbox.clock.advance(25 * 3600)
    state = await bench.state()
    for name in ("sessions", "payment_intents", "charges", "refunds", "events"):
        found += state[name]
    found += [event["data"]["object"] for event in state["events"]]
    account = bench.sandbox.account
    found += [one for one in map(account.find, account.balance) if one is not None]
    methods = {intent.method for intent in account.intents.values() if intent.method}
    found += [one for one in map(account.find, methods) if one is not None]
    items = included(account, first["id"], "line_items")["data"]
    found += items + [item["price"] for item in items] + [account.settings()]
    bench.sandbox.webhooks.url = "http://127.0.0.1:9/webhooks/stripe"
    found += account.endpoints()
    return found


async def test_every_object_fits_stripes_description() -> None:
    async with running() as bench:
        objects = await shown_objects(bench)
    components = json.loads(described("stripe-openapi.json", checks=len(objects)).read_text())["components"]
    wrong = {f"{one['object']}: {said}" for one in objects for said in complaints(one, components)}
    assert wrong == set()
    broken = next(one for one in objects if one["object"] == "charge") | {"amount": "6000", "paid": None}
    assert len(list(complaints(broken, components))) == 2


async def test_every_name_in_an_answer_is_known_to_the_sdk() -> None:
    async with running() as bench:
        objects = await shown_objects(bench)
    unknown = {
        f"{one['object']}.{name}" for one in objects for name in one if name not in KINDS[one["object"]].__annotations__
    }
    assert unknown == UNDECLARED


def test_the_table_of_parameters_is_what_the_sdk_declares() -> None:
    kept = ROOT / "bot" / "sandbox" / "stripe" / "params.json"
    assert json.loads(kept.read_text()) == stripe_params.declared(), "python -m tests.contracts.stripe_params"


def complaints(one: dict[str, Any], components: dict[str, Any]) -> Iterator[str]:
    schema = {"$ref": f"#/components/schemas/{one['object']}", "components": components}
    checker = jsonschema.Draft4Validator(json_schema(schema))
    for error in checker.iter_errors(one):
        yield f"{'.'.join(map(str, error.absolute_path))} {error.message[:150]}"


def json_schema(node: Any) -> Any:
    """OpenAPI 3.0's `nullable` in JSON Schema's words."""
    if isinstance(node, list):
        return [json_schema(part) for part in node]
    if not isinstance(node, dict):
        return node
    plain = {name: json_schema(part) for name, part in node.items() if name != "nullable"}
    return {"anyOf": [plain, {"type": "null"}]} if node.get("nullable") is True else plain
