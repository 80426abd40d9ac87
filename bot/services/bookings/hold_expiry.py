"""Warns before a hold ends and releases it afterwards."""

from datetime import datetime, timedelta

from bot.domain.bookings.changes import HoldOver
from bot.domain.notices.notices import NoticeKind
from bot.domain.records import Cause
from bot.domain.subjects import Subject
from bot.services.bookings import booking_changes
from bot.services.kit.reaction import Reaction
from storage.bookings import bookings, hold_marks
from storage.engine import Storage, Tx
from storage.notices import outbox

WARN_AHEAD = timedelta(minutes=5)


async def warn(storage: Storage, now: datetime) -> int:
    """Have the message of each hold shown again when five minutes are left; how many."""

    def work(tx: Tx) -> int:
        warned = hold_marks.mark_warned(tx, now, WARN_AHEAD)
        for booking_id in warned:
            outbox.ask_correction(tx, Subject("booking", booking_id), now, {NoticeKind.HOLD})
        return len(warned)

    return await storage.write(work)


async def end_over(storage: Storage, react: Reaction, now: datetime) -> int:
    """End the holds that are over; the payment page of the others is to be closed first. How many ended.

    A time is free again when nobody can pay for it any more, or two minutes after the hold's end.
    """

    def work(tx: Tx) -> int:
        for booking_id in hold_marks.mark_over(tx, now):
            react(tx, HoldOver(Subject("booking", booking_id), Cause(None, "worker", now)))
        return booking_changes.expire(tx, react, bookings.over_holds(tx, now), now)

    return await storage.write(work)
