"""A booking on credit: taken with the time, and given back, used up or taken again with what becomes of the booking."""

import asyncio
import os
from collections.abc import Awaitable, Callable
from datetime import datetime, timedelta

import pytest
import sqlalchemy as sa

from bot.domain.bookings.bookings import Booking, BookingState, Outcome
from bot.domain.bookings.cover import Cover
from bot.domain.bookings.policy import Actor, cancel_facts
from bot.domain.credits.grants import BookedCredit, EntryKind
from bot.domain.people.people import Profile
from bot.domain.pricing.effects import CreditChange
from bot.domain.records import Cause
from bot.domain.refusals import Code, Done, Refusal
from bot.services.bookings.take_hold import on_credit
from bot.services.credits import ledger, sweep
from bot.services.credits.choosing import Credits
from storage import tables
from storage.credits import entries, holdings
from storage.engine import Storage
from tests.services.bare_practice import CLIENT, NOW, OWNER, done, later, made, refused
from tests.services.selling_practice import SellingPractice, guest

TAPS = int(os.environ.get("CREDIT_TAPS", "12"))
DAY = timedelta(days=1)


class OnCredit(SellingPractice):
    """Whose clients have packages of the paid offer."""

    async def give(
        self, who: Profile = CLIENT, sessions: int = 2, days: int = 60, members: tuple[int, ...] = (),
        cap: int | None = None,
    ) -> int:  # fmt: skip
        person, price = await self.meet(who), self.paid.price
        new = ledger.NewGrant(
            person.id, "Five", sessions, price, price, [self.paid.id], NOW + days * DAY, cap, member_ids=members
        )
        grant = await self.storage.write(lambda tx: ledger.give(tx, new, Cause(None, "cli", NOW)))
        return grant.id

    async def take(self, at: datetime, who: Profile = CLIENT, now: datetime = NOW) -> Done | Refusal:
        return await (await self.button(at, who, now))()

    async def button(
        self, at: datetime, who: Profile = CLIENT, now: datetime = NOW
    ) -> Callable[[], Awaitable[Done | Refusal]]:
        """What a tap does on the button that was shown for this time."""
        person = await self.meet(who, now)
        quote = await self.quote(who, self.paid, at, now)
        credit = await Credits(self.storage).for_session(person.id, self.paid.id, at, quote.coach.zone)
        told = on_credit(quote, credit) if isinstance(credit, BookedCredit) else ()
        act = await self.act(who, now)
        return lambda: self.bookings.hold(
            act, self.paid.id, self.coach_id, at, quote.facts, on_credit=lambda *facts: facts == told
        )

    async def cancel(self, booking: Booking, who: Profile = CLIENT, now: datetime = NOW) -> Booking:
        """As told before the tap."""
        actor = Actor.CLIENT if who == CLIENT else Actor.COACH
        told = self.bookings.cancel_outcome(booking, actor, now)
        done(await self.bookings.cancel(await self.act(who, now), booking.id, booking.version, cancel_facts(told)))
        after = await self.found(booking.id)
        assert after.credit is not None
        if told.effect.change is CreditChange.RETURNED:
            assert after.credit.kind is EntryKind.RETURNED
            assert told.effect.until == (None if after.credit.ends is None else int(after.credit.ends.timestamp()))
        else:
            assert (told.effect.change, after.credit.kind) == (CreditChange.SPENT, EntryKind.SPENT)
        if told.effect.left is not None:
            assert told.effect.left == after.credit.others
        return after

    async def holds(self, grant_id: int) -> tuple[int, int]:
        """What is available, and what is reserved."""
        held = await self.storage.read(lambda tx: holdings.find(tx, grant_id))
        assert held is not None
        return held.credits.available, held.credits.reserved

    async def kinds(self, grant_id: int) -> list[str]:
        found = await self.storage.read(lambda tx: entries.of_grant(tx, grant_id))
        return [each.kind.value for each in reversed(found)]


@pytest.fixture
async def practice(storage: Storage) -> OnCredit:
    opened = OnCredit(storage)
    await opened.open()
    return opened


async def test_it_is_confirmed_at_once_and_no_money_is_asked_for(practice: OnCredit) -> None:
    grant_id, at = await practice.give(), (await practice.starts(practice.paid))[-1]
    booking = await practice.found(made(await practice.take(at)))
    assert (booking.state, booking.cover, booking.order_id) == (BookingState.CONFIRMED, Cover.CREDIT, None)
    assert booking.credit is not None
    assert (booking.credit.grant_id, booking.credit.kind, booking.credit.others) == (grant_id, EntryKind.RESERVED, 1)
    assert await practice.holds(grant_id) == (1, 1)
    assert await practice.count(tables.payments) == 0
    assert (await practice.trail())[-2:] == ["credit.reserved", "booking.confirmed"]
    assert len(await practice.notices("booked")) == 2


async def test_cancelled_in_time_it_comes_back(practice: OnCredit) -> None:
    grant_id, at = await practice.give(), (await practice.starts(practice.paid))[-1]
    booking = await practice.found(made(await practice.take(at)))
    await practice.cancel(booking)
    assert await practice.holds(grant_id) == (2, 0)
    assert await practice.refunds() == []


async def test_late_cancel_costs_once_the_credit_and_nothing_else(practice: OnCredit) -> None:
    grant_id, at = await practice.give(), (await practice.starts(practice.paid))[-1]
    booking = await practice.found(made(await practice.take(at)))
    await practice.cancel(booking, now=at - timedelta(hours=2))
    assert await practice.holds(grant_id) == (1, 0)
    assert await practice.refunds() == []


async def test_the_coachs_cancel_always_returns_it(practice: OnCredit) -> None:
    grant_id, at = await practice.give(), (await practice.starts(practice.paid))[-1]
    booking = await practice.found(made(await practice.take(at)))
    await practice.cancel(booking, OWNER, at - timedelta(hours=2))
    assert await practice.holds(grant_id) == (2, 0)


async def test_coach_cancels_what_was_spent_as_no_show(practice: OnCredit) -> None:
    """It comes back by a new entry; and an outcome that is taken back leaves the credit reserved as before."""
    grant_id, at = await practice.give(), (await practice.starts(practice.paid))[-1]
    booking_id = made(await practice.take(at))
    after = at + timedelta(hours=2)
    for outcome, holds in ((Outcome.NO_SHOW, (1, 0)), (None, (1, 1)), (Outcome.TOOK_PLACE, (1, 0))):
        booking = await practice.found(booking_id)
        act = await practice.act(OWNER, after)
        if outcome is None:
            done(await practice.day.unsettle(act, booking.id, booking.version))
        else:
            done(await practice.day.settle(act, booking.id, booking.version, outcome))
        assert await practice.holds(grant_id) == holds
    await practice.cancel(await practice.found(booking_id), OWNER, after)
    assert await practice.holds(grant_id) == (2, 0)
    assert await practice.kinds(grant_id) == ["granted", "reserved", "spent", "reserved", "spent", "returned"]


async def test_a_move_past_expiry_is_refused_and_the_coach_may_do_it(practice: OnCredit) -> None:
    await practice.give(days=4)
    starts = await practice.starts(practice.paid)
    early = next(at for at in starts if NOW + 2 * DAY < at < NOW + 3 * DAY)
    late = next(at for at in starts if at > NOW + 4 * DAY)
    booking = await practice.found(made(await practice.take(early)))
    said = refused(await practice.move(CLIENT, booking, late), Code.CREDIT_ENDS)
    assert said.at == NOW + 4 * DAY
    proposal = made(await practice.moves.propose(await practice.act(OWNER), booking.id, booking.version, late))
    done(await practice.moves.accept(await practice.act(CLIENT), proposal, 1))
    assert (await practice.found(booking.id)).starts == late


async def test_a_weekly_cap_binds_a_move_of_the_client_into_another_week(practice: OnCredit) -> None:
    await practice.give(cap=1)
    here, *_rest, there = await practice.starts(practice.paid)
    assert here.isocalendar().week != there.isocalendar().week
    within = next(at for at in await practice.starts(practice.paid) if at > here + DAY)
    first = await practice.found(made(await practice.take(here)))
    made(await practice.take(there))
    said = refused(await practice.move(CLIENT, first, there - timedelta(hours=1)), Code.CREDIT_WEEK)
    assert said.most == 1
    done(await practice.move(CLIENT, first, within))
    moved = await practice.found(first.id)
    asked = await practice.act(OWNER)
    proposal = made(await practice.moves.propose(asked, moved.id, moved.version, there - timedelta(hours=1)))
    done(await practice.moves.accept(await practice.act(CLIENT), proposal, 1))


async def test_a_time_after_the_end_of_every_credit_is_refused_with_it(practice: OnCredit) -> None:
    await practice.give(days=2)
    late = next(at for at in await practice.starts(practice.paid) if at > NOW + 2 * DAY)
    said = refused(await practice.take(late), Code.NO_CREDIT)
    assert (said.reason, said.at) == ("expires", NOW + 2 * DAY)


async def test_what_is_told_of_the_credit_must_still_be_so(practice: OnCredit) -> None:
    await practice.give()
    first, *_rest, last = await practice.starts(practice.paid)
    quote = await practice.quote(CLIENT, practice.paid, last)
    person = await practice.meet(CLIENT)
    credit = await Credits(practice.storage).for_session(person.id, practice.paid.id, last, quote.coach.zone)
    assert isinstance(credit, BookedCredit)
    stated = on_credit(quote, credit)
    made(await practice.take(first))
    act = await practice.act(CLIENT, later(1))
    answer = await practice.bookings.hold(
        act, practice.paid.id, practice.coach_id, last, quote.facts, on_credit=lambda *facts: facts == stated
    )
    refused(answer, Code.CHANGED)


@pytest.mark.timeout(120 + 2 * TAPS)
async def test_many_members_for_one_last_credit_and_one_last_slot(practice: OnCredit) -> None:
    """One of them has it; the others hear that the time or the credit is gone, and nothing was taken from anybody."""
    guests = [guest(number) for number in range(TAPS)]
    ids = tuple([(await practice.meet(each)).id for each in guests])
    grant_id = await practice.give(OWNER, sessions=1, members=ids)
    at = (await practice.starts(practice.paid))[-1]
    buttons = [await practice.button(at, each) for each in guests]
    answers = await asyncio.gather(*(tap() for tap in buttons))
    assert sum(isinstance(each, Done) for each in answers) == 1
    told = {each.code for each in answers if isinstance(each, Refusal)}
    assert told <= {Code.TAKEN, Code.NOT_BOOKABLE, Code.NO_CREDIT, Code.CHANGED}
    assert await practice.holds(grant_id) == (0, 1)


@pytest.mark.timeout(120 + 2 * TAPS)
async def test_one_person_in_two_chats_for_one_last_credit(practice: OnCredit) -> None:
    grant_id = await practice.give(sessions=1)
    starts = (await practice.starts(practice.paid))[-8:]
    buttons = [await practice.button(starts[number % len(starts)]) for number in range(TAPS)]
    answers = await asyncio.gather(*(tap() for tap in buttons))
    assert sum(isinstance(each, Done) for each in answers) == 1
    assert await practice.holds(grant_id) == (0, 1)
    count = sa.select(sa.func.count()).where(tables.bookings.c.state == "confirmed")
    assert await practice.storage.read(lambda tx: tx.execute(count).scalar_one()) == 1


async def test_time_ends_what_is_over_and_uses_up_what_nobody_spoke_of(practice: OnCredit) -> None:
    grant_id, at = await practice.give(sessions=3, days=10), (await practice.starts(practice.paid))[-1]
    made(await practice.take(at))
    settled = at + timedelta(hours=1) + sweep.SETTLED_BY_ITSELF
    assert await sweep.spend_past(practice.storage, settled - timedelta(hours=1)) == 0
    assert await sweep.spend_past(practice.storage, settled) == 1
    assert await sweep.end_over(practice.storage, NOW + 10 * DAY - timedelta(minutes=1)) == 0
    assert await sweep.end_over(practice.storage, NOW + 10 * DAY) == 2
    assert await sweep.end_over(practice.storage, NOW + 10 * DAY) == 0
    assert await practice.holds(grant_id) == (0, 0)
    assert await practice.kinds(grant_id) == ["granted", "reserved", "spent", "expired"]
