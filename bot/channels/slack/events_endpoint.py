"""POST /slack/events: checks what signs a request before its body is read, and the signature before that is parsed."""

import json
import re
from collections.abc import Awaitable, Callable
from typing import Any

from aiohttp import web
from slack_bolt.response import BoltResponse
from slack_sdk.signature import SignatureVerifier
from yarl import query_to_pairs

from bot.clock import Clock
from bot.http_body import read_body
from bot.tally import REFUSED

Json = dict[str, Any]

JSON, FORM = "application/json", "application/x-www-form-urlencoded"
RETRY_AFTER_S = 5
TOLERANCE_S = 300  # as Slack's own verifier has it
_TIME, _SIGNATURE = re.compile("[0-9]{1,12}"), re.compile("v0=[0-9a-f]{64}")


class EventsEndpoint:
    """Without a signing secret (Socket Mode alone) nobody can prove to be Slack, and nobody comes in."""

    def __init__(self, signing_secret: str | None, dispatch: Callable[[Json], Awaitable[BoltResponse]]) -> None:
        self._verifier = SignatureVerifier(signing_secret) if signing_secret else None
        self._dispatch = dispatch

    async def handle(self, request: web.Request) -> web.Response:
        timestamp = request.headers.get("X-Slack-Request-Timestamp", "")
        signature = request.headers.get("X-Slack-Signature", "")
        if self._verifier is None or not _may_be_signed(timestamp, signature):
            return _refuse(401, "invalid_signature")
        raw = await read_body(request)
        if raw is None:
            return _refuse(413, "too_large")
        if not self._is_from_slack(raw, timestamp, signature):
            return _refuse(401, "invalid_signature")
        if request.content_type not in (JSON, FORM):
            return _refuse(415, "unsupported_media_type")
        body = _parse(raw, request.content_type)
        if body is None:
            return _refuse(400, "invalid_payload")
        if body.get("ssl_check"):
            return web.Response()
        return _as_response(await self._dispatch(body))

    def _is_from_slack(self, raw: bytes, timestamp: str, signature: str) -> bool:
        """Slack's own verifier fails on a body that is not UTF-8, instead of refusing it."""
        try:
            return self._verifier is not None and self._verifier.is_valid(raw, timestamp, signature)
        except UnicodeDecodeError:
            return False


def _may_be_signed(timestamp: str, signature: str) -> bool:
    """Whether a request has the form of a signed one, and is new: what can be told without its body."""
    if not (_TIME.fullmatch(timestamp) and _SIGNATURE.fullmatch(signature)):
        return False
    return abs(Clock.real().timestamp() - int(timestamp)) <= TOLERANCE_S


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
    if status == 401:
        REFUSED.count("slack: signature")
    return web.json_response({"error": error}, status=status)
