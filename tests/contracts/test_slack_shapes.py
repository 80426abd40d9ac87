"""The Slack stand-in held against Slack's own samples: what it sends to the app and what its API answers.

Without the samples (`tests.support.specs`) these checks are left out, and pytest tells their number.
"""

import asyncio
import json
from typing import Any
from urllib.parse import parse_qs

import pytest
from aiohttp import web

from bot.sandbox.slack.events import DEFAULT_SUBSCRIPTIONS
from bot.sandbox.standin import serve
from tests.sandbox.slack.slack_driver import Json, Workspace, workspace
from tests.support.specs import described

PAYLOADS = {
    "message": "events/MessagePayload.json",
    "message_changed": "events/MessageChangedPayload.json",
    "message_deleted": "events/MessageDeletedPayload.json",
    "file_share": "events/MessageFileSharePayload.json",
    "app_home_opened": "events/AppHomeOpenedPayload.json",
    "user_change": "events/UserChangePayload.json",
    "app_uninstalled": "events/AppUninstalledPayload.json",
    "tokens_revoked": "events/TokensRevokedPayload.json",
    "command": "app-backend/SlashCommandPayload.json",
    "block_actions": "app-backend/BlockActionPayload.json",
    "view_submission": "app-backend/ViewSubmissionPayload.json",
    "view_closed": "app-backend/ViewClosedPayload.json",
}
METHODS = (
    "apps.uninstall",
    "auth.test",
    "auth.revoke",
    "chat.delete",
    "chat.postEphemeral",
    "conversations.info",
    "files.completeUploadExternal",
    "files.getUploadURLExternal",
    "oauth.v2.access",
    "team.info",
    "users.info",
    "users.list",
    "views.open",
    "views.publish",
    "views.push",
    "views.update",
)
# Ends of paths that Slack sends although its samples leave them out or empty.
ADDITIONS = (
    "event.app_id",
    "event.bot_id",
    "event.bot_profile",
    "event.team",
    "files[].channels",
    "files[].groups",
    "files[].ims",
    "message.app_id",
    "event.event_ts",
    "text.verbatim",
    "elements[].options",
    "view.blocks",
    "response_urls",
    "channel.user",
    ".revoked",
)
# Ends of paths where Slack sends null although its samples show another type.
NULLS = (".enterprise_id", ".enterprise", ".tz", "view.close", "view.submit", "view.previous_view_id")
# Blocks of typed words, of which the samples of messages have none.
UNSAMPLED = ("rich_text",)
# Booleans that a form can only carry as words.
WORDS = ("is_enterprise_install",)
# Maps whose keys are ids of ours.
OPEN_MAPS = ("values", "event_payload")


def misfits(ours: Any, sample: Any, path: str = "") -> list[str]:
    """What ours has that the sample has not, or has as another JSON type."""
    if ours is None:
        return [] if f".{path}".endswith(NULLS) or sample is None else [f"{path}: null"]
    if isinstance(ours, bool) or not isinstance(ours, dict | list):
        return [] if _kind(ours) == _kind(sample) else [f"{path}: {_kind(ours)} instead of {_kind(sample)}"]
    if isinstance(ours, list) and isinstance(sample, list):
        return [one for item in ours for one in _in_list(item, sample, f"{path}[]")]
    if not isinstance(ours, dict) or not isinstance(sample, dict):
        return [f"{path}: {_kind(ours)} instead of {_kind(sample)}"]
    found = []
    for name, value in ours.items():
        there = f"{path}.{name}".removeprefix(".")
        if name in OPEN_MAPS or f".{there}".endswith(ADDITIONS):
            continue
        found += [f"{there}: not in the sample"] if name not in sample else misfits(value, sample[name], there)
    return found


def _in_list(item: Any, samples: list[Any], path: str) -> list[str]:
    """The best fit among the sample's items of the same type."""
    named = item.get("type") if isinstance(item, dict) else None
    alike = [one for one in samples if not named or (isinstance(one, dict) and one.get("type") in (named, ""))]
    if not alike:
        return [f"{path}: no sample of {named}"] if samples and named not in UNSAMPLED else []
    return min((misfits(item, one, path) for one in alike), key=len)


def _kind(value: Any) -> str:
    if isinstance(value, bool):
        return "boolean"
    return {"str": "string", "int": "number", "float": "number"}.get(type(value).__name__, type(value).__name__)


def section(words: str) -> Json:
    return {"type": "section", "text": {"type": "mrkdwn", "text": words}}


def buttons() -> list[Json]:
    confirm = {name: {"type": "plain_text", "text": name} for name in ("title", "text", "confirm", "deny")}
    pick = {"text": {"type": "plain_text", "text": "One"}, "value": "1"}
    return [
        section("Choose *one*"),
        {
            "type": "actions",
            "elements": [
                {"type": "button", "text": {"type": "plain_text", "text": "Book"}, "value": "b", "confirm": confirm},
                {"type": "static_select", "action_id": "s", "options": [pick]},
                {"type": "datepicker", "action_id": "d"},
            ],
        },
    ]


def modal(**more: object) -> Json:
    name: Json = {
        "type": "input",
        "label": {"type": "plain_text", "text": "Name"},
        "element": {"type": "plain_text_input"},
    }
    words = {key: {"type": "plain_text", "text": key} for key in ("title", "submit", "close")}
    return {"type": "modal", **words, "blocks": [name, *buttons()], "notify_on_close": True, **more}


class Receiver:
    """Plays the app: keeps every payload, opens a modal for each command."""

    def __init__(self, there: Workspace) -> None:
        self.there = there
        self.heard: dict[str, list[Json]] = {}

    async def receive(self, request: web.Request) -> web.Response:
        body = await request.text()
        if request.content_type == "application/json":
            payload = json.loads(body)
            name = payload["event"].get("subtype", payload["event"]["type"])
        else:
            form = {key: values[0] for key, values in parse_qs(body, keep_blank_values=True).items()}
            fields = {key: value == "true" if key in WORDS else value for key, value in form.items()}
            payload = json.loads(form["payload"]) if "payload" in form else fields
            name = payload.get("type", "command")
        self.heard.setdefault(name, []).append(payload)
        if name == "command":
            await self.there.client.views_open(trigger_id=payload["trigger_id"], view=modal())
        if name == "block_actions" and payload["container"]["type"] == "view":
            await self.there.client.views_push(trigger_id=payload["trigger_id"], view=modal())
        return web.Response()


async def play(there: Workspace, receiver: Receiver) -> None:
    """One of every payload and every answer."""
    client, identity = there.client, there.standin.identity
    await client.views_publish(user_id=there.user, view={"type": "home", "blocks": buttons()})
    await there.act("open_home")
    await there.act("say", text="hello")
    channel = await there.direct()
    posted = await client.chat_postMessage(channel=channel, text="x", blocks=buttons())
    for chosen in ({"text": "Book", "confirm": True}, {"text": "One"}, {"action_id": "d", "value": "2026-12-01"}):
        await there.act("click", ts=posted["ts"], **chosen)
    await client.chat_update(channel=channel, ts=posted["ts"], text="y", blocks=buttons())
    await client.chat_delete(channel=channel, ts=posted["ts"])
    await client.chat_postEphemeral(channel=channel, user=there.user, text="z", blocks=buttons())
    await there.act("click", text="One")
    await there.act("command", command="/book")
    await there.act("click", view="top", text="One")
    [_, top] = (await there.state())["modals"]
    await client.views_update(view_id=top["id"], view=modal(external_id="e1", callback_id="c1"))
    await there.act("submit", fields={"Name": "Cleo"})
    await there.act("close")
    await client.files_upload_v2(channel=channel, content="BEGIN:VCALENDAR", filename="x.ics")
    await client.conversations_info(channel=channel)
    await client.conversations_info(channel=next(iter(there.standin.slack.teams[there.team].channels)))
    for call in (client.auth_test, client.team_info, client.users_list):
        await call()
    await client.users_info(user=there.user, include_locale=True)
    await there.act("profile", tz=None)
    await client.users_info(user=there.user)
    await client.auth_revoke()
    there.token = (await there.act("install"))["token"]
    secrets = {"client_id": identity.client_id, "client_secret": identity.client_secret}
    await there.client.apps_uninstall(**secrets)
    form = {"client_id": identity.client_id, "scope": "commands", "redirect_uri": "http://127.0.0.1:1/"}
    who = {"who": f"{there.team}/{there.user}", "answer": "allow"}
    address = f"{there.served.url}/oauth/v2/authorize"
    async with there.session.post(address, data=form | who, allow_redirects=False) as allowed:
        code = allowed.headers["Location"].partition("code=")[2].partition("&")[0]
    async with there.session.post(f"{there.served.url}/api/oauth.v2.access", data=secrets | {"code": code}) as got:
        assert (await got.json())["ok"]
    async with asyncio.timeout(30):
        while set(receiver.heard) != set(PAYLOADS):  # noqa: ASYNC110 - events come when they come
            await asyncio.sleep(0.02)


@pytest.fixture(scope="module")
def played() -> tuple[dict[str, list[Json]], dict[str, list[Json]]]:
    """Every payload that the app got, by name, and every good answer of the Web API, by method."""

    async def run() -> tuple[dict[str, list[Json]], dict[str, list[Json]]]:
        async with workspace() as there:
            receiver = Receiver(there)
            app = web.Application()
            app.router.add_post("/slack/events", receiver.receive)
            served = await serve(app)
            there.standin.settings.request_url = f"{served.url}/slack/events"
            there.standin.settings.subscriptions = DEFAULT_SUBSCRIPTIONS
            await play(there, receiver)
            answers: dict[str, list[Json]] = {}
            for call in there.standin.journal.calls():
                if call.path.startswith("/api/") and call.answer and call.answer["ok"]:
                    answers.setdefault(call.name, []).append(call.answer)
            await served.close()
            return receiver.heard, answers

    return asyncio.run(run())


def sample(name: str) -> Json:
    read: Json = json.loads(described(f"slack/{name}").read_text())
    return read


@pytest.mark.parametrize("name", PAYLOADS)
def test_payloads_have_the_shape_of_slacks_samples(
    name: str, played: tuple[dict[str, list[Json]], dict[str, list[Json]]]
) -> None:
    known = sample(PAYLOADS[name])
    assert played[0][name]
    assert sorted({wrong for payload in played[0][name] for wrong in misfits(payload, known)}) == []


@pytest.mark.parametrize("method", METHODS)
def test_answers_have_the_shape_of_slacks_samples(
    method: str, played: tuple[dict[str, list[Json]], dict[str, list[Json]]]
) -> None:
    known = sample(f"api/{method}.json")
    assert played[1][method]
    assert sorted({wrong for answer in played[1][method] for wrong in misfits(answer, known)}) == []
