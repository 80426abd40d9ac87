"""Logs are JSON lines that carry ids and names of steps, never contents. A turn's steps are kept for its fault.

Say `log.info("checkout.made", extra={"ids": {"booking": 7}})`: the message is the step's name.
"""

import json
import logging
import sys
import time
import traceback
from contextvars import ContextVar
from typing import Any

MAX_STEPS = 60

_trail: ContextVar[list[dict[str, Any]] | None] = ContextVar("trail", default=None)


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
        "step": record.getMessage(),
    }
    ids = getattr(record, "ids", None)
    if ids:
        step["ids"] = ids
    if record.exc_info and record.exc_info[1] is not None:
        step["error"] = describe(record.exc_info[1])
    return step


def describe(error: BaseException) -> dict[str, Any]:
    """The class and the places of an exception. Its words are left out: they may hold what people wrote."""
    frames = traceback.extract_tb(error.__traceback__)
    places = [f"{frame.filename.split('/')[-1]}:{frame.lineno} {frame.name}" for frame in frames[-8:]]
    return {"type": type(error).__name__, "where": places}


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
    root.setLevel(min(lines.level, logging.INFO))  # a fault's steps are kept, however little is printed
    for name in ("aiohttp.access", "apscheduler", "httpx", "slack_sdk", "telegram", "stripe", "alembic"):
        logging.getLogger(name).setLevel(logging.WARNING)
    # bolt finds SLACK_BOT_TOKEN by itself and warns at every start that it goes unused.
    logging.getLogger("slack_bolt").setLevel(logging.ERROR)
