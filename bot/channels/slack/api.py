"""Calls to Slack's Web API: one shared session, a deadline for each call, and errors in our own words."""

import asyncio
import logging
from collections.abc import Awaitable, Mapping
from ipaddress import ip_address
from typing import Any, cast
from urllib.parse import urlsplit

import aiohttp
from slack_sdk.errors import SlackApiError, SlackClientError
from slack_sdk.web.async_client import AsyncWebClient
from slack_sdk.web.async_slack_response import AsyncSlackResponse
from slack_sdk.webhook.async_client import AsyncWebhookClient
from yarl import URL

from bot.chat.channel import (
    Away,
    CannotReach,
    FellOver,
    NotDelivered,
    PerhapsDelivered,
    ShutOut,
    TooMany,
)
from bot.chat.remembered import Remembered
from bot.domain.people.people import Unreachable
from bot.logs import describe

log = logging.getLogger(__name__)
_QUIET = logging.getLogger("slack_sdk")  # the level of this very logger decides whether bodies are written out

Json = dict[str, Any]

SECONDS = 10.0
CONNECT_SECONDS = 3.0
CLIENTS = 1000
"""Tokens whose client is kept. Where they end, each workspace has a new one twice a day."""

AWAY_SECONDS = 15.0
"""When a notice is tried again where Slack could not be reached, or answered 5xx."""

NO_INSTALLATION = {"account_inactive", "token_revoked", "team_access_not_granted"}
BAD_TOKEN = {"invalid_auth", "not_authed", "token_expired"}
BAD_TOKEN_SECONDS = 60.0
PERSONS = {
    "user_disabled": Unreachable.DEACTIVATED,
    "user_not_found": Unreachable.NOT_FOUND,
    "users_not_found": Unreachable.NOT_FOUND,
    "user_not_visible": Unreachable.NOT_FOUND,
    "cannot_dm_bot": Unreachable.NOT_FOUND,
}
GONE = {
    "message_not_found", "cant_update_message", "edit_window_closed", "channel_not_found", "is_archived",
    "not_in_channel", "not_found", "hash_conflict", "expired_url", "used_url", "invalid_url", "no_such_url",
}  # fmt: skip

HOOKS = ("hooks.slack.com", "hooks.slack-gov.com")
"""Slack's hosts of `response_url`, which it hands out over https only."""

_UNREAD = (AttributeError, KeyError, RecursionError, TypeError, ValueError)
"""What slack_sdk raises over an answer that is no JSON object."""


class BadToken(ShutOut):
    """Slack does not accept the token (any more), which says nothing about who is written to: it has to be mended."""

    def __init__(self) -> None:
        super().__init__(BAD_TOKEN_SECONDS)


class Unreadable(PerhapsDelivered):
    """Something answered, and not as Slack does: a proxy's page, nothing at all, an answer without what it needs."""


class InBetween(Away):
    """Something in Slack's place refused the call: a proxy, or an address that is not Slack's. Nothing was done."""

    def __init__(self) -> None:
        super().__init__(AWAY_SECONDS)


class Refused(Exception):
    """Slack said no for a reason that the caller knows best. `code` is Slack's word for it."""

    def __init__(self, method: str, code: str) -> None:
        super().__init__(f"{method}: {code}")
        self.code = code

    @property
    def gone(self) -> bool:
        """The window that was written to is not there any more."""
        return self.code in GONE


def is_this_machine(url: str) -> bool:
    host = urlsplit(url).hostname or ""
    try:
        return ip_address(host).is_loopback
    except ValueError:
        return host == "localhost"


class _Patient:
    """The shared session with our own time-outs: slack_sdk gives none where it is handed a session.

    No redirect is followed: Slack sends none, and whoever does wants to see what we carry, or whom we reach.
    """

    def __init__(self, session: aiohttp.ClientSession) -> None:
        self._session = session

    @property
    def closed(self) -> bool:
        return self._session.closed

    def request(self, method: str, url: str, **options: Any) -> Any:
        timeout = aiohttp.ClientTimeout(total=SECONDS, sock_connect=CONNECT_SECONDS)
        return self._session.request(method, url, timeout=timeout, allow_redirects=False, **options)


class Api:
    """Raises `CannotReach`, `TryLater`, `PerhapsDelivered` or `Refused`, never what a library raises."""

    def __init__(self, base_url: str, session: aiohttp.ClientSession) -> None:
        self.base_url = base_url
        self._session = cast(aiohttp.ClientSession, _Patient(session))
        self._clients: Remembered[str | None, AsyncWebClient] = Remembered(CLIENTS)

    def client(self, token: str | None = None) -> AsyncWebClient:
        """Retries are left to the outbox: one here could post a message twice."""
        known = self._clients.get(token)
        if known is None:
            known = AsyncWebClient(token, self.base_url, session=self._session, logger=_QUIET, retry_handlers=[])
            if is_this_machine(self.base_url):
                known.proxy = None
            self._clients.put(token, known)
        return known

    async def run(self, method: str, call: Awaitable[AsyncSlackResponse], seconds: float | None = None) -> Json:
        """The answer of a call that `client` began; `method` is its name for logs."""
        try:
            async with asyncio.timeout(seconds or SECONDS):
                said = (await call).data
            if not isinstance(said, dict):
                raise TypeError("no object")
        except (SlackClientError, aiohttp.ClientError, TimeoutError, OSError, *_UNREAD) as error:
            judged = judge(method, error)
            why = judged.code if isinstance(judged, Refused) else type(judged).__name__
            log.info("slack.failed", extra={"ids": {"method": method, "why": why}})
            raise judged from error
        log.info("slack.called", extra={"ids": {"method": method}})
        return said

    def _is_slacks(self, url: str) -> bool:
        """Whether a URL that came in a payload leads to Slack, or to where SLACK_API_URL does. It is read by the
        library that would follow it."""
        try:
            asked, own = URL(url), URL(self.base_url)
        except (TypeError, ValueError):
            return False
        if asked.user is not None or asked.password is not None:
            return False
        return (asked.scheme, asked.host, asked.port) == (own.scheme, own.host, own.port) or (
            asked.scheme == "https" and asked.host in HOOKS and asked.port == 443
        )

    async def respond(self, url: str, body: Json) -> None:
        """Answer by a `response_url`: five times within half an hour, no token needed. At Slack's hosts only."""
        if not self._is_slacks(url):
            log.warning("slack.foreign_url", extra={"ids": {"length": len(url)}})
            raise Refused("response_url", "foreign_url")
        hook = AsyncWebhookClient(url, session=self._session, logger=_QUIET, retry_handlers=[])
        if is_this_machine(url):
            hook.proxy = None
        try:
            async with asyncio.timeout(SECONDS):
                answer = await hook.send_dict(body)
        except (SlackClientError, aiohttp.ClientError, TimeoutError, OSError, *_UNREAD) as error:
            raise judge("response_url", error) from error
        if answer.status_code >= 500:
            raise Away(AWAY_SECONDS)
        if answer.status_code == 429:
            raise TooMany(_seconds(answer.headers.get("Retry-After")))
        if answer.status_code != 200:
            log.info("slack.failed", extra={"ids": {"method": "response_url", "why": answer.status_code}})
            raise Refused("response_url", "expired_url" if answer.status_code == 404 else "invalid_payload")


def judge(method: str, error: Exception) -> NotDelivered | Refused:
    """What a library's error means for the message on its way."""
    if isinstance(error, SlackApiError):
        return _judge_answer(method, error)
    if isinstance(error, aiohttp.ClientConnectorError | aiohttp.ConnectionTimeoutError):
        return Away(AWAY_SECONDS)
    if isinstance(error, _UNREAD):
        log.warning("slack.unreadable", extra={"ids": {"method": method, "error": describe(error)}})
        return Unreadable()
    return PerhapsDelivered()


def _judge_answer(method: str, error: SlackApiError) -> NotDelivered | Refused:
    answer = error.response
    status: int = getattr(answer, "status_code", None) or getattr(answer, "status", None) or 0
    headers = getattr(answer, "headers", None) or {}
    if status >= 500:
        # It may have been carried out all the same; a message twice is better than none.
        return _fell_over(headers)
    said = answer.data if isinstance(answer, AsyncSlackResponse) else None
    code = said.get("error") if isinstance(said, dict) else None
    if status == 429 or code == "ratelimited":  # whatever else the body says: the limiter may stand before Slack's API
        return TooMany(_seconds(headers.get("Retry-After")))
    if not isinstance(code, str):
        return Unreadable() if status < 300 else InBetween()
    if code in BAD_TOKEN:
        log.error("slack.token_refused", extra={"ids": {"code": code}})
        return BadToken()
    if code in NO_INSTALLATION:
        return CannotReach(Unreachable.UNINSTALLED)
    if code in PERSONS:
        return CannotReach(PERSONS[code])
    return Refused(method, code)


def _fell_over(headers: Mapping[str, str]) -> FellOver:
    """A wait that Slack asks for is kept."""
    asked = headers.get("Retry-After")
    return FellOver(AWAY_SECONDS) if asked is None else FellOver(_seconds(asked), _seconds(asked))


def _seconds(retry_after: str | None) -> float:
    return float(retry_after) if retry_after and retry_after.isdigit() else AWAY_SECONDS
