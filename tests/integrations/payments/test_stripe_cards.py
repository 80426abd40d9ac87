"""Customers, kept cards and payments with them, through the adapter and over the wire."""

from collections.abc import AsyncIterator

import pytest

from bot.domain.payments.money import Money
from bot.integrations.payments.cards import (
    CardChange,
    CardNews,
    CardPage,
    CardPayment,
    CardPaymentState,
    Customer,
    Decline,
)
from bot.integrations.payments.charge import PageState
from bot.integrations.vendor import VendorRefused
from tests.integrations.payments.provider import BACK, BOOKING, Till, open_till

AWAY = "https://practice.example/pay/return"


@pytest.fixture
async def till() -> AsyncIterator[Till]:
    async with open_till() as made:
        yield made


async def test_one_key_makes_one_customer_and_a_search_finds_it(till: Till) -> None:
    cards = till.provider.cards
    made = [await cards.make_customer(7, "de", "rapport:customer:7") for _again in range(2)]
    assert made[0] == made[1] == Customer(made[0].ref, person_id=7)
    assert await cards.customers_of(7) == [made[0]]
    assert await cards.customers_of(70) == []
    assert await cards.customer(made[0].ref) == made[0]
    for _again in range(2):
        await cards.forget_customer(made[0].ref)
    assert await cards.customer(made[0].ref) is None
    assert await cards.customer("cus_none") is None


async def test_a_card_is_kept_on_a_page_and_listed_without_its_number(till: Till) -> None:
    customer, card = await till.kept()
    assert (card.customer_ref, card.brand, card.last4, card.exp_month, card.exp_year) == (
        customer.ref, "visa", "4242", 12, 2034,
    )  # fmt: skip
    told = await till.heard("checkout.session.completed")
    assert isinstance(told, CardPage)
    found = await till.provider.cards.find_card_page(told.ref)
    assert found == CardPage(told.ref, PageState.COMPLETE, None, 7, customer.ref, card.ref)
    assert await till.provider.cards.find_card_page("cs_none") is None
    assert await till.heard("payment_method.attached") == CardNews(card, CardChange.KEPT)


async def test_the_default_card_is_kept_by_stripe_and_ends_with_the_card(till: Till) -> None:
    customer, card = await till.kept()
    cards = till.provider.cards
    assert (await cards.make_default(customer.ref, card.ref)).card_ref == card.ref
    for _again in range(2):
        await cards.remove_card(card.ref)
    await cards.remove_card("pm_none")
    left = await cards.customer(customer.ref)
    assert left is not None
    assert (left.card_ref, await cards.cards_of(customer.ref)) == (None, [])
    told = await till.heard("payment_method.detached")
    assert isinstance(told, CardNews)
    assert (told.change, told.card.customer_ref) == (CardChange.REMOVED, None)


async def test_a_renewed_card_is_told_as_it_is_now(till: Till) -> None:
    _customer, card = await till.kept()
    await till.bench.control("renew", payment_method=card.ref, exp_month=3, exp_year=2037, last4="0007")
    told = await till.heard("payment_method.automatically_updated")
    assert isinstance(told, CardNews)
    assert (told.change, told.card.last4, told.card.exp_year) == (CardChange.RENEWED, "0007", 2037)


@pytest.mark.parametrize("there", [True, False])
async def test_a_good_card_is_charged_at_once_and_once(till: Till, there: bool) -> None:
    customer, card = await till.kept()
    draft = till.charge(customer, card, return_url=AWAY if there else None)
    paid = [await till.provider.cards.charge(draft, "rapport:payment:5") for _again in range(2)]
    assert paid[0] == paid[1]
    assert (paid[0].state, paid[0].amount, paid[0].payment_id, paid[0].subject) == (
        CardPaymentState.PAID, Money(4500, "EUR"), 5, BOOKING,
    )  # fmt: skip
    assert (paid[0].customer_ref, paid[0].card_ref) == (customer.ref, card.ref)
    read = await till.provider.cards.card_payment(paid[0].ref)
    assert read is not None
    assert read.charge is not None
    assert read.charge.fee == Money(161, "EUR")
    told = await till.heard("payment_intent.succeeded")
    assert isinstance(told, CardPayment)
    assert (told.ref, told.state) == (read.ref, CardPaymentState.PAID)
    returned = await till.provider.give_back(read.ref, Money(500, "EUR"), 3, "policy", "rapport:refund:3")
    assert returned.intent_ref == read.ref


async def test_a_check_of_a_present_client_is_that_payments_own_link(till: Till) -> None:
    customer, card = await till.kept("challenge")
    waiting = await till.provider.cards.charge(till.charge(customer, card, return_url=AWAY), "one")
    assert (waiting.state, waiting.charge) == (CardPaymentState.CHECK, None)
    assert waiting.check_url == f"{till.bench.url}/pay/check/{waiting.ref}"
    await till.bench.submits(waiting.check_url, outcome="approve")
    done = await till.provider.cards.card_payment(waiting.ref)
    assert done is not None
    assert (done.state, done.check_url) == (CardPaymentState.PAID, None)
    assert len(till.bench.sandbox.account.intents) == 1


async def test_a_check_that_failed_may_be_dropped_and_takes_nothing(till: Till) -> None:
    customer, card = await till.kept("challenge")
    waiting = await till.provider.cards.charge(till.charge(customer, card, return_url=AWAY), "one")
    await till.bench.control("check", payment_intent=waiting.ref, approve=False)
    failed = await till.provider.cards.card_payment(waiting.ref)
    assert failed is not None
    assert failed.decline == Decline("payment_intent_authentication_failure", checked=True)
    ended = await till.provider.cards.drop(waiting.ref)
    assert ended is not None
    assert ended.state is CardPaymentState.ENDED
    told = await till.heard("payment_intent.canceled")
    assert isinstance(told, CardPayment)
    assert told.state is CardPaymentState.ENDED


@pytest.mark.parametrize(
    ("says", "decline"),
    [
        ("check", Decline("authentication_required", checked=True)),
        ("insufficient_funds", Decline("insufficient_funds")),
        ("expired_card", Decline("expired_card")),
        ("stolen_card", Decline("stolen_card", final=True)),
    ],
)
async def test_a_decline_is_an_answer(till: Till, says: str, decline: Decline) -> None:
    customer, card = await till.kept()
    await till.bench.control("card", payment_method=card.ref, says=says)
    answers = [await till.provider.cards.charge(till.charge(customer, card), "fee:1") for _again in range(2)]
    assert answers[0] == answers[1]
    assert (answers[0].state, answers[0].decline, answers[0].payment_id) == (CardPaymentState.DECLINED, decline, 5)
    told = await till.heard("payment_intent.payment_failed")
    assert isinstance(told, CardPayment)
    assert told.decline == decline


async def test_dropping_what_was_paid_tells_that_it_was_paid(till: Till) -> None:
    customer, card = await till.kept()
    paid = await till.provider.cards.charge(till.charge(customer, card), "one")
    still = await till.provider.cards.drop(paid.ref)
    assert still is not None
    assert still.state is CardPaymentState.PAID
    assert await till.provider.cards.drop("pi_none") is None


async def test_held_money_is_taken_or_let_go(till: Till) -> None:
    customer, card = await till.kept()
    held = await till.provider.cards.charge(till.charge(customer, card, hold=True), "one")
    assert held.state is CardPaymentState.HELD
    assert held.held_until is not None
    assert (held.held_until - till.bench.sandbox.clock.now()).days == 6
    taken = await till.provider.cards.take(held.ref, "take:1")
    assert taken.state is CardPaymentState.PAID
    page = await till.provider.open(till.page(hold=True), "page")
    await till.bench.control("pay", session=page.ref)
    found = await till.provider.find(page.ref)
    assert found is not None
    assert found.intent_ref is not None
    assert (found.held, found.paid, found.pending) == (True, False, False)
    dropped = await till.provider.cards.drop(found.intent_ref)
    assert dropped is not None
    assert dropped.state is CardPaymentState.ENDED


async def test_a_page_keeps_the_card_for_its_customer(till: Till) -> None:
    customer = await till.provider.cards.make_customer(7, "de", "rapport:customer:7")
    page = await till.provider.open(till.page(customer_ref=customer.ref, keep_card=True), "page")
    await till.bench.control("pay", session=page.ref)
    found = await till.provider.find(page.ref)
    assert found is not None
    assert (found.paid, found.customer_ref, found.returns_to) == (True, customer.ref, BACK)
    [card] = await till.provider.cards.cards_of(customer.ref)
    later = await till.provider.cards.charge(till.charge(customer, card), "fee")
    assert later.state is CardPaymentState.PAID


async def test_somebody_elses_card_is_refused(till: Till) -> None:
    customer, _card = await till.kept()
    _other, foreign = await till.kept(person_id=8)
    with pytest.raises(VendorRefused, match="resource_missing"):
        await till.provider.cards.charge(till.charge(customer, foreign), "one")


async def test_payments_of_pages_are_told_by_their_page(till: Till) -> None:
    page = await till.provider.open(till.page(), "page")
    await till.bench.control("pay", session=page.ref)
    assert await till.heard("payment_intent.succeeded") is None
