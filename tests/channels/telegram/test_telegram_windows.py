"""Where answers stand: one living message, notices that stay, buttons that never spin."""

import asyncio
import time
from dataclasses import replace
from typing import Any

import pytest

from bot.chat.channel import Incoming
from bot.chat.screen import Button, Link, Picture, Screen
from bot.domain.people.people import Account, Platform, Role
from tests.channels.telegram.telegram_office import Office, echo, page, until

PIXEL = bytes.fromhex(
    "89504e470d0a1a0a0000000d49484452000000010000000108060000001f15c4890000000d49444154789c6360f8ffff3f0005fe02fe"
    "a735810000000049454e44ae426082"
)


@pytest.fixture
async def ana(office: Office) -> int:
    user = await office.room.started("Ana")
    await office.quiet()
    return user


def labels(message: dict[str, Any]) -> list[str]:
    return [button["text"] for row in message["keyboard"] for button in row]


async def test_a_tap_changes_the_message_it_stands_under(office: Office, ana: int) -> None:
    [living] = await office.sees(ana)
    await office.taps(ana, living["message_id"], "One")
    [changed] = await office.sees(ana)
    assert (changed["message_id"], changed["text"]) == (living["message_id"], "Read go/one")
    heard = office.front.heard[-1]
    assert (heard.address, heard.window.message_ref, heard.window.notice) == (
        "go/one",
        str(living["message_id"]),
        False,
    )
    assert (await office.room.chat(ana))["unanswered"] == []


async def test_typed_words_get_a_new_message_and_the_old_one_loses_its_buttons(office: Office, ana: int) -> None:
    await office.says(ana, "book")
    before, after = await office.sees(ana)
    assert (before["text"], labels(before)) == ("Read /start", [])
    assert (after["text"], labels(after)) == ("Read book", ["One", "Two"])
    assert office.front.living[str(ana)] == str(after["message_id"])


async def test_the_same_screen_again_is_no_failure(office: Office, ana: int) -> None:
    office.front.script = lambda _incoming: page("Always this", "One")
    [living] = await office.sees(ana)
    await office.taps(ana, living["message_id"], "One")
    await office.taps(ana, living["message_id"], "One")
    assert len(await office.sees(ana)) == 1


async def test_a_tap_on_a_notice_opens_a_new_living_message(office: Office, ana: int) -> None:
    account = Account(1, 1, Platform.TELEGRAM, "", str(ana), str(ana))
    sent = await office.channel.send(account, page("Tomorrow at ten", "Move"), key="remind-1")
    await office.taps(ana, int(sent.message_ref), "Move")
    first, notice, living = await office.sees(ana)
    heard = office.front.heard[-1]
    assert (heard.address, heard.window.notice) == ("go/move", True)
    assert (notice["text"], labels(notice)) == ("Tomorrow at ten", ["Move"])
    assert (living["text"], labels(living), labels(first)) == ("Read go/move", ["One", "Two"], [])


async def test_a_message_that_is_gone_gives_way_to_a_new_one(office: Office, ana: int) -> None:
    [living] = await office.sees(ana)
    await office.room.bot.delete_message(ana, living["message_id"])
    await office.room.act("tap", user=ana, message_id=living["message_id"], data="go/one", forge=True)
    await office.quiet()
    [new] = await office.sees(ana)
    assert new["text"] == "Read go/one"
    assert office.front.living[str(ana)] == str(new["message_id"])


async def test_a_picture_comes_as_a_photo_and_goes_like_any_message(office: Office, ana: int) -> None:
    def script(incoming: Incoming) -> Screen:
        if incoming.address == "go/one":
            return page("Share & <show>", "Back", picture=Picture(PIXEL, "QR code of the link"))
        return echo(incoming)

    office.front.script = script
    [living] = await office.sees(ana)
    await office.taps(ana, living["message_id"], "One")
    before, photo = await office.sees(ana)
    assert photo["photo"] is not None
    assert (photo["text"], labels(before)) == ("Share & <show>\n\nQR code of the link", [])
    await office.taps(ana, photo["message_id"], "Back")
    photo, after = (await office.sees(ana))[1:]
    assert (labels(photo), after["text"], labels(after)) == ([], "Read go/back", ["One", "Two"])


async def test_a_link_that_telegram_takes_in_no_button_stands_in_the_text(office: Office, ana: int) -> None:
    links = (
        (Link("Pay", "http://localhost:1/pay?a=1&b=2"), Button("Back", "start")),
        (Link("Map", "http://a.example"),),
    )
    office.front.script = lambda incoming: replace(echo(incoming), buttons=links)
    await office.says(ana, "pay")
    shown = (await office.sees(ana))[-1]
    assert shown["text"] == "Read pay\n\nPay: http://localhost:1/pay?a=1&b=2\nMap: http://a.example"
    assert labels(shown) == ["Back"]
    await office.taps(ana, shown["message_id"], "Back")
    assert (await office.sees(ana))[-1]["text"].startswith("Read start")


async def test_a_button_stops_spinning_before_slow_work_ends(office: Office, ana: int) -> None:
    [living] = await office.sees(ana)
    office.front.delay = 1.4
    heard = len(office.front.heard)
    await office.room.act("tap", user=ana, message_id=living["message_id"], text="One")
    await until(lambda: office.calls("answerCallbackQuery"))
    assert len(office.front.heard) == heard, "answered before the work has ended"
    await until(lambda: office.calls("sendChatAction"))
    await office.quiet()
    assert [call["action"] for call in office.calls("sendChatAction")] == ["typing"]
    assert (await office.sees(ana))[0]["text"] == "Read go/one"


async def test_a_button_pressed_long_ago_still_works(office: Office, ana: int) -> None:
    [living] = await office.sees(ana)
    office.room.standin.world.callback_patience = -1.0
    await office.taps(ana, living["message_id"], "One")
    assert (await office.sees(ana))[0]["text"] == "Read go/one"


@pytest.mark.parametrize("fault", [{"kind": "status", "status": 502}, {"kind": "rate_limit", "retry_after": 1}])
async def test_a_short_stumble_of_telegram_is_waited_for(office: Office, ana: int, fault: dict[str, Any]) -> None:
    office.room.standin.faults.add("editMessageText", **fault)
    [living] = await office.sees(ana)
    await office.taps(ana, living["message_id"], "One")
    [shown] = await office.sees(ana)
    assert shown["text"] == "Read go/one"


async def test_a_long_ban_is_not_waited_for(office: Office, ana: int) -> None:
    office.room.standin.faults.add("sendMessage", "rate_limit", retry_after=40)
    begun = time.monotonic()
    await office.says(ana, "book")
    assert time.monotonic() - begun < 20
    assert [shown["text"] for shown in await office.sees(ana)] == ["Read /start"]
    assert [seconds for _address, seconds in office.front.unseen_replies] == [40]
    await office.says(ana, "again")
    assert (await office.sees(ana))[-1]["text"] == "Read again"


async def test_a_change_that_perhaps_was_made_is_made_again(office: Office, ana: int) -> None:
    office.room.standin.faults.add("editMessageText", "cut_after")
    [living] = await office.sees(ana)
    await office.taps(ana, living["message_id"], "One")
    await until(lambda: len(office.calls("editMessageText")) == 2)
    assert [shown["text"] for shown in await office.sees(ana)] == ["Read go/one"]
    assert office.front.unseen_replies == []


async def test_a_reply_that_perhaps_came_is_left_to_the_outbox(office: Office, ana: int) -> None:
    office.room.standin.faults.add("sendMessage", "cut_after")
    await office.says(ana, "book")
    assert len(office.front.unseen_replies) == 1


async def test_a_reply_that_telegram_puts_off_is_shown_later(office: Office, ana: int) -> None:
    office.room.standin.faults.add("editMessageText", "rate_limit", retry_after=3)
    [living] = await office.sees(ana)
    await office.taps(ana, living["message_id"], "One")
    assert [shown["text"] for shown in await office.sees(ana)] == ["Read /start"]
    await until(lambda: len(office.calls("editMessageText")) == 2)
    assert [shown["text"] for shown in await office.sees(ana)] == ["Read go/one"]


async def test_a_newer_reply_takes_the_place_of_one_that_waits(office: Office, ana: int) -> None:
    office.room.standin.faults.add("sendMessage", "rate_limit", retry_after=2)
    await office.says(ana, "book")
    assert [shown["text"] for shown in await office.sees(ana)] == ["Read /start"]
    await office.says(ana, "again")
    await asyncio.sleep(2.2)
    assert [shown["text"] for shown in await office.sees(ana)] == ["Read /start", "Read again"]


async def test_a_reply_that_waits_does_not_keep_the_product_from_ending(office: Office, ana: int) -> None:
    office.room.standin.faults.add("sendMessage", "rate_limit", retry_after=20)
    await office.says(ana, "book")
    begun = time.monotonic()
    await office.channel.close()
    assert time.monotonic() - begun < 10
    assert len(office.front.unseen_replies) == 1


async def test_a_reply_to_somebody_who_left_is_no_failure(office: Office, ana: int) -> None:
    office.front.delay = 0.1
    await office.room.act("say", user=ana, text="bye")
    await office.room.act("block", user=ana)
    await office.quiet()
    assert len(await office.sees(ana)) == 1


async def test_a_coach_has_more_commands_in_the_own_chat(office: Office, ana: int) -> None:
    async def commands() -> list[str]:
        return [entry["command"] for entry in (await office.room.chat(ana))["commands"]]

    assert await commands() == ["book"]
    office.front.roles = frozenset({Role.CLIENT, Role.COACH})
    await office.says(ana, "one")
    await office.says(ana, "two")
    assert await commands() == ["book", "today"]
    before = len(office.calls("setMyCommands"))
    await office.says(ana, "three")
    assert len(office.calls("setMyCommands")) == before
    office.front.roles = frozenset({Role.CLIENT})
    await office.says(ana, "four")
    await asyncio.sleep(0.05)
    assert await commands() == ["book"]


async def test_an_older_message_that_kept_its_buttons_becomes_the_living_one(office: Office, ana: int) -> None:
    office.room.standin.faults.add("editMessageReplyMarkup", "status", status=500)
    await office.says(ana, "book")
    old, living = await office.sees(ana)
    assert (labels(old), labels(living)) == (["One", "Two"], ["One", "Two"])
    await office.taps(ana, old["message_id"], "Two")
    old, living = await office.sees(ana)
    assert (old["text"], labels(old), labels(living)) == ("Read go/two", ["One", "Two"], [])
