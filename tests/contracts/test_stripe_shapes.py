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
from bot.sandbox.stripe.tax import tax_json
from tests.contracts import stripe_params, stripe_since
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
    "customer": stripe.Customer,
    "setup_intent": stripe.SetupIntent,
    "tax_id": stripe.TaxId,
    "tax_rate": stripe.TaxRate,
    "tax.settings": stripe.tax.Settings,
    "tax.registration": stripe.tax.Registration,
    "tax.calculation": stripe.tax.Calculation,
    "tax.calculation_line_item": stripe.tax.CalculationLineItem,
    "tax.association": stripe.tax.Association,
    "dispute": stripe.Dispute,
    "radar.early_fraud_warning": stripe.radar.EarlyFraudWarning,
}
# Names that the SDK does not declare though the API answers with them.
UNDECLARED: set[str] = set()


async def shown_objects(bench: Bench) -> list[dict[str, Any]]:
    """One of everything, in each state that it can be in."""
    found = await of_kept_cards(bench)
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
    for name in (*bench.sandbox.account.tables(), "events"):
        found += state[name]
    found += [event["data"]["object"] for event in state["events"]]
    account = bench.sandbox.account
    items = included(account, first, "line_items")["data"]
    found += items + [item["price"] for item in items] + [account.settings()]
    bench.sandbox.webhooks.url = "http://127.0.0.1:9/webhooks/stripe"
    found += account.endpoints()
    return found


async def of_kept_cards(bench: Bench) -> list[dict[str, Any]]:
    """Customers, their cards and numbers, payments without a page, tax, disputes and fraud warnings."""
    await bench.control("tax", head_office={"country": "DE"}, registrations=["DE"])
    who: Any = {"email": "ana@example.com", "address": {"country": "DE", "postal_code": "10115"}}
    customer = await bench.client.v1.customers.create_async(who)
    await bench.client.v1.customers.tax_ids.create_async(customer.id, {"type": "eu_vat", "value": "DE123456789"})
    for card in ("success", "declined", "challenge"):
        await bench.submits((await bench.setup(customer.id)).url, card=card)
    taxed = await bench.session(customer=customer.id, automatic_tax={"enabled": True})
    await bench.control("pay", session=taxed.id)
    lines = [{"amount": 6000, "reference": "session"}]
    asked: Any = {"currency": "usd", "customer": customer.id, "line_items": lines}
    made = await bench.client.v1.tax.calculations.create_async(asked, {"idempotency_key": "taxed"})
    [kept] = (await bench.client.v1.payment_methods.list_async({"customer": customer.id})).data
    hooks = {"inputs": {"tax": {"calculation": made.id}}}
    paid = await bench.charges(customer.id, kept.id, amount=made.amount_total, hooks=hooks)
    held = await bench.charges(customer.id, kept.id, capture_method="manual")
    await bench.client.v1.payment_intents.cancel_async(held.id)
    await bench.control("card", payment_method=kept.id, says="check")
    await bench.charges(customer.id, kept.id, return_url="https://practice.example/back")
    dispute = await bench.control("dispute", charge=paid.latest_charge)
    await bench.control("fraud_warning", charge=paid.latest_charge)
    await bench.control("dispute_outcome", dispute=dispute["id"], status="won")
    account = bench.sandbox.account
    calculation = account.calculations[str(made.id)]
    shown = [*tax_json.line_items_json(calculation), tax_json.settings_json(account.tax)]
    shown += [tax_json.registration_json(one) for one in ("DE", "US-CA")]
    shown += [tax_json.association_json(one) for one in account.associations.values()]
    return shown + [tax_json.rate_json(tax) for tax in calculation.taxes]


async def test_every_object_fits_stripes_description() -> None:
    async with running() as bench:
        objects = await shown_objects(bench)
    components = json.loads(described("stripe-openapi.json", checks=len(objects)).read_text())["components"]
    schemas = json_schema(components)
    wrong = {f"{one['object']}: {said}" for one in objects for said in complaints(one, schemas)}
    assert wrong == set()
    broken = next(one for one in objects if one["object"] == "charge") | {"amount": "6000", "paid": None}
    assert len(list(complaints(broken, schemas))) == 2


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
    """Where an object differs from its schema; `components` in JSON Schema's words."""
    if one["object"] in stripe_since.OBJECTS:
        return
    name = "deleted_customer" if one.get("deleted") else one["object"]
    schema = {"$ref": f"#/components/schemas/{name}", "components": components}
    checker = jsonschema.Draft4Validator(schema)
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
