"""Which single values can be broken in a database, and how: taken from the schema, a new table by itself."""

import sqlite3
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import sqlalchemy as sa

from storage.tables import metadata

WHOLE_PRACTICE = frozenset({"practice", "catalogue"})
"""One row each, on which every turn of everybody stands."""

LOCKS = frozenset({"leases", "acts", "oauth_states"})
"""They are compared and never read as a record about anything."""

APPEND_ONLY = ("audit", "transactions")
NOBODY = 999_999


@dataclass(frozen=True)
class Damage:
    """One value of one row, and what stands there instead."""

    table: str
    key: tuple[Any, ...]
    column: str
    value: object

    def __str__(self) -> str:
        return f"{self.table} {self.key} {self.column} = {str(self.value)[:30]!r}"


def damages(file: Path) -> list[Damage]:
    """Each value of each row of a SQLite database, in each way in which it can be broken."""
    with sqlite3.connect(file) as database:
        return [each for table in _tables() for each in _of_table(database, table)]


def _tables() -> list[sa.Table]:
    return [table for table in metadata.sorted_tables if table.name not in WHOLE_PRACTICE | LOCKS]


def _of_table(database: sqlite3.Connection, table: sa.Table) -> Iterator[Damage]:
    names = [column.name for column in table.columns]
    for row in database.execute(f"SELECT {', '.join(names)} FROM {table.name}"):
        kept = dict(zip(names, row, strict=True))
        key = tuple(kept[column.name] for column in table.primary_key.columns)
        for column in table.columns:
            if not column.primary_key and kept[column.name] is not None:
                for value in _broken(column, kept[column.name]):
                    yield Damage(table.name, key, column.name, value)


def _broken(column: sa.Column[Any], was: object) -> Iterator[object]:
    """What neither a foreign key nor a check forbids."""
    if column.name.endswith("_sealed"):
        yield str(was)[:-7]
    elif isinstance(column.type, sa.JSON):
        yield from ('{"half":', "7", '{"strange": [null]}', '[[["a"]]]')
    elif isinstance(column.type, sa.Text):
        yield "no-such/word"
    elif not column.foreign_keys:
        yield from (NOBODY, 10**17, "a word")


class Vandal:
    """Breaks one value of a SQLite database beside the running product, and mends it again."""

    def __init__(self, file: Path) -> None:
        self._database = sqlite3.connect(file, timeout=10, isolation_level=None)
        self._database.execute("PRAGMA ignore_check_constraints = ON")
        names = self._database.execute(
            f"SELECT name FROM sqlite_master WHERE type = 'trigger' AND tbl_name IN {APPEND_ONLY}"
        ).fetchall()
        for (name,) in names:
            self._database.execute(f"DROP TRIGGER {name}")

    def breaks(self, damage: Damage) -> object:
        """What stood there, or None where the database refuses such a row, or has none any more."""
        found = self._run(f"SELECT {damage.column} FROM", damage)
        try:
            self._write(damage, damage.value)
        except sqlite3.IntegrityError:
            return None
        return found[0][0] if found else None

    def mends(self, damage: Damage, was: object) -> None:
        self._write(damage, was)

    def close(self) -> None:
        self._database.close()

    def _write(self, damage: Damage, value: object) -> None:
        self._database.execute(
            f"UPDATE {damage.table} SET {damage.column} = ? WHERE {_where(damage)}", (value, *damage.key)
        )

    def _run(self, what: str, damage: Damage) -> list[Any]:
        return self._database.execute(f"{what} {damage.table} WHERE {_where(damage)}", damage.key).fetchall()


def _where(damage: Damage) -> str:
    return " AND ".join(f"{column.name} = ?" for column in metadata.tables[damage.table].primary_key.columns)
