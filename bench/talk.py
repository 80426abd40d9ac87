"""People of the bench: they post what the platforms post, and read the buttons that were sent back."""

import hashlib
import hmac
import itertools
import json
import time
from typing import Any
from urllib.parse import urlencode

import aiohttp

from bench.scene import SIGNING_SECRET, Outside

WEBHOOK_SECRET = "bench"
_updates = itertools.count(1)


class TelegramTalk:
    """One person who writes to a bot at `url`; every call returns when the update was answered."""

    def __init__(self, session: aiohttp.ClientSession, url: str, outside: Outside, user: int) -> None:
        self._session = session
        self._url = f"{url}/telegram/webhook"
        self._outside = outside
        self._person = {"id": user, "is_bot": False, "first_name": f"P{user}", "language_code": "en"}
        self._chat = {"id": user, "type": "private", "first_name": f"P{user}"}

    async def says(self, text: str) -> None:
        message: dict[str, Any] = {"message_id": next(_updates), "date": int(time.time()), "text": text}
        if text.startswith("/"):
            message["entities"] = [{"type": "bot_command", "offset": 0, "length": len(text.split(maxsplit=1)[0])}]
        await self._post({"message": {**message, "from": self._person, "chat": self._chat}})

    async def taps(self, data: str) -> None:
        message = {"message_id": 100, "date": int(time.time()), "chat": self._chat, "text": "x"}
        query = {"id": str(next(_updates)), "from": self._person, "chat_instance": "1", "data": data}
        await self._post({"callback_query": {**query, "message": message}})

    def button(self, words: str) -> str:
        """The address of the newest button sent that has these words in it."""
        for sent in reversed(self._outside.sent):
            markup = json.loads(str(sent.get("reply_markup") or "{}"))
            for row in markup.get("inline_keyboard", []):
                for each in row:
                    if words in each["text"] and "callback_data" in each:
                        return str(each["callback_data"])
        raise LookupError(words)

    async def _post(self, update: dict[str, Any]) -> None:
        headers = {"X-Telegram-Bot-Api-Secret-Token": WEBHOOK_SECRET}
        body = {"update_id": next(_updates), **update}
        async with self._session.post(self._url, json=body, headers=headers) as answer:
            answer.raise_for_status()


class SlackTalk:
    """One person who taps in a direct message with the app at `url`."""

    def __init__(self, session: aiohttp.ClientSession, url: str) -> None:
        self._session = session
        self._url = f"{url}/slack/events"

    async def taps(self, value: str) -> None:
        number = next(_updates)
        payload = {
            "type": "block_actions",
            "team": {"id": "T1", "domain": "b"},
            "user": {"id": "U1", "username": "mia", "name": "mia", "team_id": "T1"},
            "api_app_id": "A1",
            "token": "x",
            "trigger_id": f"{number}.1",
            "container": {"type": "message", "message_ts": "100.0001", "channel_id": "D1", "is_ephemeral": False},
            "channel": {"id": "D1", "name": "directmessage"},
            "message": {"type": "message", "ts": "100.0001", "user": "UBOT", "text": "x", "blocks": []},
            "state": {"values": {}},
            "response_url": "http://127.0.0.1:9/none",
            "actions": [
                {"type": "button", "action_id": "r0c0", "block_id": "b0", "value": value, "action_ts": f"{number}.2"}
            ],
        }
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
