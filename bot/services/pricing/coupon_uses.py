"""Follows each use of a coupon: it is used once its order is paid, and free again when nobody is to pay that any more,
or when the practice cancels what was bought. Which of them counts its order says."""

from bot.domain.bookings.bookings import BookingState
from bot.domain.bookings.changes import Change, Ended
from bot.domain.bookings.cover import Cover
from bot.domain.payments.orders import OrderChange, OrderPaid
from bot.domain.records import Cause
from bot.domain.subjects import Subject
from storage.engine import CannotRead, Tx
from storage.journal import audit
from storage.payments.coupons import redemptions


def follow_coupon(tx: Tx, change: OrderChange) -> None:
    """Write down what became of the use that was reserved for this order. A coupon is used by who pays."""
    order, cause = change.order, change.cause
    if order.coupon_id is None:
        return
    if isinstance(change, OrderPaid):
        _write_down(tx, "used", order.coupon_id, order.id, Cause(order.person_id, cause.via, cause.now))
    else:
        _write_down(tx, "freed", order.coupon_id, order.id, cause)


def free_coupon(tx: Tx, change: Change) -> None:
    """A session that the practice cancels takes no use of a coupon; one that its client cancels does. What paid for a
    package stays used when a session on it is cancelled."""
    if not isinstance(change, Ended) or not change.after.practice_cancelled:
        return
    booking, cause = change.before, change.ending.cause
    if booking.cover is not Cover.ORDER or booking.order_id is None:
        return
    is_bought = booking.state is BookingState.CONFIRMED  # of what was held the order has ended, and that was followed
    coupon_id = _counting(tx, booking.order_id) if is_bought else None
    redemptions.free(tx, booking.order_id, cause.now)
    if coupon_id is not None:
        _write_down(tx, "freed", coupon_id, booking.order_id, cause)


def _counting(tx: Tx, order_id: int) -> int | None:
    """The coupon of which this order has a use. One that cannot be read keeps nobody from cancelling."""
    try:
        found = redemptions.of_order(tx, order_id)
    except CannotRead as met:
        tx.bad_rows.append(met.bad)
        return None
    return None if found is None or found.freed else found.coupon_id


def _write_down(tx: Tx, what: str, coupon_id: int, order_id: int, cause: Cause) -> None:
    audit.write(
        tx, person_id=cause.person_id, via=cause.via, act=f"coupon.{what}", subject=Subject("coupon", coupon_id),
        after={"order": order_id}, now=cause.now,
    )  # fmt: skip
