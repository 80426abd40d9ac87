"""`POST /webhooks/<provider>`: verifies an event, keeps it and answers at once; applies it afterwards.

A sweep applies what a crash leaves behind.
"""

import asyncio
import logging
from collections.abc import Callable
from datetime import datetime

from aiohttp import web

from bot.http_route import HttpRoute
from bot.integrations.payments.port import NotAuthentic, PaymentProvider
from bot.services.payments.payments import Payments
from storage.engine import StorageAway

log = logging.getLogger(__name__)


class PaymentWebhook:
    """Calls `wake` when notices were written. `drain` waits until every event that was answered is applied."""

    def __init__(
        self,
        provider: PaymentProvider,
        payments: Payments,
        now: Callable[[], datetime],
        wake: Callable[[], None],
    ) -> None:
        self._provider = provider
        self._payments = payments
        self._now = now
        self._wake = wake
        self._running: set[asyncio.Task[None]] = set()

    def routes(self) -> list[HttpRoute]:
        path = f"/webhooks/{self._provider.name}"
        return [HttpRoute("POST", path, self.receive, self._provider.guard, self.drain)]

    async def receive(self, request: web.Request) -> web.Response:
        body = await request.read()
        try:
            new = await self._payments.hear(body, request.headers.get(self._provider.signature_header), self._now())
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
