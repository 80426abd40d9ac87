"""Socket Mode: the same acts over a real websocket to slack_sdk's own client."""

import asyncio
from collections.abc import AsyncIterator

import pytest
from slack_bolt.adapter.socket_mode.aiohttp import AsyncSocketModeHandler
from slack_bolt.async_app import AsyncAck, AsyncApp, AsyncSay
from slack_sdk.errors import SlackApiError

from tests.sandbox.slack.slack_driver import Json, Workspace, bolt_app


@pytest.fixture
async def bolt(there: Workspace) -> AsyncIterator[AsyncApp]:
    app = bolt_app(there)
    handler = AsyncSocketModeHandler(app, there.standin.identity.app_token, web_client=app.client, ping_interval=1)
    await handler.connect_async()  # type: ignore[no-untyped-call]
    await connected(there)
    yield app
    await handler.close_async()  # type: ignore[no-untyped-call]


async def connected(there: Workspace) -> None:
    async with asyncio.timeout(30):
        while not there.standin.sockets.connected:  # noqa: ASYNC110 - the stand-in is watched from outside
            await asyncio.sleep(0.01)


async def test_words_commands_and_forms_go_through_the_socket(there: Workspace, bolt: AsyncApp) -> None:
    @bolt.event("message")
    async def on_message(say: AsyncSay) -> None:
        await say(text="Welcome")

    @bolt.command("/book")
    async def on_book(ack: AsyncAck, command: Json) -> None:
        await ack(text=f"You said {command['text']}")

    assert (await there.act("say", text="hello"))["status"] == 200
    assert (await there.act("command", command="/book", text="now"))["ok"]
    assert [message["text"] for message in await there.messages()] == ["hello", "Welcome", "You said now"]
    unknown = await there.act("command", command="/unknown")
    assert unknown["error"] == "operation_timeout", "bolt acknowledges nothing but a 200"


async def test_a_refreshed_line_is_taken_up_again(there: Workspace, bolt: AsyncApp) -> None:
    @bolt.command("/book")
    async def on_book(ack: AsyncAck) -> None:
        await ack()

    assert (await there.control("disconnect", {"reason": "refresh_requested"}))["told"] == 1
    async with asyncio.timeout(30):
        while not (await there.act("command", command="/book"))["ok"]:  # noqa: ASYNC110 - as a person would try
            await asyncio.sleep(0.05)


async def test_a_socket_needs_the_token_of_the_app(there: Workspace) -> None:
    with pytest.raises(SlackApiError, match="invalid_auth"):
        await there.client.apps_connections_open(app_token="xapp-wrong")
    opened = await there.client.apps_connections_open(app_token=there.standin.identity.app_token)
    async with there.session.ws_connect(opened["url"]) as socket:
        assert (await socket.receive_json())["type"] == "hello"
    async with there.session.get(opened["url"].replace("ws", "http", 1)) as again:
        assert again.status == 403
