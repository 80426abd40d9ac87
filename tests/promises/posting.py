"""What Slack, Telegram, Stripe and Resend post, written by hand and signed as they do, and what a stranger may try."""

import base64
import hashlib
import hmac
import json
import time
from collections.abc import AsyncIterator, Mapping
from dataclasses import dataclass, field
from io import BytesIO
from typing import Any
from urllib.parse import urlencode

import aiohttp

Json = dict[str, Any]
JSON, FORM = "application/json", "application/x-www-form-urlencoded"
TEAM, USER, PRIVATE = "T0HARBOUR", "U0STRANGER", "D0STRANGER"
MEGABYTE = 1024 * 1024
MAILS = {
    "EMAIL_FROM": "desk@harbour.example", "RESEND_API_KEY": "re_1", "RESEND_API_URL": "http://127.0.0.1:9",
    "RESEND_WEBHOOK_SECRET": "whsec_cGxlYXNlLWRvLW5vdC1ndWVzcy1tZQ==",
}  # fmt: skip
"""Settings with which the product hears Resend, and can send nothing."""


@dataclass(frozen=True)
class Answer:
    status: int
    text: str
    seconds: float


@dataclass(frozen=True)
class Post:
    """One request, ready to go out any number of times."""

    path: str
    body: bytes
    headers: Mapping[str, str] = field(default_factory=dict)
    chunked: bool = False


class Poster:
    """`environment` is the product's own: the secrets that both sides know."""

    def __init__(self, session: aiohttp.ClientSession, url: str, environment: Mapping[str, str]) -> None:
        self._session = session
        self._url = url
        self._environment = environment

    async def send(self, post: Post, method: str = "POST") -> Answer:
        began = time.monotonic()
        data: Any = _pieces(post.body) if post.chunked else BytesIO(post.body)
        async with self._session.request(
            method, self._url + post.path, data=data, headers=dict(post.headers), allow_redirects=False
        ) as answer:
            return Answer(answer.status, await answer.text(), time.monotonic() - began)

    def slack(
        self, body: bytes, content: str = JSON, *, age: int = 0, secret: str | None = None, stamp: str | None = None
    ) -> Post:
        stamp = str(int(time.time()) - age) if stamp is None else stamp
        secret = self._environment["SLACK_SIGNING_SECRET"] if secret is None else secret
        mac = hmac.new(secret.encode(), b"v0:" + stamp.encode() + b":" + body, hashlib.sha256).hexdigest()
        headers = {"Content-Type": content, "X-Slack-Request-Timestamp": stamp, "X-Slack-Signature": f"v0={mac}"}
        return Post("/slack/events", body, headers)

    def telegram(self, body: bytes, *, secret: str | None = None) -> Post:
        secret = self._environment["TELEGRAM_WEBHOOK_SECRET"] if secret is None else secret
        headers = {"Content-Type": JSON, "X-Telegram-Bot-Api-Secret-Token": secret}
        return Post("/telegram/webhook", body, headers)

    def stripe(self, body: bytes, *, age: int = 0, secret: str | None = None, stamp: str | None = None) -> Post:
        stamp = str(int(time.time()) - age) if stamp is None else stamp
        secret = self._environment["STRIPE_WEBHOOK_SECRET"] if secret is None else secret
        mac = hmac.new(secret.encode(), stamp.encode() + b"." + body, hashlib.sha256).hexdigest()
        return Post("/webhooks/stripe", body, {"Content-Type": JSON, "Stripe-Signature": f"t={stamp},v1={mac}"})

    def resend(
        self, body: bytes, *, number: str = "msg_1", age: int = 0, secret: str | None = None, stamp: str | None = None
    ) -> Post:
        stamp = str(int(time.time()) - age) if stamp is None else stamp
        secret = self._environment["RESEND_WEBHOOK_SECRET"] if secret is None else secret
        key = base64.b64decode(secret.removeprefix("whsec_"))
        mac = hmac.new(key, f"{number}.{stamp}.".encode() + body, hashlib.sha256).digest()
        signed = {"svix-id": number, "svix-timestamp": stamp, "svix-signature": f"v1,{base64.b64encode(mac).decode()}"}
        return Post("/webhooks/resend", body, {"Content-Type": JSON, **signed})


async def _pieces(body: bytes) -> AsyncIterator[bytes]:
    for at in range(0, len(body), 65536):
        yield body[at : at + 65536]


def encoded(value: object) -> bytes:
    return json.dumps(value).encode()


def event(event_id: str | None = "Ev0001", text: str = "hello", **changes: Any) -> Json:
    said = {"type": "message", "channel_type": "im", "channel": PRIVATE, "user": USER, "text": text,
            "ts": "1780000000.000100", "event_ts": "1780000000.000100", "team": TEAM}  # fmt: skip
    body: Json = {"token": "x", "team_id": TEAM, "api_app_id": "A0RAPPORT", "event": said, "type": "event_callback",
                  "event_id": event_id, "event_time": 1780000000}  # fmt: skip
    return {name: value for name, value in (body | changes).items() if value is not None}


def command(trigger: str | None = "1.2.abc", words: str = "/sessions") -> bytes:
    body: Json = {"token": "x", "team_id": TEAM, "team_domain": "harbour", "channel_id": PRIVATE, "user_id": USER,
            "channel_name": "directmessage", "user_name": "stranger", "command": words, "text": "",
            "response_url": "http://127.0.0.1:9/commands/1", "trigger_id": trigger}  # fmt: skip
    return urlencode({name: value for name, value in body.items() if value is not None}).encode()


def tap(value: str, trigger: str | None = "1.3.abc") -> bytes:
    """A press of a button that carries `value`, on a message in the private chat."""
    body: Json = {
        "type": "block_actions", "team": {"id": TEAM, "domain": "harbour"}, "api_app_id": "A0RAPPORT",
        "user": {"id": USER, "username": "stranger", "name": "stranger", "team_id": TEAM}, "token": "x",
        "container": {"type": "message", "message_ts": "1.1", "channel_id": PRIVATE, "is_ephemeral": False},
        "channel": {"id": PRIVATE, "name": "directmessage"}, "message": {"ts": "1.1", "text": "x", "type": "message"},
        "trigger_id": trigger, "response_url": "http://127.0.0.1:9/actions/1", "state": {"values": {}},
        "actions": [{"type": "button", "action_id": "a0", "block_id": "b0", "value": value, "action_ts": "1.2",
                     "text": {"type": "plain_text", "text": "x"}}],
    }  # fmt: skip
    payload = {name: value for name, value in body.items() if value is not None}
    return urlencode({"payload": json.dumps(payload)}).encode()


def update(number: int, text: str = "/sessions", user: int = 4711) -> Json:
    person = {"id": user, "is_bot": False, "first_name": "Stranger", "language_code": "en"}
    chat = {"id": user, "type": "private", "first_name": "Stranger"}
    said: Json = {"message_id": number, "from": person, "chat": chat, "date": 1780000000, "text": text}
    if text.startswith("/"):
        said["entities"] = [{"type": "bot_command", "offset": 0, "length": len(text.split(maxsplit=1)[0])}]
    return {"update_id": number, "message": said}


def pressed(number: int, data: str, user: int = 4711) -> Json:
    """An update: a button with this data was pressed."""
    said = update(number, "x", user)["message"]
    bot = {"id": 700001, "is_bot": True, "first_name": "Rapport", "username": "rapport_bot"}
    shown = {"message_id": 1, "from": bot, "chat": said["chat"], "date": 1780000000, "text": "x"}
    query = {"id": f"{number}", "from": said["from"], "message": shown, "chat_instance": "1", "data": data}
    return {"update_id": number, "callback_query": query}


def mail_event(kind: object = "email.bounced") -> Json:
    data = {"email_id": "re_unknown", "to": ["ana@example.org"], "tags": {"account": "4711"}}
    return {"type": kind, "created_at": "2027-02-01T08:00:00.000Z", "data": data}


def paid_event(identifier: object = "evt_1") -> Json:
    page = {"id": "cs_unknown", "object": "checkout.session", "mode": "payment", "status": "complete"}
    return {"id": identifier, "object": "event", "type": "checkout.session.completed", "data": {"object": page}}
