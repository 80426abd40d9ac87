"""The rest of a coach's day is closed in one act, or not at all."""

from datetime import date, datetime, timedelta

from bot.domain.bookings.bookings import Booking, BookingState
from bot.domain.bookings.reasons import Reason, Usual
from bot.domain.people.people import Platform, Profile
from bot.domain.refusals import Code, Done, Refusal
from bot.services.bookings.absences import Rest
from tests.services.bare_practice import ANA, CLIENT, NOW, OWNER, done, made, refused
from tests.services.selling_practice import SellingPractice, guest

ILL = Reason("I am ill", Usual.ILL)
DAY = date(2026, 12, 2)
NINE = datetime(2026, 12, 2, 8, tzinfo=NOW.tzinfo)
"""In Berlin."""


async def rest(practice: SellingPractice, now: datetime = NOW) -> Rest:
    found = await practice.absences.rest(practice.coach_id, DAY, now)
    assert found is not None
    return found


async def closes(practice: SellingPractice, stated: Rest, who: Profile = OWNER, now: datetime = NOW) -> Done | Refusal:
    act = await practice.act(who, now)
    return await practice.absences.close(act, practice.coach_id, DAY, stated.facts, ILL)


async def full_day(practice: SellingPractice) -> list[Booking]:
    """Paid at nine, held at ten, free of charge at eleven; and one the day after."""
    paid = await practice.buy(NINE, guest(1))
    held = made(await practice.try_hold(guest(2), practice.paid, NINE + timedelta(hours=1)))
    free = await practice.book(NINE + timedelta(hours=2), guest(3))
    after = await practice.book(NINE + timedelta(days=1), CLIENT)
    return [paid, await practice.found(held), free, after]


async def states(practice: SellingPractice, those: list[Booking]) -> list[BookingState]:
    return [(await practice.found(each.id)).state for each in those]


async def test_all_of_a_day_ends_with_everything_paid_going_back(selling_practice: SellingPractice) -> None:
    those = await full_day(selling_practice)
    before = await rest(selling_practice)
    assert [each.id for each in before.sessions] == [each.id for each in those[:3]]
    assert before.hours == ((540, 720),)

    done(await closes(selling_practice, before))

    cancelled, confirmed = BookingState.CANCELLED, BookingState.CONFIRMED
    assert await states(selling_practice, those) == [cancelled, cancelled, cancelled, confirmed]
    assert (await selling_practice.found(those[0].id)).end_reason == ILL
    assert await selling_practice.refunds() == [(4500, "coach")]
    told = [(person, address) for person, address, _state in await selling_practice.notices("cancelled")]
    assert told == [(each.person_id, f"notice/cancelled/{each.id}") for each in those[:3]]
    assert {at.date() for at in await selling_practice.starts()}.isdisjoint({DAY})
    assert (await rest(selling_practice)).is_closed


async def test_a_second_tap_and_a_second_delivery_do_nothing_more(selling_practice: SellingPractice) -> None:
    await full_day(selling_practice)
    before, act = await rest(selling_practice), await selling_practice.act(OWNER)
    for _delivery in range(2):
        done(await selling_practice.absences.close(act, selling_practice.coach_id, DAY, before.facts, ILL))
    refused(await closes(selling_practice, before), Code.ALREADY_OVER)
    assert len(await selling_practice.refunds()) == 1
    assert len(await selling_practice.notices("cancelled")) == 3


async def test_when_one_of_them_changed_meanwhile_nothing_is_done(selling_practice: SellingPractice) -> None:
    those = await full_day(selling_practice)
    before = await rest(selling_practice)
    done(await selling_practice.move(guest(3), those[2], NINE + timedelta(days=1, hours=2)))
    was = await states(selling_practice, those)
    refused(await closes(selling_practice, before), Code.CHANGED)
    assert (await states(selling_practice, those), await selling_practice.refunds()) == (was, [])
    assert (await rest(selling_practice)).hours == before.hours


async def test_who_booked_meanwhile_is_seen_first(selling_practice: SellingPractice) -> None:
    before = await rest(selling_practice)
    booking = await selling_practice.book(NINE)
    refused(await closes(selling_practice, before), Code.CHANGED)
    done(await closes(selling_practice, await rest(selling_practice)))
    assert await states(selling_practice, [booking]) == [BookingState.CANCELLED]


async def test_what_has_begun_takes_place(selling_practice: SellingPractice) -> None:
    begun, ahead = await selling_practice.book(NINE), await selling_practice.book(NINE + timedelta(hours=2), guest(1))
    now = NINE + timedelta(minutes=20)
    left = await rest(selling_practice, now)
    assert left.hours == ((560, 720),)
    done(await closes(selling_practice, left, now=now))
    confirmed, cancelled = BookingState.CONFIRMED, BookingState.CANCELLED
    assert await states(selling_practice, [begun, ahead]) == [confirmed, cancelled]


async def test_only_the_coach_and_owners_close_a_day(selling_practice: SellingPractice) -> None:
    invited = await selling_practice.invite()
    made(await selling_practice.invitations.accept(await selling_practice.act(ANA), invited.token))
    before = await rest(selling_practice)
    for who in (ANA, CLIENT):
        refused(await closes(selling_practice, before, who), Code.NOT_FOUND)
    assert await rest(selling_practice) == before


async def test_a_coach_reads_once_that_an_owner_closed_the_day(selling_practice: SellingPractice) -> None:
    colleague = Profile(Platform.SLACK, "T0AAA", "U0OWN", "D0OWN", "Otto", language="en")
    await full_day(selling_practice)
    done(await closes(selling_practice, await rest(selling_practice), colleague))
    coach, otto = await selling_practice.meet(OWNER), await selling_practice.meet(colleague)
    address = f"notice/day-closed/{selling_practice.coach_id}/{DAY}/{otto.id}"
    assert await selling_practice.notices("day-closed") == [(coach.id, address, "pending")]
    assert coach.id not in {person for person, _address, _state in await selling_practice.notices("cancelled")}
