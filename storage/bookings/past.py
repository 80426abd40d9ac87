"""The sessions of a client that are over."""

from datetime import datetime

import sqlalchemy as sa

from bot.domain.bookings.bookings import Booking, BookingState
from storage.bookings import booking_rows
from storage.identity import stands_for
from storage.instants import to_epoch
from storage.journal.set_aside import read_each
from storage.tables import bookings, sessions
from storage.tx import Tx


def of_client(
    tx: Tx, person_id: int, before: datetime, now: datetime, limit: int, *, cancelled: bool = False
) -> list[Booking]:
    """The client's confirmed bookings that have ended and began before `before`, latest first.

    `cancelled`: with those that were cancelled; a hold that was let go was never one.
    """
    ended = bookings.c.state == BookingState.CONFIRMED
    if cancelled:
        dropped = sa.and_(bookings.c.state == BookingState.CANCELLED, bookings.c.hold_ends.is_(None))
        ended = sa.or_(ended, dropped)
    rows = tx.execute(
        booking_rows.select()
        .where(
            stands_for(bookings.c.person_id, person_id),
            ended,
            sessions.c.ends <= to_epoch(now),
            sessions.c.starts < to_epoch(before),
        )
        .order_by(sessions.c.starts.desc(), bookings.c.id.desc())
        .limit(limit)
    )
    return read_each(tx, booking_rows.BOOKINGS, rows)
