"""A fresh, migrated database for each test, copied from a template made once per run."""

from __future__ import annotations

import shutil
from collections.abc import Callable
from pathlib import Path
from typing import Protocol
from uuid import uuid4

import asyncpg
import sqlalchemy as sa

from storage.upkeep import migrate as migrations
from tests.support.servers.postgres import BOT, OWNER, Server, locked
from tests.support.threads import in_thread

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


class Door(Protocol):
    """Where a database is reached: the server itself, or a pooler before it."""

    def url(self, database: str, role: str) -> str: ...


def empty_postgres(server: Server, door: Door | None = None) -> tuple[str, Callable[[], None]]:
    """The address of a new PostgreSQL database without any table, as its owner, and what drops it."""
    with locked(server.home / "postgres.lock"):
        make_roles(server)
    name, drop = create(server, "template0")
    return (door or server).url(name, OWNER), drop


def fresh_postgres(server: Server, door: Door | None = None) -> tuple[str, Callable[[], None]]:
    """The address of a new PostgreSQL database with the schema of today, as the bot, and what drops it."""
    ready = server.home / "template-ready"
    with locked(server.home / "postgres.lock"):
        make_roles(server)
        if not ready.exists():
            execute(server.url("postgres"), f"DROP DATABASE IF EXISTS {TEMPLATE} WITH (FORCE)")
            execute(server.url("postgres"), f"CREATE DATABASE {TEMPLATE} OWNER {OWNER}")
            migrate(server.url(TEMPLATE, OWNER))
            ready.touch()
    name, drop = create(server, TEMPLATE)
    return (door or server).url(name, BOT), drop


def as_role(url: str, role: str) -> str:
    """The same address for another role; a file has none."""
    if url.startswith("sqlite"):
        return url
    return sa.make_url(url).set(username=role).render_as_string(hide_password=False)


def make_roles(server: Server) -> None:
    """One that owns and migrates, and one that the product works as; neither is above row-level security."""
    made = server.home / "roles-made"
    if not made.exists():
        password, _port = server.reached()
        admin = server.url("postgres")
        execute(admin, f"CREATE ROLE {OWNER} LOGIN PASSWORD '{password}'")
        execute(admin, f"CREATE ROLE {BOT} LOGIN PASSWORD '{password}'")
        made.touch()


def create(server: Server, template: str) -> tuple[str, Callable[[], None]]:
    """The name of a new database, and what drops it."""
    admin, name = server.url("postgres"), f"test_{uuid4().hex}"
    execute(admin, f"CREATE DATABASE {name} TEMPLATE {template} OWNER {OWNER}")
    return name, lambda: execute(admin, f"DROP DATABASE IF EXISTS {name} WITH (FORCE)")


def migrate(url: str) -> None:
    """Bring the database to the newest schema."""
    in_thread(lambda: migrations.migrate(url))


def execute(url: str, statement: str) -> None:
    async def run() -> None:
        connection = await asyncpg.connect(url)
        try:
            await connection.execute(statement)
        finally:
            await connection.close()

    in_thread(run)
