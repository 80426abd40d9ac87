"""The real SDK against the stand-in: charges with a kept card, with and without its owner there."""

from collections.abc import AsyncIterator
from typing import Any

import pytest
import pytest_asyncio
import stripe

from tests.sandbox.stripe.stripe_support import Bench, running


@pytest_asyncio.fixture
async def bench() -> AsyncIterator[Bench]:
    async with running() as made:
        yield made


async def test_a_kept_card_is_charged_without_its_owner(bench: Bench) -> None:
    customer, card = await bench.kept()
    paid = await bench.charges(customer, card, off_session=True, metadata={"rapport_payment": "7"})
    assert (paid.status, paid.amount_received, paid.customer, paid.payment_method) == (
        "succeeded",
        6000,
        customer,
        card,
    )
    await bench.hears.until("charge.updated")
    charge = await bench.client.v1.charges.retrieve_async(str(paid.latest_charge), {"expand": ["balance_transaction"]})
    assert isinstance(charge.balance_transaction, stripe.BalanceTransaction)
    assert (charge.customer, charge.balance_transaction.fee) == (customer, 204)
    assert (await bench.client.v1.refunds.create_async({"payment_intent": paid.id, "amount": 100})).amount == 100


async def test_a_check_that_nobody_can_answer_declines(bench: Bench) -> None:
    customer, card = await bench.kept("challenge")
    with pytest.raises(stripe.CardError) as refused:
        await bench.charges(customer, card, key="fee:1", off_session=True)
    error = refused.value
    assert (error.http_status, error.code) == (402, "authentication_required")
    assert error.error is not None
    assert error.error.payment_intent is not None
    assert error.error.payment_intent.status == "requires_payment_method"
    with pytest.raises(stripe.CardError):
        await bench.charges(customer, card, key="fee:1", off_session=True)
    assert len(bench.sandbox.account.intents) == 1, "a decline is what its key stands for"
    cancelled = await bench.client.v1.payment_intents.cancel_async(error.error.payment_intent.id)
    assert cancelled.status == "canceled"


@pytest.mark.parametrize(
    ("says", "code", "advice"),
    [
        ("insufficient_funds", "card_declined", "try_again_later"),
        ("do_not_honor", "card_declined", "try_again_later"),
        ("lost_card", "card_declined", "do_not_try_again"),
        ("expired_card", "expired_card", "confirm_card_data"),
        ("processing_error", "processing_error", "try_again_later"),
        ("authentication_required", "authentication_required", "try_again_later"),
    ],
)
async def test_every_usual_decline_says_why(bench: Bench, says: str, code: str, advice: str) -> None:
    customer, card = await bench.kept()
    await bench.control("card", payment_method=card, says=says)
    with pytest.raises(stripe.CardError) as refused:
        await bench.charges(customer, card, off_session=True)
    told = refused.value.error
    assert told is not None
    assert (told.code, told.decline_code, told.advice_code) == (code, says, advice)
    await bench.hears.until("payment_intent.payment_failed")
    await bench.control("card", payment_method=card, says="approved")
    assert (await bench.charges(customer, card)).status == "succeeded"


async def test_with_its_owner_there_the_banks_page_is_the_payments_own_link(bench: Bench) -> None:
    customer, card = await bench.kept("challenge")
    asked: dict[str, Any] = {"return_url": "https://practice.example/pay/return?p=abc"}
    waiting = await bench.charges(customer, card, **asked)
    assert waiting.status == "requires_action"
    assert waiting.next_action is not None
    assert waiting.next_action.redirect_to_url is not None
    url = waiting.next_action.redirect_to_url.url
    assert url == f"{bench.url}/pay/check/{waiting.id}"
    assert "$60.00" in await bench.reads(url)
    _status, where = await bench.submits(url, outcome="fail")
    assert where.startswith(f"https://practice.example/pay/return?p=abc&payment_intent={waiting.id}")
    assert where.endswith("redirect_status=failed")
    again = await bench.client.v1.payment_intents.confirm_async(
        waiting.id, {"payment_method": card, "return_url": asked["return_url"]}
    )
    assert again.status == "requires_action"
    _status, where = await bench.submits(url, outcome="approve")
    assert where.endswith("redirect_status=succeeded")
    assert len([one for one in bench.sandbox.account.charges.values() if one.status == "succeeded"]) == 1
    assert (await bench.submits(url, outcome="approve"))[0] == 303
    assert len(bench.sandbox.account.charges) == 1


async def test_a_payment_that_was_cancelled_takes_no_answer_of_the_bank(bench: Bench) -> None:
    customer, card = await bench.kept("challenge")
    waiting = await bench.charges(customer, card, return_url="https://practice.example/back")
    await bench.client.v1.payment_intents.cancel_async(waiting.id, {"cancellation_reason": "abandoned"})
    await bench.control("check", payment_intent=waiting.id)
    assert bench.sandbox.account.charges == {}
    with pytest.raises(stripe.InvalidRequestError) as refused:
        await bench.client.v1.payment_intents.confirm_async(waiting.id)
    assert refused.value.code == "payment_intent_unexpected_state"


@pytest.mark.parametrize(
    ("changes", "code", "param"),
    [
        ({"payment_method_types": ["card"]}, "payment_method_types_no_longer_supported", "payment_method_types"),
        ({"amount": 49}, "amount_too_small", "amount"),
        ({"confirm": None, "off_session": True}, None, "off_session"),
        ({"off_session": True, "return_url": "https://a.example"}, None, "off_session"),
        ({"customer": "cus_none"}, "resource_missing", "customer"),
        ({"payment_method": "pm_none"}, "resource_missing", "payment_method"),
        ({"payment_method_data": {"type": "card"}}, None, "payment_method_data"),
    ],
)
async def test_what_stripe_would_refuse_is_refused(
    bench: Bench, changes: dict[str, Any], code: str | None, param: str
) -> None:
    customer, card = await bench.kept()
    asked: Any = {"amount": 6000, "currency": "usd", "customer": customer, "payment_method": card, "confirm": True}
    wish: Any = {name: value for name, value in (asked | changes).items() if value is not None}
    with pytest.raises(stripe.InvalidRequestError) as refused:
        await bench.client.v1.payment_intents.create_async(wish)
    assert (refused.value.code, refused.value.param) == (code, param)
    assert bench.sandbox.account.intents == {}


async def test_a_page_keeps_the_card_when_it_is_asked_to(bench: Bench) -> None:
    customer = (await bench.client.v1.customers.create_async({"email": "ana@example.com"})).id
    once = await bench.session(customer=customer)
    await bench.control("pay", session=once.id)
    listed = bench.client.v1.payment_methods.list_async
    assert (await listed({"customer": customer})).data == [], "nothing is kept unasked"
    data = {"setup_future_usage": "off_session"}
    await bench.control("pay", session=(await bench.session(customer=customer, payment_intent_data=data)).id)
    [card] = (await listed({"customer": customer})).data
    assert card.allow_redisplay == "limited"
    assert (await bench.charges(customer, card.id, off_session=True)).status == "succeeded"


async def test_the_pages_own_tick_keeps_a_card_that_later_pages_show(bench: Bench) -> None:
    customer = (await bench.client.v1.customers.create_async({})).id
    options = {"payment_method_save": "enabled"}
    first = await bench.session(customer=customer, saved_payment_method_options=options)
    assert 'name="keep" value="yes">' in await bench.reads(first.url), "never ticked for the client"
    await bench.submits(first.url, card="mastercard", keep="yes")
    [card] = (await bench.client.v1.payment_methods.list_async({"customer": customer})).data
    second = await bench.session(customer=customer)
    assert "Mastercard ··4444" in await bench.reads(second.url)
    await bench.submits(second.url, card=card.id)
    paid = await bench.client.v1.checkout.sessions.retrieve_async(second.id)
    assert paid.payment_status == "paid"


async def test_money_is_held_and_then_captured_or_let_go(bench: Bench) -> None:
    data = {"capture_method": "manual"}
    page = await bench.session(payment_intent_data=data)
    await bench.control("pay", session=page.id)
    held = await bench.client.v1.checkout.sessions.retrieve_async(page.id, {"expand": ["payment_intent.latest_charge"]})
    intent = held.payment_intent
    assert isinstance(intent, stripe.PaymentIntent)
    assert (held.status, held.payment_status, intent.status) == ("complete", "unpaid", "requires_capture")
    assert isinstance(intent.latest_charge, stripe.Charge)
    assert (intent.amount_capturable, intent.latest_charge.captured, intent.latest_charge.balance_transaction) == (
        6000, False, None,
    )  # fmt: skip
    with pytest.raises(stripe.InvalidRequestError, match="successful charge"):
        await bench.client.v1.refunds.create_async({"payment_intent": intent.id})
    taken = await bench.client.v1.payment_intents.capture_async(intent.id)
    assert (taken.status, taken.amount_received) == ("succeeded", 6000)
    assert (await bench.client.v1.checkout.sessions.retrieve_async(page.id)).payment_status == "paid"
    await bench.hears.until("charge.captured")
    with pytest.raises(stripe.InvalidRequestError):
        await bench.client.v1.payment_intents.capture_async(intent.id)

    other = await bench.session(payment_intent_data=data)
    await bench.control("pay", session=other.id)
    lapsed = str((await bench.client.v1.checkout.sessions.retrieve_async(other.id)).payment_intent)
    bench.sandbox.clock.advance(7 * 86400 + 1)
    ended = await bench.client.v1.payment_intents.retrieve_async(lapsed)
    assert (ended.status, ended.cancellation_reason) == ("canceled", "automatic")
    assert bench.sandbox.account.refunds == {}
