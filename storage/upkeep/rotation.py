"""Encrypts everything that is sealed again with the first key, so that older keys can be dropped."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import sqlalchemy as sa

from storage.engine import Storage, Tx
from storage.sealing import Unreadable
from storage.tables import metadata

BATCH = 200  # rows of one transaction


@dataclass(frozen=True)
class Rotated:
    """Values of one table that were sealed anew, and that no current key opens; those stay as they are."""

    done: int = 0
    unreadable: int = 0


async def rotate(storage: Storage) -> Mapping[str, Rotated]:
    """Seal every `*_sealed` value with the first key, in batches beside the running product; by table name."""
    result: dict[str, Rotated] = {}
    for table in metadata.sorted_tables:
        columns = [column for column in table.columns if column.name.endswith("_sealed")]
        if columns:
            result[table.name] = await _rotate_table(storage, table, columns)
    return result


async def _rotate_table(storage: Storage, table: sa.Table, columns: list[sa.Column[Any]]) -> Rotated:
    (key,) = table.primary_key.columns
    total, last = Rotated(), None
    while True:
        last, batch = await storage.write(_batch(table, key, columns, last))
        total = Rotated(total.done + batch.done, total.unreadable + batch.unreadable)
        if last is None:
            return total


def _batch(table: sa.Table, key: sa.Column[Any], columns: list[sa.Column[Any]], after: Any) -> Any:
    """Work that seals the rows after a key anew and returns (the last key or None, what was done)."""
    chosen = sa.select(key, *columns).order_by(key).limit(BATCH).with_for_update()
    if after is not None:
        chosen = chosen.where(key > after)

    def work(tx: Tx) -> tuple[Any, Rotated]:
        done = unreadable = 0
        rows = tx.execute(chosen).all()
        for row in rows:
            anew: dict[str, str] = {}
            for column in columns:
                sealed = row._mapping[column]
                if sealed is None:
                    continue
                try:
                    anew[column.name] = tx.sealer.reseal(sealed)
                except Unreadable:
                    unreadable += 1
            if anew:
                tx.execute(sa.update(table).where(key == row[0]).values(**anew))
                done += len(anew)
        return (rows[-1][0] if rows else None), Rotated(done, unreadable)

    return work
