"""Shares one read among many who ask the same at once, so that a rush on one time costs little more than one query.

This is no cache: every answer was read after its question was asked.
"""

import asyncio
from collections.abc import Awaitable, Callable, Hashable
from typing import Generic, TypeVar

T = TypeVar("T")


class Together(Generic[T]):
    """Callers that ask while the same is being read share the next read."""

    def __init__(self) -> None:
        self._reading: dict[Hashable, asyncio.Event] = {}
        self._next: dict[Hashable, asyncio.Task[T]] = {}

    async def ask(self, key: Hashable, read: Callable[[], Awaitable[T]]) -> T:
        """The result of `read` for `key`, shared with others that ask for it; an exception is raised to all of them."""
        if key not in self._reading:
            return await self._read(key, read)
        if key not in self._next:
            self._next[key] = asyncio.create_task(self._read_next(key, read))
        return await asyncio.shield(self._next[key])

    async def _read(self, key: Hashable, read: Callable[[], Awaitable[T]]) -> T:
        over = self._reading[key] = asyncio.Event()
        try:
            return await read()
        finally:
            del self._reading[key]
            over.set()

    async def _read_next(self, key: Hashable, read: Callable[[], Awaitable[T]]) -> T:
        try:
            while (over := self._reading.get(key)) is not None:
                await over.wait()
        finally:
            del self._next[key]  # who asks from now on must not be given what is read from now on
        return await self._read(key, read)
