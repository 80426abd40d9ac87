"""Brings a database to the schema of this version, one process at a time, all or nothing."""

import asyncio
from collections.abc import Callable
from pathlib import Path
from typing import Literal, TypeVar

import sqlalchemy as sa
from alembic import command
from alembic.config import Config
from alembic.runtime.migration import MigrationContext
from alembic.script import ScriptDirectory

from storage import postgres, sqlite
from storage.urls import parse

T = TypeVar("T")
State = Literal["empty", "old", "current", "newer"]

_LOCK_KEY = -1  # coaches' ids, which are locked in the same space, are positive
_STATEMENT_SECONDS = 600.0


async def migrate(url: str) -> None:
    """Upgrade to the newest schema; a second process waits for the first and then finds nothing to do."""
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
    return await _in_transaction(url, _state, lock=False)


def _state(connection: sa.Connection) -> State:
    current = MigrationContext.configure(connection).get_current_revision()
    if current is None:
        return "empty"
    script = ScriptDirectory.from_config(_config(connection))
    if current == script.get_current_head():
        return "current"
    known = {revision.revision for revision in script.walk_revisions()}
    return "old" if current in known else "newer"


def _config(connection: sa.Connection) -> Config:
    config = Config()
    config.set_main_option("path_separator", "os")
    config.set_main_option("script_location", str(Path(__file__).parent / "migrations").replace("%", "%%"))
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
        return work(connection)

    engine = postgres.engine(place, pool_size=1, statement_seconds=_STATEMENT_SECONDS)
    try:
        return await postgres.transact(engine, locked)
    finally:
        await engine.dispose()


def _on_sqlite(file: Path, work: Callable[[sa.Connection], T], lock: bool) -> T:
    # A table is changed by rebuilding it, which foreign keys would take for a deletion.
    engine = sqlite.engine(file, begin="BEGIN EXCLUSIVE" if lock else "BEGIN", pool_size=1, foreign_keys=not lock)

    def checked(connection: sa.Connection) -> T:
        result = work(connection)
        if lock and (broken := connection.exec_driver_sql("PRAGMA foreign_key_check").first()):
            raise sa.exc.IntegrityError(f"a row of {broken[0]} points to nothing", None, ValueError())
        return result

    try:
        return sqlite.transact(engine, checked)
    finally:
        engine.dispose()
