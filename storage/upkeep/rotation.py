"""Seals everything again with the first key and bound to its place, so that older keys can be dropped."""

import asyncio
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import sqlalchemy as sa

from storage.engine import Storage, Tx
from storage.journal import processes
from storage.journal.processes import RunningProcess
from storage.schema.sealed import naming, sealed_columns, sealed_row
from storage.sealing import BOUND, Stage, Unreadable
from storage.tables import canary
from storage.upkeep.canary import admit, look, set_stage

BATCH = 200  # rows of one transaction
LEARN_S = 2 * processes.SILENT_S
"""By then every process that runs has heard of another stage, and one that ended is silent."""


class CannotRotate(Exception):
    """Why nothing was sealed anew, in one sentence for the operator."""


@dataclass(frozen=True)
class Rotated:
    """Values of one table that were sealed anew, and that no current key opens; those stay as they are."""

    done: int = 0
    unreadable: int = 0


async def rotate(storage: Storage) -> Mapping[str, Rotated]:
    """Seal every `*_sealed` value with the first key, in batches beside the running product; by table name.

    What is sealed so already is left alone: one that was ended half-way is run again. Raises `WrongKeys`,
    `CannotRotate`.
    """
    await storage.read(look)
    await _everybody_is_understood(storage)
    storage.sealer.stage = await storage.write(_begin)
    if storage.sealer.stage is Stage.EXPAND:
        await storage.write(lambda tx: set_stage(tx, Stage.CARRY_OVER))
        storage.sealer.stage = Stage.CARRY_OVER
    await _everybody_binds(storage)
    tables = _tables()
    result = {table.name: await _rotate_table(storage, table, names) for table, names in tables.items()}
    await storage.write(lambda tx: set_stage(tx, Stage.CONTRACT, with_first_key=True))
    storage.sealer.stage = Stage.CONTRACT
    return result


def left(tx: Tx) -> bool:
    """Whether anything is sealed with another key than the first, or unbound."""
    done = f"{BOUND}{tx.sealer.key_ids[0]}."
    for table, names in sealed_columns().items():
        for name in names:
            others = sa.not_(table.c[name].startswith(done, autoescape=True))
            if tx.execute(sa.select(sa.literal(1)).select_from(table).where(others).limit(1)).first() is not None:
                return True
    return False


def sealing_otherwise(tx: Tx) -> list[RunningProcess]:
    """Running processes that seal with another key than the first of ours."""
    return [each for each in processes.running(tx) if each.seals_with != tx.sealer.key_ids[0]]


def _tables() -> dict[sa.Table, list[str]]:
    return {table: names for table, names in sealed_columns().items() if table is not canary}


def _begin(tx: Tx) -> Stage:
    """How far the database has come, unless somebody could not read what is sealed from now on: nothing is written."""
    first = tx.sealer.key_ids[0]
    lacking = [each for each in processes.running(tx) if each.understood and first not in each.key_ids]
    if lacking:
        raise CannotRotate(
            f"{processes.named(lacking)} cannot open what the first of SECRET_KEYS seals, so nothing was sealed anew: "
            "add that key there, restart, and run this again."
        )
    return admit(tx)


async def _everybody_is_understood(storage: Storage) -> None:
    """Wait until no process of another version runs that says of its keys what this one does not know."""
    strange: list[RunningProcess] = []
    for _second in range(LEARN_S):
        strange = [each for each in await storage.read(processes.running) if not each.understood]
        if not strange:
            return
        await asyncio.sleep(1)
    raise CannotRotate(
        f"{processes.named(strange)} of another version: how values are sealed there is not known to this one, so "
        "nothing was sealed anew. Run one version everywhere, and run this again."
    )


async def _everybody_binds(storage: Storage) -> None:
    """Wait until no process writes unbound values: it would do so behind our back."""
    for _second in range(LEARN_S):
        if all(each.stage not in (Stage.EXPAND, None) for each in await storage.read(processes.running)):
            return
        await asyncio.sleep(1)
    raise CannotRotate("A running process does not hear of the rotation: restart web and worker, and run this again.")


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
