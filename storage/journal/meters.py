"""Counts how often somebody did something within a while, for all processes together.

There is one row for each kind and each one who is counted: it says since when and how often.
"""

from datetime import datetime, timedelta

import sqlalchemy as sa

from storage.tables import meters
from storage.tx import Tx

_MS = timedelta(milliseconds=1)
_EPOCH = datetime.fromtimestamp(0).astimezone()


def spend(tx: Tx, kind: str, whose: int, most: int, within: timedelta, now: datetime) -> timedelta | None:
    """Count once more; None while it is one of the `most` within that while, else how long until it begins anew.

    A count from further ahead than the while is of a clock that was set back.
    """
    at, span = _ms(now), within // _MS
    made = tx.upsert(meters).values(kind=kind, whose=whose, since=at, spent=1)
    is_old = sa.or_(meters.c.since <= at - span, meters.c.since > at + span)
    since, spent = sa.case((is_old, at), else_=meters.c.since), sa.case((is_old, 1), else_=meters.c.spent + 1)
    kept = made.on_conflict_do_update(index_elements=["kind", "whose"], set_={"since": since, "spent": spent})
    row = tx.execute(kept.returning(meters.c.since, meters.c.spent)).one()
    return None if row.spent <= most else max(_MS, (row.since + span - at) * _MS)


def clear(tx: Tx, kind: str, whose: int) -> None:
    """What was counted no longer counts."""
    tx.execute(sa.delete(meters).where(meters.c.kind == kind, meters.c.whose == whose))


def forget(tx: Tx, before: datetime) -> None:
    """Remove what began so long ago that it counts no more."""
    tx.execute(sa.delete(meters).where(meters.c.since < _ms(before)))


def _ms(moment: datetime) -> int:
    return (moment - _EPOCH) // _MS
