"""Rows that cannot be read are set aside one by one, under a reference; everybody else's go on.

Whoever reads rows of several people declares a `Reader` and reads through it. A row that cannot be read is left out and
goes, with the end of the transaction, to `bot.services.kit.set_aside`, which keeps it here and tells the owners.
"""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Any, Generic, TypeVar

import sqlalchemy as sa

from bot.domain.records import SetAside, Why
from storage.columns import SCHEMA
from storage.instants import from_epoch, to_epoch
from storage.sealing import Unreadable
from storage.tables import set_aside
from storage.tx import BadRow, DatabaseError, Tx

T = TypeVar("T")
Word = TypeVar("Word", bound=StrEnum)

PUT_OFF = timedelta(hours=1)
"""A claimed row that cannot be read comes back after this long, or as soon as it is found to be readable."""

_OPEN = set_aside.c.cleared_at.is_(None)


class UnknownKind(ValueError):
    """A row holds a word that this version does not know."""


@dataclass(frozen=True)
class Reader(Generic[T]):
    """How rows of one table are read, each by itself: from a row of `select`, whose key it calls `key_name`.

    Of rows that somebody acts on later, `due` says when, and `waits` whether they still wait for it. One that must be
    there, and says nothing that is lost with it, is made anew by `make_again`.
    """

    select: sa.Select[Any]
    key: sa.Column[Any]
    read: Callable[[Tx, Any], T]
    key_name: str = "id"
    due: sa.Column[int] | None = None
    waits: sa.ColumnElement[bool] | None = None
    make_again: Callable[[Tx], None] | None = None

    @property
    def table(self) -> str:
        return str(self.key.table.name)


def written_for_us(table: sa.FromClause) -> sa.ColumnElement[bool]:
    """Whether this version may act on a row: one of a newer writer is left to a process that knows what it means."""
    return table.c.writer <= sa.literal_column(str(SCHEMA))


def known(words: type[Word], word: str) -> Word:
    """The word of a row that is one of these. Raises `UnknownKind`."""
    try:
        return words(word)
    except ValueError as error:
        raise UnknownKind(f"no {words.__name__}") from error


def read_each(tx: Tx, reader: Reader[T], rows: Iterable[Any]) -> list[T]:
    """The records of the rows that can be read, in their order; the others are set aside."""
    return [record for _row, record in _readable(tx, reader, rows)]


def read_claimed(tx: Tx, reader: Reader[T], rows: Iterable[Any], now: datetime) -> list[T]:
    """As `read_each`, of rows that were claimed: the others are put off."""
    claimed = list(rows)
    readable = _readable(tx, reader, claimed)
    if len(readable) < len(claimed):
        fine = {_key(reader, row) for row, _record in readable}
        put_off(tx, reader, [key for row in claimed if (key := _key(reader, row)) not in fine], now + PUT_OFF)
    return [record for _row, record in readable]


def put_off(tx: Tx, reader: Reader[T], keys: Iterable[object], until: datetime) -> None:
    """Let rows that wait to be acted on wait longer."""
    assert reader.due is not None
    later = sa.update(reader.key.table).where(reader.key.in_(keys))
    nobody = {"lease_until": None} if "lease_until" in reader.key.table.c else {}
    tx.execute(later.values({reader.due.name: to_epoch(until), **nobody}))


def why_of(error: Exception) -> Why:
    match error:
        case Unreadable(lacks_key=True):
            return Why.SEALED
        case UnknownKind():
            return Why.KIND
    return Why.UNREADABLE


def keep(tx: Tx, bad: BadRow, reference: str, now: datetime) -> bool:
    """Set a row aside under this reference; False when it is already."""
    at = to_epoch(now)
    values = {"why": bad.why.value, "tried_at": at}
    made = tx.upsert(set_aside).values(
        table_name=bad.table, row_ref=bad.row, reference=reference, since=at, **values
    )  # fmt: skip
    anew = {"reference": reference, "since": at, "told_at": None}
    kept = {
        name: sa.case((_OPEN, set_aside.c[name]), else_=sa.literal(value, set_aside.c[name].type))
        for name, value in anew.items()
    }
    made = made.on_conflict_do_update(
        index_elements=["table_name", "row_ref"], set_={**values, **kept, "cleared_at": None}
    )
    return bool(tx.execute(made.returning(set_aside.c.reference)).scalar_one() == reference)


def references(tx: Tx, those: Iterable[BadRow]) -> list[str]:
    """Of those that are set aside."""
    wanted = [(each.table, each.row) for each in those]
    named = sa.tuple_(set_aside.c.table_name, set_aside.c.row_ref).in_(wanted)
    return list(tx.execute(sa.select(set_aside.c.reference).where(_OPEN, named).order_by(set_aside.c.id)).scalars())


def every(tx: Tx, limit: int | None = None) -> list[SetAside]:
    """What is set aside, the newest first."""
    query = sa.select(set_aside).where(_OPEN).order_by(set_aside.c.since.desc(), set_aside.c.id.desc())
    return [_record(row) for row in tx.execute(query.limit(limit))]


def count(tx: Tx) -> int:
    """How many rows are set aside."""
    return int(tx.execute(sa.select(sa.func.count()).select_from(set_aside).where(_OPEN)).scalar_one())


def untold(tx: Tx) -> list[SetAside]:
    """What the owners have not read of."""
    rows = tx.execute(sa.select(set_aside).where(_OPEN, set_aside.c.told_at.is_(None)).order_by(set_aside.c.id))
    return [_record(row) for row in rows]


def told_between(tx: Tx, since: datetime, now: datetime) -> bool:
    """Whether the owners were told of anything then."""
    then = set_aside.c.told_at.between(to_epoch(since) + 1, to_epoch(now))
    return tx.execute(sa.select(set_aside.c.id).where(then).limit(1)).first() is not None


def mark_told(tx: Tx, now: datetime) -> None:
    """The owners are told of all that is set aside."""
    tx.execute(sa.update(set_aside).where(_OPEN, set_aside.c.told_at.is_(None)).values(told_at=to_epoch(now)))


def left_alone(tx: Tx, reader: Reader[T], before: datetime, limit: int) -> list[BadRow]:
    """Rows of a newer writer that were due before then, and no process of that version came for them."""
    assert reader.due is not None
    assert reader.waits is not None
    waiting = sa.select(reader.key).where(reader.waits, reader.due <= to_epoch(before))
    newer = waiting.where(sa.not_(written_for_us(reader.key.table))).limit(limit)
    return [BadRow(reader.table, str(key), Why.NEWER) for key in tx.execute(newer).scalars()]


def to_try(tx: Tx, now: datetime, before: datetime, limit: int) -> list[SetAside]:
    """What was last found unreadable before then, for longest first."""
    lately = set_aside.c.tried_at.between(to_epoch(before) + 1, to_epoch(now))
    those = sa.select(set_aside).where(_OPEN, ~lately)
    return [_record(row) for row in tx.execute(those.order_by(set_aside.c.tried_at, set_aside.c.id).limit(limit))]


def try_again(tx: Tx, reader: Reader[T], aside: SetAside, now: datetime) -> bool:
    """Look at the row again; True when it is set aside no more. What waits to be acted on is then due at once."""
    numbered = reader.key.type.python_type is int
    if numbered and not aside.row.isdecimal():
        return clear(tx, aside, now)
    key = int(aside.row) if numbered else aside.row
    looked_at = reader.select.where(reader.key == key)
    if reader.waits is not None:
        looked_at = looked_at.add_columns(reader.waits.label("still_waits"))
    row = tx.execute(looked_at).first()
    if row is None or (reader.waits is not None and not row.still_waits):
        return clear(tx, aside, now)
    if aside.why is Why.NEWER:
        over = row.writer <= SCHEMA
    else:
        over = aside.why is not Why.CONTENTS and _reads(tx, reader, row)
        if reader.due is not None and (over or aside.why is Why.CONTENTS):
            due_now = sa.update(reader.key.table).where(reader.key == key, reader.due > to_epoch(now))
            tx.execute(due_now.values({reader.due.name: to_epoch(now)}))
    if over:
        return clear(tx, aside, now)
    tx.execute(sa.update(set_aside).where(set_aside.c.id == aside.id).values(tried_at=to_epoch(now)))
    return False


def clear(tx: Tx, aside: SetAside, now: datetime) -> bool:
    """It can be read again, or is no longer there."""
    mine = sa.update(set_aside).where(set_aside.c.id == aside.id, _OPEN)
    return tx.execute(mine.values(cleared_at=to_epoch(now))).rowcount == 1


def forget(tx: Tx, before: datetime) -> int:
    """Remove what was cleared before then; returns how many."""
    return tx.execute(sa.delete(set_aside).where(set_aside.c.cleared_at < to_epoch(before))).rowcount


def _readable(tx: Tx, reader: Reader[T], rows: Iterable[Any]) -> list[tuple[Any, T]]:
    found = []
    for row in rows:
        try:
            found.append((row, reader.read(tx, row)))
        except (DatabaseError, sa.exc.SQLAlchemyError):
            raise
        except Exception as error:  # noqa: BLE001 - whatever is wrong with one row is not wrong with the others
            if getattr(row, "writer", 0) <= SCHEMA:
                tx.bad_rows.append(BadRow(reader.table, str(_key(reader, row)), why_of(error)))
    return found


def _reads(tx: Tx, reader: Reader[T], row: Any) -> bool:
    try:
        reader.read(tx, row)
    except (DatabaseError, sa.exc.SQLAlchemyError):
        raise
    except Exception:  # noqa: BLE001 - as in `_readable`
        return False
    return True


def _key(reader: Reader[T], row: Any) -> object:
    return getattr(row, reader.key_name)


def _record(row: Any) -> SetAside:
    """What makes no sense of it counts as little as can be: nobody sets aside what is set aside."""
    why = Why(row.why) if row.why in set(Why) else Why.UNREADABLE
    try:
        since = from_epoch(row.since)
    except (TypeError, ValueError, OverflowError, OSError):
        since = from_epoch(0)
    return SetAside(row.id, row.table_name, row.row_ref, row.reference, why, since)
