"""Money going back: in full, failed, unheard, and by somebody at the dashboard."""

import pytest

from bot.domain.bookings.bookings import BookingState
from bot.domain.payments.payments import RefundFailure, RefundState
from storage import tables
from storage.journal import faults
from tests.services.bare_practice import OWNER
from tests.services.paid_practice import FEE, PaidPractice


async def test_a_cancel_in_time_gives_everything_back(paid_practice: PaidPractice) -> None:
    booking = await paid_practice.hold((await paid_practice.starts())[-1])
    await paid_practice.pays(await paid_practice.page(booking))
    await paid_practice.heard()
    await paid_practice.cancel(booking.id)
    await paid_practice.sweep(seconds=1)
    await paid_practice.heard()
    after = await paid_practice.found(booking.id)
    assert (after.state, after.paid.amount) == (BookingState.CANCELLED, 0)
    assert sorted(await paid_practice.ledger(booking.id)) == [
        ("charge", "ch", 4500), ("fee", "txn", FEE), ("refund", "re", -4500),
    ]  # fmt: skip
    assert await paid_practice.states(tables.refunds) == ["succeeded"]
    assert await paid_practice.notices("refunded") == []
    assert len(paid_practice.sandbox.account.refunds) == 1


@pytest.mark.parametrize("heard", [True, False])
async def test_a_refund_that_fails_is_owed_and_told_to_both_sides(paid_practice: PaidPractice, heard: bool) -> None:
    await paid_practice.control("options", refund_status="pending")
    booking = await paid_practice.hold((await paid_practice.starts())[-1])
    await paid_practice.pays(await paid_practice.page(booking))
    await paid_practice.heard()
    await paid_practice.cancel(booking.id, OWNER)
    await paid_practice.sweep(seconds=1)
    assert await paid_practice.states(tables.refunds) == ["pending"]
    await paid_practice.heard()
    if not heard:
        await paid_practice.silence()
    refund = next(iter(paid_practice.sandbox.account.refunds))
    await paid_practice.control("refund_outcome", refund=refund, status="failed", failure_reason="lost_or_stolen_card")
    if heard:
        await paid_practice.heard()
    await paid_practice.sweep(minutes=11)
    assert await paid_practice.states(tables.refunds) == ["failed"]
    at = f"notice/refund-failed/{booking.id}/1"
    assert await paid_practice.notices("refund-failed") == [
        (each, at, "pending") for each in (booking.person_id, (await paid_practice.meet(OWNER)).id)
    ]
    owed = await paid_practice.found(booking.id)
    assert (owed.paid.amount, owed.owed.amount) == (4500, 4500)
    assert [(kind, amount) for kind, _ref, amount in await paid_practice.ledger(booking.id) if kind != "fee"] == [
        ("charge", 4500), ("refund", -4500), ("adjustment", 4500),
    ]  # fmt: skip


async def test_a_refund_whose_answer_was_lost_is_made_once(paid_practice: PaidPractice) -> None:
    await paid_practice.silence()
    booking = await paid_practice.hold((await paid_practice.starts())[-1])
    await paid_practice.pays(await paid_practice.page(booking))
    await paid_practice.sweep(seconds=31)
    paid_practice.sandbox.faults.add("POST /v1/refunds", "cut_after", times=3)
    await paid_practice.cancel(booking.id)
    await paid_practice.sweep(seconds=1)
    assert await paid_practice.states(tables.refunds) == ["intended"]
    await paid_practice.sweep(seconds=11)
    assert (await paid_practice.states(tables.refunds), len(paid_practice.sandbox.account.refunds)) == (
        ["succeeded"],
        1,
    )


async def test_the_dashboard_was_quicker(paid_practice: PaidPractice) -> None:
    """What it gave back is entered, and only the rest is given back by us."""
    await paid_practice.silence()
    booking = await paid_practice.hold((await paid_practice.starts())[-1])
    page = await paid_practice.page(booking)
    await paid_practice.pays(page)
    await paid_practice.sweep(seconds=31)
    intent = (await paid_practice.payment(page.id)).intent_ref
    await paid_practice.control("refund", payment_intent=intent, amount=2000)
    await paid_practice.cancel(booking.id)
    await paid_practice.sweep(seconds=1)
    await paid_practice.sweep(seconds=1)
    assert sum(amount for kind, _ref, amount in await paid_practice.ledger(booking.id) if kind != "fee") == 0
    assert (await paid_practice.found(booking.id)).paid.amount == 0
    assert sorted(refund.amount for refund in paid_practice.sandbox.account.refunds.values()) == [2000, 2500]
    assert await paid_practice.notices("refund-failed") == []


async def test_a_refund_that_stripe_refuses_is_owed_until_it_was_made_there(paid_practice: PaidPractice) -> None:
    """What was answered is kept under a reference; a refund of the dashboard takes the place of ours."""
    booking = await paid_practice.hold((await paid_practice.starts())[-1])
    page = await paid_practice.page(booking)
    await paid_practice.pays(page)
    await paid_practice.heard()
    paid_practice.sandbox.faults.add("POST /v1/refunds", "status", status=400)
    await paid_practice.cancel(booking.id, OWNER)
    await paid_practice.sweep(seconds=1)
    assert (await paid_practice.found(booking.id)).owed.amount == 4500
    refund = await paid_practice.payments.refund(booking.subject, 1)
    assert refund is not None
    assert (refund.state, refund.failure) == (RefundState.FAILED, RefundFailure.REFUSED)
    kept = await paid_practice.storage.read(lambda tx: faults.find(tx, refund.reference or ""))
    assert kept is not None
    assert "'refund': 1" in str(kept.trail)
    assert len(await paid_practice.notices("refund-failed")) == 2

    intent = (await paid_practice.payment(page.id)).intent_ref
    await paid_practice.control("refund", payment_intent=intent, amount=4500)
    await paid_practice.heard()
    after = await paid_practice.found(booking.id)
    assert (after.paid.amount, after.owed.amount) == (0, 0)
