"""A fresh, migrated database for each test, copied from a template made once per run."""

from __future__ import annotations

import asyncio
import importlib
import importlib.util
import shutil
import threading
from collections.abc import Awaitable, Callable
from pathlib import Path
from uuid import uuid4

import asyncpg

from tests.support.postgres import Server, locked

TEMPLATE = "rapport_template"


def fresh_sqlite(home: Path, folder: Path) -> str:
    """The address of a new SQLite database in `folder`, with the schema of today."""
    template = home / "template.db"
    with locked(home / "sqlite.lock"):
        if not template.exists():
            making = home / "making.db"
            making.touch()
            migrate(f"sqlite:///{making}")
            making.rename(template)
    target = folder / "rapport.db"
    shutil.copyfile(template, target)
    return f"sqlite:///{target}"


def empty_postgres(server: Server) -> tuple[str, Callable[[], None]]:
    """The address of a new PostgreSQL database without any table, and what drops it."""
    return create(server, "template0")


def fresh_postgres(server: Server) -> tuple[str, Callable[[], None]]:
    """The address of a new PostgreSQL database with the schema of today, and what drops it."""
    admin, ready = server.url("postgres"), server.home / "template-ready"
    with locked(server.home / "postgres.lock"):
        if not ready.exists():
            execute(admin, f"DROP DATABASE IF EXISTS {TEMPLATE} WITH (FORCE)")
            execute(admin, f"CREATE DATABASE {TEMPLATE}")
            migrate(server.url(TEMPLATE))
            ready.touch()
    return create(server, TEMPLATE)


def create(server: Server, template: str) -> tuple[str, Callable[[], None]]:
    admin, name = server.url("postgres"), f"test_{uuid4().hex}"
    execute(admin, f"CREATE DATABASE {name} TEMPLATE {template}")
    return server.url(name), lambda: execute(admin, f"DROP DATABASE IF EXISTS {name} WITH (FORCE)")


def migrate(url: str) -> None:
    """Bring the database to the newest schema through the product's own door, `storage.migrate.migrate`."""
    if importlib.util.find_spec("storage.migrate") is None:
        return
    door: Callable[[str], Awaitable[None]] = importlib.import_module("storage.migrate").migrate
    in_thread(lambda: door(url))


def execute(url: str, statement: str) -> None:
    async def run() -> None:
        connection = await asyncpg.connect(url)
        try:
            await connection.execute(statement)
        finally:
            await connection.close()

    in_thread(run)


def in_thread(work: Callable[[], Awaitable[None]]) -> None:
    """Run `work` in a loop of its own, away from the loop of the test that asked for it."""
    failures: list[BaseException] = []

    async def run() -> None:
        await work()

    def target() -> None:
        try:
            asyncio.run(run())
        except BaseException as failure:  # noqa: BLE001
            failures.append(failure)

    thread = threading.Thread(target=target)
    thread.start()
    thread.join()
    if failures:
        raise failures[0]
