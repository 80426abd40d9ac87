"""Carries mails through Resend: one POST each, whose key makes a second one of the same mail harmless for a day."""

import base64
import json
from typing import Any

import httpx

from bot.channels.email.mail import Attachment, Letter, Mailbox
from bot.channels.email.message import own_headers
from bot.channels.email.resend_errors import AWAY_S, SENT_BEFORE, meaning, said
from bot.channels.email.words_of_headers import mailbox_name
from bot.chat.channel import Away, FellOver, PerhapsDelivered
from bot.chat.limits import Limit, Limits

POST_S = 15.0
CONNECT_S = 5.0
TWICE = 2
ACCOUNT_TAG = "account"
"""What a mail carries there so that what becomes of it can be told of the account that it went to."""

ONLY_SENDS = "restricted_api_key"
"""The refusal of a key that may do nothing else than send."""

_NOT_REACHED = (httpx.ConnectError, httpx.ConnectTimeout, httpx.PoolTimeout)
_HEADERS = {"Content-Type": "application/json", "User-Agent": "rapport", "Accept": "application/json"}


class ResendCarrier:
    """Implements `bot.channels.email.carrier.Carrier`."""

    name = "resend"
    settings: tuple[str, ...] = ("RESEND_API_KEY", "RESEND_API_URL", "EMAIL_FROM")
    limits = Limits(Limit(5, 1 / 4.8, 1 / 4.8))
    """Five requests a second of a team, by its `ratelimit-limit`."""

    def __init__(self, api_key: str, api_url: str) -> None:
        self._client = httpx.AsyncClient(
            base_url=api_url,
            headers={**_HEADERS, "Authorization": f"Bearer {api_key}"},
            timeout=httpx.Timeout(POST_S, connect=CONNECT_S),
            follow_redirects=False,
        )

    async def send(self, letter: Letter) -> str:
        """Resend's id of it, by which its events name it."""
        body = json.dumps(_body(letter)).encode()
        for left in reversed(range(TWICE)):
            try:
                return await self._post(letter, body)
            except (FellOver, PerhapsDelivered):
                # The very same again: Resend answers with what it did, or does it now. Never both.
                if not left:
                    raise
        raise AssertionError("it was sent, or not")

    async def answers(self) -> bool:
        try:
            answer = await self._client.get("/domains")
        except httpx.HTTPError:
            return False
        return answer.status_code < 500

    async def check(self) -> str | None:
        try:
            answer = await self._client.get("/domains")
        except httpx.HTTPError:
            return "Resend does not answer"
        name = said(answer.content)
        if answer.is_success or name == ONLY_SENDS:
            return None
        return f"Resend answers {answer.status_code} {name or ''}".strip()

    async def close(self) -> None:
        await self._client.aclose()

    async def _post(self, letter: Letter, body: bytes) -> str:
        try:
            answer = await self._client.post("/emails", content=body, headers={"Idempotency-Key": letter.key})
        except _NOT_REACHED as away:
            raise Away(AWAY_S) from away
        except httpx.HTTPError as lost:
            raise PerhapsDelivered from lost
        if answer.is_success:
            return _id(answer.content)
        if said(answer.content) == SENT_BEFORE:
            return letter.message_id  # with other words, and by a name that was not heard: it is out
        raise meaning(answer.status_code, answer.headers, answer.content)


def _id(answer: bytes) -> str:
    """Raises `PerhapsDelivered` where something else than Resend answers."""
    try:
        found = json.loads(answer)["id"]
    except (ValueError, KeyError, TypeError, RecursionError) as unread:
        raise PerhapsDelivered from unread
    if not isinstance(found, str) or not found:
        raise PerhapsDelivered
    return found


def _body(letter: Letter) -> dict[str, Any]:
    """The parameters of `POST /emails`. Date and Message-ID are Resend's own."""
    body: dict[str, Any] = {
        "from": _written(letter.sender),
        "to": [letter.to],
        "subject": letter.mail.subject,
        "text": letter.mail.text,
        "html": letter.mail.html,
        "headers": own_headers(letter),
        "tags": [{"name": ACCOUNT_TAG, "value": str(letter.account_id)}],
    }
    if letter.reply_to is not None:
        body["reply_to"] = _written(letter.reply_to)
    if letter.mail.attachments:
        body["attachments"] = [_attached(each) for each in letter.mail.attachments]
    return body


def _written(mailbox: Mailbox) -> str:
    name = mailbox_name(mailbox.name)
    return mailbox.address if name is None else f"{name} <{mailbox.address}>"


def _attached(each: Attachment) -> dict[str, str]:
    found = {
        "filename": each.name,
        "content": base64.b64encode(each.data).decode(),
        "content_type": each.kind,
    }
    return found if each.content_id is None else {**found, "content_id": each.content_id}
