"""Warns about files of ours that other users of the machine can read, change or replace."""

import stat
from collections.abc import Iterator
from pathlib import Path

from bot.config import Settings
from storage.backends.urls import parse

ENV_FILE = Path(".env")
_OTHERS = stat.S_IRWXG | stat.S_IRWXO
_CHANGE = stat.S_IWGRP | stat.S_IWOTH


def open_to_others(settings: Settings) -> Iterator[str]:
    folders: dict[Path, str] = {}
    for what, file in _ours(settings):
        mode = _mode(file)
        if mode & _OTHERS:
            may = "change" if mode & _CHANGE else "read"
            yield f"others on this machine may {may} {what} {file}: run `chmod 600 {file}`"
        if mode:
            folders.setdefault(file.absolute().parent, f"{what} {file}")
    for folder, file_there in folders.items():
        if _mode(folder) & _CHANGE:
            yield (
                f"others on this machine may put files into {folder}, where {file_there} stands, and replace it: run "
                f"`chmod go-w {folder}`, or move it to a folder of its own"
            )


def _mode(path: Path) -> int:
    """0 where there is nothing."""
    try:
        return path.stat().st_mode
    except OSError:
        return 0


def _ours(settings: Settings) -> Iterator[tuple[str, Path]]:
    database = parse(settings.database_url).file
    if database is not None:
        for ending in ("", "-wal", "-shm"):
            yield "the database", database.with_name(database.name + ending)
    yield "the settings in", ENV_FILE
    if settings.clock_file is not None:
        yield "CLOCK_FILE", settings.clock_file
