"""What people do in their client, and what of it reaches the bot by webhook."""

import asyncio
from collections.abc import AsyncIterator
from typing import Any

import pytest
from aiohttp import web
from telegram import (
    BotCommand,
    BotCommandScopeAllPrivateChats,
    BotCommandScopeChat,
    InlineKeyboardButton,
    InlineKeyboardMarkup,
    MenuButtonCommands,
    Update,
)
from telegram.error import BadRequest, Forbidden

from bot.sandbox.telegram.delivery import DeliveryOptions
from tests.sandbox.telegram.running_telegram import Receiver, RunningTelegram, open_room

SECRET = "s3cret_token-1"
BUTTONS = InlineKeyboardMarkup(
    [
        [InlineKeyboardButton("Book", callback_data="book"), InlineKeyboardButton("Pay", url="https://pay.example/1")],
        [InlineKeyboardButton("Share", url="https://t.me/rapport_bot?start=coach-ana")],
    ]
)


@pytest.fixture
async def running() -> AsyncIterator[RunningTelegram]:
    async with open_room(options=DeliveryOptions(retry_unit=0.01)) as opened:
        yield opened


async def test_words_arrive_signed_and_numbered(running: RunningTelegram) -> None:
    async with running.webhook(secret_token=SECRET) as heard:
        user = await running.person(language_code="de", username="ana")
        await running.act("start", user=user, payload="coach-ana")
        await running.act("say", user=user, text="/book tue 3pm")
        updates = await heard.until(2)
    headers, _ = heard.got[0]
    assert headers["X-Telegram-Bot-Api-Secret-Token"] == SECRET
    assert headers["Content-Type"] == "application/json"
    assert updates[1]["update_id"] == updates[0]["update_id"] + 1
    first = Update.de_json(updates[0], running.bot)
    assert first.message is not None
    assert first.message.text == "/start coach-ana"
    assert first.message.from_user is not None
    assert first.message.from_user.language_code == "de"
    assert first.message.chat.type == "private"
    assert updates[1]["message"]["entities"] == [{"type": "bot_command", "offset": 0, "length": 5}]


async def test_a_client_forbids_what_a_client_forbids(running: RunningTelegram) -> None:
    user = await running.person()
    await running.act("say", 409, user=user, text="Hello")
    await running.act("start", 409, user=user, payload="not allowed!")
    await running.act("tap", 409, user=user, message_id=1, text="Book")
    await running.act("say", 409, user=user, text="/start" + "x" * 4096)
    await running.act("start", user=user)
    await running.act("block", user=user)
    await running.act("say", 409, user=user, text="Hello")
    await running.act("block", 409, user=user)
    await running.act("say", 400, user=user)


async def test_a_tap_asks_the_bot_and_its_answer_is_a_toast(running: RunningTelegram) -> None:
    async with running.webhook() as heard:
        user = await running.started()
        sent = await running.bot.send_message(user, "What now?", reply_markup=BUTTONS)
        told = await running.act("tap", user=user, message_id=sent.message_id, text="Book")
        update = Update.de_json((await heard.until(2))[1], running.bot)
        query = update.callback_query
        assert query is not None
        assert (query.data, query.from_user.id, query.id) == ("book", user, told["id"])
        assert (await running.chat(user))["unanswered"][0]["data"] == "book"
        await running.bot.answer_callback_query(query.id, "Booked", show_alert=True)
        seen = await running.chat(user)
        assert (seen["toast"]["text"], seen["toast"]["show_alert"], seen["unanswered"]) == ("Booked", True, [])
        for used in (query.id, "12345"):
            with pytest.raises(BadRequest, match="uery is too old and response timeout expired or query id is invalid"):
                await running.bot.answer_callback_query(used)


async def test_a_press_waits_only_so_long() -> None:
    async with open_room(callback_patience=0.05) as running:
        user = await running.started()
        sent = await running.bot.send_message(user, "What now?", reply_markup=BUTTONS)
        told = await running.act("tap", user=user, message_id=sent.message_id, row=0, col=0)
        await asyncio.sleep(0.06)
        assert (await running.chat(user))["unanswered"][0]["overdue"]
        with pytest.raises(BadRequest, match="uery is too old"):
            await running.bot.answer_callback_query(told["id"])


async def test_links_open_in_the_client_and_data_can_be_forged(running: RunningTelegram) -> None:
    async with running.webhook() as heard:
        user = await running.started()
        sent = await running.bot.send_message(user, "What now?", reply_markup=BUTTONS)
        pay = await running.act("tap", user=user, message_id=sent.message_id, text="Pay")
        assert (pay["kind"], pay["url"], pay["start"]) == ("url", "https://pay.example/1", None)
        share = await running.act("tap", user=user, message_id=sent.message_id, row=1, col=0)
        assert share["start"] == "coach-ana"
        await running.act("tap", 409, user=user, message_id=sent.message_id, data="admin")
        await running.act("tap", user=user, message_id=sent.message_id, data="admin", forge=True)
        await running.bot.delete_message(user, sent.message_id)
        await running.act("tap", user=user, message_id=sent.message_id, data="late", forge=True)
        updates = await heard.until(3)
    assert updates[1]["callback_query"]["data"] == "admin"
    assert updates[2]["callback_query"]["message"]["date"] == 0
    late = Update.de_json(updates[2], running.bot)
    assert late.callback_query is not None
    assert late.callback_query.message is not None
    assert not late.callback_query.message.is_accessible


async def test_blocking_and_coming_back_are_told(running: RunningTelegram) -> None:
    async with running.webhook(allowed_updates=["message", "my_chat_member"]) as heard:
        user = await running.started()
        await running.act("block", user=user)
        with pytest.raises(Forbidden):
            await running.bot.send_message(user, "Hi")
        await running.act("start", user=user)
        updates = await heard.until(4)
    members = [update["my_chat_member"] for update in updates if "my_chat_member" in update]
    assert [member["new_chat_member"]["status"] for member in members] == ["kicked", "member"]


async def test_only_the_kinds_asked_for_arrive(running: RunningTelegram) -> None:
    async with running.webhook(allowed_updates=["callback_query"]) as heard:
        user = await running.started()
        sent = await running.bot.send_message(user, "What now?", reply_markup=BUTTONS)
        await running.act("tap", user=user, message_id=sent.message_id, text="Book")
        updates = await heard.until(1)
    assert [list(update) for update in updates] == [["update_id", "callback_query"]]


def refuse(status: int, **headers: str) -> Any:
    return lambda: web.Response(status=status, headers=headers)


async def test_a_failing_update_is_sent_again_and_holds_up_its_queue_alone(running: RunningTelegram) -> None:
    async with running.webhook() as heard:
        user = await running.person()
        other = await running.person("Ben")
        heard.answers = [refuse(500), refuse(503, **{"Retry-After": "5"}), refuse(500)]
        await running.act("start", user=user)
        await heard.until(1)
        await running.act("say", user=user, text="second")
        await heard.until(2)
        await running.act("start", user=other)
        info = await running.bot.get_webhook_info()
        assert info.last_error_message is not None
        assert info.last_error_message.startswith("Wrong response from the webhook: 50")
        await heard.until(6)
    texts = [(update["message"]["from"]["id"], update["message"]["text"]) for update in heard.updates]
    mine = [text for sender, text in texts if sender == user]
    assert (mine[-1], set(mine[:-1])) == ("second", {"/start"})
    assert (other, "/start") in texts[:4]
    assert (await running.bot.get_webhook_info()).pending_update_count == 0


async def test_setting_the_webhook_ends_the_wait_for_one_that_is_away() -> None:
    async with open_room() as running:
        await running.bot.set_webhook("http://127.0.0.1:9/hook")
        user = await running.started()
        await asyncio.sleep(0.1)
        info = await running.bot.get_webhook_info()
        assert info.last_error_message is not None
        assert info.pending_update_count == 1
        async with running.webhook() as heard:
            await asyncio.wait_for(heard.until(1), 15)
    assert heard.updates[0]["message"]["from"]["id"] == user


async def test_one_update_of_a_chat_is_in_flight_at_a_time(running: RunningTelegram) -> None:
    async with running.webhook() as heard:
        heard.delay = 0.02
        user = await running.person()
        for text in ("/start", "one", "two", "three"):
            await running.act("say", user=user, text=text)
        await heard.until(4)
    assert [update["message"]["text"] for update in heard.updates] == ["/start", "one", "two", "three"]
    assert heard.most_in_flight == 1


async def test_a_method_in_the_answer_is_carried_out(running: RunningTelegram) -> None:
    async with running.webhook() as heard:
        user = await running.person()
        answer = {"method": "sendMessage", "chat_id": user, "text": "From the answer"}
        heard.answers = [
            lambda: web.json_response(answer),
            lambda: web.json_response({"method": "deleteWebhook"}),
            lambda: web.json_response({"method": "sendMessage", "chat_id": 5, "text": "nobody"}),
        ]
        for text in ("/start", "more", "more"):
            await running.act("say", user=user, text=text)
        await heard.until(3)
        assert (await running.bot.get_webhook_info()).url
    assert [message["text"] for message in (await running.chat(user))["messages"]].count("From the answer") == 1


async def test_updates_come_twice_late_or_not_at_all_on_request(running: RunningTelegram) -> None:
    async with running.webhook() as heard:
        user = await running.started()
        sent = await running.bot.send_message(user, "What now?", reply_markup=BUTTONS)
        await heard.until(1)
        await running.act("options", duplicate=True)
        await running.act("say", user=user, text="twice")
        await heard.until(3)
        assert heard.updates[1] == heard.updates[2]
        await running.act("options", duplicate=False, reorder=True, late=0.1)
        await running.act("say", user=user, text="slow words")
        await running.act("tap", user=user, message_id=sent.message_id, text="Book")
        await heard.until(5)
        assert ["callback_query" in update for update in heard.updates[3:]] == [True, False]
        await running.act("options", reorder=False, pause=True)
        await running.act("say", user=user, text="held")
        await asyncio.sleep(0.05)
        assert len(heard.got) == 5
        await running.act("options", pause=False)
        await heard.until(6)
        await running.act("options", 400, speed=3)


async def test_in_a_group_the_bot_hears_what_is_meant_for_it(running: RunningTelegram) -> None:
    async with running.webhook() as heard:
        ana, ben = await running.started(), await running.started("Ben")
        group = (await running.act("groups", user=ana, title="Team", members=[ben]))["chat_id"]
        assert group < -1_000_000_000_000
        await heard.until(4)
        for text in ("just us", "/book", "/book@other_bot", "hey @rapport_bot", "/book@rapport_bot"):
            await running.act("say", user=ben, chat=group, text=text)
        updates = (await heard.until(7))[4:]
        assert [update["message"]["text"] for update in updates] == ["/book", "hey @rapport_bot", "/book@rapport_bot"]
        assert updates[0]["message"]["chat"] == {"id": group, "type": "supergroup", "title": "Team"}
        sent = await running.bot.send_message(group, "Privately, please", reply_markup=BUTTONS)
        await running.act("tap", user=ben, chat=group, message_id=sent.message_id, text="Book")
        assert (await heard.until(8))[-1]["callback_query"]["from"]["id"] == ben
        await running.act("remove_bot", user=ana, chat=group)
        with pytest.raises(Forbidden, match="kicked"):
            await running.bot.send_message(group, "Hello?")
    assert (await running.chat(ben, group))["messages"][-1]["text"] == "Privately, please"


async def test_the_profile_is_what_a_newcomer_sees(running: RunningTelegram) -> None:
    user = await running.person(language_code="de-AT")
    await running.bot.set_my_description("Books sessions.")
    await running.bot.set_my_description("Bucht Sitzungen.", language_code="de")
    await running.bot.set_my_short_description("Front desk")
    await running.bot.set_my_commands([BotCommand("book", "Book")])
    await running.bot.set_my_commands(
        [BotCommand("book", "Buchen")], BotCommandScopeAllPrivateChats(), language_code="de"
    )
    seen = await running.chat(user)
    assert (seen["started"], seen["bot"]["description"], seen["messages"]) == (False, "Bucht Sitzungen.", [])
    assert seen["bot"]["short_description"] == "Front desk"
    assert seen["commands"] == [{"command": "book", "description": "Buchen"}]
    await running.act("start", user=user)
    await running.bot.set_my_commands([BotCommand("today", "Today")], BotCommandScopeChat(user))
    await running.bot.set_chat_menu_button(user, MenuButtonCommands())
    seen = await running.chat(user)
    assert ([item["command"] for item in seen["commands"]], seen["menu_button"]) == (["today"], {"type": "commands"})
    assert (await running.bot.get_my_commands())[0].command == "book"
    await running.bot.delete_my_commands(BotCommandScopeChat(user))
    assert (await running.chat(user))["commands"][0]["description"] == "Buchen"
    for wrong in ("Book", "b" * 33, "bo-ok"):
        with pytest.raises(BadRequest, match=r"(?i)bot_command_invalid"):
            await running.bot.set_my_commands([BotCommand(wrong, "x")])


async def test_a_page_hears_of_changes(running: RunningTelegram) -> None:
    user = await running.started()
    last = (await running.chat(user))["last_event"]
    address = f"{running.served.url}/_sandbox/telegram/events?after={last}"
    waiting = asyncio.create_task(running.session.get(address))
    await asyncio.sleep(0.02)
    await running.bot.send_chat_action(user, "typing")
    async with await waiting as answer:
        told = await answer.json()
    assert [(event["kind"], event["chat_id"]) for event in told["events"]] == [("typing", user)]
    assert (await running.chat(user))["typing"] == "typing"
    async with running.session.get(f"{address}0&timeout=0.01") as answer:
        assert (await answer.json())["events"] == []


async def test_nothing_waits_for_a_bot_that_is_away(running: RunningTelegram) -> None:
    heard: Receiver
    async with running.webhook() as heard:
        user = await running.started()
        await heard.until(1)
    await running.act("say", user=user, text="anyone?")
    async with running.webhook(drop_pending_updates=True):
        assert (await running.bot.get_webhook_info()).pending_update_count == 0
