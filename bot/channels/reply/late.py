"""Replies that a platform did not take at once: the newest of each chat waits, and is shown when it may be."""

import asyncio
import logging
from collections.abc import Awaitable, Callable

from bot.chat.channel import NotDelivered, TryLater
from bot.logs import describe

log = logging.getLogger(__name__)

LATEST_S = 30.0
"""Who waited longer has asked again, or reads in the next screen how things stand."""

Show = Callable[[], Awaitable[str | None]]
Lost = Callable[[NotDelivered], Awaitable[None]]


class Late:
    def __init__(self) -> None:
        self._waiting: dict[str, tuple[asyncio.Event, asyncio.Task[str | None]]] = {}
        self._closed = False

    async def wait(self, chat: str, later: TryLater, show: Show, lost: Lost) -> None:
        """Show it in the background as soon as the platform allows, within `LATEST_S`; otherwise tell `lost` why.

        `show` raises `NotDelivered`, and gives the message in which it stands. Call `replace` first.
        """
        if self._closed or later.seconds > LATEST_S:
            await lost(later)
            return
        replaced = asyncio.Event()
        task = asyncio.create_task(self._again(replaced, later, show, lost))
        self._waiting[chat] = (replaced, task)
        task.add_done_callback(lambda done: self._ended(chat, done))

    async def replace(self, chat: str) -> str | None:
        """A newer reply is to stand there: drop the one that waits. Its message, if it was being shown just now."""
        replaced, task = self._waiting.pop(chat, (None, None))
        if replaced is None or task is None:
            return None
        replaced.set()
        await asyncio.wait({task})
        return None if task.cancelled() or task.exception() is not None else task.result()

    async def close(self) -> None:
        """Give up what waits; what is on its way is finished."""
        self._closed = True
        for chat in list(self._waiting):
            await self.replace(chat)

    async def _again(self, replaced: asyncio.Event, later: TryLater, show: Show, lost: Lost) -> str | None:
        loop = asyncio.get_running_loop()
        until = loop.time() + LATEST_S
        while loop.time() + later.seconds <= until:
            try:
                await asyncio.wait_for(replaced.wait(), later.seconds)
            except TimeoutError:
                pass
            else:
                if self._closed:
                    await lost(later)
                return None
            try:
                return await show()
            except TryLater as again:
                later = again
            except NotDelivered as failed:
                await lost(failed)
                return None
        await lost(later)
        return None

    def _ended(self, chat: str, done: asyncio.Task[str | None]) -> None:
        if self._waiting.get(chat, (None, None))[1] is done:
            del self._waiting[chat]
        error = None if done.cancelled() else done.exception()
        if error is not None:
            log.error("reply.late_failed", extra={"ids": {"error": describe(error)}})
