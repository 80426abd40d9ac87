"""Copies a SQLite database beside the running product, and proves that the copy can be read.

A plain copy of the file is none: what was written last stands in the `-wal` file beside it.
"""

import contextlib
import os
import sqlite3
import tempfile
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

from storage.backends.private_files import FILE
from storage.upkeep import revisions

PAGES = 1_000_000
"""Copied in one go: a step that ends before the last page begins anew whenever another process writes."""


class CannotBackUp(Exception):
    """Why there is no copy, in one sentence for the operator. Nothing is left behind."""


@dataclass(frozen=True)
class Copied:
    """A copy that was read through: its size, its schema's revision, and how many tables with how many rows it has."""

    bytes: int
    revision: str
    tables: int
    rows: int


def copy(database: Path, to: Path, told: Callable[[int, int], None]) -> Copied:
    """Copy `database` to the new file `to`, which only its owner may read. `told` hears of pages left and of all.

    Raises `CannotBackUp`.
    """
    if not database.exists():
        raise CannotBackUp(f"There is no database at {database}.")
    if not to.parent.is_dir():
        raise CannotBackUp(f"There is no folder {to.parent}: make it, or name a file in another one.")
    if to.exists():
        raise CannotBackUp(f"{to} is there already: name a file that is not.")
    try:
        with _new_file(to) as partial:
            _copy(database, partial, told)
            found = _read_through(partial)
            _settle(partial, to)
    except (OSError, sqlite3.Error, UnicodeDecodeError) as error:  # SQLite quotes what is damaged
        raise CannotBackUp(f"The copy failed, and nothing is left of it: {error}.") from error
    return found


@contextlib.contextmanager
def _new_file(to: Path) -> Iterator[Path]:
    """One beside `to` that nobody else writes, whoever copies there at the same time; in the end it is gone."""
    descriptor, name = tempfile.mkstemp(prefix=f"{to.name}.", suffix=".partial", dir=to.parent)
    partial = Path(name)
    try:
        os.fchmod(descriptor, FILE)
        os.close(descriptor)
        yield partial
    finally:
        with contextlib.suppress(FileNotFoundError):
            partial.unlink()


def _copy(database: Path, partial: Path, told: Callable[[int, int], None]) -> None:
    with (
        contextlib.closing(sqlite3.connect(f"{database.resolve().as_uri()}?mode=ro", uri=True)) as source,
        contextlib.closing(sqlite3.connect(partial)) as target,
    ):
        source.backup(target, pages=PAGES, progress=lambda _status, left, whole: told(left, whole))
        target.execute("PRAGMA journal_mode=DELETE")  # one file, which can be moved as it is


def _read_through(partial: Path) -> Copied:
    """Raises `CannotBackUp` for a copy that is damaged or that this version would not start on."""
    with contextlib.closing(sqlite3.connect(partial)) as copied:
        damage = [str(row[0]) for row in copied.execute("PRAGMA integrity_check(3)")]
        orphans = copied.execute("PRAGMA foreign_key_check").fetchone()
        if damage != ["ok"] or orphans is not None:
            raise CannotBackUp(f"The database is damaged, so there is no copy: {'; '.join(damage)}.")
        named = copied.execute("SELECT name FROM sqlite_master WHERE type = 'table' AND name NOT LIKE 'sqlite_%'")
        tables = [str(row[0]) for row in named]
        if "alembic_version" not in tables:
            raise CannotBackUp("That file is no database of Rapport.")
        stands_at = copied.execute("SELECT version_num FROM alembic_version").fetchone()
        rows = sum(copied.execute(f'SELECT count(*) FROM "{name}"').fetchone()[0] for name in tables)  # noqa: S608
    if stands_at is None or stands_at[0] not in revisions.known():
        raise CannotBackUp("The database has the schema of another version: copy it with that one.")
    return Copied(partial.stat().st_size, str(stands_at[0]), len(tables), rows)


def _settle(partial: Path, to: Path) -> None:
    """On the disk before it has its name."""
    descriptor = os.open(partial, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
    if to.exists():
        raise CannotBackUp(f"Somebody else wrote {to} meanwhile: name a file that is not there.")
    partial.rename(to)
