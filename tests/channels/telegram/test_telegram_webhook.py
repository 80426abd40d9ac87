"""POST /telegram/webhook: which requests are accepted, how they are answered, and that an update acts once."""

import asyncio
from typing import Any

import pytest

from bot.channels.telegram.receiving import AT_ONCE
from bot.chat.channel import Incoming
from bot.chat.screen import Screen
from bot.domain.people.people import Platform, Profile, Unreachable
from bot.tally import REFUSED
from tests.channels.telegram.telegram_setup import SECRET, TelegramSetup, echo, until

ANA = {"id": 1001, "is_bot": False, "first_name": "Ana", "last_name": "Żak", "language_code": "de"}
CHAT = {"id": 1001, "type": "private", "first_name": "Ana"}


def message(update_id: int, **content: Any) -> dict[str, Any]:
    """An update as Telegram posts it, by somebody who wrote before."""
    told = {"message_id": 5, "from": ANA, "chat": CHAT, "date": 1_780_000_000, **content}
    return {"update_id": update_id, "message": told}


async def test_a_stranger_is_not_let_in(telegram_setup: TelegramSetup) -> None:
    update, before = message(1, text="hello"), REFUSED._counts["telegram: secret"]
    assert await telegram_setup.post(update, secret=None) == 401
    assert await telegram_setup.post(update, secret="wrong") == 401
    assert await telegram_setup.post(update, secret=SECRET + "x") == 401
    assert telegram_setup.front.heard == []
    assert REFUSED._counts["telegram: secret"] == before + 3


@pytest.mark.parametrize(
    ("body", "status"),
    [
        (b"", 400),
        (b"not json", 400),
        (b"[1, 2]", 400),
        (b"\xff\xfe", 400),
        (b"[" * 100_000, 400),
        (b'{"message": {}}', 400),
        (b'{"update_id": "7"}', 400),
        (b'{"update_id": true}', 400),
        (b'{"update_id": 7, "x": "' + b"y" * 1024 * 1024 + b'"}', 413),
    ],
)
async def test_what_is_no_update_is_refused(telegram_setup: TelegramSetup, body: bytes, status: int) -> None:
    assert await telegram_setup.post(data=body) == status
    assert telegram_setup.front.heard == []


@pytest.mark.parametrize(
    "update",
    [
        {"update_id": 8},
        {"update_id": 8, "news_of_2031": {"a": 1}},
        {"update_id": 8, "message": {"poison": True}},
        {"update_id": 8, "message": None, "callback_query": 3},
        {"update_id": 8, "callback_query": {"id": "1", "from": ANA, "chat_instance": "1", "data": "go/one"}},
        {"update_id": 8, "edited_message": message(8, text="changed")["message"]},
        {"update_id": 8, "channel_post": {"message_id": 1, "date": 1, "chat": {"id": -5, "type": "channel"}}},
        message(8, text="I am a bot", **{"from": ANA | {"is_bot": True}}),
        message(8, pinned_message=message(1, text="before")["message"]),
    ],
)
async def test_an_update_that_says_nothing_to_us_is_taken(
    telegram_setup: TelegramSetup, update: dict[str, Any]
) -> None:
    assert await telegram_setup.post(update) == 200
    assert telegram_setup.front.heard == []


async def test_words_commands_and_links_are_told_apart(telegram_setup: TelegramSetup) -> None:
    user = await telegram_setup.running.person("Ana", last_name="Żak", language_code="de")
    await telegram_setup.running.act("start", user=user, payload="coach-ana")
    for text in ("/start", "/Book@rapport_bot ana tue", "tue\x003pm", "/start no such payload!", "/start go-sessions"):
        await telegram_setup.running.act("say", user=user, text=text)
    await telegram_setup.quiet()
    said = [(heard.payload, heard.command, heard.text) for heard in telegram_setup.front.heard]
    assert said == [
        ("coach-ana", None, None),
        (None, "/start", ""),
        (None, "/book", "ana tue"),
        (None, None, "tue3pm"),
        (None, "/start", ""),
        (None, "/sessions", ""),
    ]
    first = telegram_setup.front.heard[0]
    assert first.profile == Profile(Platform.TELEGRAM, "", str(user), str(user), "Ana Żak", "de")
    assert first.window.private
    assert first.key.startswith("telegram:700001:700000")
    assert len({heard.key for heard in telegram_setup.front.heard}) == 6
    orders = [heard.order for heard in telegram_setup.front.heard if heard.order is not None]
    assert orders == sorted(set(orders))
    assert len(orders) == 6


async def test_a_reply_names_the_message_that_it_answers(telegram_setup: TelegramSetup) -> None:
    user = await telegram_setup.running.person("Ana")
    await telegram_setup.running.act("start", user=user)
    said = await telegram_setup.running.act("say", user=user, text="One")
    await telegram_setup.running.act("say", user=user, text="Two", reply_to=said["message_id"])
    for number, replied in enumerate(({}, {"message_id": "7"}, {"message_id": 2**60}, "7"), start=900001):
        assert await telegram_setup.post(message(number, text="Odd", reply_to_message=replied)) == 200
    await telegram_setup.quiet()
    answers = {heard.text: heard.replies_to for heard in telegram_setup.front.heard if heard.text}
    assert answers == {"One": None, "Two": str(said["message_id"]), "Odd": None}


@pytest.mark.parametrize(
    "content",
    [
        {"sticker": {"file_id": "s", "file_unique_id": "s", "type": "regular", "width": 1, "height": 1,
                     "is_animated": False, "is_video": False}},
        {"contact": {"phone_number": "+1", "first_name": "B"}},
        {"voice": {"file_id": "v", "file_unique_id": "v", "duration": 3}},
        {"photo": [{"file_id": "p", "file_unique_id": "p", "width": 1, "height": 1}]},
    ],
)  # fmt: skip
async def test_what_has_no_words_is_heard_as_such(telegram_setup: TelegramSetup, content: dict[str, Any]) -> None:
    await telegram_setup.running.started("Ana")
    await telegram_setup.quiet()
    assert await telegram_setup.post(message(9, **content)) == 200
    assert telegram_setup.front.heard[-1].text == ""
    assert await telegram_setup.post(message(10, caption="book", **content)) == 200
    assert telegram_setup.front.heard[-1].text == "book"
    assert telegram_setup.front.heard[-1].order == 10
    assert await telegram_setup.post(message(2**60, text="book")) == 200
    assert telegram_setup.front.heard[-1].order is None


async def test_a_half_of_a_character_reaches_nobody(telegram_setup: TelegramSetup) -> None:
    await telegram_setup.running.started("Ana")
    await telegram_setup.quiet()
    body = b'{"update_id": 3, "message": {"message_id": 5, "date": 1, "text": "a\\ud83db", '
    body += b'"from": {"id": 1001, "is_bot": false, "first_name": "\\udc00"}, "chat": {"id": 1001, "type": "private"}}}'
    assert await telegram_setup.post(data=body) == 200
    assert telegram_setup.front.heard[-1].text == "a\ufffdb"
    assert (await telegram_setup.sees(1001))[-1]["text"] == "Read a\ufffdb"


async def test_a_second_delivery_acts_and_shows_once(telegram_setup: TelegramSetup) -> None:
    user = await telegram_setup.running.started("Ana")
    await telegram_setup.quiet()
    again = message(11, text="book")
    answers = await asyncio.gather(*(telegram_setup.post(again) for _ in range(5)))
    assert answers == [200] * 5
    assert await telegram_setup.post(again) == 200
    assert [heard.text for heard in telegram_setup.front.heard] == ["", "book"]
    assert [shown["text"] for shown in await telegram_setup.sees(user)] == ["Read /start", "Read book"]


async def test_a_reply_that_was_lost_is_shown_by_the_next_delivery(telegram_setup: TelegramSetup) -> None:
    user = await telegram_setup.running.started("Ana")
    await telegram_setup.quiet()
    telegram_setup.running.standin.faults.add("sendMessage", "rate_limit", retry_after=30)
    assert await telegram_setup.post(message(12, text="book")) == 200
    assert len(await telegram_setup.sees(user)) == 1
    assert await telegram_setup.post(message(12, text="book")) == 200
    assert (await telegram_setup.sees(user))[-1]["text"] == "Read book"
    assert [heard.key for heard in telegram_setup.front.heard][1:] == ["telegram:700001:12"] * 2


async def test_with_the_database_away_telegram_is_asked_to_come_again(telegram_setup: TelegramSetup) -> None:
    user = await telegram_setup.running.started("Ana")
    await telegram_setup.quiet()
    telegram_setup.front.away = True
    assert await telegram_setup.post(message(13, text="book")) == 503
    telegram_setup.front.away = False
    assert await telegram_setup.post(message(13, text="book")) == 200
    assert len(await telegram_setup.sees(user)) == 2


async def test_a_front_that_breaks_does_not_hold_up_the_chat(telegram_setup: TelegramSetup) -> None:
    def broken(incoming: Incoming) -> Screen:
        if incoming.text == "poison":
            raise KeyError("poison")
        return echo(incoming)

    user = await telegram_setup.running.started("Ana")
    telegram_setup.front.script = broken
    for text in ("poison", "book"):
        await telegram_setup.says(user, text)
    assert (await telegram_setup.sees(user))[-1]["text"] == "Read book"


async def test_words_of_one_chat_keep_their_order(telegram_setup: TelegramSetup) -> None:
    await telegram_setup.running.started("Ana")
    await telegram_setup.quiet()
    telegram_setup.front.delay = 0.02
    await asyncio.gather(*(telegram_setup.post(message(20 + n, text=f"{n}")) for n in range(5)))
    assert [heard.text for heard in telegram_setup.front.heard[1:]] == ["0", "1", "2", "3", "4"]


async def test_of_one_chat_only_so_much_waits(telegram_setup: TelegramSetup) -> None:
    """Else whoever sends faster than they are answered holds ever more connections, until there is none for others."""
    await telegram_setup.running.started("Ana")
    await telegram_setup.quiet()
    telegram_setup.front.delay = 0.02
    answers = await asyncio.gather(*(telegram_setup.post(message(20 + n, text=f"{n}")) for n in range(AT_ONCE + 4)))
    assert answers == [200] * (AT_ONCE + 4)
    assert [heard.text for heard in telegram_setup.front.heard[1:]] == [f"{n}" for n in range(AT_ONCE)]
    assert [heard.text for heard in telegram_setup.front.sent_away] == [f"{AT_ONCE + n}" for n in range(4)]


async def test_blocking_and_letting_in_again_are_told(telegram_setup: TelegramSetup) -> None:
    user = await telegram_setup.running.started("Ana")
    await telegram_setup.running.act("block", user=user)
    await until(lambda: telegram_setup.front.standing)
    await telegram_setup.running.act("unblock", user=user)
    await until(lambda: len(telegram_setup.front.standing) == 2)
    assert telegram_setup.front.standing == [(str(user), Unreachable.BLOCKED), (str(user), None)]


async def test_a_forged_button_is_only_an_address(telegram_setup: TelegramSetup) -> None:
    user = await telegram_setup.running.started("Ana")
    await telegram_setup.quiet()
    forged = "hold/9/ü"
    await telegram_setup.running.act("tap", user=user, message_id=77, data=forged, forge=True)
    await telegram_setup.quiet()
    assert telegram_setup.front.heard[-1].address == forged
    assert (await telegram_setup.sees(user))[-1]["text"] == f"Read {forged}"
