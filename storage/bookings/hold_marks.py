"""Marks holds that are told to be near their end, or over: each is told once."""

from datetime import datetime, timedelta

import sqlalchemy as sa

from bot.domain.bookings.bookings import Booking, BookingState
from storage.bookings.sessions import UNCERTAIN
from storage.instants import to_epoch
from storage.payments import orders, payments
from storage.tables import bookings
from storage.tx import Tx


def to_warn(tx: Tx, now: datetime, ahead: timedelta) -> list[int]:
    """Ids of the holds that end within `ahead` and were not marked before."""
    near = (bookings.c.hold_ends > to_epoch(now), bookings.c.hold_ends <= to_epoch(now + ahead))
    return list(tx.execute(sa.select(bookings.c.id).where(*_unmarked(1), *near)).scalars())


def mark_warned(tx: Tx, booking_id: int) -> bool:
    """False when it was marked meanwhile."""
    return bool(_mark(tx, 1, bookings.c.id == booking_id))


def mark_over(tx: Tx, now: datetime) -> list[int]:
    """Ids of the holds past their end, payable or not, that were not marked before; now they are."""
    return _mark(tx, 2, bookings.c.hold_ends <= to_epoch(now))


def payment_is_known(tx: Tx, held: Booking) -> bool:
    """Whether all that is kept of paying for it can be read: nobody else gets a time that may be paid. What is paid for
    is looked at only where money may still come.

    There is no end to that but the time itself: whoever paid must not find it given away after an hour or a week, and
    a time that nobody gets costs the coach less. The owner is told whose it is, and may cancel it.
    """
    known, unread = payments.every_of(tx, held.subject)
    if unread or held.order_id is None or all(each.state not in UNCERTAIN for each in known):
        return not unread
    return orders.can_be_read(tx, held.order_id)


def _mark(tx: Tx, stage: int, *conditions: sa.ColumnElement[bool]) -> list[int]:
    marked = sa.update(bookings).where(*_unmarked(stage), *conditions).values(hold_warned=stage)
    return list(tx.execute(marked.returning(bookings.c.id)).scalars())


def _unmarked(stage: int) -> tuple[sa.ColumnElement[bool], ...]:
    return bookings.c.state == BookingState.HELD, bookings.c.hold_warned < stage
