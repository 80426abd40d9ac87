"""Tax of pages and of payments without one, tax numbers and exemptions, through the adapter and over the wire."""

import copy
from collections.abc import AsyncIterator
from typing import Any

import pytest

from bot.domain.payments.money import Money
from bot.domain.payments.tax import TaxBehavior, TaxChoice
from bot.domain.payments.tax_numbers import NumberState
from bot.integrations.payments.cards import CardPaymentState
from bot.integrations.payments.port import Checkout, Line
from bot.integrations.payments.tax import Exemption, TaxLine, TaxNumber, TaxPart
from bot.integrations.vendor import VendorRefused
from tests.integrations.payments.provider import Till, open_till

INSIDE, ON_TOP = TaxChoice(TaxBehavior.INCLUSIVE), TaxChoice(TaxBehavior.EXCLUSIVE, "txcd_20060000")
HERE: Any = {"address": {"country": "DE", "postal_code": "10115"}}


@pytest.fixture
async def till() -> AsyncIterator[Till]:
    async with open_till() as made:
        await made.bench.control("tax", head_office={"country": "DE"}, registrations=["DE", "AT"])
        yield made


@pytest.mark.parametrize(("choice", "total", "tax"), [(INSIDE, 11900, 1900), (ON_TOP, 14161, 2261)])
async def test_a_page_tells_what_was_asked_what_was_paid_and_each_rate(
    till: Till, choice: TaxChoice, total: int, tax: int
) -> None:
    page = await till.provider.open(till.page(11900, tax=choice), "page")
    assert (page.amount, page.asked) == (Money(11900, "EUR"), Money(11900, "EUR"))
    await till.bench.control("pay", session=page.ref, region="DE")
    paid = await till.provider.find(page.ref)
    assert paid is not None
    assert (paid.asked, paid.amount, paid.tax_amount) == (Money(11900, "EUR"), Money(total, "EUR"), tax)
    assert paid.tax_location == {"country": "DE"}
    assert paid.tax_parts == (
        TaxPart(Money(tax, "EUR"), Money(total - tax, "EUR"), "19", choice is INSIDE, "standard_rated", "DE"),
    )


async def test_what_was_given_off_was_not_asked_for(till: Till) -> None:
    page = await till.provider.open(till.page(11900, tax=ON_TOP), "page")
    await till.bench.control("pay", session=page.ref, region="DE")
    [told] = [one for one in till.bench.sandbox.account.events.all.values() if one["type"].endswith("completed")]
    body = copy.deepcopy(told["data"]["object"])
    body["total_details"]["amount_discount"], body["amount_total"] = 1900, 11900
    read = till.provider.read("checkout.session.completed", body)
    assert isinstance(read, Checkout)
    assert (read.asked, read.amount) == (Money(10000, "EUR"), Money(11900, "EUR"))


async def test_an_order_of_several_lines_is_one_page(till: Till) -> None:
    lines = tuple(Line(f"Session {n}", "Tue 1 Dec", Money(amount, "EUR")) for n, amount in ((1, 1001), (2, 1999)))
    page = await till.provider.open(till.page(3000, tax=INSIDE, lines=lines), "page")
    assert page.amount == Money(3000, "EUR")
    assert "Session 2" in await till.bench.reads(page.url)
    await till.bench.control("pay", session=page.ref, region="DE")
    paid = await till.provider.find(page.ref)
    assert paid is not None
    assert paid.tax_amount == 160 + 319


async def test_a_business_abroad_owes_the_tax_itself(till: Till) -> None:
    customer = await till.provider.cards.make_customer(7, "de", "one")
    await till.bench.client.v1.customers.update_async(customer.ref, {"address": {"country": "AT"}})
    number = await till.provider.taxes.add_number(customer.ref, "eu_vat", "ATU12345678", "number")
    assert number == TaxNumber(number.ref, customer.ref, "eu_vat", NumberState.PENDING)
    told = await till.heard("customer.tax_id.updated")
    assert told == TaxNumber(number.ref, customer.ref, "eu_vat", NumberState.VERIFIED)
    page = await till.provider.open(till.page(11900, tax=INSIDE, customer_ref=customer.ref), "page")
    found = await till.provider.find(page.ref)
    assert found is not None
    assert [(part.amount, part.reason, part.percent) for part in found.tax_parts] == [
        (Money(0, "EUR"), "reverse_charge", "0")
    ]
    for _again in range(2):
        await till.provider.taxes.remove_number(number.ref)
    assert await till.provider.taxes.numbers_of(customer.ref) == []


async def test_a_wrong_number_is_refused_in_the_providers_word(till: Till) -> None:
    customer = await till.provider.cards.make_customer(7, "de", "one")
    with pytest.raises(VendorRefused, match="tax_id_invalid"):
        await till.provider.taxes.add_number(customer.ref, "eu_vat", "12", "number")


async def test_a_kept_card_is_charged_what_was_reckoned(till: Till) -> None:
    customer, card = await till.kept()
    await till.bench.client.v1.customers.update_async(customer.ref, HERE)
    lines = [TaxLine("booking-7", Money(10000, "EUR"), ON_TOP), TaxLine("fee-1", Money(1190, "EUR"), INSIDE)]
    reckoned = await till.provider.taxes.reckon(customer.ref, lines, "tax:1")
    assert (reckoned.total, reckoned.tax) == (Money(13090, "EUR"), Money(2090, "EUR"))
    assert [(part.amount.amount, part.percent, part.inclusive) for part in reckoned.parts] == [
        (1900, "19", False),
        (190, "19", True),
    ]
    draft = till.charge(customer, card, reckoned.total.amount, tax_ref=reckoned.ref)
    assert (await till.provider.cards.charge(draft, "pay:1")).state is CardPaymentState.PAID
    await till.provider.taxes.exempt(customer.ref, Exemption.EXEMPT)
    free = await till.provider.taxes.reckon(customer.ref, lines, "tax:2")
    assert (free.tax.amount, free.parts[0].reason) == (0, "customer_exempt")


async def test_what_keeps_tax_from_being_reckoned_is_told(till: Till) -> None:
    assert await till.provider.taxes.faults() == []
    await till.bench.control("tax", head_office={"country": "DE"})
    assert "no registration" in (await till.provider.taxes.faults())[0]
    await till.bench.control("tax")
    assert "head office" in (await till.provider.taxes.faults())[0]
