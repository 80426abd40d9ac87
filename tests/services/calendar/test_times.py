from dataclasses import replace
from datetime import date, timedelta

from bot.domain.calendar.spans import HoursChange
from bot.domain.refusals import Code, Done
from bot.services.bookings.bookings import Quote
from bot.services.calendar.times import Moving, NoTimes
from tests.services.bare_practice import ANA, NOW, OWNER, VIDEO, done, made, refused
from tests.services.selling_practice import SellingPractice, guest


async def test_days_count_what_their_pages_show(selling_practice: SellingPractice) -> None:
    await selling_practice.book((await selling_practice.starts())[2])

    days = await selling_practice.times.days(
        selling_practice.free, selling_practice.coach_id, "Asia/Kolkata", NOW.date(), 10, NOW
    )

    assert [each.day for each in days] == [NOW.date() + timedelta(days=ahead) for ahead in range(10)]
    for each in days:
        shown = await selling_practice.times.on_day(
            selling_practice.free, selling_practice.coach_id, each.day, "Asia/Kolkata", NOW
        )
        assert len(shown) == each.count
    assert sum(each.count for each in days) > 10


async def test_a_day_of_the_reader_may_lie_in_two_of_the_coach(selling_practice: SellingPractice) -> None:
    """Midnight in Honolulu is eleven in the morning in Berlin, in the middle of the coach's hours."""
    shown = await selling_practice.times.on_day(selling_practice.free, None, date(2026, 12, 2), "Pacific/Honolulu", NOW)

    assert [f"{free.starts:%d %H:%M}" for free in shown] == [
        "02 10:00", "03 08:00", "03 08:30", "03 09:00", "03 09:30",
    ]  # fmt: skip


async def test_what_is_offered_can_be_booked_and_nothing_else(selling_practice: SellingPractice) -> None:
    at = (await selling_practice.starts())[0]
    await selling_practice.book(at + timedelta(days=1), guest(99))
    offered = set(await selling_practice.starts())
    grid = [at + timedelta(minutes=25 * step) for step in range(75)]

    for number, start in enumerate(grid):
        now = NOW + timedelta(seconds=number)
        person = await selling_practice.meet(guest(number), now)
        answer = await selling_practice.bookings.quote(
            person, selling_practice.free.id, selling_practice.coach_id, start, now
        )
        held = await selling_practice.try_hold(guest(number), selling_practice.free, start, now)
        assert isinstance(held, Done) == (start in offered) == hasattr(answer, "terms"), start
        if isinstance(held, Done):
            offered = set(await selling_practice.starts())


async def test_next_and_nearest(selling_practice: SellingPractice) -> None:
    starts = await selling_practice.starts()

    following = await selling_practice.times.next_free(
        selling_practice.free, None, starts[1] + timedelta(minutes=1), NOW
    )
    near = await selling_practice.times.nearest(selling_practice.free, selling_practice.coach_id, starts[3], NOW)

    assert following is not None
    assert following.starts == starts[2]
    assert [free.starts for free in near] == sorted(
        sorted((each for each in starts if each != starts[3]), key=lambda each: (abs(each - starts[3]), each))[:3]
    )


async def test_any_coach_is_who_has_the_fewest_sessions(selling_practice: SellingPractice) -> None:
    ana = await _second_coach(selling_practice)
    free = selling_practice.free
    at = (await selling_practice.starts())[3]
    await selling_practice.book(at + timedelta(days=1))

    shown = await selling_practice.times.on_day(free, None, at.date(), "Europe/Berlin", NOW)
    quote = await selling_practice.bookings.quote(await selling_practice.meet(guest(1)), free.id, None, at, NOW)
    assert isinstance(quote, Quote)

    assert {each.coach_id for each in shown} == {ana}
    assert quote.coach.id == ana
    facts = quote.facts
    first = made(await selling_practice.bookings.hold(await selling_practice.act(guest(1)), free.id, None, at, facts))
    second = made(await selling_practice.bookings.hold(await selling_practice.act(guest(2)), free.id, None, at, facts))
    third = refused(
        await selling_practice.bookings.hold(await selling_practice.act(guest(3)), free.id, None, at, facts), Code.TAKEN
    )
    assert {(await selling_practice.found(first)).coach_id, (await selling_practice.found(second)).coach_id} == {
        ana,
        selling_practice.coach_id,
    }
    assert len(third.near) == 3


async def test_a_booking_moves_as_if_it_were_not_there(selling_practice: SellingPractice) -> None:
    booking = await selling_practice.book((await selling_practice.starts())[0])
    before = await selling_practice.starts()
    assert booking.starts not in before

    shown = await selling_practice.times.on_day(
        selling_practice.free, None, booking.starts.date(), "Europe/Berlin", NOW, moving=Moving(booking)
    )

    assert booking.starts in [free.starts for free in shown]


async def test_why_there_is_nothing(selling_practice: SellingPractice) -> None:
    times, free = selling_practice.times, selling_practice.free
    beyond = NOW + timedelta(days=40)
    assert (
        await times.why_none(replace(free, notice_min=60 * 24 * 90), selling_practice.coach_id, NOW) is NoTimes.HORIZON
    )
    assert await times.why_none(free, 77, NOW) is NoTimes.PAUSED

    one_hour = HoursChange(dict.fromkeys(range(5), ()), {date(2026, 12, 3): ((540, 600),)})
    coach = await selling_practice.coach(selling_practice.coach_id)
    done(await selling_practice.hours.save(await selling_practice.act(OWNER), coach.id, coach.version, one_hour))
    [only] = await selling_practice.starts()
    await selling_practice.book(only)
    assert await times.next_free(free, None, NOW, NOW) is None
    assert await times.why_none(free, None, NOW) is NoTimes.ALL_TAKEN
    assert await times.why_none(free, None, beyond) is NoTimes.NO_HOURS


async def _second_coach(selling_practice: SellingPractice) -> int:
    invited = await selling_practice.invite()
    ana = made(await selling_practice.invitations.accept(await selling_practice.act(ANA), invited.token))
    done(await selling_practice.coaches.set_place(await selling_practice.act(ANA), ana, VIDEO))
    coach = await selling_practice.coach(ana)
    week = HoursChange(dict.fromkeys(range(5), ((480, 780),)), {})
    done(await selling_practice.hours.save(await selling_practice.act(ANA), ana, coach.version, week))
    done(
        await selling_practice.offers.set_coaches(
            await selling_practice.act(OWNER), selling_practice.free.id, [selling_practice.coach_id, ana]
        )
    )
    free = await selling_practice.offers.find(selling_practice.free.id)
    assert free is not None
    selling_practice.free = free
    return ana
