"""The canary: a sealed text that a process opens before it writes anything, and that says how values are sealed.

Whoever cannot open it has the keys of another database. It is sealed anew last of all when keys are rotated, so that a
process with the old key or the new one starts until then.
"""

import sqlalchemy as sa

from bot.domain.records import Why
from storage.journal.set_aside import Reader
from storage.schema.sealed import sealed_columns, sealed_row
from storage.sealing import BOUND, RowRef, Stage, Unreadable, key_of
from storage.tables import canary
from storage.tx import BadRow, Tx

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
    """How far the database has come; None where whoever starts next makes the canary: there is none, or it is damaged
    and the keys open what else is sealed. Raises `WrongKeys`."""
    return _told(tx, _sealed(tx))


def _told(tx: Tx, sealed: str | None) -> Stage | None:
    if sealed is not None:
        try:
            return Stage(tx.sealer.open(sealed, _COLUMN, _ID))
        except Unreadable as error:
            if error.lacks_key:
                raise WrongKeys from error
    if _holds_only_what_is_sealed_otherwise(tx):
        raise WrongKeys
    return None


def is_damaged(tx: Tx) -> bool:
    """Whether there is a canary that the right keys do not open. Raises `WrongKeys`."""
    sealed = _sealed(tx)
    return _told(tx, sealed) is None and sealed is not None


def admit(tx: Tx) -> Stage:
    """As `look`, for a process that is about to write: it makes the canary where there is none, or a damaged one."""
    found = _sealed(tx)  # asked once: another process may make it at this moment
    stage = _told(tx, found)
    if stage is None:
        if found is not None:
            tx.bad_rows.append(BadRow(canary.name, str(_ID), Why.UNREADABLE))
        begins, key = _stage_of(tx)
        anew = {"stage_sealed": tx.sealer.seal_bound(begins, _COLUMN, _ID, key)}
        made = tx.upsert(canary).values(id=_ID, **anew)
        nobody_did = canary.c.stage_sealed == found
        tx.execute(made.on_conflict_do_update(index_elements=["id"], set_=anew, where=nobody_did))
        stage = look(tx)
        assert stage is not None
    return stage


def set_stage(tx: Tx, stage: Stage, *, with_first_key: bool = False) -> None:
    """Say how values are sealed from now on, with the key that the canary has, or with the first of this process."""
    anew = tx.sealer.seal_bound(stage, _COLUMN, _ID, None if with_first_key else key_id(tx))
    tx.execute(sa.update(canary).where(canary.c.id == _ID).values(stage_sealed=anew))


def key_id(tx: Tx) -> str | None:
    """Of the key that the last rotation sealed with, or the first process; None where there is no canary that opens."""
    sealed = _sealed(tx)
    return None if sealed is None or not tx.sealer.opens(sealed, _COLUMN, _ID) else key_of(sealed)


def _sealed(tx: Tx) -> str | None:
    found: str | None = tx.execute(sa.select(canary.c.stage_sealed).where(canary.c.id == _ID)).scalar_one_or_none()
    return found


def _stage_of(tx: Tx) -> tuple[Stage, str | None]:
    """Of a database without a canary, and the key that its newest values were sealed with.

    What the version before sealed is unbound, and its processes may still run; where anything is bound they do not, and
    nobody brings unbound values back by removing the canary.
    """
    values = _values(tx)
    bound = (each[0] for each in values if each[0].startswith(BOUND) and tx.sealer.opens(*each))
    newest = next(bound, None)
    if newest is not None:
        return Stage.CONTRACT, key_of(newest)
    return (Stage.EXPAND if values else Stage.CONTRACT), None


def _holds_only_what_is_sealed_otherwise(tx: Tx) -> bool:
    """Of some values that no key opens any more others may still be read."""
    opened = [tx.sealer.opens(*value) for value in _values(tx)]
    return bool(opened) and not any(opened)


def _values(tx: Tx) -> list[tuple[str, str, RowRef]]:
    """The newest sealed values of each column, with their column and row."""
    found: list[tuple[str, str, RowRef]] = []
    for table, names in sealed_columns().items():
        for name in names if table is not canary else ():
            (key,) = table.primary_key.columns
            newest = sa.select(table).where(table.c[name].is_not(None)).order_by(key.desc()).limit(_LOOKS)
            rows = [dict(row) for row in tx.execute(newest).mappings()]
            found += [(row[name], f"{table.name}.{name}", sealed_row(table, row)) for row in rows]
    return found


CANARY = Reader(sa.select(canary), canary.c.id, lambda tx, row: tx.sealer.open(row.stage_sealed, _COLUMN, _ID))
