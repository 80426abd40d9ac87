"""The transaction that a work function gets."""

from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass, field
from functools import cache
from typing import Any, overload

import sqlalchemy as sa
from sqlalchemy.dialects import postgresql, sqlite

from storage.errors import BadRow as BadRow
from storage.errors import CannotRead as CannotRead
from storage.errors import DatabaseError as DatabaseError
from storage.errors import Outdated as Outdated
from storage.errors import Overlap as Overlap
from storage.errors import RefusedBefore
from storage.errors import StorageAway as StorageAway
from storage.errors import Violation as Violation
from storage.link import Link as Link
from storage.link import Locks as Locks
from storage.put_off import Change, PutOff, alone
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


@dataclass
class _Level:
    """The transaction, or what is inside of a savepoint of it: what it put off, and whether the savepoint was sent."""

    waiting: PutOff = field(default_factory=PutOff)
    sent: bool = False


class Tx:
    """One open transaction.

    `savepoint()` lets a work function go on after a `Violation`.
    `sees_one_moment`: it only reads, and all its statements see the same data.
    """

    __slots__ = (
        "_levels", "_link", "bad_rows", "changes_catalogue", "postgres", "sealer", "seen", "sees_one_moment",
        "snapshot",
    )  # fmt: skip

    def __init__(self, link: Link, sealer: Sealer, snapshot: SnapshotSlot, *, sees_one_moment: bool = False) -> None:
        self._link = link
        self._levels = [_Level()]
        self.sealer = sealer
        self.snapshot = snapshot
        self.sees_one_moment = sees_one_moment
        self.seen: object = None
        """What `storage.practice.catalogue` read here; forgotten when it may be another by now."""
        self.changes_catalogue = False
        self.postgres = link.postgres
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

        What was put off goes before it, unless it is a ready one that only reads, and in other tables. Raises
        `DatabaseError`.
        """
        self._before(statement)
        if isinstance(statement, Ready):
            assert not isinstance(parameters, Sequence)
            return self._link.run(statement, parameters or {})
        self._watch(statement)
        try:
            return self._link.core().execute(statement, parameters)
        except sa.exc.DBAPIError as error:
            raise self._link.translated(error) from error

    def look(self, statement: Ready, parameters: Values) -> Rows:
        """Run a statement that reads what nothing that is put off can change: that may go on waiting."""
        assert statement.reads(self.postgres) is not None
        return self._link.run(statement, parameters)

    def insert(self, statement: sa.Insert, values: Mapping[str, Any] | None = None) -> int:
        """Insert one row into a table whose key is `id`, and return that id."""
        key = self.execute(statement, values).inserted_primary_key
        assert key is not None
        return int(key[0])

    def next_id(self, table: sa.Table) -> int:
        """The id that a row of this table gets next, for one that seals something: that is bound to its row's id."""
        return int(self.execute(_draw(table)).scalar_one())

    def batch_insert(self, statement: sa.Insert, *rows: Mapping[str, Any]) -> None:
        """Insert rows, of which nothing is asked back, before anything that could see them is read or written.

        On Postgres what comes together so is one statement: a row may be written by one table's insert only, and all
        rows of an insert have the same columns. They get their ids in this order.
        """
        if self.postgres:
            assert statement.table not in IN_THE_CATALOGUE
            self._levels[-1].waiting.insert(statement, rows)
        else:
            self.execute(statement, list(rows))

    def batch_update(
        self, statement: sa.Update, values: Values, *, of: Mapping[str, Any], as_read: bool = False
    ) -> None:
        """Change rows, and put it off like `batch_insert`: what comes together so is one statement of Postgres.

        `statement` is made once, and its parameters are named unlike its columns. `of`: what stands in certain columns
        of every row that it may find; it goes before a second change that may find the same rows. `as_read`: it finds
        one row, or somebody changed that since it was read, and `Outdated` ends the transaction.
        """
        assert statement.table not in IN_THE_CATALOGUE
        change = Change(statement, values, of, as_read)
        if self.postgres:
            if not self._levels[-1].waiting.has_room(change):
                self.flush()
            self._levels[-1].waiting.changes.append(change)
        else:
            _check(change, self.execute(alone(statement), values).rowcount)

    def flush(self) -> None:
        """Write what was put off."""
        waiting = [number for number, level in enumerate(self._levels) if level.waiting]
        if waiting:
            self._reach(waiting[-1])

    def _before(self, statement: Ready | sa.Executable) -> None:
        """Write what this statement could see, and for one that writes the savepoints around it."""
        if len(self._levels) == 1 and not self._levels[0].waiting:
            return
        reads = statement.reads(self.postgres) if isinstance(statement, Ready) else None
        if reads is None and not isinstance(statement, sa.Select):
            self._reach(len(self._levels) - 1)
        elif reads is None or any(not reads.isdisjoint(level.waiting.tables) for level in self._levels):
            self.flush()

    def _reach(self, depth: int) -> None:
        """Write what waits down to this savepoint, each of them in its place."""
        for number, level in enumerate(self._levels[: depth + 1]):
            if number and not level.sent:
                self._link.command(f"SAVEPOINT inside_{number}")
                level.sent = True
            try:
                self._write(level)
            except Violation as refused:
                if number == len(self._levels) - 1:
                    raise
                raise RefusedBefore(refused) from refused

    def _write(self, level: _Level) -> None:
        waiting, level.waiting = level.waiting, PutOff()
        if not waiting:
            return
        rows = self._link.run(*waiting.together())
        for change, found in zip(waiting.changes, rows[0] if waiting.changes else (), strict=True):
            _check(change, found)

    def _watch(self, statement: sa.Executable) -> None:
        if isinstance(statement, sa.UpdateBase) and statement.table in IN_THE_CATALOGUE:
            self.seen, self.changes_catalogue = None, True

    def upsert(self, table: sa.Table) -> postgresql.Insert | sqlite.Insert:
        """An INSERT that understands ON CONFLICT, which both databases spell alike."""
        return upsert(table, postgres=self.postgres)

    @contextmanager
    def savepoint(self) -> Iterator[None]:
        """Undo only what was done inside when it raises. What is refused of it is known when it ends."""
        with self.part():
            yield
            self.flush()

    @contextmanager
    def part(self) -> Iterator[None]:
        """As `savepoint`, for who goes on after an error of their own: what is put off inside may still wait when it
        ends, and where nothing else is written no savepoint is needed."""
        depth, level = len(self._levels), _Level()
        self._levels.append(level)
        try:
            yield
        except BaseException as error:
            try:
                if level.sent:
                    self._link.command(f"ROLLBACK TO SAVEPOINT inside_{depth}")
            except DatabaseError:
                # SQLite ends the whole transaction over a full disk: what went wrong first says so.
                if isinstance(error, Violation) or not isinstance(error, DatabaseError):
                    raise
            raise
        else:
            if level.sent:
                self._write(level)
                self._link.command(f"RELEASE SAVEPOINT inside_{depth}")
        finally:
            self._levels.pop()
        if not level.sent:
            self._take_over(level.waiting)

    def _take_over(self, waiting: PutOff) -> None:
        """What a part had put off waits with what was put off before it."""
        for change in waiting.changes:
            self.batch_update(change.statement, change.values, of=change.of, as_read=change.as_read)
        for statement, rows in waiting.inserts.items():
            self.batch_insert(statement, *rows)

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


def _check(change: Change, found: int) -> None:
    if change.as_read and found != 1:
        raise Outdated(f"{change.statement.table}: {found} rows instead of the one that was read")


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
