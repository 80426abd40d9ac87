"""Calls Twilio's API, and says in our terms how a call failed. One request each; nothing is tried again here.

It has no idempotency keys (https://www.twilio.com/docs/messaging/api/message-resource): a call whose answer is lost may
have sent the message.
"""

import logging
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime
from typing import Any
from urllib.parse import urlsplit

import httpx

from bot.channels.sms.errors import UNREADABLE, lost, meaning
from bot.chat.channel import Away, NotDelivered
from bot.sms_settings import Twilio

log = logging.getLogger(__name__)

TIMEOUT_S = 10.0
AWAY_S = 15.0
LONGEST_VALID_S = 14_400
"""What every sender takes; newer accounts take 36,000."""
PAGE = 50

_LOOPBACK = {"127.0.0.1", "localhost", "::1"}


@dataclass(frozen=True)
class Handed:
    """A message as Twilio has it. `parts` is None until it is known."""

    sid: str
    status: str
    body: str
    parts: int | None
    made_at: datetime | None


class TwilioApi:
    """`told_at` is where Twilio tells what becomes of a message."""

    def __init__(self, settings: Twilio, told_at: str) -> None:
        assert settings.account_sid is not None
        assert settings.auth_token is not None
        self._settings = settings
        self._told_at = told_at
        self._root = f"{settings.api_url}/2010-04-01/Accounts/{settings.account_sid}"
        self._http = httpx.AsyncClient(
            auth=(settings.account_sid, settings.auth_token),
            timeout=TIMEOUT_S,
            trust_env=urlsplit(settings.api_url).hostname not in _LOOPBACK,
        )

    async def create(self, number: str, text: str, valid_s: int | None) -> Handed:
        """Send a text. `valid_s`: it is not delivered any more after so many seconds. Raises `NotDelivered`."""
        form = {"To": number, "Body": text, "StatusCallback": self._told_at}
        if self._settings.messaging_service_sid is not None:
            form["MessagingServiceSid"] = self._settings.messaging_service_sid
        else:
            form["From"] = self._settings.sender or ""
        if valid_s is not None:
            form["ValidityPeriod"] = str(min(max(valid_s, 1), LONGEST_VALID_S))
        handed = _handed(await self._call("POST", "/Messages.json", data=form))
        if handed is None:
            raise lost()
        log.info("twilio.sent", extra={"ids": {"sid": handed.sid, "status": handed.status}})
        return handed

    async def sent_to(self, number: str) -> list[Handed]:
        """The messages to a number, the newest first, those too that still wait at Twilio. Raises `NotDelivered`."""
        found = await self._call("GET", "/Messages.json", params={"To": number, "PageSize": str(PAGE)})
        listed = found.get("messages")
        if not isinstance(listed, list):
            raise Away(AWAY_S)
        return [handed for each in listed if isinstance(each, dict) and (handed := _handed(each)) is not None]

    async def message(self, sid: str) -> Handed | None:
        """None: Twilio knows none of that name, or says nothing that can be read."""
        return _handed(await self._call("GET", f"/Messages/{sid}.json"))

    async def account(self) -> Mapping[str, Any]:
        """The account itself, for a look whether it takes our calls. Raises `NotDelivered`."""
        return await self._call("GET", ".json")

    async def aclose(self) -> None:
        await self._http.aclose()

    async def _call(self, verb: str, path: str, **asked: Any) -> dict[str, Any]:
        try:
            answer = await self._http.request(verb, self._root + path, **asked)
        except (httpx.ConnectError, httpx.ConnectTimeout, httpx.PoolTimeout) as error:
            raise Away(AWAY_S) from error
        except httpx.HTTPError as error:
            raise (lost() if verb == "POST" else Away(AWAY_S)) from error
        told = _object(answer)
        if answer.is_success and told is not None:
            return told
        if answer.is_success:
            raise lost() if verb == "POST" else Away(AWAY_S)
        refused = meaning(answer.status_code, told or {}, answer.headers.get("Retry-After", ""))
        log.warning("twilio.refused", extra={"ids": {"status": answer.status_code, "code": _code(told)}})
        raise refused


async def wrong_with(api: TwilioApi) -> str | None:
    """What is wrong with the account or the way to it, for an operator; None when it may send."""
    try:
        account = await api.account()
    except NotDelivered as refused:
        return str(refused) or type(refused).__name__
    status = account.get("status")
    if not isinstance(status, str):
        return UNREADABLE
    return None if status == "active" else f"the account is {status}"


def _object(answer: httpx.Response) -> dict[str, Any] | None:
    try:
        told = answer.json()
    except (ValueError, RecursionError):
        return None
    return told if isinstance(told, dict) else None


def _code(told: Mapping[str, Any] | None) -> int | None:
    code = (told or {}).get("code")
    return code if type(code) is int else None


def _handed(told: Mapping[str, Any]) -> Handed | None:
    match told:
        case {"sid": str(sid), "status": str(status)} if sid.isascii() and sid.isalnum():
            body, made, parts = told.get("body"), told.get("date_created"), str(told.get("num_segments"))
            count = int(parts) if parts.isascii() and parts.isdigit() and int(parts) else None
            return Handed(sid, status, body if isinstance(body, str) else "", count, _instant(made))
    return None


def _instant(told: object) -> datetime | None:
    """RFC 2822, as Twilio writes instants."""
    try:
        return parsedate_to_datetime(told).astimezone(UTC) if isinstance(told, str) else None
    except (ValueError, OverflowError):
        return None
