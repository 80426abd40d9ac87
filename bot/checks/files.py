"""Warns about files of ours that other users of the machine can read or change."""

import stat
from collections.abc import Iterator
from pathlib import Path

from bot.config import Settings
from storage.backends.urls import parse

ENV_FILE = Path(".env")
_OTHERS = stat.S_IRWXG | stat.S_IRWXO


def open_to_others(settings: Settings) -> Iterator[str]:
    for what, file in _ours(settings):
        try:
            mode = file.stat().st_mode
        except OSError:
            continue
        if mode & _OTHERS:
            may = "change" if mode & (stat.S_IWGRP | stat.S_IWOTH) else "read"
            yield f"others on this machine may {may} {what} {file}: run `chmod 600 {file}`"


def _ours(settings: Settings) -> Iterator[tuple[str, Path]]:
    database = parse(settings.database_url).file
    if database is not None:
        for ending in ("", "-wal", "-shm"):
            yield "the database", database.with_name(database.name + ending)
    yield "the settings in", ENV_FILE
    if settings.clock_file is not None:
        yield "CLOCK_FILE", settings.clock_file
