"""What the product's endpoint hears, verified by the real SDK."""

import asyncio
import time
from collections.abc import AsyncIterator

import pytest
import pytest_asyncio
import stripe

from bot.sandbox.stripe.webhooks import signature_header
from tests.sandbox.stripe.stripe_support import SECRET, Bench, priced, running


@pytest_asyncio.fixture
async def bench() -> AsyncIterator[Bench]:
    async with running() as made:
        yield made


async def paid(bench: Bench) -> stripe.checkout.Session:
    made = await bench.session()
    await bench.control("pay", session=made.id)
    await bench.hears.until("charge.updated")
    return await bench.client.v1.checkout.sessions.retrieve_async(made.id)


async def test_a_payment_is_heard_of_in_full(bench: Bench) -> None:
    session = await paid(bench)
    assert bench.hears.types() == [
        "payment_intent.created",
        "charge.succeeded",
        "payment_intent.succeeded",
        "checkout.session.completed",
        "charge.updated",
    ]
    completed = bench.hears.events()[3]
    assert completed.api_version == "2026-10-28.endive"
    assert completed.data.object["id"] == session.id
    assert completed.data.object["metadata"]["booking"] == "42"
    assert bench.hears.events()[1].data.object["metadata"]["booking"] == "42"
    assert bench.hears.events()[1].data.object["balance_transaction"] is None


def test_a_signature_is_the_sdks_own() -> None:
    body, at = b'{"id": "evt_1"}', int(time.time())
    header = signature_header(body, ["whsec_old", SECRET], at)
    assert stripe.WebhookSignature.verify_header(body.decode(), header, SECRET, 300)
    with pytest.raises(stripe.SignatureVerificationError):
        stripe.WebhookSignature.verify_header(body.decode(), header, "whsec_other", 300)


async def test_signatures_keep_real_time_while_events_follow_the_moved_clock(bench: Bench) -> None:
    bench.sandbox.clock.advance(7 * 86400)
    await paid(bench)
    assert min(event.created for event in bench.hears.events()) >= time.time() + 7 * 86400 - 60


async def test_expiry_is_told_by_the_clock_in_the_order_of_falling_due(bench: Bench) -> None:
    now = int(bench.sandbox.clock.now().timestamp())
    late = await bench.session(expires_at=now + 7200)
    early = await bench.session(expires_at=now + 3600)
    bench.sandbox.clock.advance(3 * 3600)
    await bench.hears.until("checkout.session.expired", 2)
    events = bench.hears.events()
    assert [event.data.object["id"] for event in events] == [early.id, late.id]
    assert [event.created for event in events] == [now + 3600, now + 7200]


async def test_the_tick_door_lets_fall_due_at_once() -> None:
    async with running(poll=60) as bench:
        await bench.session()
        bench.sandbox.clock.advance(36 * 60)
        await bench.control("tick")
        await bench.hears.until("checkout.session.expired")


async def test_an_event_names_the_request_that_caused_it(bench: Bench) -> None:
    made = await bench.session()
    await bench.client.v1.checkout.sessions.expire_async(made.id, None, {"idempotency_key": "hold:9:end"})
    await bench.hears.until("checkout.session.expired")
    [event] = bench.hears.events()
    assert event.request is not None
    assert event.request.idempotency_key == "hold:9:end"


async def test_a_refused_delivery_is_tried_again_and_a_redirect_is_a_refusal(bench: Bench) -> None:
    bench.hears.answers = [302, 500]
    made = await bench.session()
    await bench.client.v1.checkout.sessions.expire_async(made.id)
    await bench.hears.until("checkout.session.expired", 3)
    await asyncio.sleep(0.1)
    assert len({event.id for event in bench.hears.events()}) == 1
    assert [one["status"] for one in (await bench.state())["deliveries"]] == [302, 500, 200]


async def test_deliveries_are_doubled_dropped_and_reversed_on_request(bench: Bench) -> None:
    await bench.control("options", duplicates=1, reverse=True, delay=0.05, drop=["charge.succeeded"])
    made = await bench.session()
    await bench.control("pay", session=made.id)
    await bench.hears.until("payment_intent.created", 2)
    heard = bench.hears.types()
    assert "charge.succeeded" not in heard
    assert heard.index("checkout.session.completed") < heard.index("payment_intent.created")
    assert heard.count("checkout.session.completed") == 2


async def test_held_deliveries_arrive_when_they_are_let_go(bench: Bench) -> None:
    await bench.control("options", hold=True)
    made = await bench.session()
    await bench.client.v1.checkout.sessions.expire_async(made.id)
    await asyncio.sleep(0.1)
    assert bench.hears.requests == []
    await bench.control("options", hold=False)
    await bench.hears.until("checkout.session.expired")
    [event] = bench.hears.events()
    await bench.control("resend", event=event.id)
    await bench.hears.until("checkout.session.expired", 2)


async def test_a_refund_of_the_dashboard_is_heard_of(bench: Bench) -> None:
    session = await paid(bench)
    made = await bench.control("refund", payment_intent=session.payment_intent, amount=1500)
    await bench.hears.until("charge.refunded")
    charge = next(event for event in bench.hears.events() if event.type == "charge.refunded")
    assert (charge.data.object["amount_refunded"], charge.data.object["refunded"]) == (1500, False)
    assert "refund.created" in bench.hears.types()
    read = await bench.client.v1.refunds.retrieve_async(made["id"])
    assert (read.amount, read.status) == (1500, "succeeded")


async def test_a_refund_may_fail_days_later(bench: Bench) -> None:
    session = await paid(bench)
    made = await bench.control("refund", payment_intent=session.payment_intent)
    bench.sandbox.clock.advance(3 * 86400)
    await bench.control("refund_outcome", refund=made["id"], status="failed", failure_reason="lost_or_stolen_card")
    await bench.hears.until("refund.failed")
    assert "refund.updated" in bench.hears.types()
    read = await bench.client.v1.refunds.retrieve_async(made["id"], {"expand": ["charge"]})
    assert (read.status, read.failure_reason) == ("failed", "lost_or_stolen_card")
    assert isinstance(read.charge, stripe.Charge)
    assert read.charge.amount_refunded == 0
    assert isinstance(session.payment_intent, str)
    assert (await bench.client.v1.refunds.create_async({"payment_intent": session.payment_intent})).amount == 6000


async def test_a_pending_refund_succeeds_later(bench: Bench) -> None:
    await bench.control("options", refund_status="pending")
    session = await paid(bench)
    assert isinstance(session.payment_intent, str)
    made = await bench.client.v1.refunds.create_async({"payment_intent": session.payment_intent})
    assert made.status == "pending"
    await bench.control("refund_outcome", refund=made.id, status="succeeded")
    await bench.hears.until("refund.updated")
    assert "error" in await bench.control("refund_outcome", refund=made.id, status="succeeded")


@pytest.mark.parametrize(("arrived", "told"), [(True, "succeeded"), (False, "failed")])
async def test_delayed_money_is_told_when_it_arrives_or_fails(bench: Bench, arrived: bool, told: str) -> None:
    made = await bench.session(line_items=priced(6000, "eur"), allowed_payment_method_types=None)
    await bench.submits(made.url, card="sepa_debit")
    await bench.hears.until("checkout.session.completed")
    await bench.control("settle", session=made.id, arrived=arrived)
    await bench.hears.until(f"checkout.session.async_payment_{told}")
    last = bench.hears.events()[-1] if not arrived else None
    if last is not None:
        assert last.data.object["payment_status"] == "unpaid"
