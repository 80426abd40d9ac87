"""The real SDK against the stand-in: tax of a page, and of a payment without one."""

from collections.abc import AsyncIterator
from typing import Any

import pytest
import pytest_asyncio
import stripe

from tests.sandbox.stripe.stripe_support import Bench, priced, running

TAXED: dict[str, Any] = {"automatic_tax": {"enabled": True}, "allowed_payment_method_types": ["card"]}
HERE: Any = {"country": "DE", "postal_code": "10115"}


@pytest_asyncio.fixture
async def bench() -> AsyncIterator[Bench]:
    async with running() as made:
        await made.control("tax", head_office={"country": "DE"}, registrations=["DE", "AT", "US-CA"])
        yield made


def lines(amount: int, behavior: str) -> list[dict[str, Any]]:
    items = priced(amount, "eur")
    items[0]["price_data"]["tax_behavior"] = behavior
    return items


async def read(bench: Bench, session: str) -> stripe.checkout.Session:
    return await bench.client.v1.checkout.sessions.retrieve_async(session, {"expand": ["total_details.breakdown"]})


@pytest.mark.parametrize(("behavior", "total", "tax"), [("inclusive", 11900, 1900), ("exclusive", 14161, 2261)])
async def test_tax_is_known_once_the_page_has_the_address(bench: Bench, behavior: str, total: int, tax: int) -> None:
    page = await bench.session(line_items=lines(11900, behavior), **TAXED)
    assert page.automatic_tax.status == "requires_location_inputs"
    assert page.amount_total == 11900
    assert "by your address" in await bench.reads(page.url)
    assert (await bench.submits(page.url, card="success"))[0] == 400, "no money before the tax is known"
    await bench.submits(page.url, card="success", region="DE")
    paid = await read(bench, page.id)
    assert (paid.automatic_tax.status, paid.payment_status) == ("complete", "paid")
    assert (paid.amount_subtotal, paid.amount_total) == (11900, total)
    assert paid.total_details is not None
    assert paid.total_details.amount_tax == tax
    assert paid.total_details.breakdown is not None
    [part] = paid.total_details.breakdown.taxes
    assert (part.amount, part.taxability_reason, part.rate.percentage, part.rate.inclusive) == (
        tax, "standard_rated", 19.0, behavior == "inclusive",
    )  # fmt: skip
    assert paid.customer_details is not None
    assert paid.customer_details.address is not None
    assert paid.customer_details.address.country == "DE"


async def test_several_lines_are_taxed_each_and_summed(bench: Bench) -> None:
    items = [*lines(1001, "inclusive"), *lines(999, "exclusive"), *lines(333, "inclusive")]
    page = await bench.session(line_items=items, **TAXED)
    await bench.control("pay", session=page.id, region="DE")
    asked: Any = {"expand": ["line_items.data.taxes", "total_details.breakdown"]}
    paid = await bench.client.v1.checkout.sessions.retrieve_async(page.id, asked)
    assert paid.line_items is not None
    assert [item.amount_tax for item in paid.line_items.data] == [160, 190, 53]
    assert paid.amount_total == 1001 + 999 + 190 + 333
    assert paid.total_details is not None
    assert paid.total_details.amount_tax == 160 + 190 + 53
    assert paid.total_details.breakdown is not None
    parts = [(part.amount, part.rate.inclusive) for part in paid.total_details.breakdown.taxes]
    assert parts == [(160 + 53, True), (190, False)], "what is inside and what comes on top are told apart"
    assert paid.line_items.data[0].taxes is not None
    assert paid.line_items.data[0].taxes[0].amount == 160


@pytest.mark.parametrize(
    ("country", "number", "exempt", "reason", "tax"),
    [
        ("DE", None, "none", "standard_rated", 1900),
        ("AT", None, "none", "standard_rated", 1983),
        ("AT", "ATU12345678", "none", "reverse_charge", 0),
        ("DE", "DE123456789", "none", "standard_rated", 1900),
        ("FR", None, "none", "not_collecting", 0),
        ("DE", None, "exempt", "customer_exempt", 0),
        ("AT", None, "reverse", "reverse_charge", 0),
    ],
)
async def test_whose_tax_it_is_decides(
    bench: Bench, country: str, number: str | None, exempt: Any, reason: str, tax: int
) -> None:
    asked: Any = {"address": HERE | {"country": country}, "tax_exempt": exempt}
    customer = (await bench.client.v1.customers.create_async(asked)).id
    if number:
        await bench.client.v1.customers.tax_ids.create_async(customer, {"type": "eu_vat", "value": number})
    page = await read(bench, (await bench.session(customer=customer, line_items=lines(11900, "inclusive"), **TAXED)).id)
    assert page.total_details is not None
    assert page.total_details.breakdown is not None
    assert [(one.amount, one.taxability_reason) for one in page.total_details.breakdown.taxes] == [(tax, reason)]


async def test_a_customer_without_an_address_is_refused_unless_the_page_may_ask(bench: Bench) -> None:
    customer = (await bench.client.v1.customers.create_async({})).id
    with pytest.raises(stripe.InvalidRequestError) as refused:
        await bench.session(customer=customer, **TAXED)
    assert refused.value.code == "customer_tax_location_invalid"
    page = await bench.session(customer=customer, customer_update={"address": "auto"}, **TAXED)
    await bench.control("pay", session=page.id, region="US-CA")
    learned = await bench.client.v1.customers.retrieve_async(customer)
    assert learned.address is not None
    assert (learned.address.country, learned.address.state) == ("US", "CA")


async def test_without_a_head_office_no_tax_is_reckoned(bench: Bench) -> None:
    await bench.control("tax")
    assert (await bench.client.v1.tax.settings.retrieve_async()).status == "pending"
    with pytest.raises(stripe.InvalidRequestError, match="head office"):
        await bench.session(**TAXED)


async def test_a_payment_without_a_page_names_its_calculation(bench: Bench) -> None:
    customer, card = await bench.kept()
    await bench.client.v1.customers.update_async(customer, {"address": HERE})
    asked: Any = {
        "currency": "eur",
        "customer": customer,
        "line_items": [{"amount": 10000, "reference": "booking-7", "tax_behavior": "exclusive"}],
    }
    made = await bench.client.v1.tax.calculations.create_async(asked | {"expand": ["line_items"]})
    assert (made.amount_total, made.tax_amount_exclusive, made.tax_amount_inclusive) == (11900, 1900, 0)
    assert made.tax_breakdown[0].tax_rate_details.percentage_decimal == "19.0"
    hooks: Any = {"inputs": {"tax": {"calculation": made.id}}}
    with pytest.raises(stripe.InvalidRequestError, match="must match"):
        await bench.charges(customer, card, amount=10000, currency="eur", hooks=hooks)
    paid = await bench.charges(customer, card, amount=11900, currency="eur", hooks=hooks)
    await bench.client.v1.refunds.create_async({"payment_intent": paid.id, "amount": 1190})
    found = await bench.client.v1.tax.associations.find_async({"payment_intent": paid.id})
    assert found.calculation == made.id
    assert found.tax_transaction_attempts is not None
    assert [one.status for one in found.tax_transaction_attempts] == ["committed", "committed"]


async def test_a_calculation_needs_to_know_where_the_customer_is(bench: Bench) -> None:
    customer = (await bench.client.v1.customers.create_async({})).id
    asked: Any = {"currency": "eur", "customer": customer, "line_items": [{"amount": 100}]}
    with pytest.raises(stripe.InvalidRequestError) as refused:
        await bench.client.v1.tax.calculations.create_async(asked)
    assert refused.value.code == "customer_tax_location_invalid"
