"""The real SDK against the stand-in: customers, their kept cards and their tax numbers."""

import asyncio
from collections.abc import AsyncIterator
from typing import Any

import pytest
import pytest_asyncio
import stripe

from tests.sandbox.stripe.stripe_support import Bench, priced, running


@pytest_asyncio.fixture
async def bench() -> AsyncIterator[Bench]:
    async with running() as made:
        yield made


async def test_two_first_payments_at_once_make_one_customer_by_their_key(bench: Bench) -> None:
    await bench.control("options", latency=0.2)
    create = bench.client.v1.customers.create_async
    wish: Any = {"metadata": {"rapport_person": "7"}}
    key: Any = {"idempotency_key": "person:7"}
    both = await asyncio.gather(*(create(wish, key) for _ in range(2)), return_exceptions=True)
    assert [one.http_status for one in both if isinstance(one, stripe.StripeError)] == [409]
    again = await create(wish, key)
    assert list(bench.sandbox.account.customers) == [again.id]
    with pytest.raises(stripe.IdempotencyError) as other:
        await create({"metadata": {"rapport_person": "8"}}, key)
    assert other.value.http_status == 400


async def test_a_customer_is_found_by_its_metadata_a_little_later(bench: Bench) -> None:
    await bench.control("options", search_lag=30)
    made = await bench.client.v1.customers.create_async({"metadata": {"rapport_person": "7"}, "email": "a@example.com"})
    query = "metadata['rapport_person']:'7' AND email:'a@example.com'"
    search = bench.client.v1.customers.search_async
    assert (await search({"query": query})).data == []
    bench.sandbox.clock.advance(31)
    assert [one.id for one in (await search({"query": query})).data] == [made.id]
    assert (await search({"query": "metadata['rapport_person']:'70'"})).data == []
    with pytest.raises(stripe.InvalidRequestError, match="parse"):
        await search({"query": "colour=red"})


async def test_a_customer_is_changed_and_deleted_with_its_cards(bench: Bench) -> None:
    customer, card = await bench.kept()
    changed = await bench.client.v1.customers.update_async(customer, {"name": "Ana", "preferred_locales": ["de"]})
    assert (changed.name, changed.email, changed.preferred_locales) == ("Ana", "ana@example.com", ["de"])
    await bench.hears.until("customer.updated")
    gone = await bench.client.v1.customers.delete_async(customer)
    assert gone.deleted
    assert getattr(await bench.client.v1.customers.retrieve_async(customer), "deleted", False)
    with pytest.raises(stripe.InvalidRequestError, match="No such customer"):
        await bench.client.v1.customers.update_async(customer, {"name": "Ana"})
    with pytest.raises(stripe.InvalidRequestError, match="No such customer"):
        await bench.charges(customer, card)


async def test_a_card_is_kept_by_a_page_without_a_payment(bench: Bench) -> None:
    customer = (await bench.client.v1.customers.create_async({})).id
    page = await bench.setup(customer)
    assert (page.amount_total, page.payment_intent, page.status) == (None, None, "open")
    assert await bench.submits(page.url, card="declined") == (303, f"/pay/{page.id}")
    assert "Your card was declined." in await bench.reads(page.url)
    assert await bench.submits(page.url, card="challenge") == (303, f"/pay/{page.id}/challenge")
    await bench.submits(f"{page.url}/challenge", outcome="approve")
    done = await bench.client.v1.checkout.sessions.retrieve_async(page.id, {"expand": ["setup_intent.payment_method"]})
    assert (done.status, done.payment_status) == ("complete", "no_payment_required")
    assert isinstance(done.setup_intent, stripe.SetupIntent)
    assert isinstance(done.setup_intent.payment_method, stripe.PaymentMethod)
    assert done.setup_intent.payment_method.customer == customer
    assert "Card saved" in await bench.reads(page.url)
    await bench.hears.until("checkout.session.completed")
    heard = set(bench.hears.types())
    assert heard >= {"setup_intent.succeeded", "setup_intent.setup_failed", "payment_method.attached"}


async def test_a_setup_page_sells_nothing_and_names_its_currency(bench: Bench) -> None:
    asked: dict[str, Any] = dict.fromkeys(("payment_intent_data", "line_items", "allowed_payment_method_types"))
    sells: dict[str, Any] = {"currency": "usd", "line_items": priced(6000)}
    for wrong, param in (({}, "currency"), (sells, "line_items")):
        with pytest.raises(stripe.InvalidRequestError) as refused:
            await bench.session(**asked | {"mode": "setup"} | wrong)
        assert refused.value.param == param


async def test_a_default_card_is_its_customers_own_and_ends_with_it(bench: Bench) -> None:
    customer, card = await bench.kept()
    _other, foreign = await bench.kept()
    update = bench.client.v1.customers.update_async
    with pytest.raises(stripe.InvalidRequestError, match="does not have a payment method"):
        await update(customer, {"invoice_settings": {"default_payment_method": foreign}})
    changed = await update(customer, {"invoice_settings": {"default_payment_method": card}})
    assert changed.invoice_settings is not None
    assert changed.invoice_settings.default_payment_method == card
    detached = await bench.client.v1.payment_methods.detach_async(card)
    assert detached.customer is None
    read = await bench.client.v1.customers.retrieve_async(customer)
    assert read.invoice_settings is not None
    assert read.invoice_settings.default_payment_method is None
    with pytest.raises(stripe.InvalidRequestError, match="may not be used again"):
        await bench.client.v1.payment_methods.attach_async(card, {"customer": customer})
    with pytest.raises(stripe.InvalidRequestError, match="does not have a payment method"):
        await bench.charges(customer, card)
    await bench.hears.until("payment_method.detached")


async def test_a_bank_renews_a_card_by_itself(bench: Bench) -> None:
    _customer, card = await bench.kept()
    await bench.control("renew", payment_method=card, exp_month=3, exp_year=2037, last4="0007")
    await bench.hears.until("payment_method.automatically_updated")
    [event] = [one for one in bench.hears.events() if one.type == "payment_method.automatically_updated"]
    assert event.data.object["card"]["last4"] == "0007"
    assert event.data.previous_attributes is not None
    assert dict(event.data.previous_attributes["card"].to_dict()) == {
        "exp_month": 12,
        "exp_year": 2034,
        "last4": "4242",
    }


@pytest.mark.parametrize(
    ("value", "after"),
    [("DE000000000", "verified"), ("DE111111111", "unverified"), ("DE222222222", "pending")],
)
async def test_a_tax_number_is_checked_a_moment_later(bench: Bench, value: str, after: str) -> None:
    await bench.control("options", verify_delay=5)
    customer = (await bench.client.v1.customers.create_async({})).id
    made = await bench.client.v1.customers.tax_ids.create_async(customer, {"type": "eu_vat", "value": value})
    assert made.verification is not None
    assert (made.country, made.verification.status) == ("DE", "pending")
    bench.sandbox.clock.advance(6)
    [read] = (await bench.client.v1.customers.tax_ids.list_async(customer)).data
    assert read.verification is not None
    assert read.verification.status == after
    if after != "pending":
        await bench.hears.until("customer.tax_id.updated")


async def test_a_wrong_tax_number_is_refused_and_an_unchecked_kind_says_so(bench: Bench) -> None:
    customer = (await bench.client.v1.customers.create_async({})).id
    create = bench.client.v1.customers.tax_ids.create_async
    with pytest.raises(stripe.InvalidRequestError) as refused:
        await create(customer, {"type": "eu_vat", "value": "12"})
    assert refused.value.code == "tax_id_invalid"
    made = await create(customer, {"type": "us_ein", "value": "12-3456789"})
    assert made.verification is not None
    assert made.verification.status == "unavailable"
    await bench.client.v1.tax_ids.delete_async(made.id)
    assert (await bench.client.v1.customers.tax_ids.list_async(customer)).data == []
