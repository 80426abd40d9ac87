"""Money that a coach or an owner gives back by hand: no more than is left, once, with words that the client reads."""

import asyncio

import pytest

from bot.domain.bookings.bookings import Booking, BookingState, Outcome
from bot.domain.bookings.policy import Actor, cancel_facts
from bot.domain.payments.giving_back import Given, Unreturnable
from bot.domain.payments.money import Money
from bot.domain.payments.payments import Refund
from bot.domain.people.people import Profile
from bot.domain.refusals import Code, Done, Refusal
from bot.services.payments.receipts.receipts import Receipts
from bot.services.payments.refunds.giving_back import GivingBack
from storage import tables
from tests.services.bare_practice import CLIENT, OWNER, done, made, refused
from tests.services.paid_practice import PaidPractice


async def sold(practice: PaidPractice) -> Booking:
    booking = await practice.hold((await practice.starts())[-1])
    await practice.pays(await practice.page(booking))
    await practice.heard()
    return await practice.found(booking.id)


async def gives(
    practice: PaidPractice, booking: Booking, amount: int, who: Profile = OWNER, *, another_way: bool = False
) -> Done | Refusal:
    """As the booking stood on the page that this person read."""
    given = Given(Money(amount, "EUR"), another_way)
    act = await practice.act(who, practice.now())
    return await GivingBack(practice.storage).give(act, booking.id, booking.version, booking.paid, given, "Sorry")


async def test_a_part_goes_back_and_the_session_stays(paid_practice: PaidPractice) -> None:
    booking = await sold(paid_practice)
    done(await gives(paid_practice, booking, 2000))
    told = await paid_practice.notices("refunded")
    assert [who for who, _address, _state in told] == [booking.person_id], "its coach, the owner, gave it"
    await paid_practice.sweep(seconds=1)
    await paid_practice.heard()
    after = await paid_practice.found(booking.id)
    assert (after.state, after.paid.amount, after.owed.amount) == (BookingState.CONFIRMED, 2500, 0)
    assert await paid_practice.refunds() == [(2000, "hand:1")]
    assert ("refund", "re", -2000) in await paid_practice.ledger(booking.id)
    assert await paid_practice.notices("refunded") == told, "the provider's news of it tells nobody again"
    [refund] = paid_practice.sandbox.account.refunds.values()
    assert refund.amount == 2000
    assert {"refund.intended", "refund.succeeded"} <= set(await paid_practice.trail())
    words = await GivingBack(paid_practice.storage).words(await _refund(paid_practice, booking))
    assert words is not None
    assert (words.text, words.name) == ("Sorry", "Olga Owner")


async def _refund(practice: PaidPractice, booking: Booking) -> Refund:
    found = await practice.payments.refund(booking.subject, 1)
    assert found is not None
    return found


async def test_a_cancel_gives_back_only_what_is_left(paid_practice: PaidPractice) -> None:
    booking = await sold(paid_practice)
    done(await gives(paid_practice, booking, 2000))
    await paid_practice.sweep(seconds=1)
    now_left = await paid_practice.found(booking.id)
    outcome = paid_practice.bookings.cancel_outcome(now_left, Actor.CLIENT, paid_practice.now())
    assert (outcome.refund, outcome.kept) == (Money(2500, "EUR"), Money(0, "EUR"))
    await paid_practice.cancel(booking.id)
    await paid_practice.sweep(seconds=1)
    await paid_practice.heard()
    after = await paid_practice.found(booking.id)
    assert (after.state, after.paid.amount) == (BookingState.CANCELLED, 0)
    assert sorted(refund.amount for refund in paid_practice.sandbox.account.refunds.values()) == [2000, 2500]
    apart = await paid_practice.payments.given_back_apart(after)
    assert apart == Money(2000, "EUR")


async def test_what_a_late_cancel_kept_can_go_back(paid_practice: PaidPractice) -> None:
    booking = await sold(paid_practice)
    paid_practice.advance(seconds=(booking.starts - paid_practice.now()).total_seconds() - 3600)
    await paid_practice.cancel(booking.id)
    kept = await paid_practice.found(booking.id)
    assert (kept.state, kept.paid.amount) == (BookingState.CANCELLED, 4500)
    done(await gives(paid_practice, kept, 4500))
    await paid_practice.sweep(seconds=1)
    assert (await paid_practice.found(booking.id)).paid.amount == 0


async def test_why_nothing_goes_back(paid_practice: PaidPractice) -> None:
    free = await paid_practice.book((await paid_practice.starts())[0], now=paid_practice.now())
    assert refused(await gives(paid_practice, free, 100), Code.UNRETURNABLE).reason == Unreturnable.NEVER_PAID
    booking = await sold(paid_practice)
    refused(await gives(paid_practice, booking, 100, CLIENT), Code.NOT_FOUND)
    for amount, why in ((4501, Unreturnable.TOO_MUCH), (0, Unreturnable.ZERO)):
        assert refused(await gives(paid_practice, booking, amount), Code.UNRETURNABLE).reason == why
    not_owed = refused(await gives(paid_practice, booking, 100, another_way=True), Code.UNRETURNABLE)
    assert not_owed.reason == Unreturnable.NOT_OWED
    done(await gives(paid_practice, booking, 4500))
    under_way = await paid_practice.found(booking.id)
    assert refused(await gives(paid_practice, under_way, 1), Code.UNRETURNABLE).reason == Unreturnable.UNDER_WAY
    await paid_practice.sweep(seconds=1)
    assert refused(await gives(paid_practice, under_way, 1), Code.UNRETURNABLE).reason == Unreturnable.NOTHING_LEFT
    assert await paid_practice.refunds() == [(4500, "hand:1")]


async def test_a_page_that_is_out_of_date_gives_nothing_back(paid_practice: PaidPractice) -> None:
    booking = await sold(paid_practice)
    intent = (await paid_practice.payment(1)).intent_ref
    await paid_practice.control("refund", payment_intent=intent, amount=2000)
    await paid_practice.heard()
    refused(await gives(paid_practice, booking, 2500), Code.CHANGED)
    done(await gives(paid_practice, await paid_practice.found(booking.id), 2500))


async def test_two_refunds_at_once_never_give_back_more_than_came(paid_practice: PaidPractice) -> None:
    booking = await sold(paid_practice)
    answers = await asyncio.gather(*(gives(paid_practice, booking, 3000) for _ in range(6)))
    assert len([each for each in answers if isinstance(each, Done)]) == 1
    assert await paid_practice.refunds() == [(3000, "hand:1")]


async def test_a_refund_beside_a_cancel(paid_practice: PaidPractice) -> None:
    """Whichever is second finds that something changed: nobody is told an amount that does not come."""
    booking = await sold(paid_practice)
    outcome = paid_practice.bookings.cancel_outcome(booking, Actor.CLIENT, paid_practice.now())
    act = await paid_practice.act(CLIENT, paid_practice.now())
    answers = await asyncio.gather(
        gives(paid_practice, booking, 3000),
        paid_practice.bookings.cancel(act, booking.id, booking.version, cancel_facts(outcome)),
    )
    assert sorted(isinstance(each, Done) for each in answers) == [False, True]
    assert len(await paid_practice.refunds()) == 1


async def test_a_second_delivery_gives_back_once(paid_practice: PaidPractice) -> None:
    booking = await sold(paid_practice)
    act = await paid_practice.act(OWNER, paid_practice.now())
    service, given = GivingBack(paid_practice.storage), Given(Money(1000, "EUR"))
    for _ in range(2):
        made(await service.give(act, booking.id, booking.version, booking.paid, given, "Sorry"))
    assert await paid_practice.refunds() == [(1000, "hand:1")]


@pytest.mark.parametrize("another_way", [False, True])
async def test_bundle_refund_fails_card_closed(paid_practice: PaidPractice, another_way: bool) -> None:
    """Of a session: what could not go back is owed, the owner is told, and gives it once more or pays it by hand with a
    reason, which the ledger shows."""
    booking = await sold(paid_practice)
    await paid_practice.control("options", refund_status="pending")
    done(await gives(paid_practice, booking, 2000))
    await paid_practice.sweep(seconds=1)
    refund = next(iter(paid_practice.sandbox.account.refunds))
    await paid_practice.control(
        "refund_outcome", refund=refund, status="failed", failure_reason="expired_or_canceled_card"
    )
    await paid_practice.heard()
    owed = await paid_practice.found(booking.id)
    assert (owed.paid.amount, owed.owed.amount) == (4500, 2000)
    assert len(await paid_practice.notices("refund-failed")) == 2
    await paid_practice.control("options", refund_status="succeeded")
    done(await gives(paid_practice, owed, 2000, another_way=another_way))
    await paid_practice.sweep(seconds=1)
    await paid_practice.heard()
    after = await paid_practice.found(booking.id)
    assert (after.paid.amount, after.owed.amount) == (2500, 0)
    assert await paid_practice.states(tables.refunds) == ["failed", "succeeded"]
    ledger = [(kind, amount) for kind, _ref, amount in await paid_practice.ledger(booking.id) if kind != "fee"]
    assert ledger == [("charge", 4500), ("refund", -2000), ("adjustment", 2000), ("refund", -2000)]
    assert len(paid_practice.sandbox.account.refunds) == (1 if another_way else 2)
    papers = [each.receipt.total.amount for each in await Receipts(paid_practice.storage, "").of(booking.subject)]
    assert papers == [4500, -2000]


async def test_coach_cancels_what_was_spent_as_no_show(paid_practice: PaidPractice) -> None:
    """The outcome is corrected, the money goes back by an entry of its own, and the client is told."""
    booking = await sold(paid_practice)
    paid_practice.advance(seconds=(booking.ends - paid_practice.now()).total_seconds() + 60)
    act = await paid_practice.act(OWNER, paid_practice.now())
    done(await paid_practice.day.settle(act, booking.id, booking.version, Outcome.NO_SHOW))
    assert (await paid_practice.found(booking.id)).paid.amount == 4500
    await paid_practice.cancel(booking.id, OWNER)
    await paid_practice.sweep(seconds=1)
    await paid_practice.heard()
    after = await paid_practice.found(booking.id)
    assert (after.state, after.outcome, after.outcome_at) == (BookingState.CANCELLED, None, None)
    assert after.paid.amount == 0
    assert ("refund", "re", -4500) in await paid_practice.ledger(booking.id)
    assert [who for who, _address, _state in await paid_practice.notices("cancelled")] == [booking.person_id]


async def test_dashboard_refund(paid_practice: PaidPractice) -> None:
    """Of a session: it enters the ledger, its client is told, and so much less can go back by hand."""
    booking = await sold(paid_practice)
    intent = (await paid_practice.payment(1)).intent_ref
    await paid_practice.control("refund", payment_intent=intent, amount=2000)
    await paid_practice.heard()
    after = await paid_practice.found(booking.id)
    assert (after.state, after.paid.amount) == (BookingState.CONFIRMED, 2500)
    assert ("refund", "re", -2000) in await paid_practice.ledger(booking.id)
    assert [who for who, _address, _state in await paid_practice.notices("refunded")] == [booking.person_id]
    assert refused(await gives(paid_practice, after, 2501), Code.UNRETURNABLE).reason == Unreturnable.TOO_MUCH
    done(await gives(paid_practice, after, 2500))
