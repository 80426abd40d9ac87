from datetime import timedelta

from bot.domain.bookings.bookings import Outcome
from bot.domain.people.people import Platform
from bot.domain.refusals import Code
from bot.services.reports.coach_day import ReminderState
from tests.services.bare_practice import CLIENT, NOW, OWNER, done, made, refused
from tests.services.selling_practice import SellingPractice, guest

ZONE = "Europe/Berlin"


async def test_a_day_in_order_with_its_gaps(selling_practice: SellingPractice) -> None:
    starts = await selling_practice.starts()
    late = await selling_practice.book(starts[3], guest(1))
    early = await selling_practice.book(starts[0])
    held = await selling_practice.found(
        made(await selling_practice.try_hold(guest(2), selling_practice.paid, starts[-1]))
    )
    day = starts[0].date()

    sessions = await selling_practice.day.sessions(selling_practice.coach_id, day, ZONE, NOW)

    assert [(each.booking, each.gap_min) for each in sessions] == [(early, None), (late, 40)]
    assert [each.reminder for each in sessions] == [ReminderState.DUE, ReminderState.DUE]
    held_day = held.starts.date()
    assert len(await selling_practice.day.sessions(selling_practice.coach_id, held_day, ZONE, NOW)) == 1
    assert (
        await selling_practice.day.sessions(selling_practice.coach_id, held_day, ZONE, NOW + timedelta(minutes=16))
        == []
    )
    assert await selling_practice.day.sessions(999, day, ZONE, NOW) == []


async def test_a_session_is_settled_once_it_began_and_undone_for_a_day(selling_practice: SellingPractice) -> None:
    booking = await selling_practice.book((await selling_practice.starts())[0])
    settle, unsettle = selling_practice.day.settle, selling_practice.day.unsettle
    refused(
        await settle(await selling_practice.act(OWNER), booking.id, booking.version, Outcome.TOOK_PLACE), Code.CHANGED
    )
    began = booking.starts
    refused(
        await settle(await selling_practice.act(CLIENT, began), booking.id, booking.version, Outcome.TOOK_PLACE),
        Code.NOT_FOUND,
    )

    done(await settle(await selling_practice.act(OWNER, began), booking.id, booking.version, Outcome.NO_SHOW))
    settled = await selling_practice.found(booking.id)
    assert (settled.outcome, settled.outcome_at) == (Outcome.NO_SHOW, began)
    assert [state for _person, _address, state in await selling_practice.notices("settle")] == ["cancelled"]

    day_later = began + timedelta(days=1)
    refused(
        await unsettle(await selling_practice.act(OWNER, day_later), booking.id, settled.version), Code.ALREADY_OVER
    )
    within = day_later - timedelta(seconds=1)
    done(await unsettle(await selling_practice.act(OWNER, within), booking.id, settled.version))
    assert (await selling_practice.found(booking.id)).outcome is None
    assert (await selling_practice.trail())[-2:] == ["booking.settled", "booking.settled"]


async def test_clients_with_what_comes_and_what_was(selling_practice: SellingPractice) -> None:
    starts = await selling_practice.starts()
    first = await selling_practice.book(starts[0])
    await selling_practice.book(starts[8])
    absent = await selling_practice.book(starts[3], guest(1))
    made(await selling_practice.try_hold(guest(2), selling_practice.paid, starts[-1]))
    after = absent.ends
    done(
        await selling_practice.day.settle(
            await selling_practice.act(OWNER, after), absent.id, absent.version, Outcome.NO_SHOW
        )
    )

    rows = await selling_practice.day.clients(selling_practice.coach_id, after, 0, 9)

    assert [(row.name, row.next, row.last, row.count, row.unpaid) for row in rows] == [
        ("Clara Client", starts[8], starts[0], 1, 0),
        ("Guest 1", None, starts[3], 0, 0),
        ("Guest 2", None, None, 0, 1),
    ]
    assert {row.reachable for row in rows} == {(Platform.TELEGRAM,)}
    assert [await selling_practice.day.clients(selling_practice.coach_id, after, skip, 1) for skip in range(4)] == [
        *([row] for row in rows),
        [],
    ]
    page = await selling_practice.day.client(selling_practice.coach_id, first.person_id, after)
    assert page is not None
    assert [each.starts for each in page.bookings] == [starts[8], starts[0]]
    assert await selling_practice.day.client(999, first.person_id, after) is None


async def test_what_waits_for_an_answer(selling_practice: SellingPractice) -> None:
    starts = await selling_practice.starts()
    first, second = await selling_practice.book(starts[0]), await selling_practice.book(starts[8])
    made(await selling_practice.moves.propose(await selling_practice.act(OWNER), second.id, second.version, starts[-1]))

    questions = await selling_practice.day.open_questions(selling_practice.coach_id, first.ends)

    assert [each.id for each in questions.unsettled] == [first.id]
    assert [each.booking_id for each in questions.proposals] == [second.id]
