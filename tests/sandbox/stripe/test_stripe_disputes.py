"""The real SDK against the stand-in: disputes from their first day to their end, and fraud warnings."""

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


async def paid(bench: Bench, card: str = "success") -> stripe.Charge:
    await bench.control("pay", session=(await bench.session()).id, card=card)
    return (await bench.client.v1.charges.list_async()).data[0]


async def test_a_dispute_takes_the_money_and_its_fee_and_is_won(bench: Bench) -> None:
    charge = await paid(bench)
    opened = await bench.control("dispute", charge=charge.id, reason="product_not_received")
    await bench.hears.until("charge.dispute.funds_withdrawn")
    dispute = await bench.client.v1.disputes.retrieve_async(opened["id"])
    assert (dispute.status, dispute.amount, dispute.is_charge_refundable) == ("needs_response", 6000, False)
    assert dispute.evidence_details.due_by == dispute.created + 9 * 86400
    assert [(one.amount, one.fee, one.reporting_category) for one in dispute.balance_transactions] == [
        (-6000, 1500, "dispute")
    ]
    assert (await bench.client.v1.charges.retrieve_async(charge.id)).disputed
    with pytest.raises(stripe.InvalidRequestError) as refused:
        await bench.client.v1.refunds.create_async({"charge": charge.id})
    assert refused.value.code == "charge_disputed"
    answered = await bench.client.v1.disputes.update_async(dispute.id, {"evidence": {"uncategorized_text": "Came."}})
    assert (answered.status, answered.evidence_details.submission_count) == ("under_review", 1)
    await bench.control("dispute_outcome", dispute=dispute.id, status="won")
    await bench.hears.until("charge.dispute.funds_reinstated")
    heard = [kind for kind in bench.hears.types() if "dispute" in kind]
    assert heard == [f"charge.dispute.{kind}" for kind in (
        "created", "funds_withdrawn", "updated", "closed", "funds_reinstated",
    )]  # fmt: skip
    assert (await bench.client.v1.disputes.retrieve_async(dispute.id)).status == "won"
    assert "error" in await bench.control("dispute_outcome", dispute=dispute.id, status="lost")


@pytest.mark.parametrize("how", ["outcome", "accepted", "silence"])
async def test_a_dispute_is_lost(bench: Bench, how: str) -> None:
    charge = await paid(bench)
    opened = await bench.control("dispute", charge=charge.id)
    if how == "outcome":
        await bench.control("dispute_outcome", dispute=opened["id"], status="lost")
    elif how == "accepted":
        await bench.client.v1.disputes.close_async(opened["id"])
    else:
        bench.sandbox.clock.advance(9 * 86400 + 1)
    await bench.hears.until("charge.dispute.closed")
    [dispute] = (await bench.client.v1.disputes.list_async({"charge": charge.id})).data
    assert (dispute.status, dispute.evidence_details.past_due) == ("lost", how == "silence")
    assert len(dispute.balance_transactions) == 1
    with pytest.raises(stripe.InvalidRequestError):
        await bench.client.v1.refunds.create_async({"charge": charge.id})


async def test_an_inquiry_takes_no_money_and_leaves_the_refund_possible(bench: Bench) -> None:
    charge = await paid(bench)
    opened = await bench.control("dispute", charge=charge.id, inquiry=True)
    assert (opened["status"], opened["balance_transactions"]) == ("warning_needs_response", [])
    assert (await bench.client.v1.refunds.create_async({"charge": charge.id, "amount": 100})).amount == 100
    closed = await bench.control("dispute_outcome", dispute=opened["id"], status="warning_closed")
    assert closed["status"] == "warning_closed"


async def test_an_inquiry_may_become_a_dispute(bench: Bench) -> None:
    charge = await paid(bench)
    opened = await bench.control("dispute", charge=charge.id, inquiry=True)
    bench.sandbox.clock.advance(86400)
    grown = await bench.control("dispute_outcome", dispute=opened["id"], status="needs_response")
    assert (grown["status"], [one["amount"] for one in grown["balance_transactions"]]) == ("needs_response", [-6000])
    assert grown["evidence_details"]["due_by"] >= opened["evidence_details"]["due_by"] + 86400
    await bench.hears.until("charge.dispute.funds_withdrawn")
    assert "error" in await bench.control("dispute_outcome", dispute=opened["id"], status="needs_response")


async def test_test_cards_bring_their_dispute_and_their_warning(bench: Bench) -> None:
    await paid(bench, "disputed")
    await bench.hears.until("charge.dispute.created")
    charge = await paid(bench, "warned")
    await bench.hears.until("radar.early_fraud_warning.created")
    listed: Any = {"charge": charge.id}
    [warning] = (await bench.client.v1.radar.early_fraud_warnings.list_async(listed)).data
    assert (warning.actionable, warning.payment_intent) == (True, charge.payment_intent)
    await bench.client.v1.refunds.create_async({"charge": charge.id})
    await bench.hears.until("radar.early_fraud_warning.updated")
    assert not (await bench.client.v1.radar.early_fraud_warnings.retrieve_async(warning.id)).actionable
