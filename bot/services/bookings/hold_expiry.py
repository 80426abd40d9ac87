"""Warns before a hold ends, and releases it afterwards."""

from datetime import datetime, timedelta
from functools import partial

from bot.domain.bookings.bookings import Booking
from bot.domain.bookings.changes import HoldOver
from bot.domain.notices.notices import HOLDS, Notice, NoticeKind, address_of
from bot.domain.records import Cause
from bot.domain.subjects import Subject
from bot.services.bookings import booking_changes
from bot.services.kit.reaction import Reaction
from storage.bookings import bookings, hold_marks
from storage.engine import Storage, Tx
from storage.journal.unreadable import each_alone
from storage.notices import outbox

WARN_AHEAD = timedelta(minutes=5)


async def warn(storage: Storage, now: datetime) -> int:
    """Tell who holds a time that five minutes are left, once; of how many holds.

    It is a message of its own, since an edit of the first one makes no sound; of a hold that was hardly longer, the
    first one is shown again.
    """

    def work(tx: Tx) -> int:
        near = hold_marks.to_warn(tx, now, WARN_AHEAD)
        return sum(bool(each_alone(tx, partial(_warn_one, tx, booking_id, now))) for booking_id in near)

    return await storage.write(work)


def _warn_one(tx: Tx, booking_id: int, now: datetime) -> bool:
    held = bookings.find(tx, booking_id)
    if not hold_marks.mark_warned(tx, booking_id) or (held is not None and not held.speaks):
        return False
    if held is not None and held.hold_ends is not None and held.hold_ends - held.made_at >= 2 * WARN_AHEAD:
        outbox.put(tx, _ending(held, held.hold_ends, now), now)
    else:
        outbox.ask_correction(tx, Subject("booking", booking_id), now, HOLDS)
    return True


def _ending(held: Booking, ends: datetime, now: datetime) -> Notice:
    kind, person_id = NoticeKind.HOLD_ENDING, held.person_id
    key = f"booking:{held.id}:{held.version}:{kind}:{person_id}"
    return Notice(key, person_id, kind, address_of(kind, held.id), now, ends, held.subject)


async def end_over(storage: Storage, react: Reaction, now: datetime) -> int:
    """End the holds that are over; the payment page of the others is to be closed first. How many ended.

    A time is free again when nobody can pay for it any more, or two minutes after the hold's end.
    """

    def work(tx: Tx) -> int:
        for booking_id in hold_marks.mark_over(tx, now):
            react(tx, HoldOver(Subject("booking", booking_id), Cause(None, "worker", now)))
        return booking_changes.expire(tx, react, bookings.over_holds(tx, now), now)

    return await storage.write(work)
