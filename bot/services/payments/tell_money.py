"""Tells of money that came or went: both sides of a session and the owners, or who pays an order and the owners."""

from collections.abc import Iterable
from datetime import datetime, timedelta

from bot.domain.bookings.bookings import Booking
from bot.domain.notices.notices import HOLDS, Notice, NoticeKind, address_of
from bot.domain.payments.orders import Order, OrderChange, OrderPaid
from bot.domain.subjects import Subject
from bot.services.notices.notice_planning import ANSWER_GOES_FIRST, tell_event
from storage.bookings import bookings
from storage.engine import Tx
from storage.notices import outbox
from storage.notices.withdrawn import Untrue, withdraw
from storage.payments import orders
from storage.people import roles

AT_ONCE = timedelta()
ASKED = Untrue(waiting=HOLDS, said=HOLDS | {NoticeKind.FEE_OWED})
"""What is not said of an order any more, and what was said of it and shows how it stands now."""


def of_booking(tx: Tx, kind: NoticeKind, booking: Booking, event: int, now: datetime) -> None:
    """To its client, its coach and the owners."""
    for told in dict.fromkeys((booking.person_id, booking.coach_person_id, *roles.owner_ids(tx))):
        tell_event(tx, kind, booking, told, event, now)


def of_order(tx: Tx, kind: NoticeKind, order: Order, event: int, now: datetime) -> None:
    """To who pays it, and to the owners."""
    _tell(tx, kind, order, (order.person_id, *roles.owner_ids(tx)), event, now)


def of_refund(tx: Tx, subject: Subject, refund_id: int, now: datetime, *, failed: bool) -> None:
    """Of a refund that was made without us: to the client. Of one that `failed`: to the client, who was told that the
    money comes, and to the owners, who alone can mend it."""
    owners = roles.owner_ids(tx) if failed else []
    booking = bookings.about(tx, subject)
    if booking is not None:
        kind = NoticeKind.REFUND_FAILED if failed else NoticeKind.REFUNDED
        for told in dict.fromkeys((booking.person_id, *owners)):
            tell_event(tx, kind, booking, told, refund_id, now)
        return
    order_id = subject.number("order")
    order = None if order_id is None else orders.find(tx, order_id)
    if order is not None:
        kind = NoticeKind.ORDER_REFUND_FAILED if failed else NoticeKind.ORDER_REFUND
        _tell(tx, kind, order, (order.person_id, *owners), refund_id, now)


def of_refused_page(tx: Tx, subject: Subject, payment_id: int, now: datetime) -> None:
    """To the owners: nobody can pay for this."""
    booking = bookings.about(tx, subject)
    if booking is not None:
        for owner_id in roles.owner_ids(tx):
            tell_event(tx, NoticeKind.PAGE_REFUSED, booking, owner_id, payment_id, now)
        return
    order_id = subject.number("order")
    order = None if order_id is None else orders.find(tx, order_id)
    if order is not None:
        _tell(tx, NoticeKind.ORDER_MONEY, order, roles.owner_ids(tx), payment_id, now)


def of_fee(tx: Tx, order: Order, booking: Booking | None, event: int, now: datetime) -> None:
    """That a fee could not be charged and is owed: to who owes it, to the coach and to the owners."""
    coach = [] if booking is None else [booking.coach_person_id]
    _tell(tx, NoticeKind.FEE_OWED, order, (order.person_id, *coach, *roles.owner_ids(tx)), event, now)


def of_fee_back(tx: Tx, order: Order, booking: Booking, by: int | None, now: datetime) -> None:
    """That a fee is not to be paid any more: to both sides but whoever saw to that."""
    both = (booking.person_id, booking.coach_person_id)
    _tell(tx, NoticeKind.FEE_RETURNED, order, [each for each in both if each != by], None, now)


def say_order(tx: Tx, order: Order, now: datetime) -> None:
    """The way to pay it, where the answer to who asked for it is lost; or where nobody asked."""
    _tell(tx, NoticeKind.ORDER, order, (order.person_id,), None, now, ANSWER_GOES_FIRST)


def follow_order(tx: Tx, change: OrderChange) -> None:
    """Say that an order is paid; what was said of it before shows how it stands now. Sessions that were paid for are
    spoken of by what tells of their booking, and the difference to another offer by the session that moved."""
    order, now = change.order, change.cause.now
    if order.about != order.subject:
        return
    withdraw(tx, order.subject, ASKED, order.state.value, now)
    if isinstance(change, OrderPaid) and order.is_told_apart:
        answered = change.cause.person_id == order.person_id  # nothing was left to pay, by their own act
        after = ANSWER_GOES_FIRST if answered else AT_ONCE
        _tell(tx, NoticeKind.ORDER_PAID, order, (order.person_id,), None, now, after)
        _tell(tx, NoticeKind.ORDER_PAID, order, roles.owner_ids(tx), None, now)


def _tell(
    tx: Tx, kind: NoticeKind, order: Order, to: Iterable[int], event: int | None, now: datetime,
    after: timedelta = AT_ONCE,
) -> None:  # fmt: skip
    ids = (order.id,) if event is None else (order.id, event)
    key, address = f"order:{order.id}:{event or 0}:{kind}", address_of(kind, *ids)
    those = [
        Notice(f"{key}:{told}", told, kind, address, now + after, subject=order.subject) for told in dict.fromkeys(to)
    ]
    outbox.put_all(tx, those, now)
