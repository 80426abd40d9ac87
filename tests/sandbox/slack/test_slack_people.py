"""What people do reaches a bolt app, and what it answers is what they see."""

import pytest
from slack_bolt.async_app import AsyncAck, AsyncApp, AsyncRespond, AsyncSay
from slack_sdk.errors import SlackApiError
from slack_sdk.web.async_client import AsyncWebClient

from tests.sandbox.slack.slack_driver import Json, Workspace
from tests.sandbox.slack.slack_parts import actions, button, plain


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


async def test_a_response_url_ends_after_half_an_hour_of_the_sandbox_clock(there: Workspace, bolt: AsyncApp) -> None:
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
