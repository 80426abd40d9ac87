"""Scripted people at a Telegram whose bot answers in several steps, or moves buttons while they tap."""

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass
from typing import Any

from aiohttp import web
from telegram import InlineKeyboardButton, InlineKeyboardMarkup

from bot.sandbox.hands import ControlApi, TelegramHands
from bot.sandbox.standin import serve
from tests.sandbox.telegram.running_telegram import ROOT, RunningTelegram

Json = dict[str, Any]
STEP_S = 0.15


def _keys(*data: str) -> InlineKeyboardMarkup:
    return InlineKeyboardMarkup([[InlineKeyboardButton(one, callback_data=one)] for one in data])


@asynccontextmanager
async def _answering(running: RunningTelegram, answer: Callable[[Json], Awaitable[object]]) -> AsyncIterator[None]:
    """A bot that takes an update once it has answered it."""

    async def hear(request: web.Request) -> web.Response:
        await answer(await request.json())
        return web.Response()

    app = web.Application()
    app.router.add_post("/hook", hear)
    served = await serve(app)
    await running.bot.set_webhook(f"{served.url}/hook", drop_pending_updates=True)
    try:
        yield
    finally:
        await running.bot.delete_webhook()
        await served.close()


@dataclass
class Moved(ControlApi):
    """Something happens between the look and the tap."""

    meanwhile: Callable[[], Awaitable[object]]

    async def post(self, name: str, act: Json) -> Json:
        await self.meanwhile()
        return await super().post(name, act)


async def test_an_answer_in_two_steps_is_waited_for_whole(running: RunningTelegram) -> None:
    user = await running.started()
    asked = await running.bot.send_message(user, "Which city?", reply_markup=_keys("cancel"))

    async def answer(_update: Json) -> None:
        await running.bot.send_message(user, "Times in Kyiv time", reply_markup=_keys("days"))
        await asyncio.sleep(STEP_S)
        await running.bot.edit_message_reply_markup(user, message_id=asked.message_id)

    async with _answering(running, answer):
        await TelegramHands(ControlApi(running.session, f"{running.served.url}{ROOT}"), user).answer("Kyiv")
        messages = (await running.chat(user))["messages"]
        assert [m["keyboard"] for m in messages if m["message_id"] == asked.message_id] == [[]]


async def test_a_tap_carries_the_button_that_was_seen(running: RunningTelegram) -> None:
    user = await running.started()
    shown = await running.bot.send_message(user, "Times", reply_markup=_keys("times/2", "clock"))
    tapped: list[str] = []

    async def move() -> None:
        keys = _keys("clock", "times/2")
        await running.bot.edit_message_reply_markup(user, message_id=shown.message_id, reply_markup=keys)

    async def answer(update: Json) -> None:
        query = update["callback_query"]
        tapped.append(query["data"])
        await running.bot.send_message(user, "Here they are.")
        await running.bot.answer_callback_query(query["id"])

    async with _answering(running, answer):
        control = Moved(running.session, f"{running.served.url}{ROOT}", move)
        await TelegramHands(control, user).tap("times/2")
    assert tapped == ["times/2"]
