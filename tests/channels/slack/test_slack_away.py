"""The database is away or slow: what Slack and people are told, and what Slack sends again."""

import time

import pytest

from bot.chat.screen import Button, Line, Screen, Style
from tests.channels.slack.slack_payloads import words
from tests.channels.slack.slack_setup import SCREENS, SlackSetup

ASKED = Screen(
    "Book it?",
    (Line("Wed 3 Feb, 10:00"),),
    ((Button("Book it", "done", Style.SUCCESS),),),
    leave="start",
    address="ask",
)


async def test_without_a_database_events_come_again_and_people_are_told(slack: SlackSetup) -> None:
    await slack.act("say", text="hello")
    slack.front.away = True
    status, _body = await slack.send({**words("hello"), "event_id": "Ev9"})
    assert status == 503
    told = await slack.act("command", command="/book")
    assert told["ok"]
    assert "Nothing was changed" in (await slack.last())["text"]
    message = next(m for m in await slack.direct() if m.get("blocks") and m.get("bot_id"))
    assert (await slack.press("Book", message))["ok"]
    assert [m["ephemeral"] for m in await slack.direct() if "Nothing was changed" in m["text"]] == [True, True]
    slack.front.away = False
    assert (await slack.send({**words("hello"), "event_id": "Ev9"}))[0] == 200


async def test_without_a_database_a_form_keeps_its_answers(slack: SlackSetup) -> None:
    await slack.act("command", command="/form")
    slack.front.away = True
    kept = await slack.act("submit", fields={"Name": "Harbour"})
    assert "Nothing was changed" in str(kept["errors"])
    slack.front.away = False
    assert (await slack.act("submit", fields={"Name": "Harbour"}))["response_action"] == "clear"


async def test_without_a_database_home_says_so_above_it(slack: SlackSetup) -> None:
    await slack.act("open_home")
    slack.front.away = True
    await slack.act("click", home=True, text="Book")
    assert "Nothing was changed" in str((await slack.there.state())["modals"])


async def test_tokens_that_cannot_be_looked_up_count_as_a_database_away(slack: SlackSetup) -> None:
    slack.workspaces.away = True
    assert (await slack.send(words("hello")))[0] == 503
    assert "Nothing was changed" in (await slack.act("command", command="/book") and (await slack.last())["text"])


async def test_a_slow_turn_is_acknowledged_in_time_and_answered_later(slack: SlackSetup) -> None:
    await slack.act("say", text="hello")
    slack.front.slow = 6
    began = time.monotonic()
    assert (await slack.there.act("click", text="Book"))["ok"]
    assert time.monotonic() - began < 5
    await slack.channel.settled()
    assert "Which day?" in str(await slack.last())


async def test_without_a_database_a_modal_that_only_asks_says_so_and_stays(
    slack: SlackSetup, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(SCREENS, "ask", ASKED)
    await slack.act("command", command="/ask")
    slack.front.away = True
    assert (await slack.act("submit"))["response_action"] == "push"
    assert "Nothing was changed" in str((await slack.there.state())["modals"][-1])
    slack.front.away = False
    await slack.act("close")
    assert (await slack.act("submit"))["response_action"] == "clear"
    assert "Saved" in str(await slack.last())


async def test_who_submits_while_the_database_is_silent_is_told_in_the_chat(
    slack: SlackSetup, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Slack had its answer by then: the modal is closed, and what it came with opens nothing any more."""
    monkeypatch.setitem(SCREENS, "ask", ASKED)
    await slack.act("command", command="/ask")
    slack.front.away, slack.front.slow = True, 4
    assert (await slack.there.act("submit"))["ok"]
    await slack.channel.settled()
    assert "Nothing was changed" in str(await slack.last())
