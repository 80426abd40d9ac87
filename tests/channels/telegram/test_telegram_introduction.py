"""What Telegram is told at start-up, and that nobody waits for it."""

import asyncio
import logging

import pytest
from aiohttp import web

from bot.channels.telegram import background
from bot.channels.telegram.channel import TelegramChannel
from bot.config import Telegram
from bot.sandbox.standin import serve
from bot.sandbox.telegram.standin import TelegramStandIn
from tests.channels.telegram.telegram_setup import SECRET, ScriptedFront, open_office, until


async def test_telegram_learns_the_webhook_the_menus_and_the_descriptions() -> None:
    async with open_office() as office:
        world = office.running.standin.world
        assert world.delivery.webhook is not None
        assert world.delivery.webhook.url == f"{office.url}/telegram/webhook"
        assert (world.delivery.webhook.secret, world.delivery.webhook.max_connections) == (SECRET, 40)
        assert world.delivery.allowed == ["message", "callback_query", "pre_checkout_query", "my_chat_member"]
        assert office.channel.username == "rapport_bot"
        for language, words in (("en", "Book a session"), ("de", "Termin buchen"), ("fr", "Book a session")):
            for private in (True, False):
                [command] = world.profile.commands_shown(5, private, language)
                assert command == {"command": "book", "description": words}
            assert 0 < len(world.profile.description.get(language)) <= 512
            assert 0 < len(world.profile.short_description.get(language)) <= 120


async def test_a_worker_learns_the_name_and_leaves_the_rest() -> None:
    async with open_office(start=False) as office:
        await office.channel.start(receive=False)
        await until(lambda: office.channel.username)
        assert {call.name for call in office.running.standin.journal.calls()} == {"getMe"}


async def test_it_is_told_when_telegram_comes_back(unused_tcp_port: int, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(background, "FIRST_WAIT_S", 0.05)
    names: list[str] = []
    standin = TelegramStandIn()
    settings = Telegram(standin.token, SECRET, "webhook", f"http://127.0.0.1:{unused_tcp_port}")
    channel = TelegramChannel(settings, "http://127.0.0.1:1", ScriptedFront(), named=names.append)
    await channel.start()
    await asyncio.sleep(0.2)
    assert channel.username is None
    served = await serve(standin.app, port=unused_tcp_port)
    standin.faults.add("setWebhook", "status", status=502)
    standin.faults.add("setMyCommands", "rate_limit", retry_after=1)
    await until(lambda: standin.world.delivery.webhook)
    await until(lambda: standin.world.profile.commands_shown(5, True, "en"))
    assert names == ["rapport_bot"]
    await channel.close()
    await served.close()


async def test_one_refusal_holds_up_nothing_else(caplog: pytest.LogCaptureFixture) -> None:
    async with open_office(start=False) as office:
        office.running.standin.faults.add("setWebhook", "status", status=400, times=99)
        with caplog.at_level(logging.INFO):
            await office.channel.start()
            await until(lambda: office.running.standin.world.profile.description.get("de"))
        assert office.channel.username == "rapport_bot"
        assert [
            record.__dict__["ids"]["step"] for record in caplog.records if record.message == "telegram.introduction"
        ]
        assert SECRET not in caplog.text
        assert office.running.standin.token not in caplog.text


async def test_building_the_channel_touches_no_network() -> None:
    called: list[str] = []

    async def hear(request: web.Request) -> web.Response:
        called.append(request.path)
        return web.json_response({"ok": True, "result": True})

    app = web.Application()
    app.router.add_route("*", "/{path:.*}", hear)
    served = await serve(app)
    channel = TelegramChannel(Telegram("1:t", SECRET, "webhook", served.url), "http://a.example", ScriptedFront())
    await asyncio.sleep(0.05)
    await channel.close()
    await served.close()
    assert called == []
