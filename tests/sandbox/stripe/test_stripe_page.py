"""The hosted page, as a browser without scripts uses it."""

from collections.abc import AsyncIterator

import pytest_asyncio

from bot.sandbox.stripe.cards import CARDS
from tests.sandbox.stripe.stripe_support import Bench, priced, running


@pytest_asyncio.fixture
async def bench() -> AsyncIterator[Bench]:
    async with running() as made:
        yield made


async def test_the_page_says_what_when_how_much_and_how_long(bench: Bench) -> None:
    page = await bench.reads((await bench.session()).url)
    for words in ("Career session", "2026-12-01 10:00", "$60.00", "This page closes in 3", "Pay $60.00"):
        assert words in page
    assert 'href="https://practice.example/pay/return?left=1"' in page
    assert page.count('type="radio"') == len(CARDS)
    assert "<script" not in page


async def test_what_a_practice_writes_is_escaped(bench: Bench) -> None:
    items = priced(6000)
    items[0]["price_data"]["product_data"]["name"] = "<b>Tom & Jerry</b>"
    page = await bench.reads((await bench.session(line_items=items)).url)
    assert "&lt;b&gt;Tom &amp; Jerry&lt;/b&gt;" in page


async def test_a_good_card_pays_once_and_leads_back(bench: Bench) -> None:
    made = await bench.session()
    status, where = await bench.submits(made.url, card="success", email="ana@example.com")
    assert (status, where) == (303, f"https://practice.example/pay/return?session={made.id}")
    assert await bench.submits(made.url, card="success") == (303, where)
    state = await bench.state()
    assert len(state["charges"]) == 1
    paid = await bench.client.v1.checkout.sessions.retrieve_async(made.id)
    assert (paid.status, paid.payment_status, paid.url) == ("complete", "paid", None)
    assert paid.customer_details is not None
    assert paid.customer_details.email == "ana@example.com"
    assert "You have already paid" in await bench.reads(made.url)


async def test_a_declined_card_says_so_and_may_be_followed_by_another(bench: Bench) -> None:
    made = await bench.session()
    assert await bench.submits(made.url, card="declined") == (303, f"/pay/{made.id}")
    assert "Your card was declined." in await bench.reads(made.url)
    still = await bench.client.v1.checkout.sessions.retrieve_async(made.id)
    assert (still.status, still.payment_status) == ("open", "unpaid")
    status, _ = await bench.submits(made.url, card="success")
    assert status == 303
    [intent] = (await bench.state())["payment_intents"]
    assert (intent["status"], intent["amount_received"], intent["last_payment_error"]) == ("succeeded", 6000, None)


async def test_a_challenge_is_approved_or_failed(bench: Bench) -> None:
    made = await bench.session()
    assert await bench.submits(made.url, card="challenge") == (303, f"/pay/{made.id}/challenge")
    challenge = f"{made.url}/challenge"
    assert "3-D Secure" in await bench.reads(challenge)
    assert await bench.submits(challenge, outcome="fail") == (303, f"/pay/{made.id}")
    assert "unable to authenticate" in await bench.reads(made.url)
    await bench.submits(made.url, card="challenge")
    _, where = await bench.submits(challenge, outcome="approve")
    assert where.startswith("https://practice.example/pay/return")
    [charge] = (await bench.state())["charges"]
    assert charge["payment_method_details"]["card"]["three_d_secure"]["result"] == "authenticated"


async def test_an_expired_page_takes_no_money(bench: Bench) -> None:
    made = await bench.session()
    bench.sandbox.clock.advance(36 * 60)
    assert "This page has expired" in await bench.reads(made.url)
    assert await bench.submits(made.url, card="success") == (303, f"/pay/{made.id}")
    assert (await bench.state())["charges"] == []


async def test_a_closed_page_takes_no_money(bench: Bench) -> None:
    made = await bench.session()
    await bench.client.v1.checkout.sessions.expire_async(made.id)
    await bench.submits(made.url, card="success")
    assert (await bench.state())["charges"] == []


async def test_an_expiry_overtakes_an_open_challenge(bench: Bench) -> None:
    made = await bench.session()
    await bench.submits(made.url, card="challenge")
    bench.sandbox.clock.advance(36 * 60)
    assert await bench.submits(f"{made.url}/challenge", outcome="approve") == (303, f"/pay/{made.id}")
    assert (await bench.state())["charges"] == []


async def test_nothing_to_pay_needs_no_card(bench: Bench) -> None:
    made = await bench.session(line_items=priced(0))
    assert 'type="radio"' not in await bench.reads(made.url)
    await bench.submits(made.url)
    done = await bench.client.v1.checkout.sessions.retrieve_async(made.id)
    assert (done.status, done.payment_status, done.payment_intent) == ("complete", "no_payment_required", None)


async def test_a_delayed_method_is_offered_only_where_it_is_not_switched_off(bench: Bench) -> None:
    filtered = await bench.session(line_items=priced(6000, "eur"))
    assert "SEPA" not in await bench.reads(filtered.url)
    status, _ = await bench.submits(filtered.url, card="sepa_debit")
    assert status == 400
    free = await bench.session(line_items=priced(6000, "eur"), allowed_payment_method_types=None)
    assert "SEPA" in await bench.reads(free.url)
    await bench.submits(free.url, card="sepa_debit")
    waiting = await bench.client.v1.checkout.sessions.retrieve_async(free.id)
    assert (waiting.status, waiting.payment_status) == ("complete", "unpaid")
    await bench.control("settle", session=free.id, arrived=True)
    arrived = await bench.client.v1.checkout.sessions.retrieve_async(free.id)
    assert arrived.payment_status == "paid"


async def test_an_unknown_page_and_an_unknown_card_are_refused(bench: Bench) -> None:
    assert (await bench.submits(f"{bench.url}/pay/cs_test_none", card="success"))[0] == 404
    made = await bench.session()
    assert (await bench.submits(made.url, card="gold"))[0] == 400
    assert (await bench.state())["charges"] == []
