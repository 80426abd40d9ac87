"""Delivers events to the product's endpoint: signs and retries them, and disturbs deliveries on request."""

import asyncio
import hashlib
import hmac
import json
from collections.abc import Callable, Coroutine
from dataclasses import dataclass, field
from typing import Any

import aiohttp

from bot.sandbox.standin import SandboxClock
from bot.sandbox.stripe.events import API_VERSION


def signature_header(body: bytes, secrets: list[str], timestamp: int) -> str:
    """`t=…,v1=…` with one v1 for each secret, as while a secret is rolled."""
    signed = str(timestamp).encode() + b"." + body
    marks = [hmac.new(secret.encode(), signed, hashlib.sha256).hexdigest() for secret in secrets]
    return ",".join([f"t={timestamp}", *(f"v1={mark}" for mark in marks)])


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


class Webhooks:
    """One endpoint. First tries go out in the order of events, a failed one is tried again beside the rest."""

    def __init__(
        self,
        clock: SandboxClock,
        session: Callable[[], aiohttp.ClientSession],
        spawn: Callable[[Coroutine[Any, Any, Any]], Any],
        retry_delays: tuple[float, ...],
    ) -> None:
        self.url: str | None = None
        self.secrets: list[str] = []
        self.options = Disturbances()
        self.attempts: list[Attempt] = []
        self.enabled_events: list[str] = ["*"]
        self.enabled = True
        self._clock, self._session, self._spawn = clock, session, spawn
        self._retry_delays = retry_delays
        self.created = int(clock.real_now().timestamp())
        self._waiting: list[dict[str, Any]] = []
        self._arrived = asyncio.Event()

    def sends(self, kind: str) -> bool:
        """Whether the endpoint is enabled for events of this kind, as it was in the dashboard."""
        return "*" in self.enabled_events or kind in self.enabled_events

    def add(self, event: dict[str, Any]) -> None:
        if self.sends(event["type"]) and event["type"] not in self.options.drop:
            self._waiting.extend([event] * (1 + self.options.duplicates))
            self._arrived.set()

    def release(self) -> None:
        """Look again at what waits, after the options or the address changed."""
        self._arrived.set()

    def endpoints(self) -> list[dict[str, Any]]:
        """As Stripe's API lists them."""
        if self.url is None:
            return []
        return [
            {
                "id": "we_1SandboxRapport0",
                "object": "webhook_endpoint",
                "api_version": API_VERSION,
                "application": None,
                "created": self.created,
                "description": None,
                "enabled_events": self.enabled_events,
                "livemode": False,
                "metadata": {},
                "status": "enabled" if self.enabled else "disabled",
                "url": self.url,
            }
        ]

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
        body = json.dumps(event, indent=2).encode()
        # Signatures keep real time: the product checks them against its own wall clock.
        stamp = int(self._clock.real_now().timestamp())
        headers = {
            "Content-Type": "application/json; charset=utf-8",
            "Stripe-Signature": signature_header(body, self.secrets, stamp),
            "User-Agent": "Stripe/1.0 (+https://stripe.com/docs/webhooks)",
        }
        try:
            async with self._session().post(self.url, data=body, headers=headers, allow_redirects=False) as answer:
                status = answer.status
        except (aiohttp.ClientError, TimeoutError):
            status = 0
        self.attempts.append(Attempt(event["id"], event["type"], status))
        return 200 <= status < 300
