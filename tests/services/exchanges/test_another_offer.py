"""A session moves to another offer: the new time is kept beside the old one until the difference is paid."""

import asyncio
from datetime import timedelta

import sqlalchemy as sa

from bot.domain.bookings.bookings import BookingState
from bot.domain.payments.money import Money
from bot.domain.practice.offer_rules import OfferDraft
from bot.domain.refusals import Code, Done, Refusal
from bot.services.exchanges.another_offer import SwitchQuote, end_over
from bot.services.reactions import react
from storage import tables
from tests.services.bare_practice import CLIENT, OWNER, done, made, refused
from tests.services.exchanges.switching import LONG, asked, bought, moves, offered, quoted, service, taken
from tests.services.paid_practice import PaidPractice
from tests.services.selling_practice import guest


async def test_move_to_another_offer(paid_practice: PaidPractice) -> None:
    """The new time is kept beside the old until the difference is paid; then the session is one of the other offer."""
    double = await offered(paid_practice, LONG)
    booking = await bought(paid_practice)
    at = (await paid_practice.starts(double))[0]
    payment = await asked(paid_practice, booking, double, at)
    assert payment.amount == Money(3500, "EUR")
    assert await taken(paid_practice) == [(50, "confirmed"), (100, "held")]
    assert (await paid_practice.found(booking.id)).starts == booking.starts
    await paid_practice.pays(payment)
    await paid_practice.heard()
    after = await paid_practice.found(booking.id)
    assert (after.state, after.offer_id, after.starts) == (BookingState.CONFIRMED, double.id, at)
    assert (after.terms.offer_name, after.terms.length_min, after.moves) == ("Double", 100, 1)
    assert (after.terms.price.amount, after.paid.amount, after.moved_from) == (8000, 8000, booking.starts)
    assert await taken(paid_practice) == [(100, "confirmed")]
    told = await paid_practice.notices("moved")
    assert [who for who, _address, _state in told] == [booking.person_id, booking.coach_person_id]
    assert await paid_practice.count(tables.receipts) == 2
    assert {"move.asked", "booking.switched", "payment.accepted"} <= set(await paid_practice.trail())


async def test_nobody_pays_for_a_session_with_a_coach_who_left_meanwhile(paid_practice: PaidPractice) -> None:
    double = await offered(paid_practice, LONG)
    booking = await bought(paid_practice)
    payment = await asked(paid_practice, booking, double)
    gone = sa.update(tables.coaches).values(state="removed")
    await paid_practice.storage.write(lambda tx: tx.execute(gone))
    await paid_practice.pays(payment)
    await paid_practice.heard()
    after = await paid_practice.found(booking.id)
    assert (after.offer_id, after.paid.amount) == (booking.offer_id, 4500)
    await paid_practice.sweep(seconds=1)
    assert [each.amount for each in paid_practice.sandbox.account.refunds.values()] == [3500]


async def test_whoever_does_not_pay_keeps_the_old_time(paid_practice: PaidPractice) -> None:
    double = await offered(paid_practice, LONG)
    booking = await bought(paid_practice)
    await asked(paid_practice, booking, double)
    assert await taken(paid_practice) == [(50, "confirmed"), (50, "held")], "only what the old time does not keep"
    await paid_practice.sweep(minutes=46)
    await paid_practice.sweep(minutes=1)
    assert await end_over(paid_practice.storage, react, paid_practice.now()) == 0, "its page did so already"
    assert await taken(paid_practice) == [(50, "confirmed")]
    assert await paid_practice.found(booking.id) == booking
    await paid_practice.cancel(booking.id)
    await paid_practice.sweep(seconds=1)
    assert [each.amount for each in paid_practice.sandbox.account.refunds.values()] == [4500]


async def test_without_a_page_the_time_is_let_go_all_the_same(paid_practice: PaidPractice) -> None:
    double = await offered(paid_practice, LONG)
    booking = await bought(paid_practice)
    made(await moves(paid_practice, booking, double))
    assert await end_over(paid_practice.storage, react, paid_practice.now() + timedelta(minutes=46)) == 0
    assert await end_over(paid_practice.storage, react, paid_practice.now() + timedelta(minutes=48)) == 1
    assert await taken(paid_practice) == [(50, "confirmed")]


async def test_two_who_move_to_the_same_time(paid_practice: PaidPractice) -> None:
    """One of them has it, the other hears that it is taken, and both keep what they had until they pay."""
    double = await offered(paid_practice, LONG)
    mine = await bought(paid_practice)
    theirs = await paid_practice.buy((await paid_practice.starts(paid_practice.paid))[-1], guest(1))
    days = {mine.starts.date(), theirs.starts.date()}
    at = next(each for each in await paid_practice.starts(double) if each.date() not in days)
    offer_moves = service(paid_practice)
    taps = []
    for who, booking in ((CLIENT, mine), (guest(1), theirs)):
        told = await offer_moves.quote(await paid_practice.meet(who), booking.id, double.id, at, paid_practice.now())
        assert isinstance(told, SwitchQuote)
        act = await paid_practice.act(who, paid_practice.now())
        taps.append(offer_moves.move(act, booking.id, double.id, at, told.switch.facts))
    answers = await asyncio.gather(*taps)
    assert sorted(isinstance(each, Done) for each in answers) == [False, True]
    refused(next(each for each in answers if isinstance(each, Refusal)), Code.TAKEN)
    for booking in (mine, theirs):
        assert (await paid_practice.found(booking.id)).starts == booking.starts


async def test_a_second_tap_and_stale_facts_change_nothing(paid_practice: PaidPractice) -> None:
    double = await offered(paid_practice, LONG)
    booking = await bought(paid_practice)
    told = await quoted(paid_practice, booking, double)
    assert isinstance(told, SwitchQuote)
    done(
        await paid_practice.offers.change(
            await paid_practice.act(OWNER, paid_practice.now()), double.id, double.version, price=Money(9000, "EUR")
        )
    )
    act = await paid_practice.act(CLIENT, paid_practice.now())
    answer = await service(paid_practice).move(act, booking.id, double.id, booking.starts, told.switch.facts)
    refused(answer, Code.CHANGED)
    assert await paid_practice.found(booking.id) == booking


async def test_which_offers_it_cannot_become(paid_practice: PaidPractice) -> None:
    booking = await bought(paid_practice)
    refused(await quoted(paid_practice, booking, paid_practice.paid), Code.NOT_FOUND)
    dollars = OfferDraft("Dollars", Money(4000, "USD"), length_min=50)
    refused(await paid_practice.offers.create(await paid_practice.act(OWNER), dollars), Code.CONTRADICTION)
    double = await offered(paid_practice, LONG)
    await paid_practice.hold((await paid_practice.starts(paid_practice.paid))[0])
    refused(await moves(paid_practice, booking, double), Code.YOURS)
    paid_practice.advance(seconds=(booking.starts - paid_practice.now()).total_seconds() - 3600)
    refused(await quoted(paid_practice, booking, double), Code.TOO_LATE_TO_MOVE)
    assert timedelta() < booking.starts - paid_practice.now()
