"""A booking on credit: taken with the time, and given back, used up or taken again with what becomes of the booking."""

import asyncio
import os
from datetime import timedelta

import pytest
import sqlalchemy as sa

from bot.domain.bookings.bookings import BookingState, Outcome
from bot.domain.bookings.cover import Cover
from bot.domain.credits.grants import BookedCredit, EntryKind
from bot.domain.refusals import Code, Done, Refusal
from bot.services.bookings.take_hold import on_credit
from bot.services.credits import sweep
from bot.services.credits.choosing import Credits
from storage import tables
from tests.services.bare_practice import CLIENT, NOW, OWNER, done, later, made, refused
from tests.services.credit_practice import CreditPractice
from tests.services.selling_practice import guest

TAPS = int(os.environ.get("CREDIT_TAPS", "12"))
DAY = timedelta(days=1)


async def test_it_is_confirmed_at_once_and_no_money_is_asked_for(credit_practice: CreditPractice) -> None:
    grant_id, at = await credit_practice.give(), (await credit_practice.starts(credit_practice.paid))[-1]
    booking = await credit_practice.found(made(await credit_practice.take(at)))
    assert (booking.state, booking.cover, booking.order_id) == (BookingState.CONFIRMED, Cover.CREDIT, None)
    assert booking.credit is not None
    assert (booking.credit.grant_id, booking.credit.kind, booking.credit.others) == (grant_id, EntryKind.RESERVED, 1)
    assert await credit_practice.holds(grant_id) == (1, 1)
    assert await credit_practice.count(tables.payments) == 0
    assert (await credit_practice.trail())[-2:] == ["credit.reserved", "booking.confirmed"]
    assert len(await credit_practice.notices("booked")) == 2


async def test_cancelled_in_time_it_comes_back(credit_practice: CreditPractice) -> None:
    grant_id, at = await credit_practice.give(), (await credit_practice.starts(credit_practice.paid))[-1]
    booking = await credit_practice.found(made(await credit_practice.take(at)))
    await credit_practice.cancel(booking)
    assert await credit_practice.holds(grant_id) == (2, 0)
    assert await credit_practice.refunds() == []


async def test_late_cancel_costs_once_the_credit_and_nothing_else(credit_practice: CreditPractice) -> None:
    grant_id, at = await credit_practice.give(), (await credit_practice.starts(credit_practice.paid))[-1]
    booking = await credit_practice.found(made(await credit_practice.take(at)))
    await credit_practice.cancel(booking, now=at - timedelta(hours=2))
    assert await credit_practice.holds(grant_id) == (1, 0)
    assert await credit_practice.refunds() == []


async def test_the_coachs_cancel_always_returns_it(credit_practice: CreditPractice) -> None:
    grant_id, at = await credit_practice.give(), (await credit_practice.starts(credit_practice.paid))[-1]
    booking = await credit_practice.found(made(await credit_practice.take(at)))
    await credit_practice.cancel(booking, OWNER, at - timedelta(hours=2))
    assert await credit_practice.holds(grant_id) == (2, 0)


async def test_coach_cancels_what_was_spent_as_no_show(credit_practice: CreditPractice) -> None:
    """It comes back by a new entry; and an outcome that is taken back leaves the credit reserved as before."""
    grant_id, at = await credit_practice.give(), (await credit_practice.starts(credit_practice.paid))[-1]
    booking_id = made(await credit_practice.take(at))
    after = at + timedelta(hours=2)
    for outcome, holds in ((Outcome.NO_SHOW, (1, 0)), (None, (1, 1)), (Outcome.TOOK_PLACE, (1, 0))):
        booking = await credit_practice.found(booking_id)
        act = await credit_practice.act(OWNER, after)
        if outcome is None:
            done(await credit_practice.day.unsettle(act, booking.id, booking.version))
        else:
            done(await credit_practice.day.settle(act, booking.id, booking.version, outcome))
        assert await credit_practice.holds(grant_id) == holds
    await credit_practice.cancel(await credit_practice.found(booking_id), OWNER, after)
    assert await credit_practice.holds(grant_id) == (2, 0)
    assert await credit_practice.kinds(grant_id) == ["granted", "reserved", "spent", "reserved", "spent", "returned"]


async def test_a_move_past_expiry_is_refused_and_the_coach_may_do_it(credit_practice: CreditPractice) -> None:
    await credit_practice.give(days=4)
    starts = await credit_practice.starts(credit_practice.paid)
    early = next(at for at in starts if NOW + 2 * DAY < at < NOW + 3 * DAY)
    late = next(at for at in starts if at > NOW + 4 * DAY)
    booking = await credit_practice.found(made(await credit_practice.take(early)))
    said = refused(await credit_practice.move(CLIENT, booking, late), Code.CREDIT_ENDS)
    assert said.at == NOW + 4 * DAY
    proposal = made(
        await credit_practice.moves.propose(await credit_practice.act(OWNER), booking.id, booking.version, late)
    )
    done(await credit_practice.moves.accept(await credit_practice.act(CLIENT), proposal, 1))
    assert (await credit_practice.found(booking.id)).starts == late


async def test_a_weekly_cap_binds_a_move_of_the_client_into_another_week(credit_practice: CreditPractice) -> None:
    await credit_practice.give(cap=1)
    here, *_rest, there = await credit_practice.starts(credit_practice.paid)
    assert here.isocalendar().week != there.isocalendar().week
    within = next(at for at in await credit_practice.starts(credit_practice.paid) if at > here + DAY)
    first = await credit_practice.found(made(await credit_practice.take(here)))
    made(await credit_practice.take(there))
    said = refused(await credit_practice.move(CLIENT, first, there - timedelta(hours=1)), Code.CREDIT_WEEK)
    assert said.most == 1
    done(await credit_practice.move(CLIENT, first, within))
    moved = await credit_practice.found(first.id)
    asked = await credit_practice.act(OWNER)
    proposal = made(await credit_practice.moves.propose(asked, moved.id, moved.version, there - timedelta(hours=1)))
    done(await credit_practice.moves.accept(await credit_practice.act(CLIENT), proposal, 1))


async def test_a_time_after_the_end_of_every_credit_is_refused_with_it(credit_practice: CreditPractice) -> None:
    await credit_practice.give(days=2)
    late = next(at for at in await credit_practice.starts(credit_practice.paid) if at > NOW + 2 * DAY)
    said = refused(await credit_practice.take(late), Code.NO_CREDIT)
    assert (said.reason, said.at) == ("expires", NOW + 2 * DAY)


async def test_what_is_told_of_the_credit_must_still_be_so(credit_practice: CreditPractice) -> None:
    await credit_practice.give()
    first, *_rest, last = await credit_practice.starts(credit_practice.paid)
    quote = await credit_practice.quote(CLIENT, credit_practice.paid, last)
    person = await credit_practice.meet(CLIENT)
    credit = await Credits(credit_practice.storage).for_session(
        person.id, credit_practice.paid.id, last, quote.coach.zone
    )
    assert isinstance(credit, BookedCredit)
    stated = on_credit(quote, credit)
    made(await credit_practice.take(first))
    act = await credit_practice.act(CLIENT, later(1))
    answer = await credit_practice.bookings.hold(
        act,
        credit_practice.paid.id,
        credit_practice.coach_id,
        last,
        quote.facts,
        on_credit=lambda *facts: facts == stated,
    )
    refused(answer, Code.CHANGED)


@pytest.mark.timeout(120 + 2 * TAPS)
async def test_many_members_for_one_last_credit_and_one_last_slot(credit_practice: CreditPractice) -> None:
    """One of them has it; the others hear that the time or the credit is gone, and nothing was taken from anybody."""
    guests = [guest(number) for number in range(TAPS)]
    ids = tuple([(await credit_practice.meet(each)).id for each in guests])
    grant_id = await credit_practice.give(OWNER, sessions=1, members=ids)
    at = (await credit_practice.starts(credit_practice.paid))[-1]
    buttons = [await credit_practice.button(at, each) for each in guests]
    answers = await asyncio.gather(*(tap() for tap in buttons))
    assert sum(isinstance(each, Done) for each in answers) == 1
    told = {each.code for each in answers if isinstance(each, Refusal)}
    assert told <= {Code.TAKEN, Code.NOT_BOOKABLE, Code.NO_CREDIT, Code.CHANGED}
    assert await credit_practice.holds(grant_id) == (0, 1)


@pytest.mark.timeout(120 + 2 * TAPS)
async def test_one_person_in_two_chats_for_one_last_credit(credit_practice: CreditPractice) -> None:
    grant_id = await credit_practice.give(sessions=1)
    starts = (await credit_practice.starts(credit_practice.paid))[-8:]
    buttons = [await credit_practice.button(starts[number % len(starts)]) for number in range(TAPS)]
    answers = await asyncio.gather(*(tap() for tap in buttons))
    assert sum(isinstance(each, Done) for each in answers) == 1
    assert await credit_practice.holds(grant_id) == (0, 1)
    count = sa.select(sa.func.count()).where(tables.bookings.c.state == "confirmed")
    assert await credit_practice.storage.read(lambda tx: tx.execute(count).scalar_one()) == 1


async def test_time_ends_what_is_over_and_uses_up_what_nobody_spoke_of(credit_practice: CreditPractice) -> None:
    grant_id, at = (
        await credit_practice.give(sessions=3, days=10),
        (await credit_practice.starts(credit_practice.paid))[-1],
    )
    made(await credit_practice.take(at))
    settled = at + timedelta(hours=1) + sweep.SETTLED_BY_ITSELF
    assert await sweep.spend_past(credit_practice.storage, settled - timedelta(hours=1)) == 0
    assert await sweep.spend_past(credit_practice.storage, settled) == 1
    assert await sweep.end_over(credit_practice.storage, NOW + 10 * DAY - timedelta(minutes=1)) == 0
    assert await sweep.end_over(credit_practice.storage, NOW + 10 * DAY) == 2
    assert await sweep.end_over(credit_practice.storage, NOW + 10 * DAY) == 0
    assert await credit_practice.holds(grant_id) == (0, 0)
    assert await credit_practice.kinds(grant_id) == ["granted", "reserved", "spent", "expired"]


async def test_time_ends_each_package_however_many_entries_another_has(credit_practice: CreditPractice) -> None:
    for who, sessions in ((CLIENT, 2), (guest(1), 3)):
        await credit_practice.give(who, sessions=sessions, days=40)
    made(await credit_practice.take((await credit_practice.starts(credit_practice.paid))[-1]))
    assert await sweep.end_over(credit_practice.storage, NOW + 40 * DAY) == 1 + 3
