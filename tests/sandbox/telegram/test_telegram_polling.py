"""getUpdates and the webhook's settings."""

import asyncio

import pytest
from telegram.error import BadRequest, Conflict

from tests.sandbox.telegram.running_telegram import RunningTelegram


async def texts(running: RunningTelegram, offset: int | None = None, limit: int | None = None) -> list[str]:
    updates = await running.bot.get_updates(offset=offset, limit=limit, timeout=0)
    return [update.message.text or "" for update in updates if update.message]


async def test_updates_stay_until_an_offset_confirms_them(running: RunningTelegram) -> None:
    user = await running.started()
    for text in ("one", "two"):
        await running.act("say", user=user, text=text)
    assert await texts(running) == ["/start", "one", "two"]
    assert await texts(running, limit=1) == ["/start"]
    assert await texts(running, -1) == ["two"]
    first = (await running.bot.get_updates(timeout=0))[0].update_id
    assert await texts(running, first + 1) == []


async def test_a_long_poll_ends_with_the_first_update(running: RunningTelegram) -> None:
    user = await running.person()
    waiting = asyncio.create_task(running.bot.get_updates(timeout=30))
    await running.until_polled()
    await running.act("start", user=user)
    updates = await asyncio.wait_for(waiting, 15)
    assert [update.message.text for update in updates if update.message] == ["/start"]


async def test_two_pollers_and_a_webhook_are_in_conflict(running: RunningTelegram) -> None:
    first = asyncio.create_task(running.bot.get_updates(timeout=30))
    await running.until_polled()
    assert (await running.raw("getUpdates"))[0] == 200
    with pytest.raises(Conflict, match="terminated by other getUpdates request"):
        await first
    async with running.webhook():
        with pytest.raises(Conflict, match="webhook is active"):
            await running.bot.get_updates(timeout=0)
    await running.bot.get_updates(timeout=0)


async def test_the_kinds_asked_for_stay_asked_for(running: RunningTelegram) -> None:
    await running.bot.get_updates(timeout=0, allowed_updates=["callback_query"])
    await running.started()
    assert await texts(running) == []
    await running.bot.get_updates(timeout=0, allowed_updates=[])
    await running.started("Ben")
    assert await texts(running) == ["/start"]


async def test_nothing_is_lost_between_webhook_and_polling(running: RunningTelegram) -> None:
    async with running.webhook(max_connections=3, allowed_updates=["message"]) as heard:
        info = await running.bot.get_webhook_info()
        assert (info.max_connections, list(info.allowed_updates)) == (3, ["message"])
        await running.act("options", pause=True)
        user = await running.started()
        assert heard.got == []
    await running.act("options", pause=False)
    assert await texts(running) == ["/start"]
    await running.act("say", user=user, text="more")
    await running.bot.delete_webhook(drop_pending_updates=True)
    assert await texts(running) == []


@pytest.mark.parametrize(
    ("settings", "words"),
    [
        ({"url": "http://example.org/hook"}, "https url must be provided"),
        ({"url": "https://example.org:444/hook"}, "ports 80, 88, 443 or 8443"),
        ({"url": "https://example.org/hook", "secret_token": "with space"}, "unallowed characters"),
        ({"url": "https://example.org/hook", "max_connections": 101}, "ax_connections must be between"),
    ],
)
async def test_webhooks_have_limits(running: RunningTelegram, settings: dict[str, str], words: str) -> None:
    with pytest.raises(BadRequest, match=words):
        await running.bot.set_webhook(**settings)  # type: ignore[arg-type]
    assert not (await running.bot.get_webhook_info()).url
