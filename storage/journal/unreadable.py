"""What becomes of a transaction that meets a row which cannot be read and concerns what it is about itself."""

from collections.abc import Callable
from typing import Any, TypeVar

import sqlalchemy as sa

from storage.journal.set_aside import Reader, why_of
from storage.schema.people import NAME
from storage.sealing import Unreadable
from storage.tables import set_aside
from storage.tx import BadRow, CannotRead, DatabaseError, Tx

T = TypeVar("T")


def read_one(tx: Tx, reader: Reader[T], row: Any) -> T:
    """The record of the row that was asked for. Raises `CannotRead`: there is nothing to show or to change instead."""
    try:
        return reader.read(tx, row)
    except (DatabaseError, sa.exc.SQLAlchemyError, CannotRead):
        raise
    except Exception as error:  # the row is to blame, whatever is wrong with it
        raise CannotRead(BadRow(reader.table, str(getattr(row, reader.key_name)), why_of(error))) from error


def read_if(tx: Tx, reader: Reader[T], row: Any | None) -> T | None:
    """As `read_one`; None where there is no row."""
    return None if row is None else read_one(tx, reader, row)


def each_alone(tx: Tx, work: Callable[[], T]) -> T | None:
    """Do the part of a sweep that concerns one thing. Where that cannot be read it is set aside, with all that the part
    had written, and the others go on; None then."""
    try:
        with tx.part():
            return work()
    except CannotRead as met:
        tx.bad_rows.append(met.bad)
        return None


def not_aside(reader: Reader[T]) -> sa.ColumnElement[bool]:
    """Whether a row is not set aside: where few are taken at a time, what cannot be read leaves room for others."""
    same = (set_aside.c.table_name == reader.table, set_aside.c.row_ref == sa.cast(reader.key, sa.Text))
    return ~sa.exists().where(*same, set_aside.c.cleared_at.is_(None))


def name_of(tx: Tx, person_id: int, sealed: str) -> str:
    """What a person is called; where no key opens it, by their number: what is theirs goes on, and is shown to others.

    Names are read beside everything else, and their owner's next word brings the name again.
    """
    try:
        return tx.sealer.open(sealed, NAME, person_id)
    except Unreadable as error:
        tx.bad_rows.append(BadRow("persons", str(person_id), why_of(error)))
        return f"Person {person_id}"
