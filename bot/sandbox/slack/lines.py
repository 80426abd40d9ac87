"""The two transports by which Slack reaches an app: signed HTTP requests, and Socket Mode's websockets."""

import asyncio
import hashlib
import hmac
import json
import secrets
import time
from collections import deque
from collections.abc import Callable
from dataclasses import dataclass
from urllib.parse import urlencode

import aiohttp
from aiohttp import web

from bot.sandbox.slack.payloads import Parcel
from bot.sandbox.slack.workspace import Json, SlackApp

MOST_SOCKETS = 10
"""Slack refuses an eleventh Socket Mode connection of one app."""


@dataclass(frozen=True)
class Answer:
    """What came back in time. `fault` is Slack's `x-slack-retry-reason`, None for a 2xx."""

    status: int = 0
    body: str = ""
    fault: str | None = None
    no_retry: bool = False

    @property
    def shown_error(self) -> str | None:
        """What the person reads where a command or an interaction was not answered well."""
        if self.fault is None:
            return None
        named = {"http_timeout": "operation_timeout", "connection_failed": "dispatch_failed"}
        return named.get(self.fault) or ("http_service_error" if self.status >= 500 else "http_client_error")


@dataclass(frozen=True)
class Retry:
    number: int
    reason: str


@dataclass(frozen=True)
class Sent:
    """A request as it went out, kept so that it can be sent again byte by byte."""

    kind: str
    url: str
    body: bytes
    headers: dict[str, str]


def signature(secret: str, timestamp: int, body: bytes) -> str:
    mac = hmac.new(secret.encode(), f"v0:{timestamp}:".encode() + body, hashlib.sha256)
    return f"v0={mac.hexdigest()}"


class HttpLine:
    """Signs with real time, whatever the sandbox's clock shows."""

    def __init__(self, app: SlackApp, session: Callable[[], aiohttp.ClientSession]) -> None:
        self._app = app
        self._session = session
        self.sent: deque[Sent] = deque(maxlen=100)

    async def send(self, url: str, parcel: Parcel, patience: float, retry: Retry | None = None) -> Answer:
        if parcel.kind == "events_api":
            content, body = "application/json", json.dumps(parcel.payload).encode()
        else:
            content = "application/x-www-form-urlencoded"
            form = parcel.payload if parcel.kind == "slash_commands" else {"payload": json.dumps(parcel.payload)}
            body = urlencode(form).encode()
        now = int(time.time())
        headers = {
            "Content-Type": content,
            "User-Agent": "Slackbot 1.0 (+https://api.slack.com/robots)",
            "X-Slack-Request-Timestamp": str(now),
            "X-Slack-Signature": signature(self._app.signing_secret, now, body),
        }
        if retry is not None:
            headers |= {"X-Slack-Retry-Num": str(retry.number), "X-Slack-Retry-Reason": retry.reason}
        sent = Sent(parcel.kind, url, body, headers)
        self.sent.append(sent)
        return await self.put(sent, patience)

    async def put(self, sent: Sent, patience: float) -> Answer:
        timeout = aiohttp.ClientTimeout(total=patience)
        try:
            async with self._session().post(
                sent.url, data=sent.body, headers=sent.headers, timeout=timeout, allow_redirects=False
            ) as answer:
                body = await answer.text()
        except TimeoutError:
            return Answer(fault="http_timeout")
        except aiohttp.ClientConnectionError:
            return Answer(fault="connection_failed")
        except aiohttp.ClientError:
            return Answer(fault="unknown_error")
        fault = None if 200 <= answer.status < 300 else "http_error"
        return Answer(answer.status, body, fault, answer.headers.get("x-slack-no-retry") == "1")


class SocketLine:
    """Open websockets; each payload goes to one of them, in turn."""

    def __init__(self, app: SlackApp) -> None:
        self._app = app
        self._sockets: list[web.WebSocketResponse] = []
        self._tickets: set[str] = set()
        self._waiting: dict[str, asyncio.Future[Json]] = {}

    @property
    def connected(self) -> bool:
        return bool(self._sockets)

    def new_ticket(self) -> str:
        ticket = secrets.token_urlsafe(16)
        self._tickets.add(ticket)
        return ticket

    async def send(self, parcel: Parcel, patience: float, retry: Retry | None = None) -> Answer:
        """A closed line counts as connection_failed, no acknowledgement in time as http_timeout."""
        if not self._sockets:
            return Answer(fault="connection_failed")
        self._sockets.append(self._sockets.pop(0))
        envelope: Json = {
            "envelope_id": secrets.token_hex(16),
            "type": parcel.kind,
            "payload": parcel.payload,
            "accepts_response_payload": parcel.kind != "events_api",
        }
        if parcel.kind == "events_api":
            envelope |= {"retry_attempt": retry.number if retry else 0, "retry_reason": retry.reason if retry else ""}
        acknowledged = asyncio.get_running_loop().create_future()
        self._waiting[envelope["envelope_id"]] = acknowledged
        try:
            await self._sockets[-1].send_json(envelope)
            async with asyncio.timeout(patience):
                answer = await acknowledged
        except TimeoutError:
            return Answer(fault="http_timeout")
        except ConnectionError:
            return Answer(fault="connection_failed")
        finally:
            del self._waiting[envelope["envelope_id"]]
        payload = answer.get("payload")
        return Answer(200, json.dumps(payload) if payload else "")

    async def serve(self, request: web.Request) -> web.WebSocketResponse:
        """GET /link/?ticket=…: a ticket opens one connection."""
        ticket = request.query.get("ticket", "")
        if ticket not in self._tickets:
            raise web.HTTPForbidden(text="bad ticket")
        self._tickets.discard(ticket)
        socket = web.WebSocketResponse()
        await socket.prepare(request)
        if len(self._sockets) >= MOST_SOCKETS:
            await socket.send_json({"type": "disconnect", "reason": "too_many_websockets"})
            await socket.close()
            return socket
        self._sockets.append(socket)
        try:
            await socket.send_json(self._hello())
            async for message in socket:
                self._acknowledge(message)
        finally:
            self._sockets.remove(socket)
        return socket

    async def disconnect(self, reason: str) -> int:
        """Tell every connection to go and close it: `warning`, `refresh_requested` or `link_disabled`.

        A warning leaves the line open, as Slack does for some ten seconds. Gives how many were told.
        """
        told = list(self._sockets)
        for socket in told:
            await socket.send_json({"type": "disconnect", "reason": reason, "debug_info": {"host": "sandbox"}})
            if reason != "warning":
                await socket.close()
        return len(told)

    async def close(self, _app: web.Application) -> None:
        for socket in list(self._sockets):
            await socket.close(code=aiohttp.WSCloseCode.GOING_AWAY)

    def _acknowledge(self, message: aiohttp.WSMessage) -> None:
        if message.type is not aiohttp.WSMsgType.TEXT:
            return
        answer = json.loads(message.data)
        waiting = self._waiting.get(answer.get("envelope_id", ""))
        if waiting is not None and not waiting.done():
            waiting.set_result(answer)

    def _hello(self) -> Json:
        debug = {"host": "sandbox", "build_number": 1, "approximate_connection_time": 18060}
        connection = {"app_id": self._app.app_id}
        return {
            "type": "hello",
            "num_connections": len(self._sockets),
            "debug_info": debug,
            "connection_info": connection,
        }
