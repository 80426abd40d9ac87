"""The transaction that a work function gets, and the errors that it may raise."""

from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass
from functools import cache
from typing import Any

import sqlalchemy as sa
from sqlalchemy.dialects import postgresql, sqlite

from bot.domain.records import Why
from storage.batch_insert import Inserts, together
from storage.sealing import Sealer
from storage.tables import IN_THE_CATALOGUE


class StorageAway(Exception):
    """The database cannot be reached, or was busy beyond the time-out; the work may be tried again later."""


class Overlap(Exception):
    """The coach already has a held or confirmed session in that time; the transaction must end."""


@dataclass(frozen=True)
class BadRow:
    """A row that cannot be read, or not be acted on: `row` is its key in the table."""

    table: str
    row: str
    why: Why


class CannotRead(Exception):
    """What was asked for, or is to be changed, stands in a row that cannot be read."""

    def __init__(self, bad: BadRow) -> None:
        super().__init__(f"{bad.table} {bad.row}")
        self.bad = bad


MET: ContextVar[list[BadRow] | None] = ContextVar("MET", default=None)


@contextmanager
def meeting() -> Iterator[list[BadRow]]:
    """Collects what all transactions inside leave out: whoever answers a person says so."""
    found: list[BadRow] = []
    token = MET.set(found)
    try:
        yield found
    finally:
        MET.reset(token)


def left_out() -> tuple[BadRow, ...]:
    """What was collected so far; nothing where nobody does."""
    return tuple(MET.get() or ())


class SnapshotSlot:
    """What a process keeps of the database between transactions; `storage.practice.catalogue` alone fills it."""

    __slots__ = ("newest",)

    def __init__(self) -> None:
        self.newest: object = None


class Tx:
    """One open transaction.

    `savepoint()` lets a work function go on after an `Overlap` or an `IntegrityError`.
    `sees_one_moment`: it only reads, and all its statements see the same data.
    """

    __slots__ = (
        "_waiting", "bad_rows", "changes_catalogue", "connection", "postgres", "sealer", "seen", "sees_one_moment",
        "snapshot",
    )  # fmt: skip

    def __init__(
        self, connection: sa.Connection, sealer: Sealer, snapshot: SnapshotSlot, *, sees_one_moment: bool = False
    ) -> None:
        self.connection = connection
        self.sealer = sealer
        self.snapshot = snapshot
        self.sees_one_moment = sees_one_moment
        self.seen: object = None
        """What `storage.practice.catalogue` read here; forgotten when it may be another by now."""
        self.changes_catalogue = False
        self.postgres = connection.dialect.name == "postgresql"
        self._waiting: Inserts = {}
        self.bad_rows: list[BadRow] = []
        """What `storage.journal.set_aside` could not read; `Storage` passes it on when the transaction is over."""

    def execute(
        self,
        statement: sa.Executable,
        parameters: Mapping[str, Any] | Sequence[Mapping[str, Any]] | None = None,
    ) -> sa.CursorResult[Any]:
        """Run one statement; for each of a list of parameters. Raises `Overlap`, SQLAlchemy's errors."""
        self.flush()
        self._watch(statement)
        try:
            return self.connection.execute(statement, parameters)
        except sa.exc.DBAPIError as error:
            if is_overlap(error):
                raise Overlap from error
            raise

    def insert(self, statement: sa.Insert, values: Mapping[str, Any] | None = None) -> int:
        """Insert one row into a table whose key is `id`, and return that id."""
        key = self.execute(statement, values).inserted_primary_key
        assert key is not None
        return int(key[0])

    def next_id(self, table: sa.Table) -> int:
        """The id that a row of this table gets next, for one that seals something: that is bound to its row's id."""
        return int(self.execute(_draw(table, self.postgres)).scalar_one())

    def batch_insert(self, statement: sa.Insert, *rows: Mapping[str, Any]) -> None:
        """Insert rows, of which nothing is asked back, before anything else is read or written.

        On Postgres what comes together so is one statement: a row may be written by one table's insert only, and all
        rows of an insert have the same columns. They get their ids in this order.
        """
        if self.postgres:
            self._watch(statement)
            self._waiting.setdefault(statement, []).extend(rows)
        else:
            self.execute(statement, list(rows))

    def flush(self) -> None:
        """Write what `batch_insert` put off."""
        waiting, self._waiting = self._waiting, {}
        if waiting:
            self.execute(*together(waiting))

    def _watch(self, statement: sa.Executable) -> None:
        if isinstance(statement, sa.UpdateBase) and statement.table in IN_THE_CATALOGUE:
            self.seen, self.changes_catalogue = None, True

    def upsert(self, table: sa.Table) -> postgresql.Insert | sqlite.Insert:
        """An INSERT that understands ON CONFLICT, which both databases spell alike."""
        return upsert(table, postgres=self.postgres)

    @contextmanager
    def savepoint(self) -> Iterator[None]:
        """Undo only what was done inside when it raises."""
        self.flush()
        with self.connection.begin_nested():
            try:
                yield
                self.flush()
            finally:
                self._waiting = {}

    def lock_coach(self, coach_id: int, *, client: int | None = None) -> None:
        """Hold the coach's lock until the transaction ends; SQLite has one writer and needs none.

        Then, in the same statement, that of the person `client`, as `lock_client` does.

        A statement of its own, before the one that checks: under READ COMMITTED a statement sees what was
        committed when it began, so a lock folded into the check would look at the past.
        """
        if self.postgres:
            if client is None:
                self.execute(_LOCK, {"key": coach_id})
            else:
                self.execute(_LOCK_BOTH, {"key": coach_id, "client": _key_of(client)})
            self.seen = None

    def lock_client(self, person_id: int) -> None:
        """Hold a client until the transaction ends: what they have is counted by one at a time.

        Always after the coach's lock and before any other, so that nobody waits in a circle. It is no lock of the
        person's row: whoever writes about the person meanwhile does not wait.
        """
        if self.postgres:
            self.execute(_LOCK, {"key": _key_of(person_id)})
            self.seen = None


@cache
def _draw(table: sa.Table, postgres: bool) -> sa.Select[Any]:
    return sa.select(next_id(table, postgres=postgres))


def next_id(table: sa.Table, *, postgres: bool) -> sa.ColumnElement[int]:
    """The id that the next row of this table gets. On SQLite nobody else writes until the transaction ends."""
    if postgres:
        return sa.literal_column(f"nextval('{table.name}_id_seq')", sa.BigInteger)
    return sa.select(sa.func.coalesce(sa.func.max(table.c.id), 0) + 1).scalar_subquery()


def upsert(table: sa.Table, *, postgres: bool) -> postgresql.Insert | sqlite.Insert:
    """See `Tx.upsert`."""
    return postgresql.insert(table) if postgres else sqlite.insert(table)


_LOCK = sa.text("SELECT pg_advisory_xact_lock(:key)").bindparams(sa.bindparam("key", type_=sa.BigInteger))
# The first lock is taken before the second is asked for: the inner query cannot be pulled up (OFFSET 0).
_LOCK_BOTH = sa.text(
    "SELECT pg_advisory_xact_lock(:client) FROM (SELECT pg_advisory_xact_lock(:key) OFFSET 0) AS coach"
).bindparams(sa.bindparam("key", type_=sa.BigInteger), sa.bindparam("client", type_=sa.BigInteger))


def _key_of(person_id: int) -> int:
    """Coaches have the positive keys, and a migration has -1."""
    return -1 - person_id


def is_overlap(error: sa.exc.DBAPIError) -> bool:
    """Whether the guard of `sessions` refused it: exclusion constraint on Postgres, trigger on SQLite."""
    return getattr(error.orig, "sqlstate", None) == "23P01" or str(error.orig) == "overlap"
