"""What the adapter sends, held against Stripe's own description of its API.

Without the description (`tests.support.specs`) these checks are left out, and pytest tells their number.
"""

import json
from collections.abc import AsyncIterator
from typing import Any

import jsonschema
import pytest

from bot.domain.payments.money import Money
from bot.domain.subjects import Subject
from bot.integrations.payments.port import Order
from bot.integrations.payments.stripe.checkout import StripeCheckout
from bot.integrations.vendor import VendorRefused
from bot.sandbox.standin import Call, serve
from bot.sandbox.stripe import paying
from bot.sandbox.stripe.params import decode
from bot.sandbox.stripe.server import StripeSandbox
from tests.support import specs

PATHS = {
    "/v1/checkout/sessions/{id}": "/v1/checkout/sessions/{session}",
    "/v1/checkout/sessions/{id}/expire": "/v1/checkout/sessions/{session}/expire",
    "/v1/payment_intents/{id}": "/v1/payment_intents/{intent}",
    "/v1/refunds/{id}": "/v1/refunds/{refund}",
}
# What the description, older than API version 2026-10-28.endive, does not know yet.
SINCE = {
    # In place of payment_method_types, which is refused since 2026-09-30.
    "POST /v1/checkout/sessions": {"allowed_payment_method_types": {"type": "array", "items": {"type": "string"}}},
}
INTEGERS = ("amount", "expires_at", "unit_amount", "quantity", "limit")


@pytest.fixture(scope="module")
def described() -> dict[str, Any]:
    found: dict[str, Any] = json.loads(specs.described("stripe-openapi.json").read_text())
    return found


@pytest.fixture
async def calls() -> AsyncIterator[list[Call]]:
    """Every kind of call that the adapter makes, as it arrived."""
    sandbox = StripeSandbox(secret_key="sk_test_1")
    served = await serve(sandbox.app)
    provider = StripeCheckout("sk_test_1", "whsec_1", served.url)
    await exercise(provider, sandbox)
    yield sandbox.journal.calls()
    await provider.aclose()
    await served.close()


async def exercise(provider: StripeCheckout, sandbox: StripeSandbox) -> None:
    ends = sandbox.clock.now().replace(microsecond=0)
    order = Order(
        7, Subject("booking", 12), Money(4500, "EUR"), "Single with Ana", "Tue 1 Dec 2026, 15:00 (Kyiv)", "de",
        ends.fromtimestamp(ends.timestamp() + 2100, ends.tzinfo),
        "https://practice.example/pay/return?session_id={CHECKOUT_SESSION_ID}&p=abc",
        "https://practice.example/pay/left?p=abc",
    )  # fmt: skip
    made = await provider.open(provider.draft(order), "rapport:payment:7")
    other = await provider.open(provider.draft(order), "rapport:payment:8")
    paying.pay(sandbox.account, sandbox.account.session(made.ref), "success", "client@example.com")
    found = await provider.find(made.ref)
    assert found is not None
    assert found.intent_ref is not None
    await provider.close(other.ref)
    await provider.charge_of(found.intent_ref)
    for number, reason in enumerate(("policy", "second")):
        returned = await provider.give_back(found.intent_ref, Money(100, "EUR"), number, reason, f"refund:{number}")
        await provider.refund(returned.ref)
    await provider.refunds_of(found.intent_ref)
    await provider.check()
    with pytest.raises(VendorRefused):
        await provider.give_back(found.intent_ref, Money(99999, "EUR"), 9, "policy", "refund:9")


async def test_every_parameter_is_in_stripe_s_description(described: dict[str, Any], calls: list[Call]) -> None:
    assert {call.name for call in calls} >= {"POST /v1/checkout/sessions", "POST /v1/refunds", "GET /v1/refunds"}
    for call in calls:
        method, path = call.name.split(" ")
        operation = described["paths"][PATHS.get(path, path)][method.lower()]
        given = decode((name, str(value)) for name, value in call.params.items())
        if method == "GET":
            assert {name.split("[")[0] for name in given} <= {each["name"] for each in operation["parameters"]}
            continue
        schema = operation["requestBody"]["content"]["application/x-www-form-urlencoded"]["schema"]
        added = SINCE.get(call.name, {})
        schema = {**schema, "properties": {**schema["properties"], **added}, "components": described["components"]}
        jsonschema.validate(plain(given), schema)


async def test_every_write_that_makes_something_has_our_own_key(calls: list[Call]) -> None:
    making = [call for call in calls if call.name in ("POST /v1/checkout/sessions", "POST /v1/refunds")]
    keys = [call.headers["Idempotency-Key"] for call in making]
    assert len(keys) == 5
    assert all(key.startswith(("rapport:payment:", "refund:")) for key in keys)


@pytest.mark.parametrize(
    ("money", "sent"),
    [(Money(4500, "EUR"), 4500), (Money(5, "ISK"), 500), (Money(5, "UGX"), 500), (Money(5000, "JPY"), 5000),
     (Money(500, "MGA"), 5), (Money(1230, "KWD"), 1230)],
)  # fmt: skip
async def test_amounts_are_written_as_stripe_counts_them(money: Money, sent: int) -> None:
    provider = StripeCheckout("sk_test_1", "whsec_1", "http://127.0.0.1:9")
    at = StripeSandbox().clock.now()
    about = Subject("booking", 1)
    draft = provider.draft(Order(1, about, money, "n", "d", "xx", at, "https://a.example", "https://b.example"))
    assert draft["line_items"][0]["price_data"]["unit_amount"] == sent
    assert draft["locale"] == "auto"
    session = {"id": "cs_1", "status": "complete", "payment_status": "paid", "mode": "payment",
               "amount_total": sent, "currency": money.currency.lower()}  # fmt: skip
    read = provider.read("checkout.session.completed", session)
    assert getattr(read, "amount", None) == money
    await provider.aclose()


def plain(given: Any) -> Any:
    """Lists as lists and numbers as numbers again: a form has neither."""
    if not isinstance(given, dict):
        return given
    read = {name: int(value) if name in INTEGERS else plain(value) for name, value in given.items()}
    return [read[index] for index in sorted(read, key=int)] if read and all(map(str.isdigit, read)) else read
