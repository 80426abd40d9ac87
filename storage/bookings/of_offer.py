"""Counts what is booked of an offer and keeps its terms, whatever becomes of the offer."""

from datetime import datetime

import sqlalchemy as sa

from bot.domain.bookings.bookings import BookingState
from storage.instants import to_epoch
from storage.tables import bookings, sessions
from storage.tx import Tx


def ahead(tx: Tx, offer_id: int, now: datetime) -> tuple[int, int]:
    """Confirmed sessions that have not begun, and times that are held at this moment."""
    confirmed = sa.func.count(sa.case((bookings.c.state == BookingState.CONFIRMED.value, 1)))
    held = sa.func.count(sa.case((bookings.c.state == BookingState.HELD.value, 1)))
    mine = (bookings.c.offer_id == offer_id, sessions.c.starts > to_epoch(now))
    standing = bookings.c.state.in_([BookingState.CONFIRMED.value, BookingState.HELD.value])
    joined = bookings.join(sessions, bookings.c.session_id == sessions.c.id)
    row = tx.execute(sa.select(confirmed.label("a"), held.label("b")).select_from(joined).where(*mine, standing)).one()
    return int(row.a), int(row.b)
