import asyncio
from datetime import date

import sqlalchemy as sa

from bot.domain.calendar.hours import DayDiff
from bot.domain.calendar.spans import HoursChange
from bot.domain.refusals import Code, Done
from storage import tables
from storage.engine import Storage
from tests.services.bare_practice import ANA, CLIENT, NOW, OWNER, BarePractice, done, later, made, refused
from tests.services.booked import book

AFTERNOON = HoursChange({1: ((840, 1020),)}, {date(2026, 12, 24): ()})


async def rows(storage: Storage, coach_id: int) -> tuple[object, object]:
    query = sa.select(tables.coaches.c.weekly, tables.coaches.c.days).where(tables.coaches.c.id == coach_id)
    row = await storage.read(lambda tx: tx.execute(query).one())
    return (row.weekly, row.days)


async def test_a_preview_shows_what_changes_and_saves_nothing(bare_practice: BarePractice) -> None:
    coach_id = await bare_practice.set_up()
    before = await bare_practice.coach(coach_id)

    preview = await bare_practice.hours.preview(coach_id, AFTERNOON, NOW)

    assert preview is not None
    assert preview.changes == [
        DayDiff(1, ((540, 720),), ((840, 1020),)),
        DayDiff(date(2026, 12, 24), None, ()),
    ]
    assert preview.outside == []
    assert await bare_practice.coach(coach_id) == before


async def test_a_preview_lists_the_sessions_that_would_lie_outside(bare_practice: BarePractice) -> None:
    coach_id = await bare_practice.set_up()
    tuesday = await book(bare_practice, CLIENT, coach_id, later(7 * 1440))  # 8 December, 10:00 in Berlin
    await book(bare_practice, CLIENT, coach_id, later(8 * 1440))
    christmas = await book(bare_practice, CLIENT, coach_id, later(23 * 1440))

    preview = await bare_practice.hours.preview(coach_id, AFTERNOON, NOW)

    assert preview is not None
    assert [booking.id for booking in preview.outside] == [tuesday, christmas]


async def test_saving_leaves_bookings_as_they_are(bare_practice: BarePractice) -> None:
    coach_id = await bare_practice.set_up()
    booking_id = await book(bare_practice, CLIENT, coach_id, later(7 * 1440))
    coach = await bare_practice.coach(coach_id)

    done(await bare_practice.hours.save(await bare_practice.act(OWNER), coach_id, coach.version, AFTERNOON))

    after = await bare_practice.coach(coach_id)
    assert after.version == coach.version + 1
    assert after.schedule.weekly[1] == ((840, 1020),)
    assert after.schedule.days == {date(2026, 12, 24): ()}
    assert [booking.id for booking in await bare_practice.coaches.upcoming(coach_id, NOW)] == [booking_id]


async def test_of_two_saves_of_one_version_the_second_is_refused(bare_practice: BarePractice) -> None:
    coach_id = await bare_practice.set_up()
    coach = await bare_practice.coach(coach_id)
    first, second = await bare_practice.act(OWNER), await bare_practice.act(OWNER)

    answers = await asyncio.gather(
        bare_practice.hours.save(first, coach_id, coach.version, AFTERNOON),
        bare_practice.hours.save(second, coach_id, coach.version, HoursChange({0: ()}, {})),
    )

    assert sum(isinstance(answer, Done) for answer in answers) == 1
    assert (await bare_practice.coach(coach_id)).version == coach.version + 1


async def test_undo_restores_identical_rows(bare_practice: BarePractice, storage: Storage) -> None:
    coach_id = await bare_practice.set_up()
    coach = await bare_practice.coach(coach_id)
    before = await rows(storage, coach_id)
    done(await bare_practice.hours.save(await bare_practice.act(OWNER), coach_id, coach.version, AFTERNOON))
    assert await rows(storage, coach_id) != before
    assert await bare_practice.hours.undoable(coach_id, later(10)) is not None

    done(await bare_practice.hours.undo(await bare_practice.act(OWNER, later(10)), coach_id, coach.version + 1))

    assert await rows(storage, coach_id) == before
    assert (await bare_practice.coach(coach_id)).version == coach.version + 2


async def test_undo_ends_after_ten_minutes(bare_practice: BarePractice) -> None:
    coach_id = await bare_practice.set_up()
    version = (await bare_practice.coach(coach_id)).version

    answer = await bare_practice.hours.undo(await bare_practice.act(OWNER, later(10.1)), coach_id, version)

    refused(answer, Code.ALREADY_OVER)
    assert await bare_practice.hours.undoable(coach_id, later(10.1)) is None


async def test_undo_of_an_older_version_is_refused(bare_practice: BarePractice) -> None:
    coach_id = await bare_practice.set_up()
    coach = await bare_practice.coach(coach_id)
    done(await bare_practice.hours.save(await bare_practice.act(OWNER), coach_id, coach.version, AFTERNOON))

    refused(await bare_practice.hours.undo(await bare_practice.act(OWNER), coach_id, coach.version), Code.CHANGED)
    refused(await bare_practice.hours.undo(await bare_practice.act(OWNER), coach_id, 99), Code.NOT_FOUND)


async def test_the_first_hours_can_be_undone_too(bare_practice: BarePractice) -> None:
    coach_id = await bare_practice.set_up()

    done(await bare_practice.hours.undo(await bare_practice.act(OWNER), coach_id, 2))

    assert not any((await bare_practice.coach(coach_id)).schedule.weekly)


async def test_only_the_coach_and_owners_change_hours(bare_practice: BarePractice) -> None:
    olga = await bare_practice.set_up()
    ana = made(
        await bare_practice.invitations.accept(await bare_practice.act(ANA), (await bare_practice.invite()).token)
    )

    refused(await bare_practice.hours.save(await bare_practice.act(CLIENT), olga, 2, AFTERNOON), Code.NOT_FOUND)
    refused(await bare_practice.hours.save(await bare_practice.act(ANA), olga, 2, AFTERNOON), Code.NOT_FOUND)
    refused(await bare_practice.hours.undo(await bare_practice.act(ANA), olga, 2), Code.NOT_FOUND)
    done(await bare_practice.hours.save(await bare_practice.act(ANA), ana, 1, AFTERNOON))
    done(await bare_practice.hours.save(await bare_practice.act(OWNER), ana, 2, AFTERNOON))
    refused(await bare_practice.hours.save(await bare_practice.act(OWNER), 999, 1, AFTERNOON), Code.NOT_FOUND)
    assert await bare_practice.hours.preview(999, AFTERNOON, NOW) is None
