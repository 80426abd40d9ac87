"""The stand-in for Resend: its API over HTTP, with idempotency and quotas, and its signed events."""

import asyncio
import json
import uuid
from collections.abc import AsyncIterator
from dataclasses import dataclass, field, replace
from typing import Any

from aiohttp import web

from bot.sandbox.faults import Fault
from bot.sandbox.mail.mailboxes import Kept, Mailboxes
from bot.sandbox.resend.events import SECRET, SOFT, event, signer
from bot.sandbox.resend.params import Refused, check
from bot.sandbox.standin import CONTROL, StandIn
from bot.sandbox.webhooks import DISTURBANCES, Webhooks

KEPT_S = 24 * 3600
LONGEST_KEY = 256
SAID_OF = {
    "bounced": ("email.bounced",),
    "complained": ("email.delivered", "email.complained"),
    "suppressed": ("email.suppressed",),
    "delayed": ("email.delivery_delayed",),
    "failed": ("email.failed",),
}
"""What becomes of a mail by how its address begins, as at Resend's own addresses for tests; others are delivered."""


@dataclass
class _Used:
    asked: bytes
    at: float
    answer: dict[str, str] | None = None


@dataclass
class ResendStandIn(StandIn):
    """`webhook_url` is where the product listens. `quota`: how many mails are left today, None: any number.
    `only_sends`: the key may do nothing else. `latency`: seconds that a mail takes."""

    api_key: str = "re_sandbox"
    webhook_url: str | None = None
    webhook_secret: str = SECRET
    retry_delays: tuple[float, ...] = (0.5, 1.0, 2.0, 4.0, 8.0)
    quota: int | None = None
    only_sends: bool = False
    latency: float = 0.0
    mails: Mailboxes = field(default_factory=Mailboxes, init=False)

    def __post_init__(self) -> None:
        super().__post_init__()
        signed = signer(self.webhook_secret, self.clock.real_now)
        self.webhooks = Webhooks(signed, lambda: self.session, self.spawn, self.retry_delays)
        self.webhooks.url = self.webhook_url
        self._used: dict[str, _Used] = {}
        self._tags: dict[str, dict[str, str]] = {}
        route = self.app.router.add_route
        route("POST", "/emails", self._send)
        route("GET", "/emails/{id}", self._email)
        route("GET", "/domains", self._domains)
        route("GET", f"{CONTROL}mails", self._show)
        route("POST", f"{CONTROL}event", self._event)
        route("POST", f"{CONTROL}options", self._options)
        self.app.cleanup_ctx.append(self._work)

    def call_name(self, request: web.Request) -> str:
        """`POST /emails`."""
        return f"{request.method} {request.path}"

    def fault_answer(self, request: web.Request, fault: Fault) -> web.Response:
        if fault.kind == "rate_limit":
            headers = {"retry-after": str(fault.retry_after), "ratelimit-limit": "5", "ratelimit-remaining": "0"}
            return _refusal(Refused(429, "rate_limit_exceeded", "Too many requests."), headers)
        return _refusal(Refused(fault.status, "application_error", "An unexpected error occurred."))

    def happens(self, kind: str, mail: Kept, more: dict[str, Any] | None = None) -> dict[str, Any]:
        """Something becomes of a mail: tell the product. The event, to be told again."""
        told = event(kind, mail, self._tags.get(mail.id, {}), self.clock.real_now(), more)
        self.webhooks.add(told)
        return told

    async def _send(self, request: web.Request) -> web.Response:
        try:
            self._authenticate(request)
            body = await request.read()
            answer = await self._once(request.headers.get("Idempotency-Key"), body)
        except Refused as refused:
            return _refusal(refused)
        return web.json_response(answer)

    async def _once(self, key: str | None, body: bytes) -> dict[str, str]:
        """Send, or answer as before to a key that was used for the very same mail."""
        if key is None:
            return await self._take(body)
        if not 0 < len(key) <= LONGEST_KEY:
            raise Refused(400, "invalid_idempotency_key", "The key must be between 1-256 chars.")
        used = self._used.get(key)
        now = self.clock.now().timestamp()
        if used is not None and now - used.at < KEPT_S:
            if used.answer is None:
                raise Refused(409, "concurrent_idempotent_requests", "Same idempotency key used while in progress.")
            if used.asked != body:
                raise Refused(409, "invalid_idempotent_request", "Same idempotency key used with a different payload.")
            return used.answer
        used = self._used[key] = _Used(body, now)
        try:
            used.answer = await self._take(body)
        finally:
            if used.answer is None:
                del self._used[key]
        return used.answer

    async def _take(self, body: bytes) -> dict[str, str]:
        try:
            asked = check(json.loads(body))
        except ValueError as unread:
            raise Refused(422, "validation_error", "The body is not JSON.") from unread
        await asyncio.sleep(self.latency)
        if self.quota is not None:
            if self.quota <= 0:
                raise Refused(429, "daily_quota_exceeded", "You have reached your daily email sending quota.")
            self.quota -= 1
        mail = self._kept(asked)
        self.mails.add(mail)
        self.happens("email.sent", mail)
        for kind in SAID_OF.get(mail.to[0].split("@")[0].split("+")[0], ("email.delivered",)):
            self.happens(kind, mail)
        return {"id": mail.id}

    def _kept(self, asked: dict[str, Any]) -> Kept:
        number = str(uuid.uuid4())
        self._tags[number] = {each["name"]: each["value"] for each in asked.get("tags", [])}
        headers = dict(asked.get("headers", {}))
        if "reply_to" in asked:
            headers["Reply-To"] = asked["reply_to"]
        return Kept(
            id=number,
            at=self.clock.now(),
            sender=asked["from"],
            to=tuple([asked["to"]] if isinstance(asked["to"], str) else asked["to"]),
            subject=asked["subject"],
            text=asked.get("text", ""),
            html=asked.get("html", ""),
            headers=tuple(headers.items()),
            attachments=tuple(each["filename"] for each in asked.get("attachments", [])),
        )

    async def _email(self, request: web.Request) -> web.Response:
        try:
            self._authenticate(request, reads=True)
        except Refused as refused:
            return _refusal(refused)
        found = next((each for each in self.mails.all if each.id == request.match_info["id"]), None)
        if found is None:
            return _refusal(Refused(404, "not_found", "Email not found"))
        shown = {
            "object": "email",
            "id": found.id,
            "to": list(found.to),
            "from": found.sender,
            "subject": found.subject,
        }
        return web.json_response({**shown, "created_at": found.at.isoformat(), "html": found.html, "text": found.text})

    async def _domains(self, request: web.Request) -> web.Response:
        try:
            self._authenticate(request, reads=True)
        except Refused as refused:
            return _refusal(refused)
        domains = [{"id": "d_1", "name": "example.org", "status": "verified"}]
        return web.json_response({"object": "list", "has_more": False, "data": domains})

    def _authenticate(self, request: web.Request, *, reads: bool = False) -> None:
        scheme, _, given = request.headers.get("Authorization", "").partition(" ")
        if scheme != "Bearer" or not given:
            raise Refused(401, "missing_api_key", "Missing API Key")
        if given != self.api_key:
            raise Refused(403, "invalid_api_key", "API key is invalid")
        if not request.headers.get("User-Agent"):
            raise Refused(403, "validation_error", "Missing User-Agent")
        if reads and self.only_sends:
            raise Refused(401, "restricted_api_key", "This API key is restricted to only send emails")

    async def _show(self, request: web.Request) -> web.Response:
        return web.json_response({"mails": [each.shown() for each in self.mails.of(request.query.get("to"))]})

    async def _event(self, request: web.Request) -> web.Response:
        """`{mail, type, soft?}`: something becomes of a mail, by its id."""
        asked = await request.json()
        found = next((each for each in self.mails.all if each.id == asked["mail"]), None)
        if found is None:
            return web.json_response({"error": "no such mail"}, status=400)
        told = self.happens(asked["type"], found, SOFT if asked.get("soft") else None)
        return web.json_response(told["body"])

    async def _options(self, request: web.Request) -> web.Response:
        """Any of: the disturbances of deliveries, `quota`."""
        asked = await request.json()
        if unknown := set(asked) - DISTURBANCES - {"quota"}:
            return web.json_response({"error": f"unknown: {', '.join(sorted(unknown))}"}, status=400)
        self.quota = asked.pop("quota", self.quota)
        self.webhooks.options = replace(self.webhooks.options, **asked)
        self.webhooks.release()
        return web.json_response({"ok": True})

    async def _work(self, _app: web.Application) -> AsyncIterator[None]:
        self.spawn(self.webhooks.run())
        yield


def _refusal(refused: Refused, headers: dict[str, str] | None = None) -> web.Response:
    return web.json_response(refused.body(), status=refused.status, headers=headers)
