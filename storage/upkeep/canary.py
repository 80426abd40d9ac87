"""The canary: a sealed text that a process opens before it writes anything, and that says how values are sealed.

Whoever cannot open it has the keys of another database. It is sealed anew last of all when keys are rotated, so that a
process with the old key or the new one starts until then.
"""

import sqlalchemy as sa

from storage.schema.sealed import sealed_columns, sealed_row
from storage.sealing import RowRef, Stage, Unreadable, key_of
from storage.tables import canary
from storage.tx import Tx

_ID = 1
_COLUMN = "canary.stage_sealed"
_LOOKS = 5  # at values of each column, the newest


class WrongKeys(Exception):
    """None of the keys opens what is in the database."""

    def __init__(self) -> None:
        super().__init__(
            "None of SECRET_KEYS opens what this database holds, so nothing was started and nothing written: set the "
            "key that it was sealed with (others may stand beside it), or mend DATABASE_URL."
        )


def look(tx: Tx) -> Stage | None:
    """How far the database has come; None where no process of this version has started on it. Raises `WrongKeys`."""
    sealed = _sealed(tx)
    if sealed is None:
        if _holds_only_what_is_sealed_otherwise(tx):
            raise WrongKeys
        return None
    try:
        return Stage(tx.sealer.open(sealed, _COLUMN, _ID))
    except Unreadable as error:
        raise WrongKeys from error


def admit(tx: Tx) -> Stage:
    """As `look`, for a process that is about to write: it makes the canary where there is none.

    A database that holds sealed values has them from the version before, of which processes may still be running.
    """
    stage = look(tx)
    if stage is None:
        first = Stage.EXPAND if _values(tx) else Stage.CONTRACT
        made = tx.upsert(canary).values(id=_ID, stage_sealed=tx.sealer.seal_bound(first, _COLUMN, _ID))
        tx.execute(made.on_conflict_do_nothing(index_elements=["id"]))
        stage = look(tx)
        assert stage is not None
    return stage


def set_stage(tx: Tx, stage: Stage, *, with_first_key: bool = False) -> None:
    """Say how values are sealed from now on, with the key that the canary has, or with the first of this process."""
    sealed = _sealed(tx)
    kept = None if with_first_key or sealed is None else key_of(sealed)
    anew = tx.sealer.seal_bound(stage, _COLUMN, _ID, kept)
    tx.execute(sa.update(canary).values(stage_sealed=anew))


def key_id(tx: Tx) -> str | None:
    """Of the key that the last rotation sealed with, or the first process; None where there is no canary."""
    sealed = _sealed(tx)
    return None if sealed is None else key_of(sealed)


def _sealed(tx: Tx) -> str | None:
    found: str | None = tx.execute(sa.select(canary.c.stage_sealed)).scalar_one_or_none()
    return found


def _holds_only_what_is_sealed_otherwise(tx: Tx) -> bool:
    """Of some values that no key opens any more others may still be read."""
    opened = [tx.sealer.opens(*value) for value in _values(tx)]
    return bool(opened) and not any(opened)


def _values(tx: Tx) -> list[tuple[str, str, RowRef]]:
    """Sealed values from before there was a canary, with their column and row."""
    found: list[tuple[str, str, RowRef]] = []
    for table, names in sealed_columns().items():
        for name in names if table is not canary else ():
            (key,) = table.primary_key.columns
            newest = sa.select(table).where(table.c[name].is_not(None)).order_by(key.desc()).limit(_LOOKS)
            rows = [dict(row) for row in tx.execute(newest).mappings()]
            found += [(row[name], f"{table.name}.{name}", sealed_row(table, row)) for row in rows]
    return found
