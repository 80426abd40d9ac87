"""POST /slack/events: checks signature, age and size before anything is read."""

import json
from collections.abc import Awaitable, Callable
from typing import Any

from aiohttp import web
from slack_bolt.response import BoltResponse
from slack_sdk.signature import SignatureVerifier
from yarl import query_to_pairs

Json = dict[str, Any]

MAX_BODY_BYTES = 1024 * 1024
JSON, FORM = "application/json", "application/x-www-form-urlencoded"
RETRY_AFTER_S = 5


class EventsEndpoint:
    """Without a signing secret (Socket Mode alone) nobody can prove to be Slack, and nobody comes in."""

    def __init__(self, signing_secret: str | None, dispatch: Callable[[Json], Awaitable[BoltResponse]]) -> None:
        self._verifier = SignatureVerifier(signing_secret) if signing_secret else None
        self._dispatch = dispatch

    async def handle(self, request: web.Request) -> web.Response:
        if request.method != "POST":
            return _refuse(405, "method_not_allowed")
        if (request.content_length or 0) > MAX_BODY_BYTES:
            return _refuse(413, "too_large")
        raw = await _read(request)
        if raw is None:
            return _refuse(413, "too_large")
        if not self._is_from_slack(request, raw):
            return _refuse(401, "invalid_signature")
        if request.content_type not in (JSON, FORM):
            return _refuse(415, "unsupported_media_type")
        body = _parse(raw, request.content_type)
        if body is None:
            return _refuse(400, "invalid_payload")
        if body.get("ssl_check"):
            return web.Response()
        return _as_response(await self._dispatch(body))

    def _is_from_slack(self, request: web.Request, raw: bytes) -> bool:
        """Slack's own verifier fails on what is no number or not ASCII, instead of refusing it."""
        timestamp = request.headers.get("X-Slack-Request-Timestamp", "")
        signature = request.headers.get("X-Slack-Signature", "")
        if self._verifier is None or not signature.isascii():
            return False
        if not (timestamp.isascii() and timestamp.isdigit() and len(timestamp) <= 12):
            return False
        try:
            return self._verifier.is_valid(raw, timestamp, signature)
        except UnicodeDecodeError:
            return False


async def _read(request: web.Request) -> bytes | None:
    """The body; None when it is larger than allowed, whatever its headers say."""
    raw = bytearray()
    async for chunk in request.content.iter_any():
        raw += chunk
        if len(raw) > MAX_BODY_BYTES:
            return None
    return bytes(raw)


def _parse(raw: bytes, content_type: str) -> Json | None:
    """The payload as an object; None for anything else."""
    try:
        text = raw.decode()
        if content_type == FORM:
            # The same as urllib's parse_qsl, which takes longer for a tap than all the rest of bolt together.
            form = dict(query_to_pairs(text))
            body = json.loads(form["payload"]) if "payload" in form else form
        else:
            body = json.loads(text)
    except (ValueError, RecursionError):
        return None
    return body if isinstance(body, dict) and body else None


def _as_response(answer: BoltResponse) -> web.Response:
    if answer.status == 503:
        return web.json_response({"error": "try_again"}, status=503, headers={"Retry-After": str(RETRY_AFTER_S)})
    kind = answer.headers.get("content-type", ["text/plain"])[0].split(";")[0]
    return web.Response(status=answer.status, text=answer.body or "", content_type=kind)


def _refuse(status: int, error: str) -> web.Response:
    return web.json_response({"error": error}, status=status)
