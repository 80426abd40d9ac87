"""SQLite: one thread that writes, some that read, each transaction in one hop."""

import asyncio
import contextvars
import sqlite3
import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import TypeVar

import sqlalchemy as sa

from storage.backends.private_files import make_file, make_folder
from storage.sound import lenient_json
from storage.tx import StorageAway

T = TypeVar("T")

# How long one process waits for another that is writing.
BUSY_SECONDS = 10.0
_AWAY = ("SQLITE_BUSY", "SQLITE_LOCKED", "SQLITE_PROTOCOL", "SQLITE_CANTOPEN", "SQLITE_IOERR", "SQLITE_FULL")
_READ_ONLY = "SQLITE_READONLY"
_QUERY_ONLY = "rapport_query_only"


class SqliteBackend:
    """Writers of one process stand in line for one thread, so that SQLite's own back-off is never needed."""

    def __init__(self, file: Path, *, readers: int) -> None:
        self._writer = engine(file, begin="BEGIN IMMEDIATE", pool_size=1)
        self._reader = engine(file, begin="BEGIN", pool_size=readers, query_only=True)
        self._glancer = engine(file, begin=None, pool_size=1, query_only=True, busy_seconds=0.0)
        self._writing = ThreadPoolExecutor(1, thread_name_prefix="storage-write")
        self._reading = ThreadPoolExecutor(readers, thread_name_prefix="storage-read")

    async def write(self, work: Callable[[sa.Connection], T]) -> T:
        """Run `work` in the writing thread under BEGIN IMMEDIATE."""
        return await _hop(self._writing, self._writer, work)

    async def read(self, work: Callable[[sa.Connection], T]) -> T:
        """Run `work` in a reading thread on one snapshot."""
        return await _hop(self._reading, self._reader, work)

    async def read_one(self, work: Callable[[sa.Connection], T]) -> T:
        """Run `work`, one statement, in this thread: a hop to another costs more than a few rows by key do."""
        try:
            return transact(self._glancer, work)
        except StorageAway:  # a busy file is waited for elsewhere
            return await self.read(work)

    async def write_one(self, work: Callable[[sa.Connection], T]) -> T:
        """As `write`: a transaction costs no round trip here."""
        return await self.write(work)

    async def close(self) -> None:
        """Wait for the threads and close the files."""
        self._glancer.dispose()
        for executor, its_engine in ((self._reading, self._reader), (self._writing, self._writer)):
            await asyncio.get_running_loop().run_in_executor(executor, its_engine.dispose)
            executor.shutdown()


async def _hop(executor: ThreadPoolExecutor, its_engine: sa.Engine, work: Callable[[sa.Connection], T]) -> T:
    context = contextvars.copy_context()
    return await asyncio.get_running_loop().run_in_executor(executor, context.run, transact, its_engine, work)


def transact(its_engine: sa.Engine, work: Callable[[sa.Connection], T]) -> T:
    """Run `work` in one transaction of `its_engine`, in this thread."""
    try:
        with its_engine.begin() as connection:
            return work(connection)
    except sa.exc.DBAPIError as error:
        if _is_away(str(getattr(error.orig, "sqlite_errorname", "")), its_engine):
            raise StorageAway(str(error.orig)) from error
        raise


def _is_away(error_name: str, its_engine: sa.Engine) -> bool:
    """A change refused where we asked for none (`query_only`) is a mistake of ours, and has the bare name."""
    if error_name == _READ_ONLY:
        return not its_engine.get_execution_options().get(_QUERY_ONLY)
    return error_name.startswith((*_AWAY, _READ_ONLY))


def engine(
    file: Path,
    *,
    begin: str | None,
    pool_size: int,
    query_only: bool = False,
    foreign_keys: bool = True,
    busy_seconds: float = BUSY_SECONDS,
) -> sa.Engine:
    """An engine whose transactions start with `begin`, or with their first statement where it is None.

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
        execution_options={_QUERY_ONLY: query_only},
        connect_args={"check_same_thread": False, "isolation_level": None, "timeout": busy_seconds},
    )

    @sa.event.listens_for(made, "connect")
    def _prepare(connection: sqlite3.Connection, _record: object) -> None:
        _use_wal(connection)
        connection.execute("PRAGMA synchronous=FULL")
        connection.execute(f"PRAGMA foreign_keys={int(foreign_keys)}")
        connection.execute(f"PRAGMA query_only={int(query_only)}")

    if begin is not None:

        @sa.event.listens_for(made, "begin")
        def _begin(connection: sa.Connection) -> None:
            connection.exec_driver_sql(begin)

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
