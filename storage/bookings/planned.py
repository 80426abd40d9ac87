"""The bookings that were planned together."""

from bot.domain.bookings.bookings import Booking
from storage.bookings import booking_rows
from storage.bookings.booking_rows import BOOKINGS
from storage.journal.set_aside import read_each
from storage.tables import bookings, sessions
from storage.tx import Tx


def of_plan(tx: Tx, plan_id: int) -> list[Booking]:
    """In the order in which they begin, also those that have ended."""
    mine = booking_rows.select().where(bookings.c.plan_id == plan_id).order_by(sessions.c.starts, bookings.c.id)
    return read_each(tx, BOOKINGS, tx.execute(mine))
