"""Answers that Slack does not take at once: they wait, are tried again or found, and none is shown twice."""

import asyncio

import pytest

from bot.sandbox.faults import FaultKind
from tests.channels.slack.slack_setup import SlackSetup
from tests.channels.slack.test_slack_windows import words


async def test_an_answer_waits_when_slack_asks_for_it(slack: SlackSetup) -> None:
    slack.there.standin.faults.add("chat.postMessage", "rate_limit", retry_after=1)
    await slack.act("say", text="hello")
    assert "Welcome" in words(await slack.last())
    slack.there.standin.faults.add("chat.update", "rate_limit", retry_after=30)
    await slack.press("Book")
    assert "Welcome" in words(await slack.last())
    await slack.press("Book")
    assert "Which day?" in words(await slack.last())


async def test_an_answer_that_slack_puts_off_is_shown_later(slack: SlackSetup) -> None:
    await slack.act("say", text="hello")
    slack.there.standin.faults.add("chat.update", "rate_limit", retry_after=1, times=2)
    await slack.press("Book")
    assert "Welcome" in words(await slack.last())
    await asyncio.sleep(1.3)
    assert "Which day?" in words(await slack.last())


@pytest.mark.parametrize(("method", "times", "seconds"), [("chat.postMessage", 1, 1.6), ("chat.update", 2, 3.6)])
async def test_an_answer_over_which_slack_falls_is_tried_again_soon(
    slack: SlackSetup, method: str, times: int, seconds: float
) -> None:
    await slack.act("say", text="hello")
    slack.there.standin.faults.add(method, "status", status=503, times=times)
    if method == "chat.update":
        await slack.press("Book")
    else:
        await slack.act("say", text="book")
    await asyncio.sleep(seconds)
    assert "Which day?" in words(await slack.last())
    assert slack.front.unseen_replies == []


@pytest.mark.parametrize(("fault", "often"), [("cut_after", {}), ("timeout_after", {"seconds": 0.6})])
async def test_an_answer_that_stands_though_slack_said_nothing_is_found(
    slack: SlackSetup, fault: FaultKind, often: dict[str, float], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("bot.channels.slack.api.SECONDS", 0.3)
    monkeypatch.setattr("bot.channels.slack.windows.LOOKS_AFTER_S", 0.05)
    slack.there.standin.faults.add("chat.postMessage", fault, **often)
    await slack.act("say", text="book")
    assert slack.front.unseen_replies == []
    await slack.press("Tuesday")
    await slack.press("Back")
    assert ["Which day?" in words(one) for one in await slack.direct() if one.get("bot_id")] == [True]


async def test_an_answer_of_which_nothing_is_known_and_that_is_not_there_is_said_again(
    slack: SlackSetup, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("bot.channels.slack.windows.LOOKS_AFTER_S", 0.05)
    slack.there.standin.faults.add("chat.postMessage", "cut")
    await slack.act("say", text="book")
    assert [address for address, _seconds in slack.front.unseen_replies] == ["book"]


async def test_an_answer_that_must_wait_long_is_left_to_the_outbox(slack: SlackSetup) -> None:
    await slack.act("say", text="hello")
    slack.there.standin.faults.add("chat.update", "rate_limit", retry_after=40)
    await slack.press("Book")
    await slack.channel.settled()
    assert [seconds for _address, seconds in slack.front.unseen_replies] == [40]


async def test_a_newer_answer_takes_the_place_of_one_that_waits(slack: SlackSetup) -> None:
    slack.there.standin.faults.add("chat.postMessage", "rate_limit", retry_after=4)
    await slack.act("say", text="hello")
    await slack.act("say", text="book")
    await asyncio.sleep(4.2)
    shown = str(await slack.direct())
    assert "Which day?" in shown
    assert "Welcome" not in shown


async def test_an_answer_does_not_take_the_place_of_the_one_to_a_later_tap(slack: SlackSetup) -> None:
    await slack.act("say", text="hello")
    message = await slack.last()
    slack.front.slow = 1.0
    first = asyncio.create_task(slack.press("Book", message))
    await asyncio.wait_for(slack.front.taking.wait(), 30)
    slack.front.slow = 0.0
    await slack.press("Done", message)
    await first
    await slack.channel.settled()
    assert [incoming.address for incoming in slack.front.heard[1:]] == ["done", "book"]
    assert "Saved" in words(await slack.last())
