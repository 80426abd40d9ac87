"""The least that books one time safely: lock, look for a clash, insert, in SQLAlchemy Core.

On Postgres with the driver's own settings: statements stay prepared, as they cannot behind a transaction pooler.
"""

import asyncio
import time
from collections.abc import Awaitable, Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import AsyncExitStack
from pathlib import Path
from typing import Any

import sqlalchemy as sa
from sqlalchemy.ext.asyncio import create_async_engine

from storage.backends.urls import parse

SESSION_S = 3000
COACH = 1
SLOTS = sa.Table(
    "bare_sessions",
    sa.MetaData(),
    sa.Column("id", sa.Integer, primary_key=True),
    sa.Column("coach_id", sa.BigInteger, nullable=False, index=True),
    sa.Column("starts", sa.BigInteger, nullable=False),
    sa.Column("ends", sa.BigInteger, nullable=False),
)
LOCK = sa.text("SELECT pg_advisory_xact_lock(:coach)").bindparams(coach=2**40)

Rush = Callable[[Sequence[int]], Awaitable[float]]
"""Everybody wants the start (epoch seconds) of their own at once; milliseconds until the last has an answer."""


def _clash(start: int) -> sa.Select[tuple[int]]:
    bare = SLOTS.c
    return sa.select(bare.id).where(bare.coach_id == COACH, bare.starts < start + SESSION_S, bare.ends > start).limit(1)


def _insert(start: int) -> sa.Insert:
    return sa.insert(SLOTS).values(coach_id=COACH, starts=start, ends=start + SESSION_S)


async def advisory_lock(stack: AsyncExitStack, url: str, connections: int) -> Rush:
    """On Postgres, with a pool of so many connections."""
    address = parse(url).address
    assert address is not None
    engine = create_async_engine(address, pool_size=connections, max_overflow=0, pool_timeout=60)
    stack.push_async_callback(engine.dispose)
    async with engine.begin() as connection:
        await connection.run_sync(SLOTS.metadata.create_all)

    async def one(start: int) -> bool:
        async with engine.begin() as connection:
            await connection.execute(LOCK)
            if (await connection.execute(_clash(start))).first() is not None:
                return False
            await connection.execute(_insert(start))
            return True

    async def rush(starts: Sequence[int]) -> float:
        async with engine.begin() as connection:
            await connection.execute(sa.delete(SLOTS))
        return await _timed(one, starts)

    return rush


async def single_writer(stack: AsyncExitStack, file: Path) -> Rush:
    """On SQLite, one connection in one thread, one hop for each booking."""
    loop, executor = asyncio.get_running_loop(), ThreadPoolExecutor(1)
    engine = sa.create_engine(f"sqlite:///{file}", connect_args={"check_same_thread": False, "isolation_level": None})

    @sa.event.listens_for(engine, "connect")
    def _prepare(connection: Any, _record: object) -> None:
        connection.execute("PRAGMA journal_mode=WAL")
        connection.execute("PRAGMA synchronous=FULL")

    @sa.event.listens_for(engine, "begin")
    def _begin(connection: sa.Connection) -> None:
        connection.exec_driver_sql("BEGIN IMMEDIATE")

    def empty() -> None:
        with engine.begin() as connection:
            SLOTS.metadata.create_all(connection)
            connection.execute(sa.delete(SLOTS))

    def book(start: int) -> bool:
        with engine.begin() as connection:
            if connection.execute(_clash(start)).first() is not None:
                return False
            connection.execute(_insert(start))
            return True

    async def end() -> None:
        await loop.run_in_executor(executor, engine.dispose)
        executor.shutdown()

    async def one(start: int) -> bool:
        return await loop.run_in_executor(executor, book, start)

    async def rush(starts: Sequence[int]) -> float:
        await loop.run_in_executor(executor, empty)
        return await _timed(one, starts)

    stack.push_async_callback(end)
    return rush


async def _timed(one: Callable[[int], Awaitable[bool]], starts: Sequence[int]) -> float:
    began = time.perf_counter()
    won = await asyncio.gather(*(one(start) for start in starts))
    took = (time.perf_counter() - began) * 1000
    assert sum(won) == 1, f"{sum(won)} bookers won"
    return took
