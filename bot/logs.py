"""Logs are JSON lines that carry ids and names of steps, never contents. A turn's steps are kept for its fault.

Say `log.info("checkout.made", extra={"ids": {"booking": 7}})`: the message is the step's name. What a library says is
not repeated, since it may hold anything that people wrote or a token: its place in the code is told instead.
"""

import json
import logging
import re
import sys
import time
import traceback
from contextvars import ContextVar
from typing import Any

MAX_STEPS = 60

_trail: ContextVar[list[dict[str, Any]] | None] = ContextVar("trail", default=None)


OURS = ("bot", "storage", "__main__")
_PLAIN = re.compile(r"[A-Za-z0-9:._-]{1,200}")
_FIRST_WORDS = re.compile(r"[A-Za-z ,'-]{1,60}")


def begin_trail() -> list[dict[str, Any]]:
    """From here on the steps of this task, and of those it starts, are collected in the list returned."""
    steps: list[dict[str, Any]] = []
    _trail.set(steps)
    return steps


def _as_step(record: logging.LogRecord) -> dict[str, Any]:
    step: dict[str, Any] = {
        "at": round(record.created, 3),
        "level": record.levelname.lower(),
        "in": record.name,
        "step": record.getMessage() if _is_ours(record) else _said_by_library(record),
    }
    ids = getattr(record, "ids", None)
    if ids:
        step["ids"] = ids
    if record.exc_info and record.exc_info[1] is not None:
        step["error"] = describe(record.exc_info[1])
    return step


def _is_ours(record: logging.LogRecord) -> bool:
    return record.name.partition(".")[0] in OURS


def _said_by_library(record: logging.LogRecord) -> str:
    """Where it was said; and its words where they stand in the library's code, not filled with anything."""
    place = f"{record.filename}:{record.lineno} {record.funcName}"
    if record.args and isinstance(record.msg, str):
        return f"{record.msg} ({place})"
    # asyncio begins with what happened, such as "Task exception was never retrieved", before it shows the thing itself.
    words = _FIRST_WORDS.match(str(record.msg)) if record.name == "asyncio" else None
    return place if words is None else f"{words[0].strip()} ({place})"


def unless_odd(text: str | None) -> str | int | None:
    """An id as it may be logged: one that somebody made up can hold words, and is told by its length."""
    return text if text is None or _PLAIN.fullmatch(text) else len(text)


def describe(error: BaseException) -> dict[str, Any]:
    """The class and the places of an exception. Its words are left out: they may hold what people wrote."""
    frames = traceback.extract_tb(error.__traceback__)
    places = [f"{frame.filename.split('/')[-1]}:{frame.lineno} {frame.name}" for frame in frames[-8:]]
    return {"type": type(error).__name__, "where": places}


def _is_told(record: logging.LogRecord) -> bool:
    """Libraries tell at lower levels what they carry, whichever level our own lines have."""
    return record.levelno >= logging.WARNING or _is_ours(record)


class _Trail(logging.Handler):
    def emit(self, record: logging.LogRecord) -> None:
        steps = _trail.get()
        if steps is not None and len(steps) < MAX_STEPS:
            steps.append(_as_step(record))


class _Lines(logging.Formatter):
    def format(self, record: logging.LogRecord) -> str:
        return json.dumps(_as_step(record), default=str)


def set_up(level: str) -> None:
    """Log to standard error. Vendors' libraries are kept to warnings: their debug lines hold contents."""
    lines = logging.StreamHandler(sys.stderr)
    lines.setLevel(level)
    lines.setFormatter(_Lines())
    logging.Formatter.converter = time.gmtime
    root = logging.getLogger()
    root.handlers = [lines, _Trail()]
    for handler in root.handlers:
        handler.addFilter(_is_told)
    root.setLevel(min(lines.level, logging.INFO))  # a fault's steps are kept, however little is printed
    for name in ("aiohttp.access", "apscheduler", "httpx", "slack_sdk", "telegram", "stripe", "alembic"):
        logging.getLogger(name).setLevel(logging.WARNING)
    # bolt finds SLACK_BOT_TOKEN by itself and warns at every start that it goes unused.
    logging.getLogger("slack_bolt").setLevel(logging.ERROR)
