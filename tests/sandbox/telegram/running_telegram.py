"""A running Telegram stand-in with the real client of the bot, people to act, and a bot's webhook to receive."""

import asyncio
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from typing import Any

import aiohttp
import telegram
from aiohttp import web

from bot.sandbox.standin import Served, serve
from bot.sandbox.telegram.standin import TelegramStandIn

ROOT = "/_sandbox/telegram"


PATIENCE = 3000
"""Looks, a hundredth of a second apart: two cores may be busy with other tests."""


@dataclass
class Receiver:
    """The bot's side of a webhook: keeps what came, answers with the next of `answers` and 200 after them."""

    got: list[tuple[dict[str, str], dict[str, Any]]] = field(default_factory=list)
    answers: list[Callable[[], web.Response]] = field(default_factory=list)
    delay: float = 0.0
    in_flight: int = 0
    most_in_flight: int = 0

    @property
    def updates(self) -> list[dict[str, Any]]:
        return [update for _, update in self.got]

    async def hear(self, request: web.Request) -> web.Response:
        self.in_flight += 1
        self.most_in_flight = max(self.most_in_flight, self.in_flight)
        await asyncio.sleep(self.delay)
        self.got.append((dict(request.headers), await request.json()))
        self.in_flight -= 1
        return self.answers.pop(0)() if self.answers else web.Response()

    async def until(self, count: int) -> list[dict[str, Any]]:
        for _ in range(PATIENCE):
            if len(self.got) >= count:
                return self.updates
            await asyncio.sleep(0.01)
        raise AssertionError(f"{len(self.got)} updates came, not {count}")


@dataclass
class RunningTelegram:
    standin: TelegramStandIn
    served: Served
    bot: telegram.Bot
    session: aiohttp.ClientSession

    async def act(self, name: str, status: int = 200, **body: Any) -> dict[str, Any]:
        async with self.session.post(f"{self.served.url}{ROOT}/{name}", json=body) as answer:
            told: dict[str, Any] = await answer.json()
            assert answer.status == status, told
            return told

    async def chat(self, user: int, chat: int | None = None) -> dict[str, Any]:
        query = {} if chat is None else {"chat": str(chat)}
        async with self.session.get(f"{self.served.url}{ROOT}/chats/{user}", params=query) as answer:
            seen: dict[str, Any] = await answer.json()
            return seen

    async def person(self, first_name: str = "Ana", **more: Any) -> int:
        return int((await self.act("users", first_name=first_name, **more))["user"]["id"])

    async def started(self, first_name: str = "Ana", **more: Any) -> int:
        user = await self.person(first_name, **more)
        await self.act("start", user=user)
        return user

    async def until_polled(self) -> None:
        """Until the first getUpdates waits."""
        for _ in range(PATIENCE):
            if self.standin.world.delivery.polls:
                return
            await asyncio.sleep(0.01)
        raise AssertionError("nobody fetches updates")

    async def until_quiet(self) -> None:
        """Until every update was taken."""
        for _ in range(PATIENCE):
            if not self.standin.world.delivery.pending:
                return
            await asyncio.sleep(0.01)
        raise AssertionError(f"not taken: {list(self.standin.world.delivery.pending)}")

    async def raw(self, method: str, **arguments: Any) -> tuple[int, dict[str, Any]]:
        """One call as JSON, past the client's own checks."""
        address = f"{self.served.url}/bot{self.standin.token}/{method}"
        async with self.session.post(address, json=arguments) as answer:
            return answer.status, await answer.json()

    @asynccontextmanager
    async def webhook(self, **options: Any) -> AsyncIterator[Receiver]:
        receiver = Receiver()
        app = web.Application()
        app.router.add_post("/hook", receiver.hear)
        served = await serve(app)
        await self.bot.set_webhook(f"{served.url}/hook", **options)
        try:
            yield receiver
        finally:
            await self.bot.delete_webhook()
            await served.close()


@asynccontextmanager
async def open_room(**settings: Any) -> AsyncIterator[RunningTelegram]:
    standin = TelegramStandIn(**settings)
    served = await serve(standin.app)
    bot = telegram.Bot(standin.token, base_url=f"{served.url}/bot", base_file_url=f"{served.url}/file/bot")
    try:
        async with aiohttp.ClientSession() as session, bot:
            yield RunningTelegram(standin, served, bot, session)
    finally:
        await served.close()
