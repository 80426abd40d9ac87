"""Persons who asked to be told when times are free."""

from dataclasses import dataclass
from datetime import datetime

import sqlalchemy as sa

from storage.identity import stands_for, surviving
from storage.instants import to_epoch
from storage.oldest import oldest
from storage.tables import waits
from storage.tx import Tx


@dataclass(frozen=True)
class Wait:
    """`coach_id` None: any coach."""

    id: int
    person_id: int
    offer_id: int
    coach_id: int | None


def put(tx: Tx, person_id: int, offer_id: int, coach_id: int | None, now: datetime) -> int:
    """A new wish."""
    values = {"person_id": person_id, "offer_id": offer_id, "coach_id": coach_id}
    return tx.insert(sa.insert(waits).values(created_at=to_epoch(now), **values))


def of_person(tx: Tx, person_id: int) -> list[Wait]:
    """What this person waits for and was not told of yet."""
    theirs = sa.select(waits).where(stands_for(waits.c.person_id, person_id), waits.c.told_at.is_(None))
    return [Wait(row.id, person_id, row.offer_id, row.coach_id) for row in tx.execute(theirs.order_by(waits.c.id))]


def wishes(tx: Tx) -> list[tuple[int, int | None]]:
    """What is waited for: each offer and coach once, however many wait."""
    there = sa.select(waits.c.offer_id, waits.c.coach_id).where(waits.c.told_at.is_(None)).distinct()
    return [(row.offer_id, row.coach_id) for row in tx.execute(there)]


def waiting(tx: Tx, offer_id: int, coach_id: int | None, limit: int) -> list[Wait]:
    """Who was not told of it yet, who asked first comes first."""
    mine = (waits.c.offer_id == offer_id, waits.c.coach_id.is_not_distinct_from(coach_id), waits.c.told_at.is_(None))
    theirs = sa.select(waits, surviving(waits.c.person_id).label("waiter_id")).where(*mine)
    rows = tx.execute(theirs.order_by(waits.c.id).limit(limit))
    return [Wait(row.id, row.waiter_id, row.offer_id, row.coach_id) for row in rows]


def mark_told(tx: Tx, wait_id: int, now: datetime) -> bool:
    """False when somebody else did."""
    changed = tx.execute(
        sa.update(waits).where(waits.c.id == wait_id, waits.c.told_at.is_(None)).values(told_at=to_epoch(now))
    )
    return changed.rowcount == 1


def forget(tx: Tx, before: datetime, limit: int) -> int:
    """Remove at most `limit` wishes of before then, whether they were told or not; returns how many."""
    return tx.execute(sa.delete(waits).where(waits.c.id.in_(oldest(waits, before, limit)))).rowcount
