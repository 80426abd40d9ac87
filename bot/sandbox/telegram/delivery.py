"""Numbers and queues updates, and delivers them to the bot's webhook or to its getUpdates.

Order, retries and lifetimes follow the Bot API server (WebhookActor.cpp, Client.cpp): one update of a queue is
in flight at a time; a failed one is sent again at once, then after 2, 4, 8 … seconds, and holds up its queue.
"""

import asyncio
import json
import time
from collections.abc import Awaitable, Callable, Coroutine, Mapping
from dataclasses import dataclass
from typing import Any

import aiohttp

Wire = dict[str, Any]
Execute = Callable[[str, Mapping[str, Any]], Awaitable[None]]
Spawn = Callable[[Coroutine[Any, Any, None]], object]

# Client.cpp: seconds after which an update that was not taken is forgotten.
LIFETIMES = {"callback_query": 150.0, "pre_checkout_query": 150.0}
DEFAULT_LIFETIME = 86_400.0
MAX_RETRY_AFTER = 3600
# The kinds that `allowed_updates` leaves out unless they are named (Bot API, getUpdates).
ON_DEMAND = ("chat_member", "message_reaction", "message_reaction_count")
SECRET_HEADER = "X-Telegram-Bot-Api-Secret-Token"  # noqa: S105


@dataclass
class DeliveryOptions:
    """How updates travel. `retry_unit` is the length of Telegram's retry second; `late` how long updates other
    than callback queries are held back when `reorder` lets a click overtake a message (both in seconds)."""

    duplicate: bool = False
    reorder: bool = False
    pause: bool = False
    retry_unit: float = 1.0
    max_delay: float = 60.0
    timeout: float = 60.0
    late: float = 0.3


@dataclass(frozen=True)
class Webhook:
    url: str
    secret: str | None
    max_connections: int


@dataclass
class Pending:
    update: Wire
    kind: str
    queue: str
    expires: float


class Delivery:
    def __init__(self, options: DeliveryOptions, first_update_id: int) -> None:
        self.options = options
        self.webhook: Webhook | None = None
        self.allowed: list[str] = []
        self.last_error: tuple[float, str] | None = None
        self.pending: dict[int, Pending] = {}
        # How many getUpdates calls there were: a waiting one sees by it that another has come.
        self.polls = 0
        self._next_id = first_update_id
        self._busy: set[str] = set()
        self._changed = asyncio.Event()
        self._anew = asyncio.Event()
        self._places = asyncio.Semaphore(40)

    def wake(self) -> None:
        """Whoever waits for updates, for the end of a pause or for another webhook looks again."""
        self._changed.set()
        self._changed = asyncio.Event()

    async def changed(self, seconds: float) -> None:
        try:
            await asyncio.wait_for(self._changed.wait(), seconds)
        except TimeoutError:
            return

    def put(self, kind: str, queue: str, payload: Wire) -> int | None:
        """Queue an update; its id, or None for a kind that the bot has not asked for."""
        wanted = kind in self.allowed if self.allowed else kind not in ON_DEMAND
        if not wanted:
            return None
        update_id, self._next_id = self._next_id, self._next_id + 1
        expires = time.monotonic() + LIFETIMES.get(kind, DEFAULT_LIFETIME)
        self.pending[update_id] = Pending({"update_id": update_id, kind: payload}, kind, queue, expires)
        self.wake()
        return update_id

    def set_webhook(self, webhook: Webhook | None, drop_pending: bool) -> None:
        if webhook is not None and (self.webhook is None or self.webhook.url != webhook.url):
            self.last_error = None
        self.webhook = webhook
        if webhook is not None:
            self._places = asyncio.Semaphore(webhook.max_connections)
        if drop_pending:
            self.pending.clear()
        self._anew.set()
        self._anew = asyncio.Event()
        self.wake()

    def forget_expired(self) -> None:
        now = time.monotonic()
        for update_id in [key for key, waiting in self.pending.items() if waiting.expires < now]:
            del self.pending[update_id]

    def ready(self, offset: int, limit: int) -> list[Wire]:
        """For getUpdates: a positive offset forgets all before it, a negative one all but the last so many."""
        self.forget_expired()
        keep_from = offset if offset >= 0 else min(sorted(self.pending)[offset:], default=0)
        for update_id in [key for key in self.pending if key < keep_from]:
            del self.pending[update_id]
        if self.options.pause:
            return []
        repeats = 2 if self.options.duplicate else 1
        return [waiting.update for waiting in list(self.pending.values())[:limit] for _ in range(repeats)]

    async def run(self, session: aiohttp.ClientSession, spawn: Spawn, execute: Execute) -> None:
        """Start a runner for each queue that has updates and none yet; until cancelled."""
        while True:
            if self.webhook is not None and not self.options.pause:
                for queue in {waiting.queue for waiting in self.pending.values()} - self._busy:
                    self._busy.add(queue)
                    spawn(self._drain(queue, session, execute))
            await self.changed(1.0)

    async def _drain(self, queue: str, session: aiohttp.ClientSession, execute: Execute) -> None:
        fails, delay = 0, 1.0
        try:
            while self.webhook is not None and not self.options.pause:
                self.forget_expired()
                update_id = next((key for key, item in self.pending.items() if item.queue == queue), None)
                if update_id is None:
                    return
                pause = await self._send(update_id, self.webhook, session, execute)
                if pause is None:
                    fails, delay = 0, 1.0
                    continue
                if pause == 0 and fails > 0:
                    pause = delay = min(delay * 2, self.options.max_delay)
                fails += 1
                if await self._set_anew(min(pause, MAX_RETRY_AFTER) * self.options.retry_unit):
                    fails, delay = 0, 1.0
        finally:
            self._busy.discard(queue)
            self.wake()

    async def _set_anew(self, seconds: float) -> bool:
        """Wait before the next try; cut short, with True, when the webhook is set again."""
        try:
            await asyncio.wait_for(self._anew.wait(), seconds)
        except TimeoutError:
            return False
        return True

    async def _send(
        self, update_id: int, webhook: Webhook, session: aiohttp.ClientSession, execute: Execute
    ) -> float | None:
        """None when the update was taken; otherwise the wait in seconds that the bot asked for, 0 without one."""
        waiting = self.pending[update_id]
        if self.options.reorder and waiting.kind != "callback_query":
            await asyncio.sleep(self.options.late)
        for _ in range(2 if self.options.duplicate else 1):
            async with self._places:
                refused = await self._post(waiting.update, webhook, session, execute)
            if refused is not None:
                return refused
        self.pending.pop(update_id, None)
        self.wake()
        return None

    async def _post(
        self, update: Wire, webhook: Webhook, session: aiohttp.ClientSession, execute: Execute
    ) -> float | None:
        headers = {"Content-Type": "application/json"}
        if webhook.secret:
            headers[SECRET_HEADER] = webhook.secret
        limit = aiohttp.ClientTimeout(total=self.options.timeout)
        body = json.dumps(update).encode()
        try:
            async with session.post(
                webhook.url, data=body, headers=headers, timeout=limit, allow_redirects=False
            ) as answer:
                text = await answer.text()
                if 200 <= answer.status <= 299:
                    await _run_answer(answer.content_type, text, execute)
                    return None
                self._failed(f"Wrong response from the webhook: {answer.status} {answer.reason}")
                asked = answer.headers.get("Retry-After", "")
                return float(asked) if asked.isdigit() else 0.0
        except TimeoutError:
            self._failed("Read timeout expired")
        except (aiohttp.ClientError, OSError) as wrong:
            self._failed(f"Connection failed: {wrong}")
        return 0.0

    def _failed(self, why: str) -> None:
        self.last_error = (time.time(), why)


async def _run_answer(content_type: str, text: str, execute: Execute) -> None:
    """A webhook may answer with one method to run; its result is told to nobody."""
    if content_type != "application/json" or not text:
        return
    try:
        call = json.loads(text)
    except ValueError:
        return
    if isinstance(call, dict) and isinstance(call.get("method"), str):
        await execute(call["method"], {name: value for name, value in call.items() if name != "method"})
