"""Money going back: in full, failed, unheard, and by somebody at the dashboard."""

import pytest

from bot.domain.bookings.bookings import BookingState
from storage import tables
from tests.services.house import OWNER
from tests.services.till import FEE, Till


async def test_a_cancel_in_time_gives_everything_back(till: Till) -> None:
    booking = await till.hold((await till.starts())[-1])
    await till.pays(await till.page(booking))
    await till.heard()
    await till.cancel(booking.id)
    await till.sweep(seconds=1)
    await till.heard()
    after = await till.found(booking.id)
    assert (after.state, after.paid.amount) == (BookingState.CANCELLED, 0)
    assert sorted(await till.ledger(booking.id)) == [
        ("charge", "ch", 4500), ("fee", "txn", FEE), ("refund", "re", -4500),
    ]  # fmt: skip
    assert await till.states(tables.refunds) == ["succeeded"]
    assert await till.notices("refunded") == []
    assert len(till.sandbox.account.refunds) == 1


@pytest.mark.parametrize("heard", [True, False])
async def test_a_refund_that_fails_is_told_to_the_owner(till: Till, heard: bool) -> None:
    await till.control("options", refund_status="pending")
    booking = await till.hold((await till.starts())[-1])
    await till.pays(await till.page(booking))
    await till.heard()
    await till.cancel(booking.id, OWNER)
    await till.sweep(seconds=1)
    assert await till.states(tables.refunds) == ["pending"]
    await till.heard()
    if not heard:
        await till.silence()
    refund = next(iter(till.sandbox.account.refunds))
    await till.control("refund_outcome", refund=refund, status="failed", failure_reason="lost_or_stolen_card")
    if heard:
        await till.heard()
    await till.sweep(minutes=11)
    assert await till.states(tables.refunds) == ["failed"]
    owner = await till.meet(OWNER)
    assert await till.notices("refund-failed") == [(owner.id, f"notice/refund-failed/{booking.id}", "pending")]
    assert [(kind, amount) for kind, _ref, amount in await till.ledger(booking.id) if kind != "fee"] == [
        ("charge", 4500), ("refund", -4500), ("adjustment", 4500),
    ]  # fmt: skip


async def test_a_refund_whose_answer_was_lost_is_made_once(till: Till) -> None:
    await till.silence()
    booking = await till.hold((await till.starts())[-1])
    await till.pays(await till.page(booking))
    await till.sweep(seconds=31)
    till.sandbox.faults.add("POST /v1/refunds", "cut_after", times=3)
    await till.cancel(booking.id)
    await till.sweep(seconds=1)
    assert await till.states(tables.refunds) == ["intended"]
    await till.sweep(seconds=11)
    assert (await till.states(tables.refunds), len(till.sandbox.account.refunds)) == (["succeeded"], 1)


async def test_the_dashboard_was_quicker(till: Till) -> None:
    """What it gave back is entered, and only the rest is given back by us."""
    await till.silence()
    booking = await till.hold((await till.starts())[-1])
    page = await till.page(booking)
    await till.pays(page)
    await till.sweep(seconds=31)
    intent = (await till.payment(page.id)).intent_ref
    await till.control("refund", payment_intent=intent, amount=2000)
    await till.cancel(booking.id)
    await till.sweep(seconds=1)
    await till.sweep(seconds=1)
    assert sum(amount for kind, _ref, amount in await till.ledger(booking.id) if kind != "fee") == 0
    assert (await till.found(booking.id)).paid.amount == 0
    assert sorted(refund.amount for refund in till.sandbox.account.refunds.values()) == [2000, 2500]
    assert await till.notices("refund-failed") == []
