"""What a turn was told along with something else, and what it has just written: true until it asks anything more.

Whatever is read later may be newer, and a page must not show what is older beside it.
"""

from collections.abc import Mapping
from contextvars import ContextVar
from typing import TypeVar

T = TypeVar("T")
_heard: ContextVar[Mapping[str, object]] = ContextVar("heard", default={})  # noqa: B039 - never changed


def hear(what: str, value: object) -> None:
    """This task has just learned it, by a statement that was sent for another reason."""
    _heard.set({**_heard.get(), what: value})


def heard(what: str, kind: type[T]) -> T | None:
    found = _heard.get().get(what)
    return found if isinstance(found, kind) else None


def forget() -> None:
    """Something else is read or written in this task."""
    _heard.set({})
