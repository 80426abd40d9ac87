"""How often free times ask the database, however many days and coaches."""

from dataclasses import replace
from datetime import timedelta

import pytest

from bot.domain.calendar.local_dates import midnight
from bot.domain.calendar.spans import HoursChange
from storage.engine import Storage
from tests.services.bare_practice import ANA, NOW, OWNER, VIDEO, done, made
from tests.services.selling_practice import SellingPractice, guest
from tests.support.servers.statements import asked


@pytest.fixture
async def selling_practice(storage: Storage) -> SellingPractice:
    """A practice that may be booked for more than a year, with two coaches and some sessions."""
    selling_practice = await SellingPractice(storage).open()
    invited = await selling_practice.invite()
    ana = made(await selling_practice.invitations.accept(await selling_practice.act(ANA), invited.token))
    done(await selling_practice.coaches.set_place(await selling_practice.act(ANA), ana, VIDEO))
    week = HoursChange(dict.fromkeys(range(5), ((540, 720), (780, 1020))), {})
    done(
        await selling_practice.hours.save(
            await selling_practice.act(ANA), ana, (await selling_practice.coach(ana)).version, week
        )
    )
    done(
        await selling_practice.offers.set_coaches(
            await selling_practice.act(OWNER), selling_practice.free.id, [selling_practice.coach_id, ana]
        )
    )
    free = await selling_practice.offers.find(selling_practice.free.id)
    assert free is not None
    selling_practice.free = replace(free, horizon_days=365)
    for number, start in enumerate((await selling_practice.starts())[:6:2]):
        await selling_practice.book(start, guest(number))
    return selling_practice


@pytest.mark.parametrize("days", [90, 365])
async def test_many_days_take_three_statements_at_most(selling_practice: SellingPractice, days: int) -> None:
    for coach_id in (selling_practice.coach_id, None):
        with asked() as statements:
            found = await selling_practice.times.days(
                selling_practice.free, coach_id, "Asia/Kolkata", NOW.date(), days, NOW
            )
        assert len(found) == days
        assert found[-1].day == NOW.date() + timedelta(days=days - 1)
        assert sum(each.count for each in found) > days
        assert len(statements) <= 3, statements


async def test_a_week_and_what_follows_it_are_one_look(selling_practice: SellingPractice) -> None:
    zone, first = "Asia/Kolkata", NOW.date() + timedelta(days=5)
    for coach_id in (selling_practice.coach_id, None):
        with asked() as statements:
            days, beyond = await selling_practice.times.days_and_next(
                selling_practice.free, coach_id, zone, first, 7, NOW
            )
        assert len(statements) <= 3, statements
        assert days == await selling_practice.times.days(selling_practice.free, coach_id, zone, first, 7, NOW)
        after = midnight(first + timedelta(days=7), zone)
        assert beyond == await selling_practice.times.next_free(selling_practice.free, coach_id, after, NOW)
        assert beyond is not None
