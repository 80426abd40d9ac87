"""`POST /webhooks/<vendor>`: verifies an event, keeps it and answers at once; applies it afterwards.

A sweep applies what a crash leaves behind.
"""

import asyncio
import logging
from collections.abc import Callable, Mapping
from datetime import datetime
from typing import Any

from aiohttp import web

from bot.clock import Clock
from bot.http_body import read_body
from bot.http_route import HttpRoute
from bot.integrations.vendor import NotAuthentic
from bot.services.kit.inbox import Inbox
from bot.tally import REFUSED
from storage.engine import StorageAway

log = logging.getLogger(__name__)

RECEIVED: Mapping[str, tuple[str, str]] = {"twilio": ("text/xml", "<Response/>")}
"""How a vendor that reads the answer is told that there is nothing to do; its media type first."""


class VendorWebhook:
    """Calls `wake` when notices were written. `drain` waits until every event that was answered is applied."""

    def __init__(self, inbox: Inbox[Any], now: Callable[[], datetime], wake: Callable[[], None]) -> None:
        self._inbox = inbox
        self._now = now
        self._wake = wake
        self._running: set[asyncio.Task[None]] = set()

    def route(self) -> HttpRoute:
        source = self._inbox.source
        return HttpRoute("POST", f"/webhooks/{source.name}", self.receive, source.guard, self.drain)

    async def receive(self, request: web.Request) -> web.Response:
        try:
            self._inbox.source.check_headers(request.headers, Clock.real())
            body = await read_body(request)
            if body is None:
                return web.json_response({"error": "too large"}, status=413)
            new = await self._inbox.hear(body, request.headers, self._now())
        except NotAuthentic:
            REFUSED.count(f"{self._inbox.source.name}: signature")
            return web.json_response({"error": "not authentic"}, status=400)
        except StorageAway:  # told again later
            return web.json_response({"error": "try again"}, status=503)
        if new:
            task = asyncio.get_running_loop().create_task(self._apply())
            self._running.add(task)
            task.add_done_callback(self._running.discard)
        kind, said = RECEIVED.get(self._inbox.source.name, ("application/json", '{"received": true}'))
        return web.Response(text=said, content_type=kind)

    async def drain(self) -> None:
        while self._running:
            await asyncio.wait(self._running)

    async def _apply(self) -> None:
        try:
            if await self._inbox.apply_due(self._now()):
                self._wake()
        except StorageAway:
            log.warning("webhook.later", extra={"ids": {"why": "database away"}})
