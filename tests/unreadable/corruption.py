"""Which single values can be broken in a database, and how: taken from the schema, a new table by itself."""

import itertools
import re
import sqlite3
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import asyncpg
import sqlalchemy as sa

from storage.tables import metadata
from tests.support.threads import in_thread

APPEND_ONLY = ("audit", "credit_entries", "transactions")
NOBODY = 999_999
HALF, WORD = '{"half":', "a word"
"""What a column of JSON and one of numbers take on SQLite alone."""


@dataclass(frozen=True)
class Damage:
    """One value of one row, and what stands there instead."""

    table: str
    key: tuple[Any, ...]
    column: str
    value: object

    def __str__(self) -> str:
        return f"{self.table} {self.key} {self.column} = {str(self.value)[:30]!r}"


def _broken(column: sa.Column[Any], was: object) -> Iterator[object]:
    """What neither a foreign key nor a check forbids."""
    if column.name.endswith("_sealed"):
        yield str(was)[:-7]
    elif isinstance(column.type, sa.JSON):
        yield from (HALF, "7", '{"strange": [null]}', '[[["a"]]]')
    elif isinstance(column.type, sa.Text):
        yield "no-such/word"
    elif not column.foreign_keys:
        yield from (NOBODY, 10**17, WORD)


class Vandal:
    """Breaks one value of a SQLite database beside the running product, and mends it again."""

    impossible: tuple[object, ...] = ()
    refused: tuple[type[Exception], ...] = (sqlite3.IntegrityError,)

    def __init__(self, file: Path) -> None:
        self._database = sqlite3.connect(file, timeout=10, isolation_level=None)
        self._database.execute("PRAGMA ignore_check_constraints = ON")
        names = self._database.execute(
            f"SELECT name FROM sqlite_master WHERE type = 'trigger' AND tbl_name IN {APPEND_ONLY}"
        ).fetchall()
        for (name,) in names:
            self._database.execute(f"DROP TRIGGER {name}")

    def damages(self) -> list[Damage]:
        """Each value of each row, in each way in which it can be broken."""
        return [
            each
            for table in metadata.sorted_tables
            for each in self._of_table(table)
            if each.value not in self.impossible
        ]

    def breaks(self, damage: Damage) -> object:
        """What stood there, or None where the database refuses such a row, or has none any more."""
        found = self.run(f"SELECT {damage.column} FROM {damage.table} WHERE {_where(damage)}", *damage.key)
        try:
            self.mends(damage, damage.value)
        except self.refused:
            return None
        return found[0][0] if found else None

    def mends(self, damage: Damage, was: object) -> None:
        """Raises one of `refused`."""
        self.run(f"UPDATE {damage.table} SET {damage.column} = ? WHERE {_where(damage)}", was, *damage.key)

    def run(self, statement: str, *values: object) -> list[Any]:
        return self._database.execute(statement, values).fetchall()

    def close(self) -> None:
        self._database.close()

    def _of_table(self, table: sa.Table) -> Iterator[Damage]:
        names = [column.name for column in table.columns]
        for row in self.run(f"SELECT {', '.join(names)} FROM {table.name}"):
            kept = dict(zip(names, row, strict=True))
            key = tuple(kept[column.name] for column in table.primary_key.columns)
            for column in table.columns:
                if not column.primary_key and kept[column.name] is not None:
                    for value in _broken(column, kept[column.name]):
                        yield Damage(table.name, key, column.name, value)


class PostgresVandal(Vandal):
    """The same on PostgreSQL, as the owner of the server."""

    impossible = (HALF, WORD)
    refused = (asyncpg.PostgresError,)

    def __init__(self, url: str) -> None:
        self._url = url

    def run(self, statement: str, *values: object) -> list[Any]:
        numbers = itertools.count(1)
        numbered = re.sub(r"\?", lambda _mark: f"${next(numbers)}", statement)

        async def work() -> list[Any]:
            connection = await asyncpg.connect(self._url)
            try:
                if statement.startswith(tuple(f"UPDATE {table} " for table in APPEND_ONLY)):
                    await connection.execute("SET session_replication_role = replica")  # no guard holds against it
                return list(await connection.fetch(numbered, *values))
            finally:
                await connection.close()

        return in_thread(work)

    def close(self) -> None:
        """It keeps nothing open."""


def _where(damage: Damage) -> str:
    return " AND ".join(f"{column.name} = ?" for column in metadata.tables[damage.table].primary_key.columns)
