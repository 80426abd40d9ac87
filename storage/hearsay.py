"""The catalogue's generation as a turn read it along with its person: true until the turn asks anything else.

Whatever is read later may be newer, and a page must not show an older catalogue beside it.
"""

from contextvars import ContextVar

_heard: ContextVar[int | None] = ContextVar("heard", default=None)


def hear(generation: int) -> None:
    """This task has just read it, in a statement that was sent for another reason."""
    _heard.set(generation)


def heard() -> int | None:
    return _heard.get()


def forget() -> None:
    """Something else is read or written in this task."""
    _heard.set(None)
