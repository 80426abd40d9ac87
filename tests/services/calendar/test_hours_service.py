import asyncio
from datetime import date

import sqlalchemy as sa

from bot.domain.calendar.hours import DayDiff
from bot.domain.calendar.spans import HoursChange
from bot.domain.refusals import Code, Done
from storage import tables
from storage.engine import Storage
from tests.services.booked import book
from tests.services.house import ANA, CLIENT, NOW, OWNER, House, done, later, made, refused

AFTERNOON = HoursChange({1: ((840, 1020),)}, {date(2026, 12, 24): ()})


async def rows(storage: Storage, coach_id: int) -> tuple[object, object]:
    query = sa.select(tables.coaches.c.weekly, tables.coaches.c.days).where(tables.coaches.c.id == coach_id)
    row = await storage.read(lambda tx: tx.execute(query).one())
    return (row.weekly, row.days)


async def test_a_preview_shows_what_changes_and_saves_nothing(house: House) -> None:
    coach_id = await house.set_up()
    before = await house.coach(coach_id)

    preview = await house.hours.preview(coach_id, AFTERNOON, NOW)

    assert preview is not None
    assert preview.changes == [
        DayDiff(1, ((540, 720),), ((840, 1020),)),
        DayDiff(date(2026, 12, 24), None, ()),
    ]
    assert preview.outside == []
    assert await house.coach(coach_id) == before


async def test_a_preview_lists_the_sessions_that_would_lie_outside(house: House) -> None:
    coach_id = await house.set_up()
    tuesday = await book(house, CLIENT, coach_id, later(7 * 1440))  # 8 December, 10:00 in Berlin
    await book(house, CLIENT, coach_id, later(8 * 1440))
    christmas = await book(house, CLIENT, coach_id, later(23 * 1440))

    preview = await house.hours.preview(coach_id, AFTERNOON, NOW)

    assert preview is not None
    assert [booking.id for booking in preview.outside] == [tuesday, christmas]


async def test_saving_leaves_bookings_as_they_are(house: House) -> None:
    coach_id = await house.set_up()
    booking_id = await book(house, CLIENT, coach_id, later(7 * 1440))
    coach = await house.coach(coach_id)

    done(await house.hours.save(await house.act(OWNER), coach_id, coach.version, AFTERNOON))

    after = await house.coach(coach_id)
    assert after.version == coach.version + 1
    assert after.schedule.weekly[1] == ((840, 1020),)
    assert after.schedule.days == {date(2026, 12, 24): ()}
    assert [booking.id for booking in await house.coaches.upcoming(coach_id, NOW)] == [booking_id]


async def test_of_two_saves_of_one_version_the_second_is_refused(house: House) -> None:
    coach_id = await house.set_up()
    coach = await house.coach(coach_id)
    first, second = await house.act(OWNER), await house.act(OWNER)

    answers = await asyncio.gather(
        house.hours.save(first, coach_id, coach.version, AFTERNOON),
        house.hours.save(second, coach_id, coach.version, HoursChange({0: ()}, {})),
    )

    assert sum(isinstance(answer, Done) for answer in answers) == 1
    assert (await house.coach(coach_id)).version == coach.version + 1


async def test_undo_restores_identical_rows(house: House, storage: Storage) -> None:
    coach_id = await house.set_up()
    coach = await house.coach(coach_id)
    before = await rows(storage, coach_id)
    done(await house.hours.save(await house.act(OWNER), coach_id, coach.version, AFTERNOON))
    assert await rows(storage, coach_id) != before
    assert await house.hours.undo_until(coach_id, later(10)) == later(10)

    done(await house.hours.undo(await house.act(OWNER, later(10)), coach_id, coach.version + 1))

    assert await rows(storage, coach_id) == before
    assert (await house.coach(coach_id)).version == coach.version + 2


async def test_undo_ends_after_ten_minutes(house: House) -> None:
    coach_id = await house.set_up()
    version = (await house.coach(coach_id)).version

    answer = await house.hours.undo(await house.act(OWNER, later(10.1)), coach_id, version)

    refused(answer, Code.ALREADY_OVER)
    assert await house.hours.undo_until(coach_id, later(10.1)) is None


async def test_undo_of_an_older_version_is_refused(house: House) -> None:
    coach_id = await house.set_up()
    coach = await house.coach(coach_id)
    done(await house.hours.save(await house.act(OWNER), coach_id, coach.version, AFTERNOON))

    refused(await house.hours.undo(await house.act(OWNER), coach_id, coach.version), Code.CHANGED)
    refused(await house.hours.undo(await house.act(OWNER), coach_id, 99), Code.NOT_FOUND)


async def test_the_first_hours_can_be_undone_too(house: House) -> None:
    coach_id = await house.set_up()

    done(await house.hours.undo(await house.act(OWNER), coach_id, 2))

    assert not any((await house.coach(coach_id)).schedule.weekly)


async def test_only_the_coach_and_owners_change_hours(house: House) -> None:
    olga = await house.set_up()
    ana = made(await house.invitations.accept(await house.act(ANA), (await house.invite()).token))

    refused(await house.hours.save(await house.act(CLIENT), olga, 2, AFTERNOON), Code.NOT_FOUND)
    refused(await house.hours.save(await house.act(ANA), olga, 2, AFTERNOON), Code.NOT_FOUND)
    refused(await house.hours.undo(await house.act(ANA), olga, 2), Code.NOT_FOUND)
    done(await house.hours.save(await house.act(ANA), ana, 1, AFTERNOON))
    done(await house.hours.save(await house.act(OWNER), ana, 2, AFTERNOON))
    refused(await house.hours.save(await house.act(OWNER), 999, 1, AFTERNOON), Code.NOT_FOUND)
    assert await house.hours.preview(999, AFTERNOON, NOW) is None
