"""`POST /webhooks/stripe`: verified, kept, answered at once; applied right after, with a sweep behind it."""

import asyncio
import logging
from collections.abc import Callable
from datetime import datetime

from aiohttp import web

from bot.integrations.payments.port import NotAuthentic
from bot.services.payments.payments import Payments
from bot.web.server import HttpRoute
from storage.engine import StorageAway

log = logging.getLogger(__name__)

GUARD = "Stripe's signature (HMAC-SHA256 over time and body), at most five minutes old"


class StripeWebhook:
    """`wake` is called when notices were written; `drain` waits for what was answered and is still being applied."""

    def __init__(self, payments: Payments, now: Callable[[], datetime], wake: Callable[[], None]) -> None:
        self._payments = payments
        self._now = now
        self._wake = wake
        self._running: set[asyncio.Task[None]] = set()

    def routes(self) -> list[HttpRoute]:
        return [HttpRoute("POST", "/webhooks/stripe", self.receive, GUARD, self.drain)] if self._payments.on else []

    async def receive(self, request: web.Request) -> web.Response:
        body = await request.read()
        try:
            new = await self._payments.hear(body, request.headers.get("Stripe-Signature"), self._now())
        except NotAuthentic as refused:
            log.warning("webhook.refused", extra={"ids": {"why": str(refused)}})
            return web.json_response({"error": "not authentic"}, status=400)
        except StorageAway:  # told again later
            return web.json_response({"error": "try again"}, status=503)
        if new:
            task = asyncio.get_running_loop().create_task(self._apply())
            self._running.add(task)
            task.add_done_callback(self._running.discard)
        return web.json_response({"received": True})

    async def drain(self) -> None:
        while self._running:
            await asyncio.wait(self._running)

    async def _apply(self) -> None:
        try:
            if await self._payments.apply_due(self._now()):
                self._wake()
        except StorageAway:
            log.warning("webhook.later", extra={"ids": {"why": "database away"}})
