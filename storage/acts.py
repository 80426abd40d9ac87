"""Which updates were acted on, so that a second delivery acts no more and shows the same thing."""

from datetime import datetime
from typing import Final

import sqlalchemy as sa

from storage.instants import to_epoch
from storage.tables import acts
from storage.tx import Tx


class Unseen:
    """Nothing was done for this update yet."""


UNSEEN: Final = Unseen()
_OPEN = 0  # `at` of an update that is being looked at, or that came to nothing


def seen(tx: Tx, key: str) -> str | Unseen | None:
    """The address shown after the act of this update, `UNSEEN` when there was none.

    Holds the key until the transaction ends, so that of two deliveries at once the second waits and then sees
    what the first did. Belongs at the beginning of a transaction that writes.
    """
    held = tx.upsert(acts).values(key=key, at=_OPEN)
    row = tx.execute(
        held.on_conflict_do_update(index_elements=["key"], set_={"key": held.excluded.key}).returning(
            acts.c.next, acts.c.at
        )
    ).one()
    next_address: str | None = row.next
    return UNSEEN if row.at == _OPEN else next_address


def mark(tx: Tx, key: str, person_id: int | None, next: str | None, now: datetime) -> None:  # noqa: A002
    """Keep that the update was acted on, and what is shown after it."""
    values = {"person_id": person_id, "next": next, "at": to_epoch(now)}
    made = tx.upsert(acts).values(key=key, **values)
    tx.execute(made.on_conflict_do_update(index_elements=["key"], set_=values))


def count_since(tx: Tx, person_id: int, since: datetime) -> int:
    """How many acts the person did at `since` or later."""
    counted = sa.select(sa.func.count()).select_from(acts)
    found = tx.execute(counted.where(acts.c.person_id == person_id, acts.c.at >= to_epoch(since)))
    return int(found.scalar_one())


def forget(tx: Tx, before: datetime) -> int:
    """Remove what is older than any redelivery; returns how many."""
    return tx.execute(sa.delete(acts).where(acts.c.at < to_epoch(before))).rowcount


def led_to(tx: Tx, key: str) -> str | None:
    """The address that an act of this update led to, or None when there was none; never waits."""
    found = tx.execute(sa.select(acts.c.next).where(acts.c.key == key, acts.c.at != _OPEN)).scalar_one_or_none()
    return None if found is None else str(found)
