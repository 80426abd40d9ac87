"""The transaction that a work function gets."""

from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass
from functools import cache
from typing import Any, Protocol, overload

import sqlalchemy as sa
from sqlalchemy.dialects import postgresql, sqlite

from storage.batch_insert import Inserts, together
from storage.errors import BadRow as BadRow
from storage.errors import CannotRead as CannotRead
from storage.errors import DatabaseError as DatabaseError
from storage.errors import Overlap as Overlap
from storage.errors import StorageAway as StorageAway
from storage.errors import Violation as Violation
from storage.ready import Ready, Rows, Values
from storage.sealing import Sealer
from storage.tables import IN_THE_CATALOGUE

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


@dataclass(frozen=True)
class Locks:
    """Whose locks on Postgres a transaction holds to its end, the coach's first; None: nobody's."""

    coach_id: int | None = None
    client_id: int | None = None

    @property
    def sql(self) -> str:
        """Statements that are sent together and run in this order."""
        # Coaches have the positive keys, and a migration has -1.
        keys = (self.coach_id, None if self.client_id is None else -1 - self.client_id)
        return "".join(f"SELECT pg_advisory_xact_lock({int(key)});" for key in keys if key is not None)


class Link(Protocol):
    """The driver's connection while a transaction has it."""

    postgres: bool

    def run(self, ready: Ready, values: Values) -> Rows:
        """Run a ready statement. Raises `DatabaseError`."""

    def command(self, sql: str) -> None:
        """Run SQL that has no values and gives nothing."""

    def core(self) -> sa.Connection:
        """SQLAlchemy's connection over the same one; it neither begins nor ends a transaction."""

    def translated(self, error: sa.exc.DBAPIError) -> DatabaseError:
        """What an error of `core` is here."""


class Tx:
    """One open transaction.

    `savepoint()` lets a work function go on after a `Violation`.
    `sees_one_moment`: it only reads, and all its statements see the same data.
    """

    __slots__ = (
        "_link", "_savepoints", "_waiting", "bad_rows", "changes_catalogue", "postgres", "sealer", "seen",
        "sees_one_moment", "snapshot",
    )  # fmt: skip

    def __init__(self, link: Link, sealer: Sealer, snapshot: SnapshotSlot, *, sees_one_moment: bool = False) -> None:
        self._link = link
        self._savepoints = 0
        self.sealer = sealer
        self.snapshot = snapshot
        self.sees_one_moment = sees_one_moment
        self.seen: object = None
        """What `storage.practice.catalogue` read here; forgotten when it may be another by now."""
        self.changes_catalogue = False
        self.postgres = link.postgres
        self._waiting: Inserts = {}
        self.bad_rows: list[BadRow] = []
        """What `storage.journal.set_aside` could not read; `Storage` passes it on when the transaction is over."""

    @property
    def connection(self) -> sa.Connection:
        """SQLAlchemy's connection, for what is no statement of a turn."""
        return self._link.core()

    @overload
    def execute(self, statement: Ready, parameters: Values = ...) -> Rows: ...
    @overload
    def execute(
        self, statement: sa.Executable, parameters: Values | Sequence[Values] | None = ...
    ) -> sa.CursorResult[Any]: ...
    def execute(
        self, statement: Ready | sa.Executable, parameters: Values | Sequence[Values] | None = None
    ) -> Rows | sa.CursorResult[Any]:
        """Run one statement; for each of a list of parameters, if it is none of the ready ones.

        Raises `DatabaseError`.
        """
        self.flush()
        if isinstance(statement, Ready):
            assert not isinstance(parameters, Sequence)
            return self._link.run(statement, parameters or {})
        self._watch(statement)
        try:
            return self._link.core().execute(statement, parameters)
        except sa.exc.DBAPIError as error:
            raise self._link.translated(error) from error

    def insert(self, statement: sa.Insert, values: Mapping[str, Any] | None = None) -> int:
        """Insert one row into a table whose key is `id`, and return that id."""
        key = self.execute(statement, values).inserted_primary_key
        assert key is not None
        return int(key[0])

    def next_id(self, table: sa.Table) -> int:
        """The id that a row of this table gets next, for one that seals something: that is bound to its row's id."""
        return int(self.execute(_draw(table)).scalar_one())

    def batch_insert(self, statement: sa.Insert, *rows: Mapping[str, Any]) -> None:
        """Insert rows, of which nothing is asked back, before anything else is read or written.

        On Postgres what comes together so is one statement: a row may be written by one table's insert only, and all
        rows of an insert have the same columns. They get their ids in this order.
        """
        if self.postgres:
            assert statement.table not in IN_THE_CATALOGUE
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
        self._savepoints += 1
        name = f"inside_{self._savepoints}"
        self._link.command(f"SAVEPOINT {name}")
        try:
            yield
            self.flush()
        except BaseException as error:
            try:
                self._link.command(f"ROLLBACK TO SAVEPOINT {name}")
            except DatabaseError:
                # SQLite ends the whole transaction over a full disk: what went wrong first says so.
                if isinstance(error, Violation) or not isinstance(error, DatabaseError):
                    raise
            raise
        finally:
            self._waiting = {}
            self._savepoints -= 1
        self._link.command(f"RELEASE SAVEPOINT {name}")

    def lock_coach(self, coach_id: int) -> None:
        """Hold the coach's lock until the transaction ends; SQLite has one writer and needs none.

        A statement of its own, before the one that checks: under READ COMMITTED a statement sees what was
        committed when it began, so a lock folded into the check would look at the past. `Storage.write` takes it
        along with BEGIN where it is known by then.
        """
        self._lock(Locks(coach_id))

    def lock_client(self, person_id: int) -> None:
        """Hold a client until the transaction ends: what they have is counted by one at a time.

        Always after the coach's lock and before any other, so that nobody waits in a circle. It is no lock of the
        person's row: whoever writes about the person meanwhile does not wait.
        """
        self._lock(Locks(None, person_id))

    def _lock(self, locks: Locks) -> None:
        if self.postgres:
            self.flush()
            self._link.command(locks.sql)
            self.seen = None


@cache
def _draw(table: sa.Table) -> Ready:
    return Ready(lambda postgres: sa.select(next_id(table, postgres=postgres).label("id")))


def next_id(table: sa.Table, *, postgres: bool) -> sa.ColumnElement[int]:
    """The id that the next row of this table gets. On SQLite nobody else writes until the transaction ends."""
    if postgres:
        return sa.literal_column(f"nextval('{table.name}_id_seq')", sa.BigInteger)
    return sa.select(sa.func.coalesce(sa.func.max(table.c.id), 0) + 1).scalar_subquery()


def upsert(table: sa.Table, *, postgres: bool) -> postgresql.Insert | sqlite.Insert:
    """See `Tx.upsert`."""
    return postgresql.insert(table) if postgres else sqlite.insert(table)
