"""What a work function gets, and what it may raise."""

from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from typing import Any

import sqlalchemy as sa

from storage.sealing import Sealer


class StorageAway(Exception):
    """The database cannot be reached, or was busy beyond the time-out; the work may be tried again later."""


class Overlap(Exception):
    """The coach already has a held or confirmed session in that time; the transaction must end."""


class Tx:
    """One open transaction.

    `savepoint()` lets a work function go on after an `Overlap` or an `IntegrityError`.
    """

    __slots__ = ("_connection", "postgres", "sealer")

    def __init__(self, connection: sa.Connection, sealer: Sealer) -> None:
        self._connection = connection
        self.sealer = sealer
        self.postgres = connection.dialect.name == "postgresql"

    def execute(
        self,
        statement: sa.Executable,
        parameters: Mapping[str, Any] | Sequence[Mapping[str, Any]] | None = None,
    ) -> sa.CursorResult[Any]:
        """Run one statement; for each of a list of parameters. Raises `Overlap`, SQLAlchemy's errors."""
        try:
            return self._connection.execute(statement, parameters)
        except sa.exc.DBAPIError as error:
            if is_overlap(error):
                raise Overlap from error
            raise

    @contextmanager
    def savepoint(self) -> Iterator[None]:
        """Undo only what was done inside when it raises."""
        with self._connection.begin_nested():
            yield

    def lock_coach(self, coach_id: int) -> None:
        """Hold the coach's lock until the transaction ends; SQLite has one writer and needs none.

        A statement of its own, before the one that checks: under READ COMMITTED a statement sees what was
        committed when it began, so a lock folded into the check would look at the past.
        """
        if self.postgres:
            self._connection.execute(_LOCK, {"key": coach_id})


_LOCK = sa.text("SELECT pg_advisory_xact_lock(:key)").bindparams(sa.bindparam("key", type_=sa.BigInteger))


def is_overlap(error: sa.exc.DBAPIError) -> bool:
    """Whether the guard of `sessions` refused it: exclusion constraint on Postgres, trigger on SQLite."""
    return getattr(error.orig, "sqlstate", None) == "23P01" or str(error.orig) == "overlap"
