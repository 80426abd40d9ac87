"""Runs work that goes on after Slack was answered: in order for each person, and finished before the process ends."""

import asyncio
import logging
from collections.abc import Callable, Coroutine
from typing import Any, TypeVar

log = logging.getLogger(__name__)

T = TypeVar("T")


class Background:
    def __init__(self) -> None:
        self._tasks: set[asyncio.Task[Any]] = set()
        self._last: dict[str, asyncio.Task[None]] = {}

    def begin(self, work: Coroutine[Any, Any, T]) -> asyncio.Task[T]:
        """Run beside everything else; the caller looks at the outcome."""
        task = asyncio.get_running_loop().create_task(work)
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)
        return task

    def follow(self, lane: str, work: Callable[[], Coroutine[Any, Any, None]]) -> None:
        """Run after everything begun earlier in the same lane, so that the newest answer stands at last."""
        before = self._last.get(lane)
        task = self.begin(self._in_turn(before, work))
        self._last[lane] = task
        task.add_done_callback(lambda done: self._leave(lane, done))

    async def settled(self) -> None:
        """Nothing is under way any more, nor what that began."""
        while self._tasks:
            await asyncio.wait(set(self._tasks))

    async def drain(self, seconds: float) -> None:
        """Wait for what is under way, then stop what is not done."""
        if self._tasks:
            await asyncio.wait(set(self._tasks), timeout=seconds)
        left = list(self._tasks)
        for task in left:
            task.cancel()
        await asyncio.gather(*left, return_exceptions=True)

    async def _in_turn(self, before: asyncio.Task[None] | None, work: Callable[[], Coroutine[Any, Any, None]]) -> None:
        if before is not None:
            await asyncio.wait({before})
        try:
            await work()
        except Exception:
            # Nobody awaits this task; what matters is in the database and shown by the next screen.
            log.exception("slack.background_failed")

    def _leave(self, lane: str, done: asyncio.Task[None]) -> None:
        if self._last.get(lane) is done:
            del self._last[lane]
