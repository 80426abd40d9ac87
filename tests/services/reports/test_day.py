from datetime import timedelta

from bot.domain.bookings.bookings import Outcome
from bot.domain.people.people import Platform
from bot.domain.refusals import Code
from bot.services.reports.day import ReminderState
from tests.services.counter import Counter, guest
from tests.services.house import CLIENT, NOW, OWNER, done, made, refused

ZONE = "Europe/Berlin"


async def test_a_day_in_order_with_its_gaps(counter: Counter) -> None:
    starts = await counter.starts()
    late = await counter.book(starts[3], guest(1))
    early = await counter.book(starts[0])
    held = await counter.found(made(await counter.try_hold(guest(2), counter.paid, starts[-1])))
    day = starts[0].date()

    sessions = await counter.day.sessions(counter.coach_id, day, ZONE, NOW)

    assert [(each.booking, each.gap_min) for each in sessions] == [(early, None), (late, 40)]
    assert [each.reminder for each in sessions] == [ReminderState.DUE, ReminderState.DUE]
    held_day = held.starts.date()
    assert len(await counter.day.sessions(counter.coach_id, held_day, ZONE, NOW)) == 1
    assert await counter.day.sessions(counter.coach_id, held_day, ZONE, NOW + timedelta(minutes=16)) == []
    assert await counter.day.sessions(999, day, ZONE, NOW) == []


async def test_a_session_is_settled_once_it_began_and_undone_for_a_day(counter: Counter) -> None:
    booking = await counter.book((await counter.starts())[0])
    settle, unsettle = counter.day.settle, counter.day.unsettle
    refused(await settle(await counter.act(OWNER), booking.id, booking.version, Outcome.HELD), Code.CHANGED)
    began = booking.starts
    refused(await settle(await counter.act(CLIENT, began), booking.id, booking.version, Outcome.HELD), Code.NOT_FOUND)

    done(await settle(await counter.act(OWNER, began), booking.id, booking.version, Outcome.NO_SHOW))
    settled = await counter.found(booking.id)
    assert (settled.outcome, settled.outcome_at) == (Outcome.NO_SHOW, began)
    assert [state for _person, _address, state in await counter.notices("settle")] == ["cancelled"]

    day_later = began + timedelta(days=1)
    refused(await unsettle(await counter.act(OWNER, day_later), booking.id, settled.version), Code.ALREADY_OVER)
    within = day_later - timedelta(seconds=1)
    done(await unsettle(await counter.act(OWNER, within), booking.id, settled.version))
    assert (await counter.found(booking.id)).outcome is None
    assert (await counter.trail())[-2:] == ["booking.settled", "booking.settled"]


async def test_clients_with_what_comes_and_what_was(counter: Counter) -> None:
    starts = await counter.starts()
    first = await counter.book(starts[0])
    await counter.book(starts[8])
    absent = await counter.book(starts[3], guest(1))
    made(await counter.try_hold(guest(2), counter.paid, starts[-1]))
    after = absent.ends
    done(await counter.day.settle(await counter.act(OWNER, after), absent.id, absent.version, Outcome.NO_SHOW))

    rows = await counter.day.clients(counter.coach_id, after, 0, 9)

    assert [(row.name, row.next, row.last, row.count, row.unpaid) for row in rows] == [
        ("Clara Client", starts[8], starts[0], 1, 0),
        ("Guest 1", None, starts[3], 0, 0),
        ("Guest 2", None, None, 0, 1),
    ]
    assert {row.reachable for row in rows} == {(Platform.TELEGRAM,)}
    assert [await counter.day.clients(counter.coach_id, after, skip, 1) for skip in range(4)] == [
        *([row] for row in rows),
        [],
    ]
    page = await counter.day.client(counter.coach_id, first.person_id, after)
    assert page is not None
    assert [each.starts for each in page.bookings] == [starts[8], starts[0]]
    assert await counter.day.client(999, first.person_id, after) is None


async def test_what_waits_for_an_answer(counter: Counter) -> None:
    starts = await counter.starts()
    first, second = await counter.book(starts[0]), await counter.book(starts[8])
    made(await counter.moves.propose(await counter.act(OWNER), second.id, second.version, starts[-1]))

    questions = await counter.day.open_questions(counter.coach_id, first.ends)

    assert [each.id for each in questions.unsettled] == [first.id]
    assert [each.booking_id for each in questions.proposals] == [second.id]
