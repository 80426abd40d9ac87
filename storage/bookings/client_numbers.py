"""The telephone numbers that clients gave with bookings at whose place the coach calls them, sealed."""

from datetime import datetime
from typing import Any

import sqlalchemy as sa

from storage.bookings.booking_rows import PHONE
from storage.identity import stands_for
from storage.instants import to_epoch
from storage.journal.set_aside import Reader, read_each
from storage.tables import bookings, sessions
from storage.tx import Tx


def put(tx: Tx, booking_id: int, number: str) -> None:
    """Keep the number with a booking, in the place of the one before."""
    sealed = tx.sealer.seal(number, PHONE, booking_id)
    tx.execute(sa.update(bookings).where(bookings.c.id == booking_id).values(phone_sealed=sealed))


def last_of(tx: Tx, person_id: int) -> str | None:
    """The number that this client gave last, if it is still kept."""
    row = tx.execute(
        sa.select(bookings.c.id, bookings.c.phone_sealed)
        .where(stands_for(bookings.c.person_id, person_id), bookings.c.phone_sealed.is_not(None))
        .order_by(bookings.c.id.desc())
        .limit(1)
    ).first()
    return None if row is None else next(iter(read_each(tx, _NUMBERS, [row])), None)


def _opened(tx: Tx, row: Any) -> str:
    return tx.sealer.open(row.phone_sealed, PHONE, row.id)


_NUMBERS = Reader(sa.select(bookings.c.id, bookings.c.phone_sealed), bookings.c.id, _opened)


def forget(tx: Tx, before: datetime, limit: int) -> list[int]:
    """Delete the numbers of bookings that were over before then, at most `limit`; the ids of those bookings."""
    since = to_epoch(before)
    over = (
        sa.select(bookings.c.id)
        .join(sessions, bookings.c.session_id == sessions.c.id)
        .where(
            bookings.c.phone_sealed.is_not(None),
            sa.or_(sessions.c.ends <= since, bookings.c.ended_at <= since),
        )
        .limit(limit)
    )
    found = list(tx.execute(over).scalars())
    if found:
        tx.execute(sa.update(bookings).where(bookings.c.id.in_(found)).values(phone_sealed=None))
    return found
