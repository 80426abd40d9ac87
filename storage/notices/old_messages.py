"""Removes messages from the outbox that came to their end long ago."""

from datetime import datetime

import sqlalchemy as sa

from storage.instants import to_epoch
from storage.notices.outbox_rows import is_open
from storage.tables import bookings, outbox, sessions
from storage.tx import Tx


def forget(tx: Tx, before: datetime, limit: int) -> int:
    """Remove at most `limit` rows that came to their end and are about nothing that lasts beyond `before`.

    What was said of a booking is kept as long as its session is ahead, or as it can still be corrected.
    """
    at = to_epoch(before)
    lasts = sa.exists().where(
        bookings.c.id == outbox.c.booking_id, bookings.c.session_id == sessions.c.id, sessions.c.ends >= at
    )
    old = sa.select(outbox.c.id).where(~is_open(outbox), outbox.c.due < at, ~lasts)
    return tx.execute(sa.delete(outbox).where(outbox.c.id.in_(old.limit(limit)))).rowcount
