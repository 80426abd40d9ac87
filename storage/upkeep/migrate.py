"""Brings a database to the schema of this version, one process at a time, all or nothing."""

import asyncio
import contextlib
import random
from collections.abc import Callable
from pathlib import Path
from typing import TypeVar

import sqlalchemy as sa
from alembic import command
from alembic.config import Config
from alembic.runtime.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy.ext.asyncio import AsyncEngine

from storage.backends import postgres, sqlite
from storage.backends.urls import parse
from storage.tables import marks
from storage.upkeep import access, foreign_rights, revisions
from storage.upkeep.revisions import State

T = TypeVar("T")

_LOCK_KEY = -1  # coaches and clients, who are locked in the same space, have other keys
_STATEMENT_SECONDS = 600.0
# Whoever waits for a table makes everybody behind it wait. So we give up before a deadlock is looked for (one
# second), let the product work, and come back.
_TABLE_WAIT = "500ms"
_TRIES = 60
_BUSY, _FORBIDDEN = "55P03", "42501"
_TRIED = [{"name": "tried", "at": 0}]
_TRIED_ON_SQLITE = [{"name": f"tried {row} {'x' * 3000}", "at": 0} for row in range(50)]
"""More than a small cache keeps: nothing is written to a disk, be it full or not, before it must be."""


class CannotMigrate(Exception):
    """Why the schema stays as it is, in one sentence for the operator."""


class _Enough(Exception):
    """Ends a transaction of which nothing is kept."""


async def migrate(url: str) -> None:
    """Upgrade to the newest schema; a second process waits for the first and then finds nothing to do.

    Processes that serve go on meanwhile. Raises `CannotMigrate`, `StorageAway`.
    """
    await _in_transaction(url, lambda connection: command.upgrade(_config(connection), "head"))


async def downgrade(url: str, steps: int = 1) -> None:
    """Go back `steps` revisions, at most to an empty database. What later revisions added is lost."""

    def back(connection: sa.Connection) -> None:
        config = _config(connection)
        history = [revision.revision for revision in ScriptDirectory.from_config(config).walk_revisions()]
        current = MigrationContext.configure(connection).get_current_revision()
        if current is not None:
            target = history.index(current) + steps
            command.downgrade(config, history[target] if target < len(history) else "base")

    await _in_transaction(url, back)


async def state(url: str) -> State:
    """How the schema stands to this version: "newer" means a revision that this version does not know."""
    return await _in_transaction(url, revisions.state, lock=False)


async def standing(url: str) -> access.Standing | None:
    """Whom `url` connects as, once there are tables; None on SQLite."""
    if parse(url).file is not None:
        return None
    return await _in_transaction(url, access.standing, lock=False)


async def foreign_grants(url: str) -> dict[str, list[str]]:
    """Rights on our tables that somebody has beside their owner and the bot, by whom; on SQLite a file has its own."""
    if parse(url).file is not None:
        return {}
    return await _in_transaction(url, foreign_rights.find, lock=False)


async def try_write(url: str) -> None:
    """Write a row, and keep nothing of it. Raises `StorageAway` where the database is read-only or full, and
    `CannotMigrate` for a role without the right.
    """
    with contextlib.suppress(_Enough):
        await _in_transaction(url, _write_and_go_back, lock=False)


async def may_begin(url: str) -> bool:
    """Whether the role of `url` could migrate an empty database."""
    return parse(url).file is not None or await _in_transaction(url, access.may_make_tables, lock=False)


def _write_and_go_back(connection: sa.Connection) -> None:
    on_sqlite = connection.dialect.name == "sqlite"
    if on_sqlite:
        connection.exec_driver_sql("PRAGMA cache_size = 1")
    connection.execute(sa.insert(marks), _TRIED_ON_SQLITE if on_sqlite else _TRIED)
    raise _Enough


def _config(connection: sa.Connection) -> Config:
    config = Config()
    config.set_main_option("path_separator", "os")
    config.set_main_option("script_location", str(Path(__file__).parents[1] / "migrations").replace("%", "%%"))
    config.attributes["connection"] = connection
    return config


async def _in_transaction(url: str, work: Callable[[sa.Connection], T], *, lock: bool = True) -> T:
    """Run `work` in one transaction; with `lock`, beside no other migration."""
    place = parse(url)
    if place.file is not None:
        return await asyncio.to_thread(_on_sqlite, place.file, work, lock)

    def locked(connection: sa.Connection) -> T:
        if lock:
            connection.execute(sa.text("SELECT pg_advisory_xact_lock(:key)"), {"key": _LOCK_KEY})
            connection.exec_driver_sql(f"SET LOCAL lock_timeout = '{_TABLE_WAIT}'")
        return work(connection)

    engine = postgres.engine(place, pool_size=1, statement_seconds=_STATEMENT_SECONDS)
    try:
        return await _patiently(engine, locked)
    finally:
        await engine.dispose()


async def _patiently(engine: AsyncEngine, work: Callable[[sa.Connection], T]) -> T:
    """Run `work` again while others use its tables, about a minute in all."""
    for _try in range(_TRIES):
        try:
            return await postgres.transact(engine, lambda link: work(link.core()))
        except sa.exc.DBAPIError as error:
            code = getattr(error.orig, "sqlstate", None)
            if code == _FORBIDDEN:
                raise CannotMigrate(
                    "The role of DATABASE_URL lacks a right on the tables: run `rapport migrate` with the address "
                    f"of their owner ({getattr(error.orig, '__cause__', None)})."
                ) from error
            if code != _BUSY:
                raise
        await asyncio.sleep(random.uniform(0.5, 1.0))  # noqa: S311
    raise CannotMigrate("The tables were in use all the time: run `rapport migrate` again when less is going on.")


def _on_sqlite(file: Path, work: Callable[[sa.Connection], T], lock: bool) -> T:
    # A table is changed by rebuilding it, which foreign keys would take for a deletion.
    engine = sqlite.engine(file, begin="BEGIN EXCLUSIVE" if lock else "BEGIN", pool_size=1, foreign_keys=not lock)

    def checked(connection: sa.Connection) -> T:
        result = work(connection)
        if lock and (broken := connection.exec_driver_sql("PRAGMA foreign_key_check").first()):
            raise sa.exc.IntegrityError(f"a row of {broken[0]} points to nothing", None, ValueError())
        return result

    try:
        return sqlite.transact(engine, lambda link: checked(link.core()))
    finally:
        engine.dispose()
