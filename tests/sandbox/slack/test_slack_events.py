"""What Slack tells by itself: Home opened, a profile changed, the app removed; and how it is delivered."""

import asyncio
from typing import Any

import pytest
from aiohttp import web
from slack_bolt.async_app import AsyncAck, AsyncApp
from slack_sdk.web.async_client import AsyncWebClient

from bot.sandbox.standin import serve
from tests.sandbox.slack.slack_driver import Json, Workspace
from tests.sandbox.slack.slack_parts import actions, button


async def test_opening_home_shows_what_the_app_publishes(there: Workspace, bolt: AsyncApp) -> None:
    pressed: list[Json] = []

    @bolt.event("app_home_opened")
    async def on_home(event: Json, client: AsyncWebClient) -> None:
        view: Any = {"type": "home", "blocks": actions(button("Book", "book"))}
        await client.views_publish(user_id=event["user"], view=view)

    @bolt.action("book")
    async def on_book(ack: AsyncAck, body: Json) -> None:
        pressed.append(body)
        await ack()

    assert (await there.act("open_home"))["status"] == 200
    assert (await there.state())["home"]["blocks"][0]["elements"][0]["text"]["text"] == "Book"
    await there.act("click", home=True, text="Book")
    assert pressed[0]["container"]["type"] == "view"
    assert "response_url" not in pressed[0]


async def test_a_moved_zone_arrives_as_user_change(there: Workspace, bolt: AsyncApp) -> None:
    changed: list[Json] = []

    @bolt.event("user_change")
    async def on_change(event: Json) -> None:
        changed.append(event["user"])

    await there.act("profile", tz="Asia/Kolkata", locale="de-DE")
    await there.act("profile", tz=None)
    assert [(user["tz"], user["tz_offset"], user["locale"]) for user in changed] == [
        ("Asia/Kolkata", 19_800, "de-DE"),
        (None, -28_800, "de-DE"),
    ]


@pytest.mark.parametrize("order", [["app_uninstalled", "tokens_revoked"], ["tokens_revoked", "app_uninstalled"]])
async def test_an_uninstall_is_told_in_either_order(there: Workspace, bolt: AsyncApp, order: list[str]) -> None:
    told: list[str] = []

    @bolt.event("app_uninstalled")
    async def on_uninstalled() -> None:
        told.append("app_uninstalled")

    @bolt.event("tokens_revoked")
    async def on_revoked() -> None:
        told.append("tokens_revoked")

    await there.act("uninstall", events=order)
    assert told == order


async def test_what_the_app_fails_to_answer_is_shown_as_an_error(there: Workspace, bolt: AsyncApp) -> None:
    there.standin.settings.patience = 0.2

    @bolt.command("/slow")
    async def on_slow(ack: AsyncAck) -> None:
        await asyncio.sleep(0.4)
        await ack()

    @bolt.command("/broken")
    async def on_broken() -> None:
        raise RuntimeError("broken")

    assert (await there.act("command", command="/slow"))["error"] == "operation_timeout"
    assert (await there.act("command", command="/broken"))["error"] == "http_service_error"
    assert (await there.act("command", command="/unknown"))["error"] == "http_client_error"
    there.standin.settings.request_url = ""
    assert (await there.act("command", command="/nowhere"))["error"] == "dispatch_failed"
    errors = [one["error"] for one in (await there.state())["errors"]]
    assert errors == ["operation_timeout", "http_service_error", "http_client_error", "dispatch_failed"]


async def test_events_are_repeated_signed_and_disordered_on_request(there: Workspace) -> None:
    heard: list[tuple[str | None, str, str]] = []
    statuses = [500, 500, 200]

    async def receive(request: web.Request) -> web.Response:
        event = (await request.json())["event"]
        heard.append((request.headers.get("X-Slack-Retry-Num"), event["text"], (await request.json())["event_id"]))
        return web.Response(status=statuses.pop(0) if statuses else 200)

    app = web.Application()
    app.router.add_post("/slack/events", receive)
    served = await serve(app)
    try:
        settings = {"request_url": f"{served.url}/slack/events", "retry_delays": [0, 0, 0], "own_messages": False}
        await there.control("settings", settings)
        await there.act("say", text="one")
        await _until(heard, 3)
        assert [(number, text) for number, text, _ in heard] == [(None, "one"), ("1", "one"), ("2", "one")]
        assert len({event_id for *_, event_id in heard}) == 1

        heard.clear()
        await there.control("settings", {"duplicate": True})
        await there.act("say", text="twice")
        await _until(heard, 2)
        assert heard[0] == heard[1]

        heard.clear()
        await there.control("settings", {"duplicate": False, "drop": 1, "reorder": 2})
        for text in ("lost", "first", "second"):
            await there.act("say", text=text)
        await _until(heard, 2)
        assert [text for _, text, _ in heard] == ["second", "first"]
        assert (await there.control("replay", {"kind": "events_api"}))["status"] == 200
        assert heard[2] == heard[1]
    finally:
        await served.close()


async def test_the_feed_tells_a_page_what_changed(there: Workspace) -> None:
    cursor = (await there.state())["cursor"]
    address = f"{there.served.url}/_sandbox/slack/events"
    waiting = asyncio.create_task(there.session.get(address, params={"after": cursor, "wait": "5"}).__aenter__())
    await asyncio.sleep(0.05)
    channel = await there.direct()
    posted = await there.client.chat_postMessage(channel=channel, text="Hi")
    answer = await waiting
    changes = (await answer.json())["changes"]
    assert changes[0]["kind"] == "message"
    assert changes[0]["ts"] == posted["ts"]
    answer.release()


async def _until(heard: list[tuple[str | None, str, str]], count: int) -> None:
    async with asyncio.timeout(30):
        while len(heard) < count:  # noqa: ASYNC110 - filled by the receiver's own requests
            await asyncio.sleep(0.01)
