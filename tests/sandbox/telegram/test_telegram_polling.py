"""getUpdates and the webhook's settings."""

import asyncio

import pytest
from telegram.error import BadRequest, Conflict

from tests.sandbox.telegram.telegram_room import Room


async def texts(room: Room, offset: int | None = None, limit: int | None = None) -> list[str]:
    updates = await room.bot.get_updates(offset=offset, limit=limit, timeout=0)
    return [update.message.text or "" for update in updates if update.message]


async def test_updates_stay_until_an_offset_confirms_them(room: Room) -> None:
    user = await room.started()
    for text in ("one", "two"):
        await room.act("say", user=user, text=text)
    assert await texts(room) == ["/start", "one", "two"]
    assert await texts(room, limit=1) == ["/start"]
    assert await texts(room, -1) == ["two"]
    first = (await room.bot.get_updates(timeout=0))[0].update_id
    assert await texts(room, first + 1) == []


async def test_a_long_poll_ends_with_the_first_update(room: Room) -> None:
    user = await room.person()
    waiting = asyncio.create_task(room.bot.get_updates(timeout=5))
    await asyncio.sleep(0.05)
    await room.act("start", user=user)
    updates = await asyncio.wait_for(waiting, 1)
    assert [update.message.text for update in updates if update.message] == ["/start"]


async def test_two_pollers_and_a_webhook_are_in_conflict(room: Room) -> None:
    first = asyncio.create_task(room.bot.get_updates(timeout=5))
    await asyncio.sleep(0.05)
    assert (await room.raw("getUpdates"))[0] == 200
    with pytest.raises(Conflict, match="terminated by other getUpdates request"):
        await first
    async with room.webhook():
        with pytest.raises(Conflict, match="webhook is active"):
            await room.bot.get_updates(timeout=0)
    await room.bot.get_updates(timeout=0)


async def test_the_kinds_asked_for_stay_asked_for(room: Room) -> None:
    await room.bot.get_updates(timeout=0, allowed_updates=["callback_query"])
    await room.started()
    assert await texts(room) == []
    await room.bot.get_updates(timeout=0, allowed_updates=[])
    await room.started("Ben")
    assert await texts(room) == ["/start"]


async def test_nothing_is_lost_between_webhook_and_polling(room: Room) -> None:
    async with room.webhook(max_connections=3, allowed_updates=["message"]) as heard:
        info = await room.bot.get_webhook_info()
        assert (info.max_connections, list(info.allowed_updates)) == (3, ["message"])
        await room.act("options", pause=True)
        user = await room.started()
        assert heard.got == []
    await room.act("options", pause=False)
    assert await texts(room) == ["/start"]
    await room.act("say", user=user, text="more")
    await room.bot.delete_webhook(drop_pending_updates=True)
    assert await texts(room) == []


@pytest.mark.parametrize(
    ("settings", "words"),
    [
        ({"url": "http://example.org/hook"}, "https url must be provided"),
        ({"url": "https://example.org:444/hook"}, "ports 80, 88, 443 or 8443"),
        ({"url": "https://example.org/hook", "secret_token": "with space"}, "unallowed characters"),
        ({"url": "https://example.org/hook", "max_connections": 101}, "ax_connections must be between"),
    ],
)
async def test_webhooks_have_limits(room: Room, settings: dict[str, str], words: str) -> None:
    with pytest.raises(BadRequest, match=words):
        await room.bot.set_webhook(**settings)  # type: ignore[arg-type]
    assert not (await room.bot.get_webhook_info()).url
