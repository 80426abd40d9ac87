"""What the adapter sends, held against Stripe's own description of its API.

Without the description (`tests.support.specs`) these checks are left out, and pytest tells their number.
"""

import json
from collections.abc import AsyncIterator
from dataclasses import replace
from datetime import timedelta
from typing import Any

import jsonschema
import pytest

from bot.domain.payments.money import Money
from bot.domain.payments.tax import TaxBehavior, TaxChoice
from bot.domain.subjects import Subject
from bot.integrations.payments.cards import CardOrder, CardPageOrder
from bot.integrations.payments.port import Line, Order
from bot.integrations.payments.stripe.checkout import StripeCheckout
from bot.integrations.payments.tax import Exemption, TaxLine
from bot.integrations.vendor import VendorRefused
from bot.sandbox.standin import Call, serve
from bot.sandbox.stripe import charging, paying
from bot.sandbox.stripe.params import decode
from bot.sandbox.stripe.server import StripeSandbox
from bot.sandbox.stripe.tax.objects import Place, TaxSetup
from tests.contracts import stripe_since
from tests.support import specs

PATHS = {
    "/v1/charges/{id}": "/v1/charges/{charge}",
    "/v1/customers/{id}": "/v1/customers/{customer}",
    "/v1/customers/{id}/tax_ids": "/v1/customers/{customer}/tax_ids",
    "/v1/disputes/{id}": "/v1/disputes/{dispute}",
    "/v1/payment_intents/{id}/cancel": "/v1/payment_intents/{intent}/cancel",
    "/v1/payment_intents/{id}/capture": "/v1/payment_intents/{intent}/capture",
    "/v1/payment_methods/{id}": "/v1/payment_methods/{payment_method}",
    "/v1/payment_methods/{id}/detach": "/v1/payment_methods/{payment_method}/detach",
    "/v1/checkout/sessions/{id}": "/v1/checkout/sessions/{session}",
    "/v1/checkout/sessions/{id}/expire": "/v1/checkout/sessions/{session}/expire",
    "/v1/payment_intents/{id}": "/v1/payment_intents/{intent}",
    "/v1/refunds/{id}": "/v1/refunds/{refund}",
}
INTEGERS = ("amount", "expires_at", "unit_amount", "quantity", "limit")
MAKING = {
    "POST /v1/checkout/sessions",
    "POST /v1/customers",
    "POST /v1/customers/{id}/tax_ids",
    "POST /v1/payment_intents",
    "POST /v1/payment_intents/{id}/capture",
    "POST /v1/refunds",
    "POST /v1/tax/calculations",
}
BOOLEANS = ("confirm", "enabled", "off_session")


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
    await exercise_charges(provider, sandbox)
    await exercise_cards(provider, sandbox)
    await exercise_tax(provider, sandbox)
    await exercise_books(provider, sandbox)
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


async def exercise_charges(provider: StripeCheckout, sandbox: StripeSandbox) -> None:
    """Money that was collected elsewhere, of which only the charge is known."""
    ref = charging.collect(sandbox.account, 4500, "EUR")
    found = await provider.charge_of(ref)
    assert found is not None
    assert found.fee == Money(161, "EUR")
    returned = await provider.give_back(ref, Money(100, "EUR"), 20, "policy", "refund:20")
    assert returned.charge_ref == ref
    assert [each.ref for each in await provider.refunds_of(ref)] == [returned.ref]
    assert await provider.disputes.disputes_of(ref) == []
    assert await provider.disputes.warnings_of(ref) == []


async def exercise_cards(provider: StripeCheckout, sandbox: StripeSandbox) -> None:
    ends = sandbox.clock.now() + timedelta(minutes=31)
    cards, account, back = provider.cards, sandbox.account, "https://practice.example/cards"
    customer = await cards.make_customer(7, "de", "rapport:customer:7")
    await cards.customers_of(7)
    page = CardPageOrder(7, customer.ref, "EUR", "de", ends, back, back)
    opened = await cards.open_card_page(cards.draft_card_page(page), "rapport:cards:7")
    paying.pay(account, account.session(opened.ref), "success", None)
    await cards.find_card_page(opened.ref)
    [card] = await cards.cards_of(customer.ref)
    await cards.make_default(customer.ref, card.ref)
    asked = CardOrder(9, Subject("booking", 12), Money(4500, "EUR"), "Single", customer.ref, card.ref)
    paid = await cards.charge(cards.draft_charge(asked), "rapport:payment:9")
    await cards.card_payment(paid.ref)
    there = replace(asked, hold=True, return_url=back)
    held = await cards.charge(cards.draft_charge(there), "rapport:payment:10")
    await cards.take(held.ref, "rapport:take:10")
    await cards.drop((await cards.charge(cards.draft_charge(there), "rapport:payment:11")).ref)
    await provider.disputes.disputes_of(paid.ref)
    await provider.disputes.warnings_of(paid.ref)
    await cards.remove_card(card.ref)
    await cards.forget_customer(customer.ref)


async def exercise_tax(provider: StripeCheckout, sandbox: StripeSandbox) -> None:
    account, back, taxes = sandbox.account, "https://practice.example/back", provider.taxes
    account.tax = TaxSetup(Place("DE"), ["DE"])
    await taxes.faults()
    customer = await provider.cards.make_customer(8, "de", "rapport:customer:8")
    ends, choice = sandbox.clock.now() + timedelta(minutes=35), TaxChoice(TaxBehavior.EXCLUSIVE, "txcd_20030000")
    order = Order(
        12, Subject("order", 4), Money(6000, "EUR"), "Two sessions", "", "en", ends, back, back,
        lines=(Line("One", "Tue", Money(2500, "EUR")), Line("Two", "Wed", Money(3500, "EUR"))),
        customer_ref=customer.ref, keep_card=True, tax=choice,
    )  # fmt: skip
    page = await provider.open(provider.draft(order), "rapport:payment:12")
    paying.pay(account, account.session(page.ref), "success", None, Place("DE"))
    number = await taxes.add_number(customer.ref, "eu_vat", "DE123456789", "rapport:number:8")
    await taxes.numbers_of(customer.ref)
    await taxes.exempt(customer.ref, Exemption.NONE)
    reckoned = await taxes.reckon(customer.ref, [TaxLine("fee-1", Money(1000, "EUR"), choice)], "rapport:tax:1")
    [card] = await provider.cards.cards_of(customer.ref)
    fee = CardOrder(
        13, Subject("order", 4), reckoned.total, "Fee", customer.ref, card.ref, tax_ref=reckoned.ref
    )  # fmt: skip
    await provider.cards.charge(provider.cards.draft_charge(fee), "rapport:payment:13")
    await taxes.remove_number(number.ref)


async def exercise_books(provider: StripeCheckout, sandbox: StripeSandbox) -> None:
    since, books = sandbox.clock.now() - timedelta(days=1), provider.books
    assert [each.subject async for each in books.card_payments(since)], "paid and held with a kept card before"
    assert [each.charge.ref async for each in books.unmarked(since)], "collected elsewhere before"
    for listed in (books.pages, books.refunds, books.disputes, books.warnings):
        async for each in listed(since):
            assert each.ref


async def test_every_parameter_is_in_stripe_s_description(described: dict[str, Any], calls: list[Call]) -> None:
    assert {call.name for call in calls} >= {"POST /v1/checkout/sessions", "POST /v1/refunds", "GET /v1/refunds"}
    for call in calls:
        if call.name in stripe_since.CALLS:
            continue
        method, path = call.name.split(" ")
        operation = described["paths"][PATHS.get(path, path)][method.lower()]
        given = decode((name, str(value)) for name, value in call.params.items())
        if method == "GET":
            known = {each["name"] for each in operation["parameters"]} | stripe_since.ASKED.get(call.name, set())
            assert {name.split("[")[0] for name in given} <= known
            continue
        schema = operation["requestBody"]["content"]["application/x-www-form-urlencoded"]["schema"]
        added = stripe_since.PARAMETERS.get(call.name, {})
        schema = {**schema, "properties": {**schema["properties"], **added}, "components": described["components"]}
        jsonschema.validate(plain(given), schema)


async def test_every_write_that_makes_something_has_our_own_key(calls: list[Call]) -> None:
    making = [call for call in calls if call.name in MAKING]
    keys = [call.headers["Idempotency-Key"] for call in making]
    assert len(keys) == 17
    assert all(key.startswith(("rapport:", "refund:")) for key in keys)


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


def _typed(name: str, value: Any) -> Any:
    if name in BOOLEANS:
        return value == "true"
    return int(value) if name in INTEGERS else plain(value)


def plain(given: Any) -> Any:
    """Lists as lists and numbers as numbers again: a form has neither."""
    if not isinstance(given, dict):
        return given
    read = {name: _typed(name, value) for name, value in given.items()}
    return [read[index] for index in sorted(read, key=int)] if read and all(map(str.isdigit, read)) else read
