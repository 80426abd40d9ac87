"""Signs events as Stripe does, and knows the endpoint that they go to."""

import hashlib
import hmac
import json
from collections.abc import Callable, Coroutine
from typing import Any

import aiohttp

from bot.sandbox import webhooks
from bot.sandbox.standin import SandboxClock
from bot.sandbox.stripe.events import API_VERSION


def signature_header(body: bytes, secrets: list[str], timestamp: int) -> str:
    """`t=…,v1=…` with one v1 for each secret, as while a secret is rolled."""
    signed = str(timestamp).encode() + b"." + body
    marks = [hmac.new(secret.encode(), signed, hashlib.sha256).hexdigest() for secret in secrets]
    return ",".join([f"t={timestamp}", *(f"v1={mark}" for mark in marks)])


class Webhooks(webhooks.Webhooks):
    """One endpoint, and the secrets with which it is signed."""

    def __init__(
        self,
        clock: SandboxClock,
        session: Callable[[], aiohttp.ClientSession],
        spawn: Callable[[Coroutine[Any, Any, Any]], Any],
        retry_delays: tuple[float, ...],
    ) -> None:
        super().__init__(self._sign, session, spawn, retry_delays)
        self.secrets: list[str] = []
        self.enabled_events: list[str] = ["*"]
        self.enabled = True
        self._clock = clock
        self.created = int(clock.real_now().timestamp())

    def sends(self, kind: str) -> bool:
        return "*" in self.enabled_events or kind in self.enabled_events

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

    def _sign(self, event: dict[str, Any]) -> tuple[bytes, dict[str, str]]:
        body = json.dumps(event, indent=2).encode()
        # Signatures keep real time: the product checks them against its own wall clock.
        stamp = int(self._clock.real_now().timestamp())
        return body, {
            "Content-Type": "application/json; charset=utf-8",
            "Stripe-Signature": signature_header(body, self.secrets, stamp),
            "User-Agent": "Stripe/1.0 (+https://stripe.com/docs/webhooks)",
        }
