"""Disputes and fraud warnings, through the adapter and over the wire."""

from collections.abc import AsyncIterator
from datetime import timedelta

import pytest

from bot.domain.payments.disputes import DisputeState
from bot.domain.payments.money import Money
from bot.integrations.payments.disputes import Dispute, FraudWarning
from bot.integrations.vendor import VendorRefused
from tests.integrations.payments.provider import Till, open_till


@pytest.fixture
async def till() -> AsyncIterator[Till]:
    async with open_till() as made:
        yield made


async def paid(till: Till) -> tuple[str, str]:
    """A payment on a page: its intent and its charge."""
    page = await till.provider.open(till.page(), "page")
    await till.bench.control("pay", session=page.ref)
    found = await till.provider.find(page.ref)
    assert found is not None
    assert found.intent_ref is not None
    assert found.charge is not None
    return found.intent_ref, found.charge.ref


@pytest.mark.parametrize(("ends", "state", "moved"), [("won", DisputeState.WON, 0), ("lost", DisputeState.LOST, -4500)])
async def test_a_dispute_from_its_first_day_to_its_end(till: Till, ends: str, state: DisputeState, moved: int) -> None:
    intent, charge = await paid(till)
    await till.bench.control("dispute", charge=charge, reason="product_not_received")
    told = await till.heard("charge.dispute.created")
    assert isinstance(told, Dispute)
    assert (told.charge_ref, told.intent_ref, told.amount, told.state, told.reason, told.refundable) == (
        charge, intent, Money(4500, "EUR"), DisputeState.OPEN, "product_not_received", False,
    )  # fmt: skip
    assert (told.moved, told.fee) == (Money(-4500, "EUR"), Money(1500, "EUR"))
    assert told.due_by is not None
    assert timedelta(days=8) < told.due_by - till.bench.sandbox.clock.now() < timedelta(days=9, seconds=1)
    await till.bench.control("dispute_outcome", dispute=told.ref, status=ends)
    closed = await till.heard("charge.dispute.closed")
    assert isinstance(closed, Dispute)
    assert (closed.state, closed.due_by, closed.moved, closed.fee) == (
        state, None, Money(moved, "EUR"), Money(1500, "EUR"),
    )  # fmt: skip
    assert await till.provider.disputes.dispute(told.ref) == closed
    assert await till.provider.disputes.disputes_of(intent) == [closed]
    assert await till.provider.disputes.dispute("du_none") is None


async def test_a_bank_that_only_asks_moves_no_money(till: Till) -> None:
    _intent, charge = await paid(till)
    await till.bench.control("dispute", charge=charge, inquiry=True)
    told = await till.heard("charge.dispute.created")
    assert isinstance(told, Dispute)
    assert (told.state, told.refundable, told.moved, told.fee) == (DisputeState.ASKED, True, None, None)
    await till.bench.control("dispute_outcome", dispute=told.ref, status="warning_closed")
    closed = await till.provider.disputes.dispute(told.ref)
    assert closed is not None
    assert closed.state is DisputeState.DROPPED


async def test_a_disputed_payment_is_not_given_back_by_hand(till: Till) -> None:
    intent, charge = await paid(till)
    await till.bench.control("dispute", charge=charge)
    with pytest.raises(VendorRefused, match="charge_disputed"):
        await till.provider.give_back(intent, Money(4500, "EUR"), 1, "policy", "refund:1")


async def test_a_fraud_warning_may_be_acted_on_until_the_money_is_back(till: Till) -> None:
    intent, charge = await paid(till)
    await till.bench.control("fraud_warning", charge=charge)
    told = await till.heard("radar.early_fraud_warning.created")
    assert isinstance(told, FraudWarning)
    assert told == FraudWarning(told.ref, charge, intent, "made_with_stolen_card", actionable=True)
    await till.provider.give_back(intent, Money(4500, "EUR"), 1, "policy", "refund:1")
    [left] = await till.provider.disputes.warnings_of(intent)
    assert not left.actionable


@pytest.mark.parametrize(
    ("kind", "body"),
    [
        ("charge.dispute.created", {"id": "du_1", "status": "new", "charge": "ch_1"}),
        ("charge.dispute.created", {"id": "du_1", "status": "lost", "charge": None, "amount": 1, "currency": "eur"}),
        ("radar.early_fraud_warning.created", {"id": "issfr_1"}),
        ("customer.tax_id.updated", {"id": "txi_1", "type": "eu_vat", "customer": None}),
        ("payment_method.attached", {"id": "pm_1", "type": "card", "card": {}}),
        ("payment_intent.succeeded", {"id": "pi_1", "metadata": {"rapport_card": "1"}, "status": "odd"}),
    ],
)
async def test_an_unreadable_event_says_so(till: Till, kind: str, body: dict[str, object]) -> None:
    with pytest.raises(VendorRefused, match="unreadable"):
        till.provider.read(kind, body)
