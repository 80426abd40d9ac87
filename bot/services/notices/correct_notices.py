"""Withdraws or corrects the messages about a booking that a change makes untrue."""

from collections.abc import Collection
from datetime import datetime

from bot.domain.bookings.bookings import Booking
from bot.domain.bookings.changes import Change, Confirmed, Ended, HoldOver, Moved, Settled
from bot.domain.notices.notices import HOLDS, LAPSE, NoticeKind
from storage.engine import Tx
from storage.notices import outbox


def correct_notices(tx: Tx, change: Change) -> None:
    """Withdraw the waiting messages that the change makes untrue, and ask for a correction of those that are out."""
    match change:
        case HoldOver():
            outbox.ask_correction(tx, change.subject, change.cause.now, HOLDS)
        case Confirmed() if change.before is not None:
            _withdraw(tx, change.after, {*HOLDS, NoticeKind.HOLD_ENDED}, "confirmed", change.cause.now)
        case Moved():
            _withdraw_all(tx, change.before, "moved", change.cause.now)
        case Ended():
            _withdraw_all(tx, change.before, change.after.state.value, change.ending.cause.now)
        case Settled():
            _withdraw(tx, change.after, {NoticeKind.SETTLE}, "settled", change.cause.now)
            outbox.ask_correction(tx, change.after.subject, change.cause.now, {NoticeKind.THANKS})


def _withdraw(tx: Tx, booking: Booking, kinds: Collection[NoticeKind], note: str, now: datetime) -> None:
    outbox.cancel(tx, subject=booking.subject, kinds=kinds, note=note)
    outbox.ask_correction(tx, booking.subject, now, kinds)


def _withdraw_all(tx: Tx, booking: Booking, note: str, now: datetime) -> None:
    """What was to be said of the booking as it was is not said; whatever was said is to be corrected."""
    outbox.cancel(tx, subject=booking.subject, kinds=LAPSE, note=note)
    outbox.ask_correction(tx, booking.subject, now)
