"""People of the bench: they post what the platforms post, and read the buttons that were sent back."""

import hashlib
import hmac
import itertools
import json
import time
from collections.abc import Awaitable, Callable
from functools import partial
from typing import Any, Protocol
from urllib.parse import urlencode

import aiohttp

from bench.scene import OWNER, SIGNING_SECRET, WEBHOOK_SECRET, Outside

_updates = itertools.count(1)


class Talk(Protocol):
    """One person in a private chat with the bot."""

    async def taps(self, value: str) -> None: ...
    def act(self, words: str) -> Callable[[], Awaitable[None]]: ...


class TelegramTalk:
    """One person who writes to a bot at `url`; every call returns when the update was answered."""

    def __init__(self, session: aiohttp.ClientSession, url: str, outside: Outside, user: int) -> None:
        self._session = session
        self._url = f"{url}/telegram/webhook"
        self._outside = outside
        self.user = user
        self._person = {"id": user, "is_bot": False, "first_name": f"P{user}", "language_code": "en"}
        self._chat = {"id": user, "type": "private", "first_name": f"P{user}"}

    async def says(self, text: str) -> None:
        message: dict[str, Any] = {"message_id": next(_updates), "date": int(time.time()), "text": text}
        if text.startswith("/"):
            message["entities"] = [{"type": "bot_command", "offset": 0, "length": len(text.split(maxsplit=1)[0])}]
        await self._post({"message": {**message, "from": self._person, "chat": self._chat}})

    async def taps(self, value: str) -> None:
        rows = [[{"text": f"Button {number}", "callback_data": f"page/{number}"}] for number in range(8)]
        message = {
            "message_id": self._newest(), "date": int(time.time()), "chat": self._chat, "text": "x",
            "reply_markup": {"inline_keyboard": rows},
        }  # fmt: skip
        query = {"id": str(next(_updates)), "from": self._person, "chat_instance": "1", "data": value}
        await self._post({"callback_query": {**query, "message": message}})

    def buttons(self) -> list[tuple[str, str]]:
        """Those of this chat that lead to an address: their words and where they lead."""
        markup = json.loads(str(self._outside.last[str(self._chat["id"])].get("reply_markup") or "{}"))
        found = (each for row in markup.get("inline_keyboard", []) for each in row)
        return [(each["text"], each["callback_data"]) for each in found if "callback_data" in each]

    def button(self, words: str) -> str:
        """The address of the button in this chat that has these words in it."""
        for text, to in self.buttons():
            if words in text:
                return to
        raise LookupError(f"{words!r} in {self._outside.last[str(self._chat['id'])]}")

    def act(self, words: str) -> Callable[[], Awaitable[None]]:
        """The tap on the button that has these words in it, as it stands in this chat by now."""
        return partial(self.taps, self.button(words))

    def _newest(self) -> int:
        return int(self._outside.last.get(str(self._chat["id"]), {}).get("message_id", 100))

    async def _post(self, update: dict[str, Any]) -> None:
        headers = {"X-Telegram-Bot-Api-Secret-Token": WEBHOOK_SECRET}
        body = {"update_id": next(_updates), **update}
        async with self._session.post(self._url, json=body, headers=headers) as answer:
            answer.raise_for_status()


class SlackTalk:
    """One person who taps in a direct message with the app at `url`; returns at Slack's acknowledgement."""

    def __init__(self, session: aiohttp.ClientSession, url: str, outside: Outside, user: int) -> None:
        self._session = session
        self._url = f"{url}/slack/events"
        self._outside = outside
        self._user, self._channel, self._trigger = f"U{user}", f"D{user}", ""

    async def taps(self, value: str) -> None:
        await self._act({"type": "button", "action_id": "r0c0", "block_id": "b0", "value": value})

    async def opens_link(self) -> None:
        """A button with a URL: Slack tells of the tap, and there is nothing to do."""
        await self._act({"type": "button", "action_id": "url.r0c0", "block_id": "b0", "url": "https://example.org/"})

    def act(self, words: str) -> Callable[[], Awaitable[None]]:
        """What sends the modal that was opened by the last tap, whose one big button has these words in it."""
        view = self._outside.last[self._trigger]["view"]
        if words not in view["submit"]["text"]:
            raise LookupError(f"{words!r} in {view}")
        return partial(self._submits, view)

    async def _submits(self, view: dict[str, Any]) -> None:
        about = {"team_id": "T1", "state": {"values": {}}, "root_view_id": view["id"], "app_id": "A1", "bot_id": "BBOT"}
        more = {"trigger_id": f"{next(_updates)}.1", "response_urls": [], "is_enterprise_install": False}
        await self._post({"type": "view_submission", "view": {**view, **about}, **self._from(), **more})

    def _from(self) -> dict[str, Any]:
        return {
            "team": {"id": "T1", "domain": "b"},
            "user": {"id": self._user, "username": "mia", "name": "mia", "team_id": "T1"},
            "api_app_id": "A1",
            "token": "x",
        }

    async def _act(self, action: dict[str, Any]) -> None:
        number = next(_updates)
        self._trigger, stamp = f"{number}.1", self._outside.last.get(self._channel, {}).get("ts", "100.0001")
        payload = {
            "type": "block_actions",
            **self._from(),
            "trigger_id": self._trigger,
            "container": {
                "type": "message", "message_ts": stamp, "channel_id": self._channel, "is_ephemeral": False,
            },
            "channel": {"id": self._channel, "name": "directmessage"},
            "message": {"type": "message", "ts": stamp, "user": "UBOT", "text": "x", "blocks": BLOCKS},
            "state": {"values": {}},
            "response_url": "http://127.0.0.1:9/none",
            "actions": [{**action, "action_ts": f"{number}.2"}],
        }  # fmt: skip
        await self._post(payload)

    async def _post(self, payload: dict[str, Any]) -> None:
        body = urlencode({"payload": json.dumps(payload)})
        stamp = str(int(time.time()))
        signed = hmac.new(SIGNING_SECRET.encode(), f"v0:{stamp}:{body}".encode(), hashlib.sha256).hexdigest()
        headers = {
            "Content-Type": "application/x-www-form-urlencoded",
            "X-Slack-Request-Timestamp": stamp,
            "X-Slack-Signature": f"v0={signed}",
        }
        async with self._session.post(self._url, data=body, headers=headers) as answer:
            answer.raise_for_status()


BLOCKS = [
    {"type": "section", "block_id": "s", "text": {"type": "mrkdwn", "text": "Coaching with Ana"}},
    *(
        {
            "type": "actions",
            "block_id": f"b{row}",
            "elements": [
                {
                    "type": "button", "action_id": f"r{row}c{column}", "value": f"page/{row}/{column}",
                    "text": {"type": "plain_text", "text": f"Button {row} {column}"},
                }
                for column in range(2)
            ],
        }
        for row in range(4)
    ),
]  # fmt: skip
"""The message that was tapped comes with the payload: eight buttons."""


FIRST_DAY = ("/setup", "Bench", "EUR", "London", "mon-sun 0-24", "Coaching 30 min 0", "https://meet.example.org/x")
"""One coach, every hour of the week, one free offer of half an hour."""


async def first_day(owner: TelegramTalk) -> None:
    """The owner's, in six answers."""
    for words in FIRST_DAY:
        await owner.says(words)


async def set_up(owner: TelegramTalk) -> None:
    """The first day, then the limits for a client, since the bench's few people book more than anybody does."""
    await first_day(owner)
    await owner.taps("setup/limits/form")
    for most in ("1000", "1000", "1000", "100", "100", "300", "20"):
        await owner.says(most)


async def arrives(client: TelegramTalk) -> None:
    """A client's first words, up to a known clock."""
    await client.says("/start")
    await client.taps("clock/1/1")
    await client.taps(client.button("London"))


def owner(session: aiohttp.ClientSession, url: str, outside: Outside) -> TelegramTalk:
    return TelegramTalk(session, url, outside, OWNER)
