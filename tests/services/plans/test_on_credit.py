"""Several sessions planned at once on credit: all of them or none, and each for itself afterwards."""

import asyncio
from dataclasses import replace
from datetime import timedelta

import pytest

from bot.domain.bookings.bookings import BookingState
from bot.domain.bookings.policy import Actor, cancel_facts
from bot.domain.calendar.slots import Reason
from bot.domain.calendar.spans import HoursChange
from bot.domain.credits.grants import BookedCredit
from bot.domain.plans.rhythm import Rhythm
from bot.domain.refusals import Code, Refusal
from storage import tables
from tests.services.bare_practice import CLIENT, OWNER, done, made, refused
from tests.services.plans.planning_practice import DAY, WEDNESDAYS_AT_NINE, Planning
from tests.services.selling_practice import SellingPractice, guest


@pytest.fixture
def planning(selling_practice: SellingPractice) -> Planning:
    return Planning(selling_practice)


async def test_all_are_confirmed_and_told_of_in_one_message(planning: Planning) -> None:
    grant_id, practice = await planning.give(5), planning.practice
    plan_id = made(await planning.books(planning.plan()))
    mine = await planning.of(plan_id)
    assert [each.state for each in mine] == [BookingState.CONFIRMED] * 5
    assert [f"{each.starts:%d %H:%M}" for each in mine] == ["02 08:00", "09 08:00", "16 08:00", "23 08:00", "30 08:00"]
    assert mine[0].id == plan_id
    assert await planning.holds(grant_id) == (0, 5)
    assert await planning.numbers(grant_id) == [1, 2, 3, 4, 5, 6]
    told = await practice.notices("planned")
    assert {address for _who, address, _state in told} == {f"planned/{plan_id}"}
    assert len(told) == 2
    assert await practice.notices("booked") == []
    assert len({address for _who, address, _state in await practice.notices("reminder")}) >= 5
    assert (await practice.trail())[-1] == "plan.booked"


async def test_a_plan_counts_as_one_for_limits(planning: Planning) -> None:
    """Five are more than anybody can have ahead of this offer, one by one."""
    await planning.give(7)
    await planning.practice.allows(of_offer=2, standing=2)
    made(await planning.books(planning.plan()))
    one_more = planning.plan(Rhythm(2, 4, 540, 1))
    made(await planning.books(one_more))
    person = await planning.practice.meet(CLIENT)
    third = await planning.practice.plans.outlook(person, planning.plan(Rhythm(2, 5, 540, 1)), planning.now())
    refused(third, Code.LIMIT)


async def test_what_has_no_price_is_counted_one_by_one(planning: Planning) -> None:
    """Two are the most that anybody can have ahead, planned or not."""
    practice = planning.practice
    three, two = (replace(planning.plan(Rhythm(number, 3, 540, 1)), offer_id=practice.free.id) for number in (3, 2))
    person = await practice.meet(CLIENT)
    refused(await practice.plans.outlook(person, three, planning.now()), Code.LIMIT)
    assert len(await planning.of(made(await planning.books(two)))) == 2
    refused(await practice.try_hold(CLIENT, practice.free, two.starts[0] + timedelta(hours=2)), Code.LIMIT)


async def test_plan_over_two_grants(planning: Planning) -> None:
    """Each date takes the grant that expires first and is valid on that date; all or nothing."""
    soon, later = await planning.give(3, days=9), await planning.give(3, days=60)
    seen = await planning.looks(planning.plan())
    used = [each.credit.grant_id for each in seen.dates if isinstance(each.credit, BookedCredit)]
    assert used == [soon, soon, later, later, later]
    made(await planning.books(planning.plan()))
    assert (await planning.holds(soon), await planning.holds(later)) == ((1, 2), (0, 3))


async def test_credits_that_do_not_reach_book_nothing(planning: Planning) -> None:
    grant_id = await planning.give(3)
    seen = await planning.looks(planning.plan())
    assert (len(seen.on_credit), seen.uses_credit, seen.is_bookable) == (3, True, False)
    refused(await planning.books(planning.plan()), Code.CHANGED)
    assert await planning.holds(grant_id) == (3, 0)
    covered = planning.plan().of_dates({each.starts for each in seen.on_credit})
    made(await planning.books(covered))
    assert await planning.holds(grant_id) == (0, 3)


async def test_a_weekly_cap_is_counted_within_the_plan(planning: Planning) -> None:
    await planning.give(5, weekly=1)
    plan = planning.plan(Rhythm(2, 3, 540, 1))
    twice_a_week = plan.of_dates({*plan.starts, plan.starts[1] + DAY})
    seen = await planning.looks(twice_a_week)
    assert [each.on_credit for each in seen.dates] == [True, True, False]


async def test_a_date_taken_meanwhile_is_marked_and_nothing_is_booked(planning: Planning) -> None:
    grant_id, practice = await planning.give(5), planning.practice
    plan = planning.plan()
    tap = await planning.button(plan)
    await practice.book(plan.starts[2], guest(1))
    refused(await tap(), Code.CHANGED)
    assert await planning.holds(grant_id) == (5, 0)
    assert await practice.count(tables.bookings) == 1
    marked = (await planning.looks(plan)).dates[2]
    assert marked.against is Reason.TAKEN
    assert marked.instead is not None
    assert timedelta() < marked.instead.starts - plan.starts[2] < timedelta(hours=2)


async def test_clashes_and_days_off_are_left_out_with_the_next_free_time(planning: Planning) -> None:
    practice, plan = planning.practice, planning.plan()
    coach = await practice.coach(practice.coach_id)
    off = HoursChange({}, {plan.starts[1].date(): ()})
    done(await practice.hours.save(await practice.act(OWNER), coach.id, coach.version, off))
    dates = (await planning.looks(plan)).dates
    assert [each.against for each in dates] == [None, Reason.DAY_OFF, None, None, None]
    assert dates[1].instead is not None
    assert dates[1].instead.starts == plan.starts[1] + DAY
    await planning.give(4)
    assert len(await planning.of(made(await planning.books(plan)))) == 4


async def test_two_dates_of_one_plan_cannot_overlap(planning: Planning) -> None:
    await planning.give(5)
    plan = planning.plan(Rhythm(2, 3, 540, 1))
    close = plan.of_dates({*plan.starts, plan.starts[0] + timedelta(minutes=30)})
    assert [each.is_free for each in (await planning.looks(close)).dates] == [True, False, True]


async def test_moving_one_leaves_the_others_untouched(planning: Planning) -> None:
    await planning.give(5)
    practice = planning.practice
    plan_id = made(await planning.books(planning.plan()))
    first, second, *others = await planning.of(plan_id)
    moved_to = second.starts + DAY
    done(await practice.move(CLIENT, second, moved_to))
    after = await planning.of(plan_id)
    assert [each.starts for each in after] == [first.starts, moved_to, *(each.starts for each in others)]
    assert [each.version for each in after if each.id != second.id] == [1] * 4


async def test_cancelling_one_gives_its_credit_back(planning: Planning) -> None:
    grant_id = await planning.give(5)
    plan_id = made(await planning.books(planning.plan()))
    booking = (await planning.of(plan_id))[3]
    act = await planning.practice.act(CLIENT)
    told = cancel_facts(planning.practice.bookings.cancel_outcome(booking, Actor.CLIENT, planning.now()))
    done(await planning.practice.bookings.cancel(act, booking.id, booking.version, told))
    assert await planning.holds(grant_id) == (1, 4)


async def test_two_at_once_for_the_same_dates(planning: Planning) -> None:
    """One of them has all dates, the other none, and nobody was told a lie."""
    people = [guest(1), guest(2)]
    grants = [await planning.give(5, who=who) for who in people]
    taps = [await planning.button(planning.plan(), who) for who in people]
    answers = await asyncio.gather(*(tap() for tap in taps))
    assert sorted(isinstance(each, Refusal) for each in answers) == [False, True]
    assert await planning.practice.count(tables.sessions) == 5
    assert sorted([await planning.holds(each) for each in grants]) == [(0, 5), (5, 0)]


async def test_one_person_in_two_chats(planning: Planning) -> None:
    grant_id = await planning.give(5)
    taps = [await planning.button(planning.plan()) for _chat in range(2)]
    answers = await asyncio.gather(*(tap() for tap in taps))
    assert sorted(isinstance(each, Refusal) for each in answers) == [False, True]
    assert await planning.holds(grant_id) == (0, 5)


async def test_an_offer_that_one_can_have_once_is_not_planned(planning: Planning) -> None:
    practice = planning.practice
    act = await practice.act(OWNER)
    done(await practice.offers.change(act, practice.paid.id, practice.paid.version, once_per_client=1))
    person = await practice.meet(CLIENT)
    refused(
        await practice.plans.outlook(person, planning.plan(WEDNESDAYS_AT_NINE), planning.now()), Code.ONCE_PER_CLIENT
    )
