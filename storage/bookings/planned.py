"""The bookings that were planned together."""

from collections.abc import Sequence

import sqlalchemy as sa

from bot.domain.bookings.bookings import Booking
from storage.bookings import booking_rows
from storage.bookings.booking_rows import BOOKINGS
from storage.journal.set_aside import read_each
from storage.tables import bookings, sessions
from storage.tx import Tx


def put_on_order(tx: Tx, rest: Sequence[Booking], order_id: int) -> None:
    """Those that are left of a plan wait for this order from now on; the first of them stands for all. What was read of
    them holds."""
    plan_id = rest[0].id if len(rest) > 1 else None
    mine = bookings.c.id.in_([each.id for each in rest])
    tx.execute(sa.update(bookings).where(mine).values(order_id=order_id, plan_id=plan_id))


def of_plan(tx: Tx, plan_id: int) -> list[Booking]:
    """In the order in which they begin, also those that have ended."""
    mine = booking_rows.select().where(bookings.c.plan_id == plan_id).order_by(sessions.c.starts, bookings.c.id)
    return read_each(tx, BOOKINGS, tx.execute(mine))
