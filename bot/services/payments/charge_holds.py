"""Intends the payment of a hold, and has its page closed when nobody is to pay for the hold any more."""

from bot.domain.bookings.bookings import BookingState
from bot.domain.bookings.changes import Change, Ended, Held, HoldOver
from storage.engine import Tx
from storage.payments import payments


def charge_hold(tx: Tx, change: Change) -> None:
    """Write the intent to charge a hold, or to close its page: a time is free once nobody can pay for it."""
    match change:
        case Held():
            payments.intend_first(tx, change.booking, change.cause.now)
        case HoldOver():
            payments.close(tx, change.subject, change.cause.now)
        case Ended() if change.before.state is BookingState.HELD:
            payments.close(tx, change.before.subject, change.ending.cause.now)
