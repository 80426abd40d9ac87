"""Postgres over asyncpg: a pool of our own, nothing that a transaction pooler in front would break."""

import asyncio
import random
from collections.abc import Callable
from typing import TypeVar

import asyncpg
import sqlalchemy as sa
from sqlalchemy.ext.asyncio import AsyncEngine, create_async_engine
from sqlalchemy.util import greenlet_spawn

from storage.backends.urls import DatabaseAddress
from storage.tx import StorageAway

T = TypeVar("T")

TRIES = 4
CONNECT_SECONDS = 10.0
STATEMENT_SECONDS = 30.0
PREPARED = 500  # statements of a connection; the product has about half as many
_AGAIN = {"40001", "40P01"}  # serialization failure, deadlock
_STALE = (asyncpg.InvalidCachedStatementError, asyncpg.InternalClientError)
_READ_ONLY = "25006"
# Connection failures; no room on the disk, in memory or for connections; shutdown and start; the disk itself.
_AWAY_CLASSES = ("08", "53", "57P", "58")
_UNREACHABLE = (OSError, TimeoutError, sa.exc.TimeoutError, asyncpg.PostgresConnectionError)


class PostgresBackend:
    """Runs each function in a greenlet over one asyncpg connection; again after a deadlock or a lost one."""

    def __init__(self, made: AsyncEngine) -> None:
        self._engine = made
        # A read of several statements sees one moment, as it does on SQLite.
        self._reader = made.execution_options(isolation_level="REPEATABLE READ", postgresql_readonly=True)
        self._single = made.execution_options(isolation_level="AUTOCOMMIT")

    @staticmethod
    async def open(place: DatabaseAddress, *, pool_size: int) -> "PostgresBackend":
        """Statements stay prepared where the connection ends at the server itself. Raises `StorageAway`."""
        probe = engine(place, 1)
        try:
            direct = await transact(probe, _ends_at_the_server)
        finally:
            await probe.dispose()
        return PostgresBackend(engine(place, pool_size, prepared=PREPARED if direct else 0))

    async def write(self, work: Callable[[sa.Connection], T]) -> T:
        """Run `work` under READ COMMITTED."""
        return await transact(self._engine, work)

    async def read(self, work: Callable[[sa.Connection], T]) -> T:
        """Run `work` in a read-only transaction on one snapshot."""
        return await transact(self._reader, work)

    async def read_one(self, work: Callable[[sa.Connection], T]) -> T:
        """Run `work`, one statement, without BEGIN and COMMIT around it."""
        return await transact(self._single, work)

    async def write_one(self, work: Callable[[sa.Connection], T]) -> T:
        """Run `work`, one statement, without BEGIN and COMMIT around it."""
        return await transact(self._single, work)

    async def close(self) -> None:
        """Close every connection."""
        await self._engine.dispose()


async def transact(its_engine: AsyncEngine, work: Callable[[sa.Connection], T]) -> T:
    """Run `work` in one transaction, at most `TRIES` times; `StorageAway` when the database is not there."""

    def run() -> T:
        with its_engine.sync_engine.begin() as connection:
            try:
                return work(connection)
            except sa.exc.DBAPIError as error:
                # A read-only server is perhaps no longer the one that writes: the next try connects anew.
                if stale(error) or _is_read_only(error):
                    connection.invalidate(error)
                raise

    for left in range(TRIES - 1, -1, -1):
        try:
            return await greenlet_spawn(run)
        except sa.exc.DBAPIError as error:
            if not (again(error) or away(error) or (_is_read_only(error) and not _only_reads(its_engine))):
                raise
            if left == 0:
                raise StorageAway(str(error.orig)) from error
        except (*_UNREACHABLE, asyncpg.PostgresError, asyncpg.InterfaceError) as error:
            if left == 0 or not isinstance(error, asyncpg.PostgresConnectionError):
                raise StorageAway(str(error) or type(error).__name__) from error
        await asyncio.sleep(random.uniform(0.5, 1.0) * 0.02 * 2 ** (TRIES - left))  # noqa: S311
    raise AssertionError("unreachable")


def again(error: sa.exc.DBAPIError) -> bool:
    """Whether the same work may succeed at once: a deadlock, two that cannot be put in order, a stale plan."""
    return stale(error) or getattr(error.orig, "sqlstate", None) in _AGAIN


def stale(error: sa.exc.DBAPIError) -> bool:
    """Whether a migration changed what a statement that the connection keeps prepared gives back."""
    return isinstance(getattr(error.orig, "__cause__", None), _STALE)


def away(error: sa.exc.DBAPIError) -> bool:
    """Whether the connection or the server went away, or none could be had."""
    state = getattr(error.orig, "sqlstate", None) or ""
    # Poolers refuse a connection with codes of their own; no statement was sent then.
    refused = error.statement is None and not isinstance(error, sa.exc.IntegrityError)
    return refused or error.connection_invalidated or state.startswith(_AWAY_CLASSES)


def _is_read_only(error: sa.exc.DBAPIError) -> bool:
    return getattr(error.orig, "sqlstate", None) == _READ_ONLY


def _only_reads(its_engine: AsyncEngine) -> bool:
    """Whether a change is refused because we asked for it: such work is a mistake of ours."""
    return bool(its_engine.get_execution_options().get("postgresql_readonly"))


def _ends_at_the_server(connection: sa.Connection) -> bool:
    """False behind a pooler: it tells its clients process numbers of its own."""
    told = connection.connection.driver_connection.get_server_pid()  # type: ignore[union-attr]
    return bool(told == connection.execute(sa.text("SELECT pg_backend_pid()")).scalar_one())


def engine(
    place: DatabaseAddress, pool_size: int, *, statement_seconds: float = STATEMENT_SECONDS, prepared: int = 0
) -> AsyncEngine:
    """The engine for `place`, which must be a Postgres address.

    `prepared`: how many statements each connection keeps prepared. A transaction pooler gives each transaction
    another server connection, where one prepared by name on the last is unknown, or already there: with 0
    nothing is kept and every statement is unnamed.
    """
    assert place.address is not None
    unnamed = {} if prepared else {"prepared_statement_name_func": lambda: ""}
    made = create_async_engine(
        place.address,
        pool_size=pool_size,
        max_overflow=0,
        hide_parameters=True,  # of an error: they may hold what people wrote
        pool_timeout=CONNECT_SECONDS,
        isolation_level="READ COMMITTED",
        connect_args={
            **place.arguments,
            **unnamed,
            "statement_cache_size": prepared,  # with 0 the driver gives no names
            "prepared_statement_cache_size": prepared,
            "timeout": CONNECT_SECONDS,
            "command_timeout": statement_seconds,
        },
    )

    @sa.event.listens_for(made.sync_engine, "checkout")
    def _refuse_closed(_adapted: object, record: sa.pool.ConnectionPoolEntry, _proxy: object) -> None:
        # After a restart of the server every pooled connection is dead; the driver knows, at no cost.
        driver = record.driver_connection
        if driver is not None and driver.is_closed():
            raise sa.exc.DisconnectionError

    return made
