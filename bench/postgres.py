"""A throw-away PostgreSQL server for one run of the bench, and databases on it."""

import asyncio
import contextlib
import shutil
from collections.abc import AsyncIterator, Awaitable, Callable

import asyncpg

from tests.support.servers.databases import empty_postgres
from tests.support.servers.postgres import Server, find_binaries, new_home


@contextlib.asynccontextmanager
async def server() -> AsyncIterator[Callable[[], Awaitable[str]]]:
    """Gives what makes an empty database and returns its address (postgresql://…) as its owner, no superuser: what is
    measured works behind row-level security, as in production.
    """
    binaries = find_binaries()
    if binaries is None:
        raise RuntimeError("there is no PostgreSQL: install the tools of development with `make bench`")
    home, _alive = new_home()
    running = Server(home, binaries)

    async def database() -> str:
        url, _drop = await asyncio.to_thread(empty_postgres, running)
        return url

    try:
        yield database
    finally:
        await asyncio.to_thread(running.stop)
        shutil.rmtree(home, ignore_errors=True)


async def keep_house(url: str) -> None:
    """What the server's own housekeeping does within a minute of many changes.

    Until then its plans are those for empty tables, and a statement reads all of what was written since.
    """
    connection = await asyncpg.connect(url)
    await connection.execute("VACUUM ANALYZE")
    await connection.close()
