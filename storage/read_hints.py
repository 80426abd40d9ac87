"""What a turn was told along with something else, and what it has just written: true until it asks anything more.

Whatever is read later may be newer, and a page must not show what is older beside it.
"""

from collections.abc import Mapping
from contextvars import ContextVar
from typing import TypeVar

T = TypeVar("T")
_heard: ContextVar[Mapping[str, object]] = ContextVar("heard", default={})  # noqa: B039 - never changed


def hear(news: Mapping[str, object]) -> None:
    """This task has just learned these values by name, in a statement that was sent for another reason."""
    _heard.set({**_heard.get(), **news})


def heard(what: str, kind: type[T]) -> T | None:
    found = _heard.get().get(what)
    return found if isinstance(found, kind) else None


def forget() -> None:
    """Something else is read or written in this task."""
    _heard.set({})
