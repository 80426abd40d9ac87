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
TABLES = "SELECT tablename FROM pg_tables WHERE schemaname = 'public'"
SEQUENCES = "SELECT sequencename FROM pg_sequences WHERE schemaname = 'public'"
CUT_OFF = """
SELECT pg_terminate_backend(pid, 5000) FROM pg_stat_activity
    WHERE datname = current_database() AND pid <> pg_backend_pid() AND xact_start IS NOT NULL
"""
SHAPE = """
SELECT md5(concat(
    (SELECT string_agg(concat(oid, relacl, relrowsecurity, relforcerowsecurity), ',' ORDER BY oid) FROM pg_class
        WHERE relnamespace = 'public'::regnamespace),
    (SELECT string_agg(concat(attrelid, attnum, attname, atttypid, attnotnull), ',' ORDER BY attrelid, attnum)
        FROM pg_attribute JOIN pg_class ON pg_class.oid = attrelid WHERE relnamespace = 'public'::regnamespace),
    (SELECT string_agg(concat(oid, tgenabled), ',' ORDER BY oid) FROM pg_trigger),
    (SELECT string_agg(concat(oid, prosrc), ',' ORDER BY oid) FROM pg_proc WHERE pronamespace = 'public'::regnamespace),
    (SELECT string_agg(oid::text, ',' ORDER BY oid) FROM pg_policy),
    (SELECT string_agg(oid::text, ',' ORDER BY oid) FROM pg_constraint)
))
"""
"""All of the schema that a test could change, and who may do what with it."""


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


class ChangedSchema(Exception):
    """Emptying a database is not enough."""


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


class Reused:
    """One PostgreSQL database of a worker: emptied for the next test, and made anew where a test changed more."""

    def __init__(self, server: Server) -> None:
        self._server = server
        self._name: str | None = None
        self._shape = ""
        self._rows: dict[str, str] = {}

    def begin(self, door: Door) -> str:
        """The address of the database with the schema of today and no rows, as the bot."""
        if self._name is None:
            url, _drop = fresh_postgres(self._server)
            self._name = url.rsplit("/", 1)[1]
            in_thread(self._look)
        return door.url(self._name, BOT)

    def end(self) -> None:
        """Whoever is still in a transaction is cut off; rows go, and numbers begin at 1 again."""
        try:
            in_thread(self._empty)
        except (asyncpg.PostgresError, OSError, ChangedSchema):
            execute(self._server.url("postgres"), f"DROP DATABASE IF EXISTS {self._name} WITH (FORCE)")
            self._name = None

    async def _look(self) -> None:
        connection = await self._connected()
        try:
            self._shape = await connection.fetchval(SHAPE)
            for table in await _names(connection, TABLES):
                rows = await connection.fetchval(f'SELECT jsonb_agg(to_jsonb(t)) FROM "{table}" t')
                self._rows |= {table: rows} if rows else {}
        finally:
            await connection.close()

    async def _empty(self) -> None:
        connection = await self._connected()
        try:
            await connection.execute(CUT_OFF)
            if await connection.fetchval(SHAPE) != self._shape:
                raise ChangedSchema
            tables, sequences = await _names(connection, TABLES), await _names(connection, SEQUENCES)
            steps = ["SET session_replication_role = replica"]  # no guard holds against the owner of the server
            steps += [f'DELETE FROM "{table}"' for table in tables]
            steps += [f"""SELECT setval('"{name}"', 1, false)""" for name in sequences]
            await connection.execute(";".join(steps))
            for table, rows in self._rows.items():
                put_back = f'INSERT INTO "{table}" SELECT * FROM jsonb_populate_recordset(NULL::"{table}", $1::jsonb)'
                await connection.execute(put_back, rows)
        finally:
            await connection.close()

    async def _connected(self) -> asyncpg.Connection:
        assert self._name is not None
        return await asyncpg.connect(self._server.url(self._name), command_timeout=10)


async def _names(connection: asyncpg.Connection, query: str) -> list[str]:
    return [row[0] for row in await connection.fetch(query)]
