"""The bookings of one order: those whose price it asks for, and holds that wait for it."""

from collections.abc import Sequence

import sqlalchemy as sa

from bot.domain.bookings.bookings import Booking, BookingState
from storage.bookings import booking_rows
from storage.bookings.booking_rows import BOOKINGS
from storage.journal.set_aside import read_each
from storage.tables import bookings, sessions
from storage.tx import Tx


def of_order(tx: Tx, order_id: int) -> list[Booking]:
    """In the order in which they begin."""
    mine = booking_rows.select().where(bookings.c.order_id == order_id).order_by(sessions.c.starts, bookings.c.id)
    return read_each(tx, BOOKINGS, tx.execute(mine))


def held_with(tx: Tx, held: Booking) -> list[Booking]:
    """All times that are held until the order of this one is paid, this one among them."""
    together = [] if held.order_id is None else of_order(tx, held.order_id)
    return [each for each in together if each.state is BookingState.HELD] or [held]


def coaches_of(tx: Tx, order_id: int) -> list[int]:
    """Whose locks guard them, in the order in which locks are taken."""
    whose = sa.select(bookings.c.coach_id).where(bookings.c.order_id == order_id).distinct()
    return list(tx.execute(whose.order_by(bookings.c.coach_id)).scalars())


def on_credits_of(tx: Tx, grant_ids: Sequence[int]) -> list[Booking]:
    """As `of_order`, those that took a credit of these grants."""
    mine = booking_rows.select().where(bookings.c.grant_id.in_(grant_ids)).order_by(sessions.c.starts, bookings.c.id)
    return read_each(tx, BOOKINGS, tx.execute(mine))


def use_grant(tx: Tx, booking_id: int, grant_id: int) -> None:
    """A hold that waited has a credit of this grant, which is entered there."""
    tx.execute(sa.update(bookings).where(bookings.c.id == booking_id).values(grant_id=grant_id))
