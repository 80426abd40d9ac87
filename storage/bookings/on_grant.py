"""The bookings that took credits of one grant and are still to come."""

from datetime import datetime

import sqlalchemy as sa

from bot.domain.bookings.bookings import Booking, BookingState
from storage.bookings import booking_rows
from storage.bookings.booking_rows import BOOKINGS
from storage.instants import to_epoch
from storage.journal.set_aside import read_each
from storage.tables import bookings, sessions
from storage.tx import Tx


def ahead(tx: Tx, grant_id: int, now: datetime) -> list[Booking]:
    """In the order in which they begin."""
    mine = booking_rows.select().where(*_ahead(grant_id, now)).order_by(sessions.c.starts, bookings.c.id)
    return read_each(tx, BOOKINGS, tx.execute(mine))


def coaches_ahead(tx: Tx, grant_id: int, now: datetime) -> set[int]:
    """Whose locks guard them."""
    whose = sa.select(bookings.c.coach_id).join(sessions, bookings.c.session_id == sessions.c.id)
    return set(tx.execute(whose.where(*_ahead(grant_id, now)).distinct()).scalars())


def _ahead(grant_id: int, now: datetime) -> tuple[sa.ColumnElement[bool], ...]:
    return (
        bookings.c.grant_id == grant_id,
        bookings.c.state == BookingState.CONFIRMED.value,
        sessions.c.starts > to_epoch(now),
    )
