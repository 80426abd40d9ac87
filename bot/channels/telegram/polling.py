"""Fetches updates by long polling, for a machine that Telegram cannot reach."""

import asyncio
import json
import logging
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
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
TURN_AWAY_S = 2.0
RENEW_S = 4.0

Wire = dict[str, Any]


class PollingLease(Protocol):
    """The right to poll: one process holds it at a time, and leaves its offset to the next.

    The poller renews it every few seconds, whatever a poll or an update takes: a holder that died is known by its
    silence. Telegram cannot tell: a second poll ends the first one (409), whoever is alive.
    """

    async def acquire(self) -> bool:
        """Take or renew the lease; False while another process has it."""

    async def seconds_left(self) -> float:
        """How long another process has it still, unless it renews it."""

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
        waits = False
        while not self._stopping.is_set():
            try:
                if await self._lease.acquire():
                    log.info("telegram.polls", extra={"ids": {"took_over": waits}})
                    waits = False
                    await self._poll()
                    wait = FIRST_WAIT_S
                else:
                    if not waits:
                        await self._say_who_polls()
                    waits = True
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
        async with self._renewing() as lost:
            while not self._stopping.is_set() and not lost.is_set():
                updates = await self._fetch(offset, lost)
                if not updates:
                    continue
                await self._handle(updates)
                offset = max(int(update["update_id"]) for update in updates) + 1
                if not await self._lease.save(offset):
                    break
        if not self._stopping.is_set():
            log.warning("telegram.polling_lost")

    @asynccontextmanager
    async def _renewing(self) -> AsyncIterator[asyncio.Event]:
        """Keep the lease meanwhile; the event tells that another process has it."""
        lost = asyncio.Event()

        async def renew() -> None:
            while not lost.is_set():
                await asyncio.sleep(RENEW_S)
                try:
                    if not await self._lease.acquire():
                        lost.set()
                except StorageAway:
                    log.warning("telegram.polling_not_renewed")

        renewing = asyncio.create_task(renew())
        try:
            yield lost
        finally:
            renewing.cancel()  # or it would take again what is released
            await asyncio.gather(renewing, return_exceptions=True)

    async def _say_who_polls(self) -> None:
        """Said at once: until the lease ends nobody is answered if its holder died."""
        seconds = await self._lease.seconds_left()
        log.warning("telegram.another_process_polls", extra={"ids": {"lease_ends_in_s": round(seconds)}})

    async def _fetch(self, offset: int | None, lost: asyncio.Event) -> list[Wire]:
        """The next updates as they came: read one by one, so that one that cannot be read holds up no other."""
        arguments: dict[str, object] = {"timeout": POLL_S, "allowed_updates": json.dumps(ALLOWED_UPDATES)}
        if offset is not None:
            arguments["offset"] = offset
        url = f"{self._bot.base_url}/getUpdates?{urlencode(arguments)}"
        polling = asyncio.ensure_future(self._request.post(url, read_timeout=POLL_S + MARGIN_S))
        ends = [asyncio.ensure_future(event.wait()) for event in (self._stopping, lost)]
        try:
            await asyncio.wait({polling, *ends}, return_when=asyncio.FIRST_COMPLETED)
            if not polling.done():
                return []
            told = polling.result()
        except Conflict:
            # Somebody set a webhook or polls beside us; the next round removes the webhook again.
            log.warning("telegram.polling_conflict")
            raise
        finally:
            for each in (polling, *ends):
                each.cancel()
            await asyncio.gather(polling, *ends, return_exceptions=True)
        if not isinstance(told, list):
            raise TelegramError("updates are a list")
        return told

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
