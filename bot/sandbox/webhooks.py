"""Delivers events to the product's endpoint: signs and retries them, and disturbs deliveries on request."""

import asyncio
from collections.abc import Callable, Coroutine
from dataclasses import dataclass, field
from typing import Any

import aiohttp

DISTURBANCES = frozenset({"duplicates", "drop", "reverse", "delay", "hold"})


@dataclass
class Disturbances:
    """`duplicates` more copies of each event, `drop` the types never sent, `reverse` what gathered in
    `delay` seconds, `hold` everything until it is lifted."""

    duplicates: int = 0
    drop: list[str] = field(default_factory=list)
    reverse: bool = False
    delay: float = 0.0
    hold: bool = False


@dataclass(frozen=True)
class Attempt:
    """One try to deliver; status 0 when nobody answered."""

    event: str
    type: str
    status: int


Signed = Callable[[dict[str, Any]], tuple[bytes, dict[str, str]]]
"""The body and the headers in which a vendor posts an event, signed now."""


class Webhooks:
    """One endpoint. First tries go out in the order of events, a failed one is tried again beside the rest.

    An event has an `id` and a `type`.
    """

    def __init__(
        self,
        signed: Signed,
        session: Callable[[], aiohttp.ClientSession],
        spawn: Callable[[Coroutine[Any, Any, Any]], Any],
        retry_delays: tuple[float, ...],
    ) -> None:
        self.url: str | None = None
        self.options = Disturbances()
        self.attempts: list[Attempt] = []
        self._signed, self._session, self._spawn = signed, session, spawn
        self._retry_delays = retry_delays
        self._waiting: list[dict[str, Any]] = []
        self._arrived = asyncio.Event()

    def sends(self, kind: str) -> bool:
        """Whether the endpoint is enabled for events of this kind, as it was in the dashboard."""
        return True

    def add(self, event: dict[str, Any]) -> None:
        if self.sends(event["type"]) and event["type"] not in self.options.drop:
            self._waiting.extend([event] * (1 + self.options.duplicates))
            self._arrived.set()

    def release(self) -> None:
        """Look again at what waits, after the options or the address changed."""
        self._arrived.set()

    async def run(self) -> None:
        """Deliver for as long as the stand-in runs."""
        while True:
            await self._arrived.wait()
            self._arrived.clear()
            if self.options.hold or self.url is None:
                continue
            if self.options.delay or self.options.reverse:
                await asyncio.sleep(self.options.delay or 0.1)
            batch, self._waiting = self._waiting, []
            for event in reversed(batch) if self.options.reverse else batch:
                if not await self._deliver(event):
                    self._spawn(self._again(event))

    async def _again(self, event: dict[str, Any]) -> None:
        for delay in self._retry_delays:
            await asyncio.sleep(delay)
            if await self._deliver(event):
                return

    async def _deliver(self, event: dict[str, Any]) -> bool:
        """One try; anything but 2xx, a redirect too, is a failure."""
        if self.url is None:
            return False
        body, headers = self._signed(event)
        try:
            async with self._session().post(self.url, data=body, headers=headers, allow_redirects=False) as answer:
                status = answer.status
        except (aiohttp.ClientError, TimeoutError):
            status = 0
        self.attempts.append(Attempt(event["id"], event["type"], status))
        return 200 <= status < 300
