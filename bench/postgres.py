"""A throw-away PostgreSQL server for one run of the bench, and databases on it."""

import asyncio
import contextlib
import itertools
import shutil
from collections.abc import AsyncIterator, Awaitable, Callable

import asyncpg

from tests.support.postgres import Server, find_binaries, new_home

_names = itertools.count(1)


@contextlib.asynccontextmanager
async def server() -> AsyncIterator[Callable[[], Awaitable[str]]]:
    """Gives what makes an empty database and returns its address (postgresql://…)."""
    binaries = find_binaries()
    if binaries is None:
        raise RuntimeError("there is no PostgreSQL: install the tools of development with `make bench`")
    home, _alive = new_home()
    running = Server(home, binaries)

    async def database() -> str:
        name = f"bench_{next(_names)}"
        admin = await asyncpg.connect(await asyncio.to_thread(running.url, "postgres"))
        try:
            await admin.execute(f"CREATE DATABASE {name}")
        finally:
            await admin.close()
        return await asyncio.to_thread(running.url, name)

    try:
        yield database
    finally:
        await asyncio.to_thread(running.stop)
        shutil.rmtree(home, ignore_errors=True)
