"""A `response_url` comes in a payload: it is called at Slack's own hosts, and nowhere else."""

from collections.abc import AsyncIterator, Callable

import aiohttp
import pytest
from aiohttp import web

from bot.channels.slack.api import Api, InBetween, Refused
from bot.sandbox.standin import Served, serve
from tests.channels.slack.slack_payloads import TAP
from tests.channels.slack.slack_setup import SlackSetup


@pytest.fixture
async def stranger() -> AsyncIterator[tuple[Served, list[str]]]:
    """A server of somebody else's, which notes what reaches it and sends everybody on to itself."""
    asked: list[str] = []

    async def note(request: web.Request) -> web.Response:
        asked.append(await request.text())
        return web.Response(status=307, headers={"Location": f"http://{request.host}/again"})

    app = web.Application()
    app.router.add_route("*", "/{any:.*}", note)
    served = await serve(app)
    yield served, asked
    await served.close()


@pytest.mark.parametrize(
    "url",
    [
        "https://evil.example/hook",
        "http://hooks.slack.com/commands/1",
        "https://hooks.slack.com:8443/commands/1",
        "https://hooks.slack.com@evil.example/",
        "https://user:word@hooks.slack.com/commands/1",
        "https://hooks.slack.com.evil.example/",
        "https://evilhooks.slack.com/",
        "https://evil.example/https://hooks.slack.com/",
        "https://evil.example#@hooks.slack.com/",
        "https://hooks.slack.com\\@evil.example/",
        "https://slack.com:444/api/",
        "http://slack.com/",
        "http://169.254.169.254/latest/meta-data",
        "http://[::1]:6379/",
        "http://[",
        "file:///etc/passwd",
        "",
    ],
)
async def test_only_slack_s_own_hosts_are_called(url: str) -> None:
    async with aiohttp.ClientSession() as session:
        with pytest.raises(Refused) as refused:
            await Api("https://slack.com/api/", session).respond(url, {"text": "private words"})
    assert refused.value.code == "foreign_url"


@pytest.mark.parametrize(
    ("url", "api"),
    [
        ("https://hooks.slack.com/commands/1", "https://slack.com/api/"),
        ("https://HOOKS.slack.com:443/actions/1", "https://slack.com/api/"),
        ("https://hooks.slack.com/commands/1", "https://proxy.example/slack/api/"),
        ("https://proxy.example/hook/1", "https://proxy.example/slack/api/"),
        ("http://127.0.0.1:4000/hook/1", "http://127.0.0.1:4000/api/"),
    ],
)
async def test_slack_and_the_host_of_the_settings_are_called(url: str, api: str) -> None:
    async with aiohttp.ClientSession() as session:
        assert Api(api, session)._is_slacks(url)


async def test_no_redirect_is_followed(stranger: tuple[Served, list[str]]) -> None:
    served, asked = stranger
    async with aiohttp.ClientSession() as session:
        api = Api(f"{served.url}/api/", session)
        with pytest.raises(Refused):
            await api.respond(f"{served.url}/hook", {"text": "once"})
        with pytest.raises(InBetween):
            await api.run("auth.test", api.client("xoxb-token").auth_test())
    assert len(asked) == 2


@pytest.mark.attack("Signs a tap whose response_url leads to the attacker's own server")
async def test_an_answer_that_may_not_go_there_goes_to_the_private_chat(
    slack: SlackSetup, stranger: tuple[Served, list[str]], record_property: Callable[[str, object], None]
) -> None:
    served, asked = stranger
    beside_others = {"container": {"type": "message", "channel_id": "C1", "message_ts": "1.2", "is_ephemeral": True}}
    tap = {**TAP, **beside_others, "response_url": f"{served.url}/hook"}
    assert (await slack.send(tap, form=True))[0] == 200
    await slack.channel.settled()
    assert "Which day?" in (await slack.last())["text"]
    slack.front.away = True
    assert (await slack.send({**TAP, "trigger_id": "9.9", "response_url": f"{served.url}/hook"}, form=True))[0] == 200
    await slack.channel.settled()
    assert "Nothing was changed" in (await slack.last())["text"]
    assert asked == []
    record_property("outcome", "never called; the answer goes to the private chat")
    record_property("cost", "none")
