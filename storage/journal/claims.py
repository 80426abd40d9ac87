"""Takes rows of which something is to be made or asked: due by the product's clock, under a lease by the database's."""

from datetime import datetime, timedelta

import sqlalchemy as sa

from storage.instants import to_epoch
from storage.journal.set_aside import written_for_us
from storage.leased import free, lasting


def claiming(
    table: sa.Table, now: datetime, limit: int, lease_s: int, *which: sa.ColumnElement[bool]
) -> sa.Update:  # fmt: skip
    """Takes at most `limit` of these rows whose `next_at` has come, the earliest first. What nobody finishes within
    `lease_s` seconds comes back. Whoever runs it says what it returns."""
    ready = (
        sa.select(table.c.id)
        .where(*which, table.c.next_at <= to_epoch(now), written_for_us(table), free(table))
        .order_by(table.c.next_at, table.c.id)
        .limit(limit)
        .with_for_update(skip_locked=True)
        .cte("ready")
    )
    leased = {"next_at": to_epoch(now + timedelta(seconds=lease_s)), "lease_until": lasting(lease_s)}
    return sa.update(table).where(table.c.id.in_(sa.select(ready.c.id))).values(**leased)
