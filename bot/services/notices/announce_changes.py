"""Tells client and coach of a change, and plans the reminders of a session that takes place."""

from dataclasses import replace

from bot.domain.bookings.bookings import BookingState
from bot.domain.bookings.changes import Change, Confirmed, Ended, Ending, Held, Moved
from bot.domain.notices.notices import NoticeKind, address_of
from bot.services.notices.notice_planning import (
    ANSWER_GOES_FIRST,
    notice,
    plan_reminders,
    tell,
    tell_confirmed,
    tell_planned,
)
from storage.engine import Tx
from storage.instants import to_epoch
from storage.notices import outbox


def announce_change(tx: Tx, change: Change) -> None:
    """Write the messages of the change, and reminders where the session has a new start."""
    match change:
        case Held(booking=booking):
            due = change.cause.now + ANSWER_GOES_FIRST
            tell(tx, NoticeKind.HOLD, booking, booking.person_id, booking.version, due)
        case Confirmed(after=booking) if booking.plan_id is not None:
            tell_planned(tx, booking, booking.plan_id, change.cause.now, change.cause.person_id, change.both)
        case Confirmed():
            tell_confirmed(tx, change.after, change.cause.now, change.cause.person_id, change.both)
        case Moved():
            plan_reminders(tx, change.after, change.cause.now, change.both)
            _tell_moved(tx, change)
            _send_files(tx, change)
        case Ended(after=booking, ending=Ending(state=BookingState.EXPIRED)):
            if booking.speaks:
                tell(tx, NoticeKind.HOLD_ENDED, booking, booking.person_id, booking.version, change.ending.cause.now)
        case Ended():
            for person_id in dict.fromkeys(change.ending.told):
                tell(tx, NoticeKind.CANCELLED, change.before, person_id, change.after.version, change.ending.cause.now)


def _tell_moved(tx: Tx, change: Moved) -> None:
    """To both sides but whoever moved it; where a proposal was accepted, its coach is told of the answer instead, and
    who takes the session over hears of it as of a new one."""
    booking = change.after
    if booking.coach_person_id != change.before.coach_person_id:
        tell(tx, NoticeKind.BOOKED, booking, booking.coach_person_id, booking.version, change.cause.now)
    if change.answers is not None:
        return
    for person_id in dict.fromkeys((booking.person_id, booking.coach_person_id)):
        if person_id != change.cause.person_id:
            tell(tx, NoticeKind.MOVED, booking, person_id, booking.version, change.cause.now)


def _send_files(tx: Tx, change: Moved) -> None:
    """A new calendar file to who took one, below what tells of the move."""
    booking, now = change.after, change.cause.now
    filed = [each for each in dict.fromkeys((booking.person_id, booking.coach_person_id)) if booking.is_filed_by(each)]
    for person_id in filed:
        due = now + ANSWER_GOES_FIRST if person_id == change.cause.person_id else now
        told = notice(NoticeKind.CALENDAR_FILE, booking, person_id, booking.version, due)
        address = address_of(told.kind, booking.id, to_epoch(booking.starts))
        outbox.put(tx, replace(told, address=address), now)
