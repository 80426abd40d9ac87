"""How often free times ask the database, however many days and coaches."""

from dataclasses import replace
from datetime import timedelta

import pytest

from bot.domain.calendar.local_days import midnight
from bot.domain.calendar.spans import HoursChange
from storage.engine import Storage
from tests.services.counter import Counter, guest
from tests.services.house import ANA, NOW, OWNER, VIDEO, done, made
from tests.support.servers.statements import asked


@pytest.fixture
async def counter(storage: Storage) -> Counter:
    """A practice that may be booked for more than a year, with two coaches and some sessions."""
    counter = await Counter(storage).open()
    invited = await counter.invite()
    ana = made(await counter.invitations.accept(await counter.act(ANA), invited.token))
    done(await counter.coaches.set_place(await counter.act(ANA), ana, VIDEO))
    week = HoursChange(dict.fromkeys(range(5), ((540, 720), (780, 1020))), {})
    done(await counter.hours.save(await counter.act(ANA), ana, (await counter.coach(ana)).version, week))
    done(await counter.offers.set_coaches(await counter.act(OWNER), counter.free.id, [counter.coach_id, ana]))
    free = await counter.offers.find(counter.free.id)
    assert free is not None
    counter.free = replace(free, horizon_days=365)
    for number, start in enumerate((await counter.starts())[:6:2]):
        await counter.book(start, guest(number))
    return counter


@pytest.mark.parametrize("days", [90, 365])
async def test_many_days_take_three_statements_at_most(counter: Counter, days: int) -> None:
    for coach_id in (counter.coach_id, None):
        with asked() as statements:
            found = await counter.times.days(counter.free, coach_id, "Asia/Kolkata", NOW.date(), days, NOW)
        assert len(found) == days
        assert found[-1].day == NOW.date() + timedelta(days=days - 1)
        assert sum(each.count for each in found) > days
        assert len(statements) <= 3, statements


async def test_a_week_and_what_follows_it_are_one_look(counter: Counter) -> None:
    zone, first = "Asia/Kolkata", NOW.date() + timedelta(days=5)
    for coach_id in (counter.coach_id, None):
        with asked() as statements:
            days, beyond = await counter.times.days_and_next(counter.free, coach_id, zone, first, 7, NOW)
        assert len(statements) <= 3, statements
        assert days == await counter.times.days(counter.free, coach_id, zone, first, 7, NOW)
        after = midnight(first + timedelta(days=7), zone)
        assert beyond == await counter.times.next_free(counter.free, coach_id, after, NOW)
        assert beyond is not None
