import asyncio
from datetime import timedelta

import pytest
import sqlalchemy as sa

from bot.domain.bookings.policy import Actor, Cancelled
from bot.domain.refusals import Code, Done
from bot.services.bookings.reschedule import MoveQuote
from storage import tables
from storage.notices import outbox, outbox_claims
from tests.services.bare_practice import CLIENT, NOW, OWNER, done, refused
from tests.services.selling_practice import SellingPractice, guest
from tests.support.servers.statements import asked


async def test_a_move_takes_the_new_time_and_frees_the_old(selling_practice: SellingPractice) -> None:
    starts = await selling_practice.starts()
    booking = await selling_practice.buy(starts[-1])
    quote = await selling_practice.moves.quote(await selling_practice.meet(CLIENT), booking.id, starts[-6], NOW)
    assert isinstance(quote, MoveQuote)
    assert (await selling_practice.found(booking.id)).starts == booking.starts

    done(await selling_practice.move(CLIENT, booking, starts[-6]))

    moved = await selling_practice.found(booking.id)
    owner = await selling_practice.meet(OWNER)
    assert (moved.starts, moved.moves, moved.session_id) == (starts[-6], 1, booking.session_id)
    assert starts[-1] in await selling_practice.starts()
    assert await selling_practice.notices("moved") == [(owner.id, f"notice/moved/{booking.id}", "pending")]
    assert moved.moved_from == booking.starts
    assert await selling_practice.refunds() == []
    assert await selling_practice.count(tables.payments) == 1


async def test_when_a_session_was_before_its_last_move_is_known(selling_practice: SellingPractice) -> None:
    """Also of one that was moved before its row kept that: then by the trail."""
    starts, moves = await selling_practice.starts(), selling_practice.moves
    booking = await selling_practice.buy(starts[-1])
    assert await moves.last_move(booking) is None
    done(await selling_practice.move(CLIENT, booking, starts[-6]))
    moved = await selling_practice.found(booking.id)
    with asked() as statements:
        assert await moves.last_move(moved) == starts[-1]
    assert statements == []

    forgets = sa.update(tables.bookings).values(moved_from=None)
    await selling_practice.storage.write(lambda tx: tx.execute(forgets))
    assert await moves.last_move(await selling_practice.found(booking.id)) == starts[-1]


async def test_a_move_to_a_time_that_is_taken_leaves_all_as_it_was(selling_practice: SellingPractice) -> None:
    starts = await selling_practice.starts()
    booking = await selling_practice.book(starts[0])
    await selling_practice.book(starts[6], guest(1))
    before = await selling_practice.reminders(booking)

    answer = refused(await selling_practice.move(CLIENT, booking, starts[6]), Code.TAKEN)

    assert len(answer.near) == 3
    assert await selling_practice.found(booking.id) == booking
    assert await selling_practice.reminders(booking) == before


async def test_reminders_follow_the_version(selling_practice: SellingPractice) -> None:
    starts = await selling_practice.starts()
    booking = await selling_practice.book(starts[-1])
    owner = await selling_practice.meet(OWNER)
    old = await selling_practice.reminders(booking)
    assert [(address, state) for address, _due, state in old] == [
        (f"remind/{booking.id}/1440", "pending"), (f"remind/{booking.id}/60", "pending"),
    ]  # fmt: skip
    assert old[1][1] == booking.starts - timedelta(hours=1)

    done(await selling_practice.move(CLIENT, booking, starts[-6]))
    moved = await selling_practice.found(booking.id)

    for person_id in (moved.person_id, owner.id):
        rows = await selling_practice.reminders(moved, person_id)
        standing = sorted(due for _address, due, state in rows if state == "pending")
        assert standing == [moved.starts - timedelta(hours=24), moved.starts - timedelta(hours=1)]
        assert sum(state == "cancelled" for _address, _due, state in rows) == 2

    done(await selling_practice.move(CLIENT, moved, starts[-1]))
    back = await selling_practice.reminders(booking)
    assert sorted(due for _address, due, state in back if state == "pending") == [due for _address, due, _ in old]


async def test_messages_that_went_out_are_corrected_after_a_move(selling_practice: SellingPractice) -> None:
    starts = await selling_practice.starts()
    booking = await selling_practice.book(starts[0])
    rows = await selling_practice.storage.write(lambda tx: outbox_claims.claim(tx, "me", NOW, 9, 60))
    for row in rows:
        sent = {"account_id": 1, "chat_ref": "1", "message_ref": "2", "digest": "", "now": NOW}
        await selling_practice.storage.write(lambda tx, row=row, sent=sent: outbox.mark_sent(tx, row.id, "me", **sent))  # type: ignore[misc]

    done(await selling_practice.move(CLIENT, booking, starts[6]))

    due = await selling_practice.storage.write(lambda tx: outbox_claims.claim_corrections(tx, "me", NOW, 9, 60))
    assert {row.notice.kind.value for row in due} == {"booked"}


async def test_cut_off_limit_and_end(selling_practice: SellingPractice) -> None:
    starts = await selling_practice.starts()
    booking = await selling_practice.book(starts[-1])
    late = booking.starts - timedelta(hours=11)
    refused(await selling_practice.move(CLIENT, booking, starts[-1], late), Code.TOO_LATE_TO_MOVE)
    refused(await selling_practice.move(CLIENT, booking, starts[-1], booking.starts), Code.ALREADY_OVER)
    for at in (starts[-6], starts[-1]):
        done(await selling_practice.move(CLIENT, await selling_practice.found(booking.id), at))
    refused(
        await selling_practice.move(CLIENT, await selling_practice.found(booking.id), starts[-6]), Code.NO_MOVES_LEFT
    )
    refused(await selling_practice.move(CLIENT, booking, starts[-6]), Code.CHANGED)
    refused(await selling_practice.move(guest(1), await selling_practice.found(booking.id), starts[-6]), Code.NOT_FOUND)


async def test_two_sessions_that_want_one_time(selling_practice: SellingPractice) -> None:
    starts = await selling_practice.starts()
    pairs = [(guest(number), await selling_practice.book(starts[4 * number], guest(number))) for number in range(3)]

    answers = await asyncio.gather(*(selling_practice.move(who, booking, starts[-1]) for who, booking in pairs))

    assert sum(isinstance(answer, Done) for answer in answers) == 1


# -- proposals -------------------------------------------------------------------------------------------


# -- cancelling after a late move ------------------------------------------------------------------------


@pytest.mark.parametrize(("hours", "becomes"), [(30, Cancelled.IN_TIME), (20, Cancelled.LATE)])
async def test_a_move_does_not_make_a_late_cancel_free_again(
    selling_practice: SellingPractice, hours: int, becomes: Cancelled
) -> None:
    starts = await selling_practice.starts()
    booking = await selling_practice.buy(starts[8])
    when = booking.starts - timedelta(hours=hours)
    quote = await selling_practice.moves.quote(await selling_practice.meet(CLIENT), booking.id, starts[-6], when)
    assert isinstance(quote, MoveQuote)

    done(await selling_practice.move(CLIENT, booking, starts[-6], when))
    once = await selling_practice.found(booking.id)
    done(await selling_practice.move(CLIENT, once, starts[-1], when))
    moved = await selling_practice.found(booking.id)
    outcome = selling_practice.bookings.cancel_outcome(moved, Actor.CLIENT, when)

    assert (outcome.becomes, quote.cancel_then.becomes) == (becomes, becomes)
    assert outcome.kept == (moved.paid if becomes is Cancelled.LATE else moved.paid - moved.paid)


async def test_a_move_that_was_offered_before_the_cut_off_is_not_made_after_it(
    selling_practice: SellingPractice,
) -> None:
    starts = await selling_practice.starts()
    booking = await selling_practice.buy(starts[0])
    cutoff = booking.starts - timedelta(hours=24)
    client, before = await selling_practice.meet(CLIENT), cutoff - timedelta(minutes=1)
    free = await selling_practice.moves.quote(client, booking.id, starts[-1], before)
    assert isinstance(free, MoveQuote)
    act = await selling_practice.act(CLIENT, cutoff)
    refused(await selling_practice.moves.move(act, booking.id, starts[-1], free.facts), Code.CHANGED)
