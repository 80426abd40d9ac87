"""A person's Telegram client, over the stand-in's control routes."""

import asyncio
from collections.abc import Sequence
from typing import Any

import aiohttp

from tests.support.people.seen import Key, Seen

Json = dict[str, Any]
AS_IT_IS = ("Keep:", "Skip")


class TelegramHands:
    """`chat` is a group's id, or None for the private chat with the bot."""

    platform = "telegram"
    heard_is_answered = True
    """The webhook is answered, and an update fetched is confirmed, once the reply is shown."""

    def __init__(self, session: aiohttp.ClientSession, url: str, user: int, chat: int | None = None) -> None:
        self._session = session
        self._root = f"{url}/_sandbox/telegram"
        self.user = user
        self.chat = chat
        self._busy = False

    async def look(self) -> list[Seen]:
        shown = await self._view()
        self._busy = bool(shown["pending_updates"] or shown["unanswered"])
        return [self._seen(message) for message in shown["messages"] if message["text"] or message["photo"]]

    def _seen(self, message: Json) -> Seen:
        keys = tuple(
            Key(button["text"], f"{r}.{c}", button.get("url"))
            for r, row in enumerate(message["keyboard"])
            for c, button in enumerate(row)
        )
        mine = message["from"]["id"] == self.user
        return Seen(str(message["message_id"]), message["text"], keys, mine)

    async def say(self, words: str) -> None:
        await self.act("say", text=words)

    async def start(self, payload: str) -> None:
        await self.act("start", payload=payload)

    async def press(self, seen: Seen, key: Key) -> None:
        row, column = map(int, key.at.split("."))
        await self.act("tap", message_id=int(seen.ref), row=row, col=column)

    async def forge(self, seen: Seen, data: str) -> None:
        """A tap that no button offers."""
        await self.act("tap", message_id=int(seen.ref), data=data, forge=True)

    async def data(self, seen: Seen, key: Key) -> str:
        """What a button carries."""
        row, column = map(int, key.at.split("."))
        message = next(m for m in (await self._view())["messages"] if str(m["message_id"]) == seen.ref)
        return str(message["keyboard"][row][column]["callback_data"])

    async def fill(self, values: Sequence[str | None]) -> None:
        for value in values:
            await self._fill_one(value)

    async def _fill_one(self, value: str | None) -> None:
        before = await self.look()
        if value is None:
            question = next(seen for seen in reversed(before) if not seen.mine)
            key = next(key for key in question.keys if key.label.startswith(AS_IT_IS))
            await self.press(question, key)
        else:
            await self.say(value)
        await self._until_answered(sum(seen.mine for seen in before))

    async def _until_answered(self, own: int) -> None:
        """The next question is there before it is answered."""
        for _ in range(300):
            now = await self.look()
            assert sum(seen.mine for seen in now) <= own + 1
            if await self.heard():
                return
            await asyncio.sleep(0.01)

    async def leave(self) -> None:
        question = next(seen for seen in reversed(await self.look()) if seen.key("Cancel"))
        await self.press(question, next(key for key in question.keys if key.label == "Cancel"))

    async def heard(self) -> bool:
        return not self._busy

    async def act(self, name: str, **body: Any) -> Json:
        if self.chat is not None:
            body["chat"] = self.chat
        async with self._session.post(f"{self._root}/{name}", json={"user": self.user, **body}) as answer:
            told: Json = await answer.json(content_type=None)
            assert answer.status == 200, told
            return told

    async def _view(self) -> Json:
        query = {} if self.chat is None else {"chat": str(self.chat)}
        async with self._session.get(f"{self._root}/chats/{self.user}", params=query) as answer:
            shown: Json = await answer.json()
            return shown
