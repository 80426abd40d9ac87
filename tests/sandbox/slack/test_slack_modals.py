"""Forms in modals: opened, refused, stacked, answered and closed."""

import asyncio

import pytest
from slack_bolt.async_app import AsyncAck, AsyncApp
from slack_sdk.errors import SlackApiError
from slack_sdk.web.async_client import AsyncWebClient

from tests.sandbox.slack.slack_driver import Json, Workspace
from tests.sandbox.slack.slack_parts import actions, asked, button, modal


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
