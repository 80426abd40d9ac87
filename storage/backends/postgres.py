"""Postgres over asyncpg: a pool of our own, nothing that a transaction pooler in front would break.

SQLAlchemy keeps the pool, and never begins a transaction here: BEGIN and COMMIT go to the driver, the coach's lock
along with BEGIN.
"""

import asyncio
import random
from collections.abc import Callable
from typing import NoReturn, TypeVar

import asyncpg
import sqlalchemy as sa
from sqlalchemy.ext.asyncio import AsyncEngine, create_async_engine
from sqlalchemy.util import await_only, greenlet_spawn

from storage.backends import postgres_errors
from storage.backends.pooled_link import PooledLink
from storage.backends.postgres_errors import Refused, Trouble
from storage.backends.urls import DatabaseAddress
from storage.errors import DatabaseError, Outdated, StorageAway
from storage.ready import Ready, Rows, Values, Workshop
from storage.tx import Locks

T = TypeVar("T")

TRIES = 4
CONNECT_SECONDS = 10.0
STATEMENT_SECONDS = 30.0
PREPARED = 500
"""Statements of a connection, the ready ones and SQLAlchemy's together; the product has about half as many."""
ONE_PLAN = {"plan_cache_mode": "force_generic_plan"}
"""A statement that stays prepared is planned once. Left to itself Postgres plans each anew for its values, every time,
where a range of moments stands in it: of what it does not know it takes a part of the whole table, and a plan for that
looks dear as soon as the table is large. Planning such a statement takes longer than running it."""
WRITES = "BEGIN ISOLATION LEVEL READ COMMITTED;"
READS = "BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY;"
SINGLE = ""
"""One statement alone: no transaction around it."""


class PostgresLink(PooledLink):
    """One asyncpg connection while a transaction has it; used in a greenlet alone."""

    postgres = True

    def __init__(self, engine: AsyncEngine, workshop: Workshop) -> None:
        self._begun = False
        try:
            super().__init__(engine.sync_engine, workshop)
        except (asyncpg.PostgresError, asyncpg.InterfaceError) as error:
            raise Refused(str(error)) from error
        except engine.dialect.loaded_dbapi.Error as error:  # as SQLAlchemy calls the same
            raise Refused(str(error)) from error.__cause__

    def run(self, ready: Ready, values: Values) -> Rows:
        sql, bound, made = self._bound(ready, values)
        try:
            if made.gives_rows:
                return Rows(made.rows(await_only(self._driver.fetch(sql, *bound))))
            tag = await_only(self._driver.execute(sql, *bound))
        except Exception as error:  # noqa: BLE001 - it is raised again, as what it is here
            self._raise(error)
        return Rows(rowcount=int(tag.rpartition(" ")[2]))

    def command(self, sql: str) -> None:
        self._send(sql)

    def _send(self, sql: str) -> str:
        """The tag of the last statement."""
        self._told(sql)
        try:
            return str(await_only(self._driver.execute(sql)))
        except Exception as error:  # noqa: BLE001 - it is raised again, as what it is here
            self._raise(error)

    def translated(self, error: sa.exc.DBAPIError) -> DatabaseError:
        found = postgres_errors.translated(postgres_errors.drivers(error), lost=error.connection_invalidated)
        return found if isinstance(found, DatabaseError) else DatabaseError(str(found))

    def _raise(self, error: Exception) -> NoReturn:
        told = postgres_errors.translated(error, lost=self._driver.is_closed())
        if told is error:
            raise error
        raise told from error

    def begin(self, sql: str) -> None:
        """Begin the transaction, perhaps with locks that are waited for."""
        self._begun = True
        self._send(sql)

    def commit(self) -> None:
        """End the transaction, if there is one. A statement failed in it that nobody heard of: then it fails now."""
        if self._driver.is_in_transaction() and self._send("COMMIT") != "COMMIT":
            raise DatabaseError("a transaction that had failed was to be committed")

    def give_up(self, error: BaseException) -> None:
        """Undo what was done; a connection that is of no more use is closed.

        The driver knows of a transaction only from the last answer: none came to a BEGIN that waited for its locks too
        long, and what it locks is held all the same.
        """
        if not self._pooled.is_valid:
            return
        try:
            if postgres_errors.wants_another_connection(error) or self._driver.is_closed():
                self._pooled.invalidate(error)
            elif self._begun or self._driver.is_in_transaction():
                await_only(self._driver.execute("ROLLBACK"))
        except BaseException as worse:
            self._pooled.invalidate(worse)
            if not isinstance(worse, Exception):  # else the caller hears of what went wrong first
                raise


class PostgresBackend:
    """Runs each function in a greenlet over one asyncpg connection; again after a deadlock or a lost one."""

    def __init__(self, made: AsyncEngine) -> None:
        self._engine = made
        self._workshop = Workshop(made.dialect)

    @staticmethod
    async def open(place: DatabaseAddress, *, pool_size: int) -> "PostgresBackend":
        """Statements stay prepared where the connection ends at the server itself. Raises `StorageAway`."""
        probe = engine(place, 1)
        try:
            direct = await transact(probe, _ends_at_the_server)
        finally:
            await probe.dispose()
        return PostgresBackend(engine(place, pool_size, prepared=PREPARED if direct else 0))

    async def write(self, work: Callable[[PostgresLink], T], locks: Locks | None = None) -> T:
        """Run `work` under READ COMMITTED."""
        begin = WRITES if locks is None else WRITES + locks.sql
        return await transact(self._engine, work, begin=begin, workshop=self._workshop)

    async def read(self, work: Callable[[PostgresLink], T]) -> T:
        """Run `work` in a read-only transaction on one snapshot: several statements see one moment, as on SQLite."""
        return await transact(self._engine, work, begin=READS, workshop=self._workshop)

    async def read_one(self, work: Callable[[PostgresLink], T]) -> T:
        """Run `work`, one statement, without BEGIN and COMMIT around it."""
        return await transact(self._engine, work, begin=SINGLE, workshop=self._workshop)

    async def write_one(self, work: Callable[[PostgresLink], T]) -> T:
        """Run `work`, one statement, without BEGIN and COMMIT around it."""
        return await transact(self._engine, work, begin=SINGLE, workshop=self._workshop)

    async def close(self) -> None:
        """Close every connection."""
        await self._engine.dispose()


async def transact(
    its_engine: AsyncEngine,
    work: Callable[[PostgresLink], T],
    *,
    begin: str = WRITES,
    workshop: Workshop | None = None,
) -> T:
    """Run `work` in one transaction, at most `TRIES` times; `StorageAway` when the database is not there."""
    statements = workshop or Workshop(its_engine.dialect)

    def run() -> T:
        link = PostgresLink(its_engine, statements)
        try:
            if begin:
                link.begin(begin)
            result = work(link)
            link.commit()
        except BaseException as error:
            link.give_up(error)
            raise
        finally:
            link.close()
        return result

    for left in range(TRIES - 1, -1, -1):
        try:
            return await greenlet_spawn(run)
        except Exception as error:
            trouble = postgres_errors.trouble(error, reads_only=begin == READS)
            if trouble is None or (left == 0 and isinstance(error, Outdated)):
                raise
            if left == 0 or trouble is Trouble.AWAY:
                told = postgres_errors.drivers(error)
                raise StorageAway(str(told) or type(told).__name__) from error
        await asyncio.sleep(random.uniform(0.5, 1.0) * 0.02 * 2 ** (TRIES - left))  # noqa: S311
    raise AssertionError("unreachable")


def _ends_at_the_server(link: PostgresLink) -> bool:
    """False behind a pooler: it tells its clients process numbers of its own."""
    connection = link.core()
    told = connection.connection.driver_connection.get_server_pid()  # type: ignore[union-attr]
    return bool(told == connection.execute(sa.text("SELECT pg_backend_pid()")).scalar_one())


def engine(
    place: DatabaseAddress, pool_size: int, *, statement_seconds: float = STATEMENT_SECONDS, prepared: int = 0
) -> AsyncEngine:
    """The engine for `place`, which must be a Postgres address.

    `prepared`: how many statements each connection keeps prepared. A transaction pooler gives each transaction
    another server connection, where one prepared by name on the last is unknown, or already there: with 0
    nothing is kept and every statement is unnamed. Ready statements are kept by the driver, others by SQLAlchemy.
    """
    assert place.address is not None
    kept = {"server_settings": ONE_PLAN} if prepared else {"prepared_statement_name_func": lambda: ""}
    made = create_async_engine(
        place.address,
        pool_size=pool_size,
        max_overflow=0,
        hide_parameters=True,  # of an error: they may hold what people wrote
        pool_timeout=CONNECT_SECONDS,
        isolation_level="AUTOCOMMIT",
        pool_reset_on_return=None,  # a link ends its transaction before it gives the connection back
        connect_args={
            **place.arguments,
            **kept,
            "statement_cache_size": prepared // 2,  # with 0 the driver gives no names
            "prepared_statement_cache_size": prepared - prepared // 2,
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
