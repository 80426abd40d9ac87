"""SQLite: one thread that writes, some that read, each transaction in one hop."""

import asyncio
import contextvars
import sqlite3
import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import TypeGuard, TypeVar

import sqlalchemy as sa

from storage.backends.pooled_link import PooledLink
from storage.backends.private_files import make_file, make_folder
from storage.errors import DatabaseError, Overlap, StorageAway, Violation
from storage.ready import Ready, Rows, Values, Workshop
from storage.sound import lenient_json
from storage.tables import metadata
from storage.tx import Locks

T = TypeVar("T")

# How long one process waits for another that is writing.
BUSY_SECONDS = 10.0
_AWAY = ("SQLITE_BUSY", "SQLITE_LOCKED", "SQLITE_PROTOCOL", "SQLITE_CANTOPEN", "SQLITE_IOERR", "SQLITE_FULL")
_READ_ONLY = "SQLITE_READONLY"
_QUERY_ONLY, _BEGIN = "rapport_query_only", "rapport_begin"


class SqliteLink(PooledLink):
    """One sqlite3 connection while a transaction has it. What was not committed when it is closed is undone."""

    postgres = False

    def run(self, ready: Ready, values: Values) -> Rows:
        sql, bound, made = self._bound(ready, values)
        try:
            cursor = self._driver.execute(sql, bound)
            return Rows(made.rows(cursor.fetchall())) if made.gives_rows else Rows(rowcount=cursor.rowcount)
        except sqlite3.Error as error:
            raise _translated(error) from error

    def command(self, sql: str) -> None:
        self._told(sql)
        try:
            self._driver.execute(sql)
        except sqlite3.Error as error:
            raise _translated(error) from error

    def translated(self, error: sa.exc.DBAPIError) -> DatabaseError:
        return _translated(_drivers(error))


class SqliteBackend:
    """Writers of one process stand in line for one thread, so that SQLite's own back-off is never needed."""

    def __init__(self, file: Path, *, readers: int) -> None:
        self._writer = engine(file, begin="BEGIN IMMEDIATE", pool_size=1)
        self._reader = engine(file, begin="BEGIN", pool_size=readers, query_only=True)
        self._glancer = engine(file, begin="", pool_size=1, query_only=True, busy_seconds=0.0)
        self._workshop = Workshop(self._writer.dialect)
        self._writing = ThreadPoolExecutor(1, thread_name_prefix="storage-write")
        self._reading = ThreadPoolExecutor(readers, thread_name_prefix="storage-read")

    async def write(self, work: Callable[[SqliteLink], T], _locks: Locks | None = None) -> T:
        """Run `work` in the writing thread under BEGIN IMMEDIATE."""
        return await self._hop(self._writing, self._writer, work)

    async def read(self, work: Callable[[SqliteLink], T]) -> T:
        """Run `work` in a reading thread on one snapshot."""
        return await self._hop(self._reading, self._reader, work)

    async def read_one(self, work: Callable[[SqliteLink], T]) -> T:
        """Run `work`, one statement, in this thread: a hop to another costs more than a few rows by key do."""
        try:
            return transact(self._glancer, work, self._workshop)
        except StorageAway:  # a busy file is waited for elsewhere
            return await self.read(work)

    async def write_one(self, work: Callable[[SqliteLink], T]) -> T:
        """As `write`: a transaction costs no round trip here."""
        return await self.write(work)

    async def close(self) -> None:
        """Wait for the threads and close the files."""
        self._glancer.dispose()
        for executor, its_engine in ((self._reading, self._reader), (self._writing, self._writer)):
            await asyncio.get_running_loop().run_in_executor(executor, its_engine.dispose)
            executor.shutdown()

    async def _hop(self, executor: ThreadPoolExecutor, its_engine: sa.Engine, work: Callable[[SqliteLink], T]) -> T:
        run = contextvars.copy_context().run
        loop = asyncio.get_running_loop()
        return await loop.run_in_executor(executor, run, transact, its_engine, work, self._workshop)


def transact(its_engine: sa.Engine, work: Callable[[SqliteLink], T], workshop: Workshop | None = None) -> T:
    """Run `work` in one transaction of `its_engine`, in this thread."""
    options = its_engine.get_execution_options()
    try:
        link = SqliteLink(its_engine, workshop or Workshop(its_engine.dialect))
        try:
            if options[_BEGIN]:
                link.command(options[_BEGIN])
            result = work(link)
            if options[_BEGIN]:
                link.command("COMMIT")
        finally:
            link.close()
    except (sa.exc.DBAPIError, sqlite3.Error, DatabaseError) as error:
        told = _drivers(error)
        if _is_away(str(getattr(told, "sqlite_errorname", "")), query_only=options[_QUERY_ONLY]):
            raise StorageAway(str(told)) from error
        raise
    return result


def _drivers(error: BaseException) -> BaseException:
    """The driver's own error behind one of ours or of SQLAlchemy's."""
    if isinstance(error, sa.exc.DBAPIError):
        return error.orig or error
    behind = error.__cause__
    return error if behind is None or not isinstance(error, DatabaseError) else _drivers(behind)


def _translated(error: BaseException) -> DatabaseError:
    if not isinstance(error, sqlite3.IntegrityError):
        return DatabaseError(str(error))
    return Overlap() if str(error) == "overlap" else Violation(_constraint(str(error)), str(error))


def _constraint(told: str) -> str:
    """The name of what refused a row: SQLite tells that of a CHECK, and of what is unique only the columns."""
    kind, _, what = told.partition(" constraint failed: ")
    if kind != "UNIQUE":
        return what
    table, columns = what.partition(".")[0], [each.rpartition(".")[2] for each in what.split(", ")]
    known = metadata.tables.get(table)
    unique = [] if known is None else [each for each in (*known.indexes, *known.constraints) if _is_unique(each)]
    return next((str(each.name) for each in unique if [column.name for column in each.columns] == columns), "")


def _is_unique(what: object) -> TypeGuard[sa.Index | sa.UniqueConstraint | sa.PrimaryKeyConstraint]:
    return bool(getattr(what, "unique", False)) or isinstance(what, sa.UniqueConstraint | sa.PrimaryKeyConstraint)


def _is_away(error_name: str, *, query_only: bool) -> bool:
    """A change refused where we asked for none (`query_only`) is a mistake of ours, and has the bare name."""
    if error_name == _READ_ONLY:
        return not query_only
    return error_name.startswith((*_AWAY, _READ_ONLY))


def engine(
    file: Path,
    *,
    begin: str,
    pool_size: int,
    query_only: bool = False,
    foreign_keys: bool = True,
    busy_seconds: float = BUSY_SECONDS,
) -> sa.Engine:
    """An engine whose transactions start with `begin`; where it is "", each statement is one of its own.

    `file` and its folder are made, for this user alone, when they are missing.
    """
    try:
        make_folder(file.parent)
        make_file(file)
    except OSError as error:
        raise StorageAway(str(error)) from error
    made = sa.create_engine(
        sa.URL.create("sqlite+pysqlite", database=str(file)),
        pool_size=pool_size,
        max_overflow=0,
        json_deserializer=lenient_json,
        hide_parameters=True,  # of an error: they may hold what people wrote
        execution_options={_QUERY_ONLY: query_only, _BEGIN: begin},
        connect_args={"check_same_thread": False, "isolation_level": None, "timeout": busy_seconds},
    )

    @sa.event.listens_for(made, "connect")
    def _prepare(connection: sqlite3.Connection, _record: object) -> None:
        _use_wal(connection)
        connection.execute("PRAGMA synchronous=FULL")
        connection.execute(f"PRAGMA foreign_keys={int(foreign_keys)}")
        connection.execute(f"PRAGMA query_only={int(query_only)}")

    return made


def _use_wal(connection: sqlite3.Connection) -> None:
    """Switch a new file to WAL. Two processes that do it at once are refused without the usual wait."""
    give_up = time.monotonic() + BUSY_SECONDS
    while connection.execute("PRAGMA journal_mode").fetchone() != ("wal",):
        try:
            connection.execute("PRAGMA journal_mode=WAL")
        except sqlite3.OperationalError:
            if time.monotonic() > give_up:
                raise
            time.sleep(0.02)
