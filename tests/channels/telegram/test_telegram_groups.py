"""In a group nobody's data is shown and nothing is done: there are public facts and a link."""

from dataclasses import replace
from typing import Any

import pytest

from bot.chat.channel import Incoming
from bot.chat.screen import Line, Screen
from tests.channels.telegram.telegram_setup import TelegramSetup, echo


@pytest.fixture
async def group(telegram_setup: TelegramSetup) -> tuple[int, int]:
    """Ana's id, and that of a group with her and the bot."""
    user = await telegram_setup.running.started("Ana")
    chat = (await telegram_setup.running.act("groups", user=user, title="Friends"))["chat_id"]
    await telegram_setup.quiet()
    telegram_setup.front.heard.clear()
    return user, chat


def urls(message: dict[str, Any]) -> list[str | None]:
    return [button.get("url") for row in message["keyboard"] for button in row]


async def test_a_command_is_answered_with_a_link_alone(telegram_setup: TelegramSetup, group: tuple[int, int]) -> None:
    user, chat = group
    telegram_setup.front.script = lambda incoming: replace(echo(incoming), body=(Line("Ana owes €45"),))
    await telegram_setup.says(user, "/book@rapport_bot secret words", chat=chat)
    [answer] = await telegram_setup.sees(user, chat)
    assert "Read" not in answer["text"]
    assert "45" not in answer["text"]
    assert urls(answer) == ["https://t.me/rapport_bot?start=go-book"]
    heard = telegram_setup.front.heard[-1]
    assert (heard.command, heard.text, heard.window.private, heard.profile.chat_ref) == ("/book", "", False, None)
    assert telegram_setup.front.living == {str(user): telegram_setup.front.living[str(user)]}
    assert len(await telegram_setup.sees(user)) == 1


async def test_public_facts_are_shown_without_buttons_that_act(
    telegram_setup: TelegramSetup, group: tuple[int, int]
) -> None:
    user, chat = group
    telegram_setup.front.script = lambda incoming: replace(echo(incoming), public=True, note="Hello Ana")
    await telegram_setup.says(user, "/start", chat=chat)
    [answer] = await telegram_setup.sees(user, chat)
    assert answer["text"] == "Read /start"
    assert urls(answer) == ["https://t.me/rapport_bot?start=go-start"]


@pytest.mark.parametrize(
    "text", ["/book@another_bot", "/weather", "hello @rapport_bot", "/booking", "/start@another_bot x"]
)
async def test_what_is_not_for_us_gets_no_answer(
    telegram_setup: TelegramSetup, group: tuple[int, int], text: str
) -> None:
    user, chat = group
    await telegram_setup.says(user, text, chat=chat)
    assert await telegram_setup.sees(user, chat) == []
    assert telegram_setup.front.heard == []


async def test_a_button_in_a_group_does_nothing_there(telegram_setup: TelegramSetup, group: tuple[int, int]) -> None:
    user, chat = group
    await telegram_setup.running.act("tap", user=user, chat=chat, message_id=1, data="hold/1/abc", forge=True)
    await telegram_setup.quiet()
    assert telegram_setup.front.heard == []
    toast = (await telegram_setup.running.chat(user))["toast"]
    assert toast["url"] == "https://t.me/rapport_bot?start=go-start"


async def test_the_link_says_the_command_in_private(telegram_setup: TelegramSetup, group: tuple[int, int]) -> None:
    user, _chat = group
    await telegram_setup.running.act("start", user=user, payload="go-book")
    await telegram_setup.quiet()
    assert (await telegram_setup.sees(user))[-1]["text"] == "Read /book"


async def test_a_fault_in_a_group_tells_nothing(telegram_setup: TelegramSetup, group: tuple[int, int]) -> None:
    def broken(_incoming: Incoming) -> Screen:
        raise KeyError("Ana")

    user, chat = group
    telegram_setup.front.script = broken
    await telegram_setup.says(user, "/book", chat=chat)
    assert await telegram_setup.sees(user, chat) == []


async def test_being_thrown_out_of_a_group_makes_nobody_unreachable(
    telegram_setup: TelegramSetup, group: tuple[int, int]
) -> None:
    user, chat = group
    await telegram_setup.running.act("remove_bot", user=user, chat=chat)
    await telegram_setup.quiet()
    assert telegram_setup.front.standing == []
