"""Dispute: the unspent is frozen and the used stays used; won it is thawed, lost it is gone with the money."""

import asyncio
from dataclasses import replace
from datetime import timedelta

from bot.domain.bookings.bookings import BookingState
from bot.domain.bookings.policy import Actor
from bot.domain.payments.disputes import DisputeState
from bot.domain.payments.giving_back import Given, Unreturnable
from bot.domain.payments.money import Money
from bot.domain.pricing.effects import CreditChange
from bot.domain.records import Cause
from bot.domain.refusals import Code, Done, Refusal
from bot.domain.subjects import Subject
from bot.services.credits.frozen import FrozenCredits
from bot.services.disputes.disputes import Disputes
from bot.services.disputes.record_dispute import record
from bot.services.payments.giving_back import GivingBack
from bot.services.payments.package_worth import look
from bot.services.payments.record_refund import record_refund
from bot.services.payments.return_package import PackageReturns
from bot.services.reactions import react
from storage import tables
from storage.bookings import on_order
from storage.engine import Tx
from storage.payments import receipts, refunds
from tests.services.bare_practice import CLIENT, OWNER, made
from tests.services.disputes.selling_packages import (
    books,
    bought,
    dispute,
    disputed,
    ends,
    entered,
    holding,
    left,
    movements,
    takes_a_moment,
)
from tests.services.paid_practice import PaidPractice
from tests.services.plans.planning_practice import Planning


async def test_dispute(paid_practice: PaidPractice) -> None:
    """Booked sessions stay; what comes back meanwhile is frozen too; won, all of it is there for as long as before."""
    package = await bought(paid_practice)
    stays, goes, *_more = [
        await books(paid_practice, at) for at in (await paid_practice.starts(paid_practice.paid))[9:11]
    ]
    ref = await disputed(paid_practice, package.charge)
    found = await dispute(paid_practice, ref)
    assert (found.state, found.amount, found.due_by is not None) == (DisputeState.OPEN, Money(22500, "EUR"), True)
    assert await left(paid_practice, package.grant_id) == (0, 2)
    returned = await paid_practice.storage.read(lambda tx: look(tx, package.grant_id, paid_practice.now()))
    assert returned is Unreturnable.DISPUTED, "nor can the package be given back"
    assert [booking.state for booking in (stays, goes)] == [BookingState.CONFIRMED] * 2
    [(_owner, address, _state)] = await paid_practice.notices("dispute")
    assert address == f"notice/dispute/{found.id}"
    told = paid_practice.bookings.cancel_outcome(await paid_practice.found(goes.id), Actor.CLIENT, paid_practice.now())
    assert (told.effect.change, told.effect.left) == (CreditChange.FROZEN, 0)
    await paid_practice.cancel(goes.id)
    assert await left(paid_practice, package.grant_id) == (0, 1)
    before = (await holding(paid_practice, package.grant_id)).grant.expires_at
    paid_practice.advance(days=40)
    await ends(paid_practice, ref, "won")
    after = (await holding(paid_practice, package.grant_id)).grant.expires_at
    assert before is not None
    assert after is not None
    assert timedelta(days=40) <= after - before < timedelta(days=41)
    assert await left(paid_practice, package.grant_id) == (4, 1)
    assert [kind for kind, _amount in await entered(paid_practice, package.grant_id)] == [
        "granted", "reserved", "reserved", "frozen", "returned", "frozen", "thawed", "thawed",
    ]  # fmt: skip
    assert await movements(paid_practice) == [("charge", 22500), ("fee", -1500)]
    assert len(await paid_practice.notices("dispute")) == 2
    assert {"credit.extended", "dispute.fee"} <= set(await paid_practice.trail())


async def test_what_is_thawed_stays_frozen_while_another_dispute_of_its_money_is_open(
    paid_practice: PaidPractice,
) -> None:
    """Neither the end of one dispute nor an owner's word about a refund makes usable what another one froze."""
    package = await bought(paid_practice)
    await paid_practice.control("refund", charge=package.charge, amount=4500)
    await paid_practice.heard()
    first = await paid_practice.provider.disputes.dispute(await disputed(paid_practice, package.charge))
    assert first is not None
    second = replace(first, ref="dp_another")
    payment, cause = await paid_practice.payment(package.payment_id), Cause(None, "stripe", paid_practice.now())
    for told in (second, replace(first, state=DisputeState.WON)):
        await paid_practice.storage.write(lambda tx, told=told: record(tx, payment, told, cause))  # type: ignore[misc]
    assert await left(paid_practice, package.grant_id) == (0, 0)
    frozen, act = FrozenCredits(paid_practice.storage), await paid_practice.act(OWNER, paid_practice.now())
    assert isinstance(await frozen.free(act, 1), Done)
    assert await left(paid_practice, package.grant_id) == (0, 0)
    won = replace(second, state=DisputeState.WON)
    await paid_practice.storage.write(lambda tx: record(tx, payment, won, cause))
    assert await left(paid_practice, package.grant_id) == (5, 0)


async def test_dispute_that_is_lost(paid_practice: PaidPractice) -> None:
    """The unspent goes to 0, the money is gone with the provider's fee, and booked sessions wait for the owner."""
    package = await bought(paid_practice)
    booking = await books(paid_practice, (await paid_practice.starts(paid_practice.paid))[-1])
    ref = await disputed(paid_practice, package.charge)
    await ends(paid_practice, ref, "lost")
    assert await left(paid_practice, package.grant_id) == (0, 1)
    assert await movements(paid_practice) == [("charge", 22500), ("dispute", -22500), ("fee", -1500)]
    assert (await paid_practice.found(booking.id)).state is BookingState.CONFIRMED
    booking = await paid_practice.found(booking.id)
    told = paid_practice.bookings.cancel_outcome(booking, Actor.COACH, paid_practice.now())
    assert (told.effect.change, told.effect.left) == (CreditChange.LOST, 0)
    await paid_practice.cancel(booking.id, OWNER)
    assert await left(paid_practice, package.grant_id) == (0, 0)
    assert (await entered(paid_practice, package.grant_id))[-3:] == [("frozen", -1), ("thawed", 1), ("lost", -1)]
    assert await paid_practice.states(tables.refunds) == ["succeeded"]


async def test_no_money_of_a_disputed_payment_goes_back(paid_practice: PaidPractice) -> None:
    """Neither by hand nor by a cancel: that waits for the end, and goes then if the bank gave the money back."""
    booking = await paid_practice.hold((await paid_practice.starts())[-1])
    page = await paid_practice.page(booking)
    await paid_practice.pays(page)
    await paid_practice.heard()
    paid = await paid_practice.payment(page.id)
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
    booking = await paid_practice.hold((await paid_practice.starts())[-1])
    page = await paid_practice.page(booking)
    await paid_practice.pays(page)
    await paid_practice.heard()
    await paid_practice.silence()
    opened = await paid_practice.control("dispute", charge=(await paid_practice.payment(page.id)).charge_ref)
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


async def test_a_question_of_the_bank_only_informs(paid_practice: PaidPractice) -> None:
    """It becomes a dispute, or is dropped; only then anything follows."""
    package = await bought(paid_practice)
    ref = await disputed(paid_practice, package.charge, inquiry=True)
    assert await left(paid_practice, package.grant_id) == (5, 0)
    await ends(paid_practice, ref, "needs_response")
    assert await left(paid_practice, package.grant_id) == (0, 0)
    assert [act for act in await paid_practice.trail() if act.startswith("dispute.")] == [
        "dispute.asked", "dispute.open",
    ]  # fmt: skip


async def test_a_warning_of_fraud_informs_once_and_rests_when_the_money_went_back(paid_practice: PaidPractice) -> None:
    package = await bought(paid_practice)
    warned = await paid_practice.control("fraud_warning", charge=package.charge)
    await paid_practice.heard()
    assert (await dispute(paid_practice, warned["id"])).state is DisputeState.WARNED
    assert await left(paid_practice, package.grant_id) == (5, 0)
    assert len(await paid_practice.notices("dispute")) == 1
    await paid_practice.control("refund", charge=package.charge)
    await paid_practice.heard()
    assert (await dispute(paid_practice, warned["id"])).state is DisputeState.SPARED
    assert len(await paid_practice.notices("dispute")) == 1


async def test_dashboard_refund_for_a_bundle(paid_practice: PaidPractice) -> None:
    """It enters the ledger; credits are frozen up to its value, and the owner decides which of them are lost."""
    package = await bought(paid_practice)
    for amount in (9500, 4500):
        await paid_practice.control("refund", charge=package.charge, amount=amount)
        await paid_practice.heard()
    assert await left(paid_practice, package.grant_id) == (2, 0), "two, and one: their price was 45.00 each"
    assert await movements(paid_practice) == [("charge", 22500), ("refund", -9500), ("refund", -4500)]
    told = [address for _owner, address, _state in await paid_practice.notices("credits-frozen")]
    assert told == ["notice/credits-frozen/1", "notice/credits-frozen/2"]
    frozen = FrozenCredits(paid_practice.storage)
    act = await paid_practice.act(OWNER, paid_practice.now())
    assert isinstance(await frozen.take(act, 1), Done)
    assert await frozen.free(await paid_practice.act(OWNER, paid_practice.now()), 1) == Refusal(Code.CHANGED)
    assert await frozen.free(await paid_practice.act(CLIENT, paid_practice.now()), 2) == Refusal(Code.NOT_FOUND)
    assert isinstance(await frozen.free(await paid_practice.act(OWNER, paid_practice.now()), 2), Done)
    assert await left(paid_practice, package.grant_id) == (3, 0)
    assert (await entered(paid_practice, package.grant_id))[1:] == [
        ("frozen", -2), ("frozen", -1), ("thawed", 2), ("lost", -2), ("thawed", 1),
    ]  # fmt: skip


async def test_a_dashboard_refund_that_fails_later_frees_its_credits_and_takes_its_receipt_back(
    paid_practice: PaidPractice,
) -> None:
    package = await bought(paid_practice)
    back = await paid_practice.control("refund", charge=package.charge, amount=4500)
    await paid_practice.heard()
    assert await left(paid_practice, package.grant_id) == (4, 0)
    await paid_practice.control("refund_outcome", refund=back["id"], status="failed")
    await paid_practice.heard()
    assert await left(paid_practice, package.grant_id) == (5, 0)
    papers = await paid_practice.storage.read(lambda tx: receipts.of_subject(tx, Subject("order", package.order_id)))
    assert [(each.receipt.number, each.receipt.kind.value, each.receipt.total.amount) for each in papers] == [
        ("R-00001", "purchase", 22500), ("C-00001", "refund", -4500), ("C-00002", "cancellation", 4500),
    ]  # fmt: skip
    assert papers[-1].receipt.corrects == "C-00001"
    returned = await paid_practice.storage.read(lambda tx: receipts.returned(tx, package.payment_id, "EUR"))
    assert returned == Money(0, "EUR")


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


async def test_money_given_back_for_a_warning_takes_what_is_unspent(paid_practice: PaidPractice) -> None:
    """Once, and by an owner alone."""
    package = await bought(paid_practice)
    warned = await paid_practice.control("fraud_warning", charge=package.charge)
    await paid_practice.heard()
    known, service = await dispute(paid_practice, warned["id"]), Disputes(paid_practice.storage)
    all_of_it = Money(22500, "EUR")
    nobody = await service.give_back(await paid_practice.act(CLIENT, paid_practice.now()), known.id, all_of_it)
    assert nobody == Refusal(Code.NOT_FOUND)
    assert isinstance(await service.give_back(await paid_practice.act(OWNER), known.id, all_of_it), Done)
    again = await service.give_back(await paid_practice.act(OWNER), known.id, all_of_it)
    assert again == Refusal(Code.CHANGED)
    await paid_practice.sweep(seconds=1)
    await paid_practice.heard()
    assert await left(paid_practice, package.grant_id) == (0, 0)
    assert (await dispute(paid_practice, warned["id"])).state is DisputeState.SPARED
    assert await movements(paid_practice) == [("charge", 22500), ("refund", -22500)]


async def test_an_appeal_that_is_won_gives_back_what_was_lost(paid_practice: PaidPractice) -> None:
    package = await bought(paid_practice)
    ref = await disputed(paid_practice, package.charge)
    await ends(paid_practice, ref, "lost")
    payment, cause = await paid_practice.payment(package.payment_id), Cause(None, "stripe", paid_practice.now())
    news = await paid_practice.provider.disputes.dispute(ref)
    assert news is not None
    for state in (DisputeState.REVIEW, DisputeState.WON, DisputeState.WON):
        told = replace(news, state=state)
        await paid_practice.storage.write(lambda tx, told=told: record(tx, payment, told, cause))  # type: ignore[misc]
    assert await left(paid_practice, package.grant_id) == (5, 0)
    assert [amount for kind, amount in await movements(paid_practice) if kind == "dispute"] == [-22500, 22500]
    assert await paid_practice.storage.read(lambda tx: refunds.returned(tx, package.payment_id)) == 0
    money = await PackageReturns(paid_practice.storage, react).money(package.grant_id)
    assert money.owed is None, "what the bank took and brought back is nobody's debt"


async def test_a_fee_that_is_told_after_the_end_is_entered_once(paid_practice: PaidPractice) -> None:
    package = await bought(paid_practice)
    ref = await disputed(paid_practice, package.charge)
    payment, cause = await paid_practice.payment(package.payment_id), Cause(None, "stripe", paid_practice.now())
    news = await paid_practice.provider.disputes.dispute(ref)
    assert news is not None
    for fee in (None, Money(1500, "EUR"), Money(1500, "EUR")):
        told = replace(news, state=DisputeState.LOST, fee=fee)
        await paid_practice.storage.write(lambda tx, told=told: record(tx, payment, told, cause))  # type: ignore[misc]
    assert await movements(paid_practice) == [("charge", 22500), ("dispute", -22500), ("fee", -1500)]
    assert (await paid_practice.trail()).count("dispute.fee") == 1


async def test_a_dashboard_refund_that_is_heard_of_after_the_loss_leaves_no_more_gone_than_was_paid(
    paid_practice: PaidPractice,
) -> None:
    booking = await paid_practice.hold((await paid_practice.starts())[-1])
    page = await paid_practice.page(booking)
    await paid_practice.pays(page)
    await paid_practice.heard()
    await paid_practice.silence()
    charge = (await paid_practice.payment(page.id)).charge_ref or ""
    late = await paid_practice.control("refund", charge=charge, amount=2000)
    await paid_practice.control("options", webhook_url=f"{paid_practice.url}/webhooks/stripe")
    await paid_practice.control("dispute_outcome", dispute=await disputed(paid_practice, charge), status="lost")
    told = {event["id"]: event for event in paid_practice.sandbox.account.events.all.values()}
    [event] = [name for name, event in told.items() if event["type"] == "refund.created"]
    await paid_practice.control("resend", event=event)
    await paid_practice.heard()
    assert (await paid_practice.found(booking.id)).paid == Money(0, "EUR")
    assert await paid_practice.storage.read(lambda tx: refunds.returned(tx, page.id)) == 4500
    await paid_practice.control("refund_outcome", refund=late["id"], status="failed")
    await paid_practice.heard()
    assert (await paid_practice.found(booking.id)).paid == Money(0, "EUR"), "the bank has all of it"


async def test_money_given_back_for_a_warning_is_the_price_of_each_session_that_it_paid(
    paid_practice: PaidPractice,
) -> None:
    """Nothing of it is left with any of them, for a cancel to promise once more."""
    planning = Planning(paid_practice)
    order_id = made(await planning.books(planning.plan()))
    page = await paid_practice.payments.ready_order(order_id, paid_practice.now())
    assert page is not None
    await paid_practice.pays(page)
    await paid_practice.heard()
    paid = await paid_practice.payment(page.id)
    warned = await paid_practice.control("fraud_warning", charge=paid.charge_ref)
    await paid_practice.heard()
    known, act = await dispute(paid_practice, warned["id"]), await paid_practice.act(OWNER, paid_practice.now())
    assert isinstance(await Disputes(paid_practice.storage).give_back(act, known.id, paid.amount), Done)
    booked = await paid_practice.storage.read(lambda tx: on_order.of_order(tx, order_id))
    assert [each.paid.amount for each in booked] == [0] * 5
    await paid_practice.sweep(seconds=1)
    assert sum(each.amount for each in paid_practice.sandbox.account.refunds.values()) == paid.amount.amount


async def test_a_dashboard_refund_and_a_loss_at_the_same_moment_leave_no_more_gone_than_was_paid(
    paid_practice: PaidPractice,
) -> None:
    package = await bought(paid_practice)
    await paid_practice.silence()
    outside = await paid_practice.control("refund", charge=package.charge, amount=10000)
    returned = await paid_practice.provider.refund(outside["id"])
    opened = await paid_practice.control("dispute", charge=package.charge)
    news = await paid_practice.provider.disputes.dispute(opened["id"])
    assert returned is not None
    assert news is not None
    payment, cause = await paid_practice.payment(package.payment_id), Cause(None, "stripe", paid_practice.now())

    def lost(tx: Tx) -> None:
        record(tx, payment, replace(news, state=DisputeState.LOST), cause)
        takes_a_moment(tx)

    losing = asyncio.create_task(paid_practice.storage.write(lost))
    await asyncio.sleep(0.1)
    await paid_practice.storage.write(lambda tx: record_refund(tx, returned, cause))
    await losing
    assert await paid_practice.storage.read(lambda tx: refunds.returned(tx, package.payment_id)) == 22500
