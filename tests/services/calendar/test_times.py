from dataclasses import replace
from datetime import date, timedelta

from bot.domain.calendar.spans import HoursChange
from bot.domain.refusals import Code, Done
from bot.services.bookings.bookings import Quote
from bot.services.calendar.times import Moving, NoTimes
from tests.services.counter import Counter, guest
from tests.services.house import ANA, NOW, OWNER, VIDEO, done, made, refused


async def test_days_count_what_their_pages_show(counter: Counter) -> None:
    await counter.book((await counter.starts())[2])

    days = await counter.times.days(counter.free, counter.coach_id, "Asia/Kolkata", NOW.date(), 10, NOW)

    assert [each.day for each in days] == [NOW.date() + timedelta(days=ahead) for ahead in range(10)]
    for each in days:
        shown = await counter.times.on_day(counter.free, counter.coach_id, each.day, "Asia/Kolkata", NOW)
        assert len(shown) == each.count
    assert sum(each.count for each in days) > 10


async def test_a_day_of_the_reader_may_lie_in_two_of_the_coach(counter: Counter) -> None:
    """Midnight in Honolulu is eleven in the morning in Berlin, in the middle of the coach's hours."""
    shown = await counter.times.on_day(counter.free, None, date(2026, 12, 2), "Pacific/Honolulu", NOW)

    assert [f"{free.starts:%d %H:%M}" for free in shown] == [
        "02 10:00", "03 08:00", "03 08:30", "03 09:00", "03 09:30",
    ]  # fmt: skip


async def test_what_is_offered_can_be_booked_and_nothing_else(counter: Counter) -> None:
    at = (await counter.starts())[0]
    await counter.book(at + timedelta(days=1), guest(99))
    offered = set(await counter.starts())
    grid = [at + timedelta(minutes=25 * step) for step in range(75)]

    for number, start in enumerate(grid):
        now = NOW + timedelta(seconds=number)
        person = await counter.meet(guest(number), now)
        answer = await counter.bookings.quote(person, counter.free.id, counter.coach_id, start, now)
        held = await counter.try_hold(guest(number), counter.free, start, now)
        assert isinstance(held, Done) == (start in offered) == hasattr(answer, "terms"), start
        if isinstance(held, Done):
            offered = set(await counter.starts())


async def test_next_and_nearest(counter: Counter) -> None:
    starts = await counter.starts()

    following = await counter.times.next_free(counter.free, None, starts[1] + timedelta(minutes=1), NOW)
    near = await counter.times.nearest(counter.free, counter.coach_id, starts[3], NOW)

    assert following is not None
    assert following.starts == starts[2]
    assert [free.starts for free in near] == sorted(
        sorted((each for each in starts if each != starts[3]), key=lambda each: (abs(each - starts[3]), each))[:3]
    )


async def test_any_coach_is_who_has_the_fewest_sessions(counter: Counter) -> None:
    ana = await _second_coach(counter)
    free = counter.free
    at = (await counter.starts())[3]
    await counter.book(at + timedelta(days=1))

    shown = await counter.times.on_day(free, None, at.date(), "Europe/Berlin", NOW)
    quote = await counter.bookings.quote(await counter.meet(guest(1)), free.id, None, at, NOW)
    assert isinstance(quote, Quote)

    assert {each.coach_id for each in shown} == {ana}
    assert quote.coach.id == ana
    facts = quote.facts
    first = made(await counter.bookings.hold(await counter.act(guest(1)), free.id, None, at, facts))
    second = made(await counter.bookings.hold(await counter.act(guest(2)), free.id, None, at, facts))
    third = refused(await counter.bookings.hold(await counter.act(guest(3)), free.id, None, at, facts), Code.TAKEN)
    assert {(await counter.found(first)).coach_id, (await counter.found(second)).coach_id} == {
        ana,
        counter.coach_id,
    }
    assert len(third.facts["near"]) == 3  # type: ignore[arg-type]


async def test_a_booking_moves_as_if_it_were_not_there(counter: Counter) -> None:
    booking = await counter.book((await counter.starts())[0])
    before = await counter.starts()
    assert booking.starts not in before

    shown = await counter.times.on_day(
        counter.free, None, booking.starts.date(), "Europe/Berlin", NOW, moving=Moving(booking)
    )

    assert booking.starts in [free.starts for free in shown]


async def test_why_there_is_nothing(counter: Counter) -> None:
    times, free = counter.times, counter.free
    beyond = NOW + timedelta(days=40)
    assert await times.why_none(replace(free, notice_min=60 * 24 * 90), counter.coach_id, NOW) is NoTimes.HORIZON
    assert await times.why_none(free, 77, NOW) is NoTimes.PAUSED

    one_hour = HoursChange(dict.fromkeys(range(5), ()), {date(2026, 12, 3): ((540, 600),)})
    coach = await counter.coach(counter.coach_id)
    done(await counter.hours.save(await counter.act(OWNER), coach.id, coach.version, one_hour))
    [only] = await counter.starts()
    await counter.book(only)
    assert await times.next_free(free, None, NOW, NOW) is None
    assert await times.why_none(free, None, NOW) is NoTimes.ALL_TAKEN
    assert await times.why_none(free, None, beyond) is NoTimes.NO_HOURS


async def _second_coach(counter: Counter) -> int:
    invited = await counter.invite()
    ana = made(await counter.invitations.accept(await counter.act(ANA), invited.token))
    done(await counter.coaches.set_place(await counter.act(ANA), ana, VIDEO))
    coach = await counter.coach(ana)
    week = HoursChange(dict.fromkeys(range(5), ((480, 780),)), {})
    done(await counter.hours.save(await counter.act(ANA), ana, coach.version, week))
    done(await counter.offers.set_coaches(await counter.act(OWNER), counter.free.id, [counter.coach_id, ana]))
    free = await counter.offers.find(counter.free.id)
    assert free is not None
    counter.free = free
    return ana


