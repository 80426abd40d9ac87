"""Where answers are shown: the living message, a notice, Home, a modal, a channel."""

import asyncio
from dataclasses import replace

import pytest

from bot.chat.screen import Kept
from bot.chat.turn import WindowKind
from bot.domain.notices.notices import NoticeKind
from bot.domain.subjects import Subject
from tests.channels.slack.slack_setup import HOSTILE, SCREENS, Json, SlackSetup, restarted


def buttons(message: Json) -> list[str]:
    blocks = [block for block in message["blocks"] if block["type"] == "actions"]
    return [element["text"]["text"] for block in blocks for element in block["elements"]]


def words(shown: Json) -> str:
    return str([block for block in shown["blocks"] if block["type"] != "actions"])


async def modal(slack: SlackSetup) -> Json | None:
    open_ones = (await slack.there.state())["modals"]
    return dict(open_ones[-1]) if open_ones else None


async def home(slack: SlackSetup) -> Json:
    return dict((await slack.there.state())["home"])


async def test_typed_words_get_a_new_message_and_taps_edit_it(slack: SlackSetup) -> None:
    assert (await slack.act("say", text="hello"))["status"] == 200
    first = await slack.last()
    assert "Welcome" in words(first)
    assert (await slack.press("Book"))["ok"]
    assert [m["ts"] for m in await slack.direct()][-1] == first["ts"]
    assert "Which day?" in words(await slack.last())
    await slack.press("Tuesday")
    assert HOSTILE.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;") in (await slack.last())["text"]


async def test_words_below_take_the_buttons_off_the_message_above(slack: SlackSetup) -> None:
    await slack.act("say", text="hello")
    await slack.act("say", text="book")
    shown = [message for message in await slack.direct() if message.get("bot_id")]
    assert [buttons(message) for message in shown] == [[], ["Tuesday"]]
    assert "Welcome" in words(shown[0])


async def test_buttons_are_taken_off_after_a_restart_too(slack: SlackSetup) -> None:
    await slack.act("say", text="hello")
    later = restarted(slack)
    await later.act("say", text="book")
    shown = [message for message in await later.direct() if message.get("bot_id")]
    assert [buttons(message) for message in shown] == [[], ["Tuesday"]]


async def test_an_answer_that_keeps_its_buttons_is_left_alone(
    slack: SlackSetup, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Also by a turn that began before the answer was known to have become one."""
    monkeypatch.setitem(SCREENS, "done", replace(SCREENS["done"], kept=Kept(NoticeKind.BOOKED, Subject("booking", 1))))
    await slack.act("say", text="hello")
    living = (await slack.last())["ts"]
    await slack.press("Done")
    [account] = slack.front.accounts.values()
    slack.front.living[account.id] = living
    await slack.act("say", text="book")
    kept, _new = [message for message in await slack.direct() if message.get("bot_id")]
    assert "Saved" in words(kept)
    assert buttons(kept) == ["Back"]


async def test_a_tap_on_a_notice_keeps_it_and_opens_a_living_message(slack: SlackSetup) -> None:
    await slack.act("say", text="hello")
    [account] = slack.front.accounts.values()
    sent = await slack.channel.send(account, SCREENS["book"], key="rem:1")
    await slack.press("Tuesday")
    notice, living = (await slack.direct())[-2:]
    assert (notice["ts"], buttons(notice)) == (sent.message_ref, ["Tuesday"])
    assert "Tuesday" in words(living)
    assert living["ts"] == slack.front.living[account.id]
    assert slack.front.heard[-1].address == "day"


async def test_an_old_message_that_is_tapped_stays_as_it_is(slack: SlackSetup) -> None:
    """It may have become the one about a booking since it was drawn."""
    await slack.act("say", text="hello")
    [account] = slack.front.accounts.values()
    old = await slack.last()
    slack.front.living[account.id] = None
    await slack.press("Book", old)
    *_, first, below = await slack.direct()
    assert first == old
    assert below["ts"] == slack.front.living[account.id]


async def test_a_dead_window_falls_back_to_a_new_message(slack: SlackSetup) -> None:
    await slack.act("say", text="hello")
    [account] = slack.front.accounts.values()
    living = await slack.last()
    slack.there.standin.faults.add("chat.update", "slow", seconds=0.3)
    pressing = asyncio.create_task(slack.press("Book", living))
    await asyncio.sleep(0.1)
    await slack.there.client.chat_delete(channel=account.chat_ref or "", ts=living["ts"])
    await pressing
    assert "Which day?" in words(await slack.last())
    assert slack.front.living[account.id] == (await slack.last())["ts"] != living["ts"]


async def test_home_turns_its_own_pages(slack: SlackSetup) -> None:
    await slack.act("open_home")
    assert buttons(await home(slack)) == ["Book", "Form"]
    await slack.act("click", home=True, text="Book")
    assert buttons(await home(slack)) == ["Tuesday", "Back to Home"]
    assert slack.front.kinds() == [WindowKind.HOME, WindowKind.HOME]
    await slack.act("click", home=True, text="Back to Home")
    assert buttons(await home(slack)) == ["Book", "Form"]
    assert await slack.direct() == []


async def test_a_form_is_a_modal_and_its_outcome_goes_to_the_living_message(slack: SlackSetup) -> None:
    await slack.act("say", text="start")
    living = await slack.last()
    await slack.press("Form")
    view = await modal(slack)
    assert view is not None
    assert len(view["title"]["text"]) <= 24
    assert "What to call the practice, in full" in words(view)
    assert buttons(view) == []
    assert await slack.last() == living
    refused = await slack.act("submit", fields={"Name": "taken"})
    assert list(refused["errors"].values()) == ["That name is taken."]
    saved = await slack.act("submit", fields={"Name": "Harbour", "Kind": "Together", "Since": "2026-12-01"})
    assert (saved["ok"], saved["response_action"], await modal(slack)) == (True, "clear", None)
    assert slack.front.heard[-1].answers == {"name": "Harbour", "kind": "b", "day": "2026-12-01"}
    assert (slack.front.heard[-1].form_at, slack.front.heard[-1].form_to) == ("form", "form/send/tag12345")
    assert (await slack.last())["ts"] == living["ts"]
    assert "Saved" in words(await slack.last())


async def test_a_form_after_a_form_takes_its_place_without_what_was_typed(slack: SlackSetup) -> None:
    await slack.act("say", text="start")
    await slack.press("Form")
    assert (await slack.act("submit", fields={"Name": "next"}))["response_action"] == "update"
    view = await modal(slack)
    assert view is not None
    assert view["title"]["text"] == "Another"
    assert next(iter(view["state"]["values"].values()))["answer"]["value"] is None
    await slack.act("submit", fields={"Name": "Harbour"})
    assert slack.front.heard[-1].form_to == "form/2/tag12345"


async def test_a_form_opened_from_home_ends_there(slack: SlackSetup) -> None:
    await slack.act("open_home")
    await slack.act("click", home=True, text="Form")
    await slack.act("submit", fields={"Name": "Harbour"})
    assert "Saved" in words(await home(slack))
    assert await slack.direct() == []


async def test_a_form_whose_modal_does_not_open_is_asked_in_the_chat(slack: SlackSetup) -> None:
    slack.there.standin.faults.add("views.open", "status", status=500)
    await slack.act("say", text="start")
    await slack.press("Form")
    assert await modal(slack) is None
    assert "Asked one by one" in words(await slack.last())
    await slack.act("open_home")
    slack.there.standin.faults.add("views.open", "slow", seconds=2)
    await slack.act("click", home=True, text="Form")
    assert "Asked one by one" in words(await slack.last())


async def test_a_command_in_the_private_chat_answers_there(slack: SlackSetup) -> None:
    assert (await slack.act("command", command="/book", text="tuesday"))["ok"]
    assert "Which day?" in words(await slack.last())
    assert (slack.front.heard[0].command, slack.front.heard[0].text) == ("/book", "tuesday")
    await slack.act("command", command="/form")
    await slack.act("submit", fields={"Name": "Harbour"})
    saved = await slack.last()
    assert "Saved" in words(saved)
    assert not saved["ephemeral"]


async def test_in_a_channel_the_asker_alone_reads_public_facts(slack: SlackSetup) -> None:
    lobby = await channel(slack)
    await slack.act("command", command="/start", channel=lobby)
    [shown] = await messages_in(slack, lobby)
    assert shown["ephemeral"]
    assert "Welcome" in words(shown)
    assert not slack.front.heard[0].window.private
    await slack.act("click", channel=lobby, ts=shown["ts"], text="Book")
    [pointer] = await messages_in(slack, lobby)
    assert "private chat" in words(pointer)
    assert "Which day?" not in str(pointer)
    direct = await slack.last()
    assert "Which day?" in words(direct)
    assert direct["ts"] in slack.front.living.values()


async def test_personal_answers_to_a_channel_go_to_the_private_chat(slack: SlackSetup) -> None:
    lobby = await channel(slack)
    await slack.act("command", command="/book", channel=lobby)
    [pointer] = await messages_in(slack, lobby)
    assert pointer["ephemeral"]
    assert "app_redirect?team=T0AAA&channel=D" in str(pointer["blocks"])
    assert "Which day?" in words(await slack.last())


async def test_a_form_in_a_channel_is_seen_by_the_asker_alone(slack: SlackSetup) -> None:
    lobby = await channel(slack)
    await slack.act("command", command="/form", channel=lobby)
    await slack.act("submit", fields={"Name": "Harbour"})
    assert await messages_in(slack, lobby) == []
    assert "Saved" in words(await slack.last())


async def test_a_used_up_response_url_leads_to_the_private_chat(slack: SlackSetup) -> None:
    lobby = await channel(slack)
    slack.there.standin.faults.add("response_url", "status", status=404)
    await slack.act("command", command="/start", channel=lobby)
    assert await messages_in(slack, lobby) == []
    assert "Welcome" in words(await slack.last())


async def test_answers_stand_in_the_order_of_the_taps(slack: SlackSetup) -> None:
    await slack.act("say", text="hello")
    first = await slack.last()
    slack.there.standin.faults.add("chat.update", "slow", seconds=0.3)
    await slack.there.act("click", ts=first["ts"], text="Book")
    await slack.there.act("click", ts=first["ts"], text="Done")
    await slack.channel.settled()
    assert "Saved" in words(await slack.last())


async def channel(slack: SlackSetup) -> str:
    made = {"team": slack.there.team, "name": "lobby", "members": [slack.there.user]}
    return str((await slack.there.control("channels", made))["channel"])


async def messages_in(slack: SlackSetup, name: str) -> list[Json]:
    shown = await slack.there.state()
    return list(next(each for each in shown["channels"] if each["id"] == name)["messages"])


async def test_a_used_message_that_said_nothing_but_its_buttons_goes(slack: SlackSetup) -> None:
    await slack.act("say", text="hello")
    [account] = slack.front.accounts.values()
    await slack.act("say", text="book")
    asked = await slack.last()
    assert "Which day?" in words(asked)
    await slack.act("say", text="hello")
    assert asked["ts"] not in [message["ts"] for message in await slack.direct()]
    assert "Welcome" in words(await slack.last())
    assert slack.front.living[account.id] == (await slack.last())["ts"]
