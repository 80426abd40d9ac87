"""Finds what a table has kept too long, at the price of the rows that it finds."""

from datetime import datetime

import sqlalchemy as sa

from storage.instants import to_epoch


def oldest(table: sa.Table, before: datetime, limit: int) -> sa.Select[int]:
    """The ids of at most `limit` rows that were made before then. Ids grow with time, so the head of the table has
    them, and no index on the time is needed."""
    head = sa.select(table.c.id, table.c.created_at).order_by(table.c.id).limit(limit).subquery()
    return sa.select(head.c.id).where(head.c.created_at < to_epoch(before), but_newest(table, head.c.id))


def but_newest(table: sa.Table, numbers: sa.ColumnElement[int] | None = None) -> sa.ColumnElement[bool]:
    """A condition that keeps the row with the highest number, whatever is removed.

    SQLite gives that number out again once its row is gone. Numbers name things in addresses, in the keys of acts and
    in the trail, where they would come to mean something else.
    """
    rows = table.alias()
    mine: sa.ColumnElement[int] = table.c.id if numbers is None else numbers
    return mine < sa.select(sa.func.max(rows.c.id)).scalar_subquery()
