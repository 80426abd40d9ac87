"""Fetches updates by long polling, for a machine that Telegram cannot reach."""

import asyncio
import json
import logging
from collections.abc import Awaitable, Callable
from typing import Any, Protocol
from urllib.parse import urlencode

import telegram
from telegram.error import Conflict, TelegramError

from bot.channels.telegram.background import ALLOWED_UPDATES, FIRST_WAIT_S, LONGEST_WAIT_S
from bot.channels.telegram.request import AiohttpRequest, Flooded
from bot.logs import describe
from storage.engine import StorageAway

log = logging.getLogger(__name__)

POLL_S = 25
MARGIN_S = 10.0
TURN_AWAY_S = 5.0

Wire = dict[str, Any]


class PollingLease(Protocol):
    """The right to poll: one process holds it at a time, and leaves its offset to the next.

    It must outlast a poll and what follows it: a minute or more without `take` being called again.
    """

    async def acquire(self) -> bool:
        """Take or renew the lease; False while another process has it."""

    async def load(self) -> int | None:
        """The first update id that was not handled yet; None when nobody ever polled."""

    async def save(self, offset: int) -> bool:
        """Keep the offset; False when the lease was lost, and nothing is kept."""

    async def release(self) -> None:
        """Let another process have it at once."""


class Poller:
    """Every update is handled before its offset is kept: a process that dies has it delivered again.

    `take` handles one update and raises nothing but `StorageAway`; `queue` names the chat whose order is kept.
    """

    def __init__(
        self,
        bot: telegram.Bot,
        request: AiohttpRequest,
        lease: PollingLease,
        take: Callable[[Wire], Awaitable[None]],
        queue: Callable[[Wire], str],
    ) -> None:
        self._bot = bot
        self._request = request
        self._lease = lease
        self._take = take
        self._queue = queue
        self._stopping = asyncio.Event()

    def stop(self) -> None:
        """End after the updates that are in hand."""
        self._stopping.set()

    async def run(self) -> None:
        """Until `stop`, through every failure of Telegram, the network and the database."""
        wait = FIRST_WAIT_S
        while not self._stopping.is_set():
            try:
                if await self._lease.acquire():
                    await self._poll()
                    wait = FIRST_WAIT_S
                else:
                    await self._rest(TURN_AWAY_S)
                continue
            except Flooded as flooded:
                asked = flooded.seconds
            except (TelegramError, StorageAway) as failed:
                log.warning("telegram.polling", extra={"ids": {"error": describe(failed)}})
                asked = 0.0
            except Exception:  # nobody else would start to poll again
                log.exception("telegram.polling")
                asked = 0.0
            await self._rest(max(wait, asked))
            wait = min(wait * 2, LONGEST_WAIT_S)
        await self._leave()

    async def _poll(self) -> None:
        """Poll while the lease is held. Raises when Telegram or the database fails."""
        await self._bot.delete_webhook(drop_pending_updates=False)
        offset = await self._lease.load()
        while not self._stopping.is_set() and await self._lease.acquire():
            updates = await self._fetch(offset)
            if not updates:
                continue
            await self._handle(updates)
            offset = max(int(update["update_id"]) for update in updates) + 1
            if not await self._lease.save(offset):
                return

    async def _fetch(self, offset: int | None) -> list[Wire]:
        """The next updates as they came: read one by one, so that one that cannot be read holds up no other."""
        arguments: dict[str, object] = {"timeout": POLL_S, "allowed_updates": json.dumps(ALLOWED_UPDATES)}
        if offset is not None:
            arguments["offset"] = offset
        url = f"{self._bot.base_url}/getUpdates?{urlencode(arguments)}"
        polling = asyncio.ensure_future(self._request.post(url, read_timeout=POLL_S + MARGIN_S))
        stopping = asyncio.ensure_future(self._stopping.wait())
        try:
            await asyncio.wait({polling, stopping}, return_when=asyncio.FIRST_COMPLETED)
            if not polling.done():
                return []
            told = polling.result()
        except Conflict:
            # Somebody set a webhook or polls beside us; the next round removes the webhook again.
            log.warning("telegram.polling_conflict")
            raise
        finally:
            polling.cancel()
            stopping.cancel()
            await asyncio.gather(polling, stopping, return_exceptions=True)
        return told if isinstance(told, list) else []

    async def _handle(self, updates: list[Wire]) -> None:
        """Chats beside each other, each in its own order. Raises StorageAway when one could not be handled."""
        chats: dict[str, list[Wire]] = {}
        for update in updates:
            chats.setdefault(self._queue(update), []).append(update)
        results = await asyncio.gather(*(self._in_order(chat) for chat in chats.values()), return_exceptions=True)
        for result in results:
            if isinstance(result, BaseException):
                raise result

    async def _in_order(self, updates: list[Wire]) -> None:
        for update in updates:
            await self._take(update)

    async def _rest(self, seconds: float) -> None:
        try:
            await asyncio.wait_for(self._stopping.wait(), seconds)
        except TimeoutError:
            return

    async def _leave(self) -> None:
        try:
            await self._lease.release()
        except StorageAway:
            log.warning("telegram.seat_not_released")
