"""Dispute: the unspent is frozen and the used stays used; won it is thawed, lost it is gone with the money."""

from dataclasses import replace
from datetime import timedelta

from bot.domain.bookings.bookings import BookingState
from bot.domain.bookings.policy import Actor
from bot.domain.payments.disputes import DisputeState
from bot.domain.payments.giving_back import Unreturnable
from bot.domain.payments.money import Money
from bot.domain.pricing.effects import CreditChange
from bot.domain.refusals import Done
from bot.services.credits.frozen import FrozenCredits
from bot.services.payments.packages.package_worth import look
from bot.services.payments.packages.return_package import PackageReturns
from bot.services.reactions import react
from storage import tables
from storage.payments import refunds
from tests.services.bare_practice import OWNER
from tests.services.disputes.selling_packages import (
    books,
    bought,
    dispute,
    disputed,
    ends,
    entered,
    hears,
    holding,
    left,
    movements,
    told_by_stripe,
)
from tests.services.paid_practice import PaidPractice


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
    first = await told_by_stripe(paid_practice, await disputed(paid_practice, package.charge))
    second = replace(first, ref="dp_another")
    await hears(paid_practice, package.payment_id, second, replace(first, state=DisputeState.WON))
    assert await left(paid_practice, package.grant_id) == (0, 0)
    frozen, act = FrozenCredits(paid_practice.storage), await paid_practice.act(OWNER, paid_practice.now())
    assert isinstance(await frozen.free(act, 1), Done)
    assert await left(paid_practice, package.grant_id) == (0, 0)
    await hears(paid_practice, package.payment_id, replace(second, state=DisputeState.WON))
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


async def test_an_appeal_that_is_won_gives_back_what_was_lost(paid_practice: PaidPractice) -> None:
    package = await bought(paid_practice)
    ref = await disputed(paid_practice, package.charge)
    await ends(paid_practice, ref, "lost")
    news = await told_by_stripe(paid_practice, ref)
    those = [replace(news, state=state) for state in (DisputeState.REVIEW, DisputeState.WON, DisputeState.WON)]
    await hears(paid_practice, package.payment_id, *those)
    assert await left(paid_practice, package.grant_id) == (5, 0)
    assert [amount for kind, amount in await movements(paid_practice) if kind == "dispute"] == [-22500, 22500]
    assert await paid_practice.storage.read(lambda tx: refunds.returned(tx, package.payment_id)) == 0
    money = await PackageReturns(paid_practice.storage, react).money(package.grant_id)
    assert money.owed is None, "what the bank took and brought back is nobody's debt"


async def test_a_fee_that_is_told_after_the_end_is_entered_once(paid_practice: PaidPractice) -> None:
    package = await bought(paid_practice)
    lost = replace(
        await told_by_stripe(paid_practice, await disputed(paid_practice, package.charge)), state=DisputeState.LOST
    )
    those = [replace(lost, fee=fee) for fee in (None, Money(1500, "EUR"), Money(1500, "EUR"))]
    await hears(paid_practice, package.payment_id, *those)
    assert await movements(paid_practice) == [("charge", 22500), ("dispute", -22500), ("fee", -1500)]
    assert (await paid_practice.trail()).count("dispute.fee") == 1
