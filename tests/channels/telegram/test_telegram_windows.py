"""Where answers stand: one living message, notices that stay, buttons that never spin."""

import asyncio
import time
from dataclasses import replace
from typing import Any

import pytest

from bot.chat.channel import Incoming
from bot.chat.screen import Button, File, Link, Picture, Screen
from bot.domain.people.people import Account, Platform, Role
from tests.channels.telegram.telegram_setup import TelegramSetup, echo, page, until

PIXEL = bytes.fromhex(
    "89504e470d0a1a0a0000000d49484452000000010000000108060000001f15c4890000000d49444154789c6360f8ffff3f0005fe02fe"
    "a735810000000049454e44ae426082"
)


@pytest.fixture
async def ana(telegram_setup: TelegramSetup) -> int:
    user = await telegram_setup.running.started("Ana")
    await telegram_setup.quiet()
    return user


def labels(message: dict[str, Any]) -> list[str]:
    return [button["text"] for row in message["keyboard"] for button in row]


async def test_a_tap_changes_the_message_it_stands_under(telegram_setup: TelegramSetup, ana: int) -> None:
    [living] = await telegram_setup.sees(ana)
    await telegram_setup.taps(ana, living["message_id"], "One")
    [changed] = await telegram_setup.sees(ana)
    assert (changed["message_id"], changed["text"]) == (living["message_id"], "Read go/one")
    heard = telegram_setup.front.heard[-1]
    assert (heard.address, heard.window.message_ref, heard.window.notice) == (
        "go/one",
        str(living["message_id"]),
        False,
    )
    assert (await telegram_setup.running.chat(ana))["unanswered"] == []


async def test_typed_words_get_a_new_message_and_the_old_one_loses_its_buttons(
    telegram_setup: TelegramSetup, ana: int
) -> None:
    await telegram_setup.says(ana, "book")
    before, after = await telegram_setup.sees(ana)
    assert (before["text"], labels(before)) == ("Read /start", [])
    assert (after["text"], labels(after)) == ("Read book", ["One", "Two"])
    assert telegram_setup.front.living[str(ana)] == str(after["message_id"])


async def test_the_same_screen_again_is_no_failure(telegram_setup: TelegramSetup, ana: int) -> None:
    telegram_setup.front.script = lambda _incoming: page("Always this", "One")
    [living] = await telegram_setup.sees(ana)
    await telegram_setup.taps(ana, living["message_id"], "One")
    await telegram_setup.taps(ana, living["message_id"], "One")
    assert len(await telegram_setup.sees(ana)) == 1


async def test_a_tap_on_a_notice_opens_a_new_living_message(telegram_setup: TelegramSetup, ana: int) -> None:
    account = Account(1, 1, Platform.TELEGRAM, "", str(ana), str(ana))
    sent = await telegram_setup.channel.send(account, page("Tomorrow at ten", "Move"), key="remind-1")
    await telegram_setup.taps(ana, int(sent.message_ref), "Move")
    first, notice, living = await telegram_setup.sees(ana)
    heard = telegram_setup.front.heard[-1]
    assert (heard.address, heard.window.notice) == ("go/move", True)
    assert (notice["text"], labels(notice)) == ("Tomorrow at ten", ["Move"])
    assert (living["text"], labels(living), labels(first)) == ("Read go/move", ["One", "Two"], [])


async def test_a_message_that_is_gone_gives_way_to_a_new_one(telegram_setup: TelegramSetup, ana: int) -> None:
    [living] = await telegram_setup.sees(ana)
    await telegram_setup.running.bot.delete_message(ana, living["message_id"])
    await telegram_setup.running.act("tap", user=ana, message_id=living["message_id"], data="go/one", forge=True)
    await telegram_setup.quiet()
    [new] = await telegram_setup.sees(ana)
    assert new["text"] == "Read go/one"
    assert telegram_setup.front.living[str(ana)] == str(new["message_id"])


async def test_a_picture_comes_as_a_photo_and_goes_like_any_message(telegram_setup: TelegramSetup, ana: int) -> None:
    def script(incoming: Incoming) -> Screen:
        if incoming.address == "go/one":
            return page("Share & <show>", "Back", picture=Picture(PIXEL, "QR code of the link"))
        return echo(incoming)

    telegram_setup.front.script = script
    [living] = await telegram_setup.sees(ana)
    await telegram_setup.taps(ana, living["message_id"], "One")
    before, photo = await telegram_setup.sees(ana)
    assert photo["photo"] is not None
    assert (photo["text"], labels(before)) == ("Share & <show>\n\nQR code of the link", [])
    await telegram_setup.taps(ana, photo["message_id"], "Back")
    photo, after = (await telegram_setup.sees(ana))[1:]
    assert (labels(photo), after["text"], labels(after)) == ([], "Read go/back", ["One", "Two"])


async def test_a_file_stays_in_the_chat_when_the_person_goes_on(telegram_setup: TelegramSetup, ana: int) -> None:
    def script(incoming: Incoming) -> Screen:
        if incoming.address == "go/one":
            return page("Receipt", "Back", file=File("R-00001.pdf", b"%PDF-1.7", "Receipt R-00001"))
        return echo(incoming)

    telegram_setup.front.script = script
    [living] = await telegram_setup.sees(ana)
    await telegram_setup.taps(ana, living["message_id"], "One")
    paper = (await telegram_setup.sees(ana))[-1]
    assert (paper["document"]["name"], paper["document"]["mime_type"]) == ("R-00001.pdf", "application/pdf")
    assert (paper["text"], labels(paper)) == ("Receipt", ["Back"])
    await telegram_setup.taps(ana, paper["message_id"], "Back")
    paper, after = (await telegram_setup.sees(ana))[1:]
    assert (paper["document"] is None, labels(paper), after["text"]) == (False, [], "Read go/back")


async def test_a_link_that_telegram_takes_in_no_button_stands_in_the_text(
    telegram_setup: TelegramSetup, ana: int
) -> None:
    links = (
        (Link("Pay", "http://localhost:1/pay?a=1&b=2"), Button("Back", "start")),
        (Link("Map", "http://a.example"),),
    )
    telegram_setup.front.script = lambda incoming: replace(echo(incoming), buttons=links)
    await telegram_setup.says(ana, "pay")
    shown = (await telegram_setup.sees(ana))[-1]
    assert shown["text"] == "Read pay\n\nPay: http://localhost:1/pay?a=1&b=2\nMap: http://a.example"
    assert labels(shown) == ["Back"]
    await telegram_setup.taps(ana, shown["message_id"], "Back")
    assert (await telegram_setup.sees(ana))[-1]["text"].startswith("Read start")


async def test_a_button_stops_spinning_before_slow_work_ends(telegram_setup: TelegramSetup, ana: int) -> None:
    [living] = await telegram_setup.sees(ana)
    telegram_setup.front.delay = 1.4
    heard = len(telegram_setup.front.heard)
    await telegram_setup.running.act("tap", user=ana, message_id=living["message_id"], text="One")
    await until(lambda: telegram_setup.calls("answerCallbackQuery"))
    assert len(telegram_setup.front.heard) == heard, "answered before the work has ended"
    await until(lambda: telegram_setup.calls("sendChatAction"))
    await telegram_setup.quiet()
    assert [call["action"] for call in telegram_setup.calls("sendChatAction")] == ["typing"]
    assert (await telegram_setup.sees(ana))[0]["text"] == "Read go/one"


async def test_a_button_pressed_long_ago_still_works(telegram_setup: TelegramSetup, ana: int) -> None:
    [living] = await telegram_setup.sees(ana)
    telegram_setup.running.standin.world.callback_patience = -1.0
    await telegram_setup.taps(ana, living["message_id"], "One")
    assert (await telegram_setup.sees(ana))[0]["text"] == "Read go/one"


@pytest.mark.parametrize("fault", [{"kind": "status", "status": 502}, {"kind": "rate_limit", "retry_after": 1}])
async def test_a_short_stumble_of_telegram_is_waited_for(
    telegram_setup: TelegramSetup, ana: int, fault: dict[str, Any]
) -> None:
    telegram_setup.running.standin.faults.add("editMessageText", **fault)
    [living] = await telegram_setup.sees(ana)
    await telegram_setup.taps(ana, living["message_id"], "One")
    [shown] = await telegram_setup.sees(ana)
    assert shown["text"] == "Read go/one"


async def test_a_long_ban_is_not_waited_for(telegram_setup: TelegramSetup, ana: int) -> None:
    telegram_setup.running.standin.faults.add("sendMessage", "rate_limit", retry_after=40)
    begun = time.monotonic()
    await telegram_setup.says(ana, "book")
    assert time.monotonic() - begun < 20
    assert [shown["text"] for shown in await telegram_setup.sees(ana)] == ["Read /start"]
    assert [seconds for _address, seconds in telegram_setup.front.unseen_replies] == [40]
    await telegram_setup.says(ana, "again")
    assert (await telegram_setup.sees(ana))[-1]["text"] == "Read again"


async def test_a_change_that_perhaps_was_made_is_made_again(telegram_setup: TelegramSetup, ana: int) -> None:
    telegram_setup.running.standin.faults.add("editMessageText", "cut_after")
    [living] = await telegram_setup.sees(ana)
    await telegram_setup.taps(ana, living["message_id"], "One")
    await until(lambda: len(telegram_setup.calls("editMessageText")) == 2)
    assert [shown["text"] for shown in await telegram_setup.sees(ana)] == ["Read go/one"]
    assert telegram_setup.front.unseen_replies == []


async def test_a_reply_that_perhaps_came_is_left_to_the_outbox(telegram_setup: TelegramSetup, ana: int) -> None:
    telegram_setup.running.standin.faults.add("sendMessage", "cut_after")
    await telegram_setup.says(ana, "book")
    assert len(telegram_setup.front.unseen_replies) == 1


async def test_a_reply_that_telegram_puts_off_is_shown_later(telegram_setup: TelegramSetup, ana: int) -> None:
    telegram_setup.running.standin.faults.add("editMessageText", "rate_limit", retry_after=3)
    [living] = await telegram_setup.sees(ana)
    await telegram_setup.taps(ana, living["message_id"], "One")
    assert [shown["text"] for shown in await telegram_setup.sees(ana)] == ["Read /start"]
    await until(lambda: len(telegram_setup.calls("editMessageText")) == 2)
    assert [shown["text"] for shown in await telegram_setup.sees(ana)] == ["Read go/one"]


async def test_a_newer_reply_takes_the_place_of_one_that_waits(telegram_setup: TelegramSetup, ana: int) -> None:
    telegram_setup.running.standin.faults.add("sendMessage", "rate_limit", retry_after=2)
    await telegram_setup.says(ana, "book")
    assert [shown["text"] for shown in await telegram_setup.sees(ana)] == ["Read /start"]
    await telegram_setup.says(ana, "again")
    await asyncio.sleep(2.2)
    assert [shown["text"] for shown in await telegram_setup.sees(ana)] == ["Read /start", "Read again"]


async def test_a_reply_that_waits_does_not_keep_the_product_from_ending(
    telegram_setup: TelegramSetup, ana: int
) -> None:
    telegram_setup.running.standin.faults.add("sendMessage", "rate_limit", retry_after=20)
    await telegram_setup.says(ana, "book")
    begun = time.monotonic()
    await telegram_setup.channel.close()
    assert time.monotonic() - begun < 10
    assert len(telegram_setup.front.unseen_replies) == 1


async def test_a_reply_to_somebody_who_left_is_no_failure(telegram_setup: TelegramSetup, ana: int) -> None:
    telegram_setup.front.delay = 0.1
    await telegram_setup.running.act("say", user=ana, text="bye")
    await telegram_setup.running.act("block", user=ana)
    await telegram_setup.quiet()
    assert len(await telegram_setup.sees(ana)) == 1


async def test_a_coach_has_more_commands_in_the_own_chat(telegram_setup: TelegramSetup, ana: int) -> None:
    async def commands() -> list[str]:
        return [entry["command"] for entry in (await telegram_setup.running.chat(ana))["commands"]]

    assert await commands() == ["book"]
    telegram_setup.front.roles = frozenset({Role.CLIENT, Role.COACH})
    await telegram_setup.says(ana, "one")
    await telegram_setup.says(ana, "two")
    assert await commands() == ["book", "today"]
    before = len(telegram_setup.calls("setMyCommands"))
    await telegram_setup.says(ana, "three")
    assert len(telegram_setup.calls("setMyCommands")) == before
    telegram_setup.front.roles = frozenset({Role.CLIENT})
    await telegram_setup.says(ana, "four")
    await asyncio.sleep(0.05)
    assert await commands() == ["book"]


async def test_the_menu_follows_the_language_that_was_chosen_here(telegram_setup: TelegramSetup, ana: int) -> None:
    async def menu() -> list[str]:
        return [entry["description"] for entry in (await telegram_setup.running.chat(ana))["commands"]]

    [english] = await menu()
    telegram_setup.front.language = "de"
    await telegram_setup.says(ana, "one")
    await telegram_setup.quiet()
    [german] = await menu()
    assert german != english
    telegram_setup.front.language = "en"
    await telegram_setup.says(ana, "two")
    await telegram_setup.quiet()
    assert await menu() == [english]


async def test_an_older_message_that_kept_its_buttons_is_answered_below(
    telegram_setup: TelegramSetup, ana: int
) -> None:
    telegram_setup.running.standin.faults.add("editMessageReplyMarkup", "status", status=500)
    await telegram_setup.says(ana, "book")
    old, living = await telegram_setup.sees(ana)
    assert (labels(old), labels(living)) == (["One", "Two"], ["One", "Two"])
    await telegram_setup.taps(ana, old["message_id"], "Two")
    old, before, living = await telegram_setup.sees(ana)
    assert (labels(old), labels(before), living["text"]) == (["One", "Two"], [], "Read go/two")
