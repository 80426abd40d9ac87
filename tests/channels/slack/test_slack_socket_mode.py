"""A whole turn over a websocket, without any HTTP endpoint of ours."""

import asyncio
from collections.abc import AsyncIterator

import pytest

from tests.channels.slack.slack_setup import SlackSetup, desk


@pytest.fixture
async def slack() -> AsyncIterator[SlackSetup]:
    async with desk(app_token=True) as made:
        made.there.standin.settings.request_url = ""
        await connected(made)
        yield made


async def connected(slack: SlackSetup) -> None:
    async with asyncio.timeout(30):
        while not slack.there.standin.sockets.connected:  # noqa: ASYNC110 - the stand-in is watched from outside
            await asyncio.sleep(0.01)


async def test_words_taps_forms_and_home(slack: SlackSetup) -> None:
    assert (await slack.act("say", text="hello"))["status"] == 200
    await slack.press("Book")
    assert "Which day?" in str(await slack.last())
    assert (await slack.act("command", command="/form"))["ok"]
    assert (await slack.act("submit", fields={"Name": "taken"}))["response_action"] == "errors"
    assert (await slack.act("submit", fields={"Name": "Harbour"}))["response_action"] == "clear"
    await slack.act("open_home")
    assert (await slack.there.state())["home"] is not None
    assert await slack.channel.check() is None


async def test_an_event_comes_again_after_a_database_was_away(slack: SlackSetup) -> None:
    slack.front.away = True
    await slack.there.control("settings", {"patience": 0.2})
    assert (await slack.there.act("say", text="hello"))["status"] == 0
    slack.front.away = False
    async with asyncio.timeout(30):
        while not slack.front.heard:  # noqa: ASYNC110 - Slack's own repetition is waited for
            await asyncio.sleep(0.02)


async def test_a_refreshed_line_is_taken_up_again(slack: SlackSetup) -> None:
    assert (await slack.there.control("disconnect", {"reason": "refresh_requested"}))["told"] == 1
    async with asyncio.timeout(30):
        while not (await slack.there.act("command", command="/book"))["ok"]:  # noqa: ASYNC110 - as a person would try
            await asyncio.sleep(0.05)


async def test_the_http_door_is_shut_without_a_signing_secret(slack: SlackSetup) -> None:
    assert (await slack.send({"type": "url_verification", "challenge": "c"}))[0] == 401
