"""One payment that is refunded and disputed: never does more go back than was paid."""

import asyncio
from dataclasses import replace

from bot.domain.payments.disputes import DisputeState
from bot.domain.payments.giving_back import Given, Unreturnable
from bot.domain.payments.money import Money
from bot.domain.records import Cause
from bot.domain.refusals import Code, Refusal
from bot.services.disputes.disputes import Disputes
from bot.services.disputes.record_dispute import record
from bot.services.payments.refunds.giving_back import GivingBack
from bot.services.payments.refunds.record_refund import record_refund
from storage import tables
from storage.engine import Tx
from storage.payments import refunds
from tests.services.bare_practice import OWNER
from tests.services.disputes.selling_packages import (
    bought,
    dispute,
    disputed,
    ends,
    left,
    movements,
    session_paid,
    takes_a_moment,
    told_by_stripe,
)
from tests.services.paid_practice import PaidPractice


async def test_no_money_of_a_disputed_payment_goes_back(paid_practice: PaidPractice) -> None:
    """Neither by hand nor by a cancel: that waits for the end, and goes then if the bank gave the money back."""
    booking, paid = await session_paid(paid_practice)
    ref = await disputed(paid_practice, paid.charge_ref or "")
    giving, act = GivingBack(paid_practice.storage), await paid_practice.act(OWNER, paid_practice.now())
    seen = await paid_practice.found(booking.id)
    refused = await giving.give(act, booking.id, seen.version, seen.paid, Given(Money(100, "EUR")), "Sorry")
    assert refused == Refusal(Code.UNRETURNABLE, Unreturnable.DISPUTED)
    await paid_practice.cancel(booking.id)
    for _tick in range(2):
        await paid_practice.sweep(minutes=31)
    assert await paid_practice.states(tables.refunds) == ["intended"]
    assert not paid_practice.sandbox.account.refunds
    await ends(paid_practice, ref, "won")
    await paid_practice.sweep(seconds=1)
    assert await paid_practice.states(tables.refunds) == ["succeeded"]
    assert len(paid_practice.sandbox.account.refunds) == 1


async def test_what_was_to_go_back_has_gone_once_the_bank_keeps_it(paid_practice: PaidPractice) -> None:
    """Nobody is paid twice: of a lost payment nothing is left, and nothing is owed."""
    booking, paid = await session_paid(paid_practice)
    await paid_practice.silence()
    opened = await paid_practice.control("dispute", charge=paid.charge_ref)
    await paid_practice.cancel(booking.id)
    await paid_practice.sweep(seconds=1)  # Stripe refuses it: that is how we hear of the dispute
    assert (await dispute(paid_practice, opened["id"])).state is DisputeState.OPEN
    assert await paid_practice.states(tables.refunds) == ["intended"]
    assert await paid_practice.notices("refund-failed") == []
    await paid_practice.control("options", webhook_url=f"{paid_practice.url}/webhooks/stripe")
    await ends(paid_practice, opened["id"], "lost")
    await paid_practice.sweep(minutes=11)
    after = await paid_practice.found(booking.id)
    assert (after.paid.amount, after.owed.amount) == (0, 0)
    assert not paid_practice.sandbox.account.refunds
    assert await movements(paid_practice) == [("charge", 4500), ("dispute", -4500), ("fee", -1500)]


async def test_a_refund_and_a_lost_dispute_are_told_as_paid_twice(paid_practice: PaidPractice) -> None:
    package = await bought(paid_practice)
    await paid_practice.control("refund", charge=package.charge, amount=10000)
    await paid_practice.heard()
    ref = await disputed(paid_practice, package.charge)
    await ends(paid_practice, ref, "lost")
    found = await Disputes(paid_practice.storage).page((await dispute(paid_practice, ref)).id)
    assert found is not None
    assert (found.twice, found.left) == (Money(10000, "EUR"), Money(0, "EUR"))
    assert await left(paid_practice, package.grant_id) == (0, 0)


async def test_a_dashboard_refund_that_is_heard_of_after_the_loss_leaves_no_more_gone_than_was_paid(
    paid_practice: PaidPractice,
) -> None:
    booking, paid = await session_paid(paid_practice)
    await paid_practice.silence()
    late = await paid_practice.control("refund", charge=paid.charge_ref, amount=2000)
    await paid_practice.control("options", webhook_url=f"{paid_practice.url}/webhooks/stripe")
    ref = await disputed(paid_practice, paid.charge_ref or "")
    await paid_practice.control("dispute_outcome", dispute=ref, status="lost")
    told = {event["id"]: event for event in paid_practice.sandbox.account.events.all.values()}
    [event] = [name for name, event in told.items() if event["type"] == "refund.created"]
    await paid_practice.control("resend", event=event)
    await paid_practice.heard()
    assert (await paid_practice.found(booking.id)).paid == Money(0, "EUR")
    assert await paid_practice.storage.read(lambda tx: refunds.returned(tx, paid.id)) == 4500
    await paid_practice.control("refund_outcome", refund=late["id"], status="failed")
    await paid_practice.heard()
    assert (await paid_practice.found(booking.id)).paid == Money(0, "EUR"), "the bank has all of it"


async def test_a_dashboard_refund_and_a_loss_at_the_same_moment_leave_no_more_gone_than_was_paid(
    paid_practice: PaidPractice,
) -> None:
    package = await bought(paid_practice)
    await paid_practice.silence()
    outside = await paid_practice.control("refund", charge=package.charge, amount=10000)
    returned = await paid_practice.provider.refund(outside["id"])
    opened = await paid_practice.control("dispute", charge=package.charge)
    news = await told_by_stripe(paid_practice, opened["id"])
    assert returned is not None
    payment, cause = await paid_practice.payment(package.payment_id), Cause(None, "stripe", paid_practice.now())

    def lost(tx: Tx) -> None:
        record(tx, payment, replace(news, state=DisputeState.LOST), cause)
        takes_a_moment(tx)

    losing = asyncio.create_task(paid_practice.storage.write(lost))
    await asyncio.sleep(0.1)
    await paid_practice.storage.write(lambda tx: record_refund(tx, returned, cause))
    await losing
    assert await paid_practice.storage.read(lambda tx: refunds.returned(tx, package.payment_id)) == 22500
