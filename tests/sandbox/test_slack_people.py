"""What people do reaches a bolt app, and what it answers is what they see."""

import asyncio
from collections.abc import AsyncIterator
from typing import Any

import pytest
from aiohttp import web
from slack_bolt.async_app import AsyncAck, AsyncApp, AsyncRespond, AsyncSay
from slack_sdk.errors import SlackApiError
from slack_sdk.web.async_client import AsyncWebClient

from bot.sandbox.standin import serve
from tests.sandbox.slack_driver import Json, Workspace, bolt_app, product, workspace


@pytest.fixture
async def there() -> AsyncIterator[Workspace]:
    async with workspace() as made:
        yield made


@pytest.fixture
async def bolt(there: Workspace) -> AsyncIterator[AsyncApp]:
    app = bolt_app(there)
    async with product(there, app):
        yield app


def plain(text: str) -> Json:
    return {"type": "plain_text", "text": text}


def actions(*elements: Json, block_id: str = "row") -> list[Json]:
    return [{"type": "actions", "block_id": block_id, "elements": list(elements)}]


def button(text: str, action_id: str, **more: object) -> Json:
    return {"type": "button", "text": plain(text), "action_id": action_id, **more}


def modal(*blocks: Json, **more: object) -> Json:
    return {"type": "modal", "title": plain("Book"), "submit": plain("Save"), "blocks": list(blocks), **more}


def asked(label: str, block_id: str, element: Json, **more: object) -> Json:
    return {
        "type": "input",
        "block_id": block_id,
        "label": plain(label),
        "element": {"action_id": "a", **element},
        **more,
    }


async def test_words_in_the_direct_message_arrive_as_an_event(there: Workspace, bolt: AsyncApp) -> None:
    heard: list[Json] = []

    @bolt.event("message")
    async def on_message(event: Json, say: AsyncSay) -> None:
        heard.append(event)
        await say(text="Welcome")

    said = await there.act("say", text="hello")
    assert said["status"] == 200
    assert [message["text"] for message in await there.messages()] == ["hello", "Welcome"]
    assert (heard[0]["channel_type"], heard[0]["user"], heard[0]["ts"]) == ("im", there.user, said["ts"])


async def test_words_in_a_channel_arrive_only_if_subscribed(there: Workspace, bolt: AsyncApp) -> None:
    heard: list[str] = []

    @bolt.event("message")
    async def on_message(event: Json) -> None:
        heard.append(event["channel_type"])

    made = await there.control("channels", {"team": there.team, "name": "lobby", "members": [there.user]})
    await there.act("say", text="quiet", channel=made["channel"])
    await there.act("settings")
    await there.control("settings", {"subscriptions": ["message.channels"]})
    await there.act("say", text="loud", channel=made["channel"])
    assert heard == ["channel"]


async def test_a_command_answers_in_its_body_and_by_its_response_url(there: Workspace, bolt: AsyncApp) -> None:
    urls: list[str] = []

    @bolt.command("/book")
    async def on_book(ack: AsyncAck, command: Json, respond: AsyncRespond) -> None:
        urls.append(command["response_url"])
        await ack(text=f"You said {command['text']}")
        await respond(text="and later", response_type="in_channel")

    done = await there.act("command", command="/book", text="tue 3pm")
    assert done["ok"]
    later, at_once = await there.messages()
    assert (at_once["text"], at_once["ephemeral"]) == ("You said tue 3pm", True)
    assert (later["text"], later["ephemeral"]) == ("and later", False)

    for _ in range(4):
        async with there.session.post(urls[0], json={"text": "more"}) as answer:
            assert await answer.text() == "ok"
    async with there.session.post(urls[0], json={"text": "too much"}) as answer:
        assert (answer.status, (await answer.json())["error"]) == (404, "used_url")


async def test_a_response_url_ends_after_half_an_hour_of_the_sandbox_clock(
    there: Workspace, bolt: AsyncApp
) -> None:
    urls: list[str] = []

    @bolt.command("/help")
    async def on_help(ack: AsyncAck, command: Json) -> None:
        urls.append(command["response_url"])
        await ack()

    await there.act("command", command="/help")
    there.standin.clock.advance(31 * 60)
    async with there.session.post(urls[0], json={"text": "late"}) as answer:
        assert (answer.status, (await answer.json())["error"]) == (404, "expired_url")


async def test_a_button_edits_its_message(there: Workspace, bolt: AsyncApp) -> None:
    pressed: list[Json] = []

    @bolt.action("book")
    async def on_book(ack: AsyncAck, body: Json, respond: AsyncRespond) -> None:
        pressed.append(body)
        await ack()
        await respond(text="Booked", replace_original=True)

    channel = await there.direct()
    confirm = {"title": plain("Sure?"), "text": plain("It costs."), "confirm": plain("Book"), "deny": plain("No")}
    row = actions(
        button("Book", "book", value="hold/3", confirm=confirm), button("Site", "site", url="https://a.example")
    )
    posted = await there.client.chat_postMessage(channel=channel, text="Choose", blocks=row)

    asking = await there.act("click", text="Book")
    assert asking["confirm"]["title"]["text"] == "Sure?"
    assert (await there.act("click", text="Book", confirm=False))["delivered"] is False
    assert pressed == []
    assert (await there.act("click", text="Book", ts=posted["ts"], confirm=True))["ok"]
    [body] = pressed
    assert body["actions"][0]["value"] == "hold/3"
    assert body["container"] == {
        "type": "message",
        "message_ts": posted["ts"],
        "channel_id": channel,
        "is_ephemeral": False,
    }
    assert [message["text"] for message in await there.messages()] == ["Booked"]
    missing = await there.act("click", text="Book", ts=posted["ts"])
    assert (missing["ok"], missing["error"]) == (False, "no such message for this person")


async def test_choices_of_every_kind_are_kept_and_sent(there: Workspace, bolt: AsyncApp) -> None:
    pressed: list[Json] = []

    @bolt.action({"block_id": "row"})
    async def on_any(ack: AsyncAck, body: Json) -> None:
        pressed.append(body)
        await ack()

    options = [{"text": plain(f"Option {n}"), "value": str(n)} for n in (1, 2)]
    row = actions(
        {"type": "static_select", "action_id": "select", "placeholder": plain("Pick"), "options": options},
        {"type": "overflow", "action_id": "more", "options": [{"text": plain("Cancel it"), "value": "c"}]},
        {"type": "datepicker", "action_id": "day", "initial_date": "2026-12-01"},
        {"type": "timepicker", "action_id": "time"},
        {"type": "users_select", "action_id": "user"},
        {"type": "checkboxes", "action_id": "boxes", "options": options},
    )
    await there.client.chat_postMessage(channel=await there.direct(), text="Choose", blocks=row)
    await there.act("click", action_id="select", text="Option 2")
    await there.act("click", text="Cancel it")
    await there.act("click", action_id="day", value="2026-12-24")
    await there.act("click", action_id="time", value="14:30")
    await there.act("click", action_id="user", value=there.user)
    assert (await there.act("click", action_id="boxes", value=["1", "Option 2"]))["ok"]
    sent = [body["actions"][0] for body in pressed]
    assert [one.get("selected_option", {}).get("value") for one in sent[:2]] == ["2", "c"]
    assert sent[2]["selected_date"] == "2026-12-24"
    assert sent[3]["selected_time"] == "14:30"
    assert sent[4]["selected_user"] == there.user
    assert [option["value"] for option in sent[5]["selected_options"]] == ["1", "2"]
    values = pressed[-1]["state"]["values"]["row"]
    assert values["select"]["selected_option"]["value"] == "2"
    assert "more" not in values
    wrong = await there.act("click", action_id="select", value="9")
    assert wrong["error"] == "no option '9'; offered: Option 1, Option 2"


async def test_a_modal_opens_complains_and_closes(there: Workspace, bolt: AsyncApp) -> None:
    submitted: list[Json] = []

    @bolt.command("/settings")
    async def on_settings(ack: AsyncAck, body: Json, client: AsyncWebClient) -> None:
        name = asked("Name", "name", {"type": "plain_text_input", "min_length": 2})
        mail = asked("Mail", "mail", {"type": "email_text_input"}, optional=True)
        view = modal(name, mail, callback_id="settings", private_metadata="draft 4")
        await client.views_open(trigger_id=body["trigger_id"], view=view)
        await ack()

    @bolt.view("settings")
    async def on_save(ack: AsyncAck, view: Json) -> None:
        submitted.append(view)
        if view["state"]["values"]["name"]["a"]["value"] == "taken":
            await ack(response_action="errors", errors={"name": "That name is taken."})
        else:
            await ack()

    assert (await there.act("command", command="/settings"))["ok"]
    [view] = (await there.state())["modals"]
    assert (view["callback_id"], view["private_metadata"]) == ("settings", "draft 4")

    empty = await there.act("submit")
    assert (empty["error"], empty["errors"]) == (
        "client_validation",
        {"name": "Please complete this required field."},
    )
    short = await there.act("submit", fields={"Name": "x", "Mail": "nowhere"})
    assert set(short["errors"]) == {"name", "mail"}
    assert submitted == []
    taken = await there.act("submit", fields={"Name": "taken", "Mail": ""})
    assert (taken["response_action"], taken["errors"]) == ("errors", {"name": "That name is taken."})
    assert (await there.state())["modals"][0]["errors"] == {"name": "That name is taken."}
    saved = await there.act("submit", view=view["id"], values={"name": {"a": "Cleo"}})
    assert (saved["ok"], saved["response_action"]) == (True, "close")
    assert (await there.state())["modals"] == []
    assert submitted[-1]["state"]["values"]["mail"]["a"] == {"type": "email_text_input", "value": None}


async def test_modals_stack_update_and_clear(there: Workspace, bolt: AsyncApp) -> None:
    refused: list[str] = []

    @bolt.command("/setup")
    async def on_setup(ack: AsyncAck, body: Json, client: AsyncWebClient) -> None:
        await ack()
        view = modal(*actions(button("Deeper", "deeper")), callback_id="root", notify_on_close=True)
        await client.views_open(trigger_id=body["trigger_id"], view=view)

    @bolt.action("deeper")
    async def on_deeper(ack: AsyncAck, body: Json, client: AsyncWebClient) -> None:
        await ack()
        view = modal(*actions(button("Deeper", "deeper")), callback_id="pushed")
        try:
            await client.views_push(trigger_id=body["trigger_id"], view=view)
        except SlackApiError as refusal:
            refused.append(refusal.response["error"])

    @bolt.view("pushed")
    async def on_pushed(ack: AsyncAck, view: Json, client: AsyncWebClient) -> None:
        root = modal(*actions(button("Deeper", "deeper")), callback_id="updated")
        await client.views_update(view_id=view["root_view_id"], view=root)
        with pytest.raises(SlackApiError, match="hash_conflict"):
            await client.views_update(view_id=view["root_view_id"], view=root, hash="stale")
        await ack()

    @bolt.view("updated")
    async def on_updated(ack: AsyncAck) -> None:
        await ack(response_action="clear")

    await there.act("command", command="/setup")
    for _ in range(3):
        await there.act("click", view="top", text="Deeper")
    assert refused == ["push_limit_reached"]
    root, first, second = (await there.state())["modals"]
    assert (second["previous_view_id"], second["root_view_id"]) == (first["id"], root["id"])
    await there.act("submit")
    await there.act("submit")
    [left] = (await there.state())["modals"]
    assert left["callback_id"] == "updated"
    assert (await there.act("submit"))["response_action"] == "clear"
    assert (await there.state())["modals"] == []


async def test_a_submission_may_update_push_or_be_misanswered(there: Workspace, bolt: AsyncApp) -> None:
    answers: list[Json] = [
        {"response_action": "errors", "errors": {"nowhere": "No."}},
        {"response_action": "update", "view": modal(callback_id="root")},
        {"response_action": "update", "view": modal(*actions(button("x", "x")), callback_id="root")},
        {"response_action": "push", "view": modal(*actions(button("y", "y")), callback_id="root")},
        {},
    ]

    @bolt.command("/setup")
    async def on_setup(ack: AsyncAck, body: Json, client: AsyncWebClient) -> None:
        await ack()
        name = asked("Name", "name", {"type": "plain_text_input", "initial_value": "Cleo"})
        await client.views_open(trigger_id=body["trigger_id"], view=modal(name, callback_id="root"))

    @bolt.view("root")
    async def on_root(ack: AsyncAck) -> None:
        await ack(**answers.pop(0))

    await there.act("command", command="/setup")
    assert "no input block has this block_id" in (await there.act("submit"))["error"]
    assert "no less than 1 items allowed" in (await there.act("submit"))["error"]
    assert [view["blocks"][0]["type"] for view in (await there.state())["modals"]] == ["input"]
    assert (await there.act("submit"))["response_action"] == "update"
    assert (await there.act("submit"))["response_action"] == "push"
    shown = [view["blocks"][0]["elements"][0]["text"]["text"] for view in (await there.state())["modals"]]
    assert shown == ["x", "y"]
    assert (await there.act("submit"))["response_action"] == "close"
    assert len((await there.state())["modals"]) == 1


async def test_an_ephemeral_message_is_replaced_and_removed_by_its_response_url(
    there: Workspace, bolt: AsyncApp
) -> None:
    pressed: list[Json] = []

    @bolt.action("go")
    async def on_go(ack: AsyncAck, body: Json, respond: AsyncRespond) -> None:
        pressed.append(body)
        await ack()
        await respond(text="Going", blocks=actions(button("End", "end")), replace_original=True)

    @bolt.action("end")
    async def on_end(ack: AsyncAck, respond: AsyncRespond) -> None:
        await ack()
        await respond(delete_original=True)

    made = await there.control("users", {"team": there.team, "name": "max"})
    lobby = {"team": there.team, "name": "lobby", "members": [there.user, made["user"]], "bot": True}
    channel = (await there.control("channels", lobby))["channel"]
    row = actions(button("Go", "go"))
    await there.client.chat_postEphemeral(channel=channel, user=there.user, text="psst", blocks=row)

    async def seen_by(user: str) -> list[str]:
        shown = await there.state(user)
        [there_too] = [one for one in shown["channels"] if one["id"] == channel]
        return [message["text"] for message in there_too["messages"]]

    assert (await seen_by(there.user), await seen_by(made["user"])) == (["psst"], [])
    assert (await there.act("click", channel=channel, text="Go"))["ok"]
    assert await seen_by(there.user) == ["Going"]
    assert pressed[0]["container"]["is_ephemeral"]
    assert "message" not in pressed[0]
    assert (await there.act("click", channel=channel, text="End"))["ok"]
    assert await seen_by(there.user) == []


async def test_workspaces_know_nothing_of_each_other(there: Workspace, bolt: AsyncApp) -> None:
    heard: list[str] = []

    @bolt.event("message")
    async def on_message(body: Json, say: AsyncSay) -> None:
        heard.append(body["team_id"])
        await say(text=f"Welcome to {body['team_id']}")

    other = (await there.control("teams", {"name": "Second", "id": "T0BBB"}))["team"]
    await there.control("users", {"team": other, "name": "cleo", "id": "U0AAA"})
    token = (await there.control("install", {"team": other}))["token"]
    await there.act("say", team=other, text="hello")
    assert heard == ["T0BBB"]
    assert await there.messages() == []
    elsewhere = await there.direct()
    there.team = other
    assert [message["text"] for message in await there.messages()] == ["hello", "Welcome to T0BBB"]
    stranger = AsyncWebClient(token, base_url=f"{there.served.url}/api/", session=there.session)
    with pytest.raises(SlackApiError, match="channel_not_found"):
        await stranger.chat_postMessage(channel=elsewhere, text="x")


async def test_a_closed_modal_is_told_if_it_asked(there: Workspace, bolt: AsyncApp) -> None:
    closed: list[Json] = []

    @bolt.command("/setup")
    async def on_setup(ack: AsyncAck, body: Json, client: AsyncWebClient) -> None:
        await ack()
        view = modal(*actions(button("x", "x")), callback_id="root", notify_on_close=True)
        await client.views_open(trigger_id=body["trigger_id"], view=view)

    @bolt.view_closed("root")
    async def on_closed(ack: AsyncAck, body: Json) -> None:
        closed.append(body)
        await ack()

    await there.act("command", command="/setup")
    assert (await there.act("close"))["ok"]
    assert [body["is_cleared"] for body in closed] == [False]
    assert (await there.act("close"))["error"] == "that view is not on top"


async def test_a_trigger_is_used_once_and_within_three_seconds(there: Workspace, bolt: AsyncApp) -> None:
    triggers: list[str] = []

    @bolt.command("/book")
    async def on_book(ack: AsyncAck, body: Json) -> None:
        triggers.append(body["trigger_id"])
        await ack()

    async def error_of(trigger: str) -> str:
        with pytest.raises(SlackApiError) as raised:
            await there.client.views_open(trigger_id=trigger, view=modal(*actions(button("x", "x"))))
        return str(raised.value.response["error"])

    await there.act("command", command="/book")
    await there.client.views_open(trigger_id=triggers[0], view=modal(*actions(button("x", "x"))))
    assert await error_of(triggers[0]) == "exchanged_trigger_id"
    assert await error_of("1.2.3") == "invalid_trigger_id"
    await there.act("command", command="/book")
    await asyncio.sleep(3.1)
    assert await error_of(triggers[1]) == "expired_trigger_id"


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


async def _until(heard: list[tuple[str | None, str, str]], count: int) -> None:
    async with asyncio.timeout(5):
        while len(heard) < count:  # noqa: ASYNC110 - filled by the receiver's own requests
            await asyncio.sleep(0.01)


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
