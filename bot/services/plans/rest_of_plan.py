"""Asks for the rest of several sessions, where the practice cancels one of them before they are paid.

A line of an order never changes: its order is closed, and another asks for the times that stand, until the same end.
"""

from bot.domain.bookings.bookings import Booking, BookingState
from bot.domain.bookings.changes import Change, Ended
from bot.domain.notices.notices import NoticeKind
from bot.domain.payments.orders import Order
from bot.domain.records import Cause
from bot.services.notices.notice_planning import ANSWER_GOES_FIRST, tell
from bot.services.payments import tell_money
from storage.bookings import bookings, on_order, planned
from storage.engine import Tx
from storage.journal import audit
from storage.payments import orders, payments


def ask_for_rest(tx: Tx, change: Change) -> None:
    """The order of what was cancelled is closed by now, and so is its page."""
    if not isinstance(change, Ended) or not change.after.practice_cancelled:
        return
    if change.before.state is not BookingState.HELD or change.before.plan_id is None:
        return
    gone, cause = bookings.find(tx, change.before.id), change.ending.cause
    closed = None if gone is None or gone.order_id is None else orders.find(tx, gone.order_id)
    rest = [] if closed is None else [each for each in on_order.of_order(tx, closed.id) if each.is_held(cause.now)]
    if closed is None or not rest:
        return
    subjects = {each.subject for each in rest}
    lines = [line for line in closed.lines if line.subject in subjects]
    after = orders.open_new(tx, closed.person_id, lines, closed.created_at)
    planned.put_on_order(tx, rest, after.id)
    payments.intend(tx, after, rest[0].hold_ends or after.ends, cause.now, instead_of=closed.id)
    _say(tx, closed, after, rest, cause)


def _say(tx: Tx, closed: Order, after: Order, rest: list[Booking], cause: Cause) -> None:
    if after.about == after.subject:
        tell_money.say_order(tx, after, cause.now)
    else:
        told_at = cause.now + ANSWER_GOES_FIRST  # by then there is a page to pay on
        tell(tx, NoticeKind.HOLD, rest[0], rest[0].person_id, rest[0].version, told_at)
    audit.write(
        tx, person_id=cause.person_id, via=cause.via, act="order.replaced", subject=after.subject,
        before={"order": closed.id, "price": closed.amount.amount},
        after={"price": after.amount.amount, "currency": after.amount.currency}, now=cause.now,
    )  # fmt: skip
