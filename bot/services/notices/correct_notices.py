"""Withdraws or corrects the messages about a booking that a change makes untrue."""

from datetime import datetime

from bot.domain.bookings.bookings import Booking, BookingState
from bot.domain.bookings.changes import Change, Confirmed, Ended, Ending, HoldOver, Moved, Settled
from bot.domain.notices.notices import HOLDS, LAPSE, NoticeKind, address_of
from bot.domain.subjects import Subject
from storage.engine import Tx
from storage.notices import outbox
from storage.notices.withdrawn import Untrue, withdraw

_HOLDS = frozenset({*HOLDS, NoticeKind.HOLD_ENDED})
CONFIRMED = Untrue(waiting=_HOLDS, said=_HOLDS)
SETTLED = Untrue(waiting=frozenset({NoticeKind.SETTLE}), said=frozenset({NoticeKind.SETTLE, NoticeKind.THANKS}))
CHANGED = Untrue(waiting=LAPSE)
EXPIRED = Untrue(waiting=LAPSE, readdressed=HOLDS)
"""What was said of the hold before only says that it is over."""


def correct_notices(tx: Tx, change: Change) -> None:
    """Withdraw the waiting messages that the change makes untrue, and ask for a correction of those that are out."""
    match change:
        case HoldOver():
            outbox.ask_correction(tx, change.subject, change.cause.now, HOLDS)
        case Confirmed() if change.before is not None:
            withdraw(tx, change.after.subject, CONFIRMED, "confirmed", change.cause.now)
        case Moved():
            withdraw(tx, change.before.subject, CHANGED, "moved", change.cause.now)
            _correct_plan(tx, change.before, change.cause.now)
        case Ended(ending=Ending(state=BookingState.EXPIRED)):
            over = address_of(NoticeKind.HOLD_ENDED, change.before.id, "before")
            withdraw(tx, change.before.subject, EXPIRED, BookingState.EXPIRED.value, change.ending.cause.now, over)
        case Ended():
            withdraw(tx, change.before.subject, CHANGED, change.after.state.value, change.ending.cause.now)
            _correct_plan(tx, change.before, change.ending.cause.now)
        case Settled():
            withdraw(tx, change.after.subject, SETTLED, "settled", change.cause.now)


def _correct_plan(tx: Tx, before: Booking, now: datetime) -> None:
    """The message that told of all dates of a plan tells of this one as it is now."""
    if before.plan_id is not None and before.state is BookingState.CONFIRMED:
        outbox.ask_correction(tx, Subject("plan", before.plan_id), now, {NoticeKind.PLANNED})
