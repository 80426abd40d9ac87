"""Opens the order of a hold with its payment, and ends both when nobody is to pay for the hold any more."""

from bot.domain.bookings.bookings import Booking, BookingState
from bot.domain.bookings.changes import Change, Ended, Held, HoldOver
from bot.domain.payments.orders import OrderClosed
from bot.services.payments import orders_tx
from storage.bookings import bookings
from storage.engine import Tx
from storage.payments import orders, payments
from storage.practice import catalogue


def charge_hold(tx: Tx, change: Change) -> None:
    """Write the order and the intent to charge a hold, or have its page closed: a time is free once nobody can pay."""
    match change:
        case Held() if change.booking.order_id is not None:
            orders.open_first(tx, change.booking, change.cause.now)
            tax = catalogue.snapshot(tx).practice.tax
            payments.intend_first(tx, change.booking, None if tax is None else tax.behavior, change.cause.now)
        case HoldOver():
            payments.close(tx, change.subject, change.cause.now)
        case Ended() if change.before.state is BookingState.HELD:
            payments.close(tx, change.before.subject, change.ending.cause.now)


def end_order(tx: Tx, change: Change) -> OrderClosed | None:
    """End the order of a hold that ended, and the one that a new hold takes the place of: nobody is asked for two
    things at once."""
    match change:
        case Held(instead_of=int(order_id)):
            return orders_tx.give_up(tx, order_id, change.cause)
        case Ended() if change.before.state is BookingState.HELD:
            own = _order_of(tx, change.before)
            return None if own is None else orders_tx.close(tx, own, change.ending.cause)
    return None


def _order_of(tx: Tx, before: Booking) -> int | None:
    """Another one may ask for it since it was read, where more than one date of a plan ends at once."""
    found = bookings.find(tx, before.id) if before.plan_id is not None else before
    return None if found is None else found.order_id
