"""The steps that led to an unexpected error, under the reference that the person was shown."""

from collections.abc import Mapping, Sequence
from datetime import datetime

import sqlalchemy as sa

from bot.domain.records import Fault
from storage.instants import from_epoch, to_epoch
from storage.tables import faults
from storage.tx import Tx


def record(tx: Tx, ref: str, trail: Sequence[Mapping[str, object]], now: datetime) -> None:
    """Keep a trail; later steps under the same reference replace it."""
    values = {"at": to_epoch(now), "trail": [dict(step) for step in trail]}
    made = tx.upsert(faults).values(ref=ref, **values)
    tx.execute(made.on_conflict_do_update(index_elements=["ref"], set_=values))


def find(tx: Tx, ref: str) -> Fault | None:
    """The trail of a reference."""
    row = tx.execute(sa.select(faults).where(faults.c.ref == ref)).first()
    return None if row is None else Fault(row.ref, from_epoch(row.at), row.trail)


def forget(tx: Tx, before: datetime) -> int:
    """Remove what is older; returns how many."""
    return tx.execute(sa.delete(faults).where(faults.c.at < to_epoch(before))).rowcount
