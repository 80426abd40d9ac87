"""Seals everything again with the first key and bound to its place, so that older keys can be dropped."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import sqlalchemy as sa

from storage.engine import Storage, Tx
from storage.schema.sealed import naming, sealed_columns, sealed_row
from storage.sealing import Stage, Unreadable
from storage.tables import canary
from storage.upkeep.canary import admit, set_stage

BATCH = 200  # rows of one transaction


@dataclass(frozen=True)
class Rotated:
    """Values of one table that were sealed anew, and that no current key opens; those stay as they are."""

    done: int = 0
    unreadable: int = 0


async def rotate(storage: Storage) -> Mapping[str, Rotated]:
    """Seal every `*_sealed` value with the first key, in batches beside the running product; by table name.

    What is sealed so already is left alone: one that was ended half-way is run again. Raises `WrongKeys`.
    """
    storage.sealer.stage = await storage.write(admit)
    if storage.sealer.stage is Stage.EXPAND:
        await storage.write(lambda tx: set_stage(tx, Stage.CARRY_OVER))
        storage.sealer.stage = Stage.CARRY_OVER
    tables = {table: names for table, names in sealed_columns().items() if table is not canary}
    result = {table.name: await _rotate_table(storage, table, names) for table, names in tables.items()}
    await storage.write(lambda tx: set_stage(tx, Stage.CONTRACT, with_first_key=True))
    storage.sealer.stage = Stage.CONTRACT
    return result


async def _rotate_table(storage: Storage, table: sa.Table, names: Sequence[str]) -> Rotated:
    (key,) = table.primary_key.columns
    total, last = Rotated(), None
    while True:
        last, batch = await storage.write(_batch(table, key, names, last))
        total = Rotated(total.done + batch.done, total.unreadable + batch.unreadable)
        if last is None:
            return total


def _batch(
    table: sa.Table, key: sa.Column[Any], names: Sequence[str], after: Any
) -> Callable[[Tx], tuple[Any, Rotated]]:
    """Work that seals the rows after a key anew and returns (the last key or None, what was done)."""
    wanted = dict.fromkeys((key.name, *naming(table), *names))
    chosen = sa.select(*(table.c[name] for name in wanted)).order_by(key).limit(BATCH).with_for_update()
    if after is not None:
        chosen = chosen.where(key > after)

    def work(tx: Tx) -> tuple[Any, Rotated]:
        done = unreadable = 0
        rows = [dict(row) for row in tx.execute(chosen).mappings()]
        for row in rows:
            anew: dict[str, str] = {}
            for name in names:
                if row[name] is None:
                    continue
                try:
                    sealed = tx.sealer.reseal(row[name], f"{table.name}.{name}", sealed_row(table, row))
                except Unreadable:
                    unreadable += 1
                    continue
                if sealed != row[name]:
                    anew[name] = sealed
            if anew:
                tx.execute(sa.update(table).where(key == row[key.name]).values(**anew))
                done += len(anew)
        return (rows[-1][key.name] if rows else None), Rotated(done, unreadable)

    return work
