"""The Web API of the Slack stand-in, driven by the real slack_sdk client."""

import pytest
from slack_sdk.errors import SlackApiError

from bot.sandbox.slack.limits import RateLimits
from bot.sandbox.slack.standin import SlackStandIn
from tests.sandbox.slack.slack_driver import Json, Workspace, workspace


def button(action_id: str = "0", text: str = "Book", **more: object) -> Json:
    return {"type": "button", "action_id": action_id, "text": {"type": "plain_text", "text": text}, **more}


def section(text: str = "Hello", **more: object) -> Json:
    return {"type": "section", "text": {"type": "mrkdwn", "text": text}, **more}


async def refusal(there: Workspace, method: str, **args: object) -> str:
    with pytest.raises(SlackApiError) as raised:
        await there.client.api_call(method, json=args)
    return str(raised.value.response["error"])


async def test_a_message_is_posted_edited_and_deleted(there: Workspace) -> None:
    channel = await there.direct()
    metadata = {"event_type": "reminder", "event_payload": {"id": 7}}
    posted = await there.client.chat_postMessage(
        channel=channel, text="Hi", blocks=[section(), {"type": "actions", "elements": [button()]}], metadata=metadata
    )
    assert posted["message"]["blocks"][0]["block_id"]
    [seen] = await there.messages()
    assert (seen["text"], seen["ephemeral"]) == ("Hi", False)

    history = await there.client.conversations_history(channel=channel, include_all_metadata=True)
    assert history["messages"][0]["metadata"] == metadata

    await there.client.chat_update(channel=channel, ts=posted["ts"], text="Changed")
    [seen] = await there.messages()
    assert seen["text"] == "Changed"
    assert "blocks" not in seen, "text without blocks takes the blocks away"
    assert seen["metadata"] == metadata

    await there.client.chat_delete(channel=channel, ts=posted["ts"])
    assert await there.messages() == []


async def test_everyone_and_everything_can_be_read(there: Workspace) -> None:
    client = there.client
    person = (await client.users_info(user=there.user, include_locale=True))["user"]
    assert (person["tz"], person["locale"]) == ("Europe/Berlin", "en-US")
    assert "locale" not in (await client.users_info(user=there.user))["user"]
    assert (await client.team_info())["team"]["name"] == "Harbour Coaching"
    assert {one["id"] for one in (await client.users_list(limit=1))["members"]} == {there.user}
    page = await client.users_list(limit=1)
    again = await client.users_list(limit=1, cursor=page["response_metadata"]["next_cursor"])
    assert again["members"][0]["is_bot"]
    channels = (await client.conversations_list(types="public_channel"))["channels"]
    assert [channel["name"] for channel in channels] == ["general"]
    members = await client.conversations_members(channel=channels[0]["id"])
    assert members["members"] == [there.user]
    assert (await client.conversations_info(channel=channels[0]["id"]))["channel"]["is_member"] is False
    assert (await client.auth_test())["team_id"] == there.team


@pytest.mark.parametrize(
    ("method", "args", "error"),
    [
        ("chat.postMessage", {"channel": "D", "text": "x"}, "channel_not_found"),
        ("chat.postMessage", {"channel": "U0AAA", "text": "x"}, "channel_not_found"),
        ("chat.postMessage", {"text": "x"}, "invalid_arguments"),
        ("chat.postMessage", {"channel": "DM", "text": "x", "txet": "y"}, "invalid_arguments"),
        ("chat.postMessage", {"channel": "DM"}, "no_text"),
        ("chat.postMessage", {"channel": "DM", "text": "x" * 40_001}, "msg_too_long"),
        ("chat.postMessage", {"channel": "DM", "text": "x", "blocks": "{"}, "invalid_blocks_format"),
        ("chat.postMessage", {"channel": "DM", "text": "x", "metadata": {"a": 1}}, "invalid_metadata_format"),
        ("chat.postMessage", {"channel": "GENERAL", "text": "x"}, "not_in_channel"),
        ("chat.update", {"channel": "DM", "ts": "1.2", "text": "x"}, "message_not_found"),
        ("chat.postEphemeral", {"channel": "DM", "user": "U9", "text": "x"}, "user_not_found"),
        ("conversations.open", {"users": "U9"}, "user_not_found"),
        ("users.info", {"user": "U9"}, "user_not_found"),
        ("views.update", {"view_id": "V9", "view": {}}, "not_found"),
        ("chat.nonsense", {}, "unknown_method"),
    ],
)
async def test_refusals_are_worded_as_slack_words_them(there: Workspace, method: str, args: Json, error: str) -> None:
    general = next(iter(there.standin.slack.teams[there.team].channels))
    places = {"DM": await there.direct(), "GENERAL": general}
    named = {name: places.get(value, value) if name == "channel" else value for name, value in args.items()}
    assert await refusal(there, method, **named) == error


@pytest.mark.parametrize(
    "blocks",
    [
        [section("x" * 3001)],
        [section("")],
        [section() for _ in range(51)],
        [{"type": "header", "text": {"type": "plain_text", "text": "x" * 151}}],
        [{"type": "header", "text": {"type": "mrkdwn", "text": "x"}}],
        [{"type": "actions", "elements": [button("a"), button("a")]}],
        [{"type": "actions", "elements": [button(str(n)) for n in range(26)]}],
        [section(block_id="same"), section(block_id="same")],
        [{"type": "actions", "elements": [button(value="x" * 2001)]}],
        [{"type": "actions", "elements": [button(text="x" * 76)]}],
        [{"type": "actions", "elements": [button(style="loud")]}],
        [{"type": "actions", "elements": [button(confirm={"title": {"type": "plain_text", "text": "x"}})]}],
        [{"type": "actions", "elements": [button(colour="red")]}],
        [{"type": "context", "elements": [{"type": "mrkdwn", "text": "x"}] * 11}],
        [{"type": "context", "elements": []}],
        [{"type": "image", "image_url": "https://a.example/x.png"}],
        [{"type": "section", "fields": [{"type": "mrkdwn", "text": "x"}] * 11}],
        [{"type": "marquee"}],
        ["section"],
        [section(accessory={"type": "overflow", "options": []})],
        [section(accessory={"type": "static_select", "options": [{"text": {"type": "mrkdwn", "text": "x"}}]})],
    ],
)
async def test_blocks_that_slack_would_refuse_are_refused(there: Workspace, blocks: list[object]) -> None:
    with pytest.raises(SlackApiError) as raised:
        await there.client.api_call(
            "chat.postMessage", json={"channel": await there.direct(), "text": "x", "blocks": blocks}
        )
    assert raised.value.response["error"] == "invalid_blocks"
    assert "json-pointer:/blocks" in raised.value.response["response_metadata"]["messages"][0]


async def test_only_own_and_lasting_messages_are_edited(there: Workspace) -> None:
    channel = await there.direct()
    said = await there.act("say", text="a < b & <@U0AAA>")
    assert (await there.messages())[0]["text"] == "a &lt; b &amp; <@U0AAA>"
    assert await refusal(there, "chat.update", channel=channel, ts=said["ts"], text="x") == "cant_update_message"
    assert await refusal(there, "chat.delete", channel=channel, ts=said["ts"]) == "cant_delete_message"
    hidden = await there.client.chat_postEphemeral(channel=channel, user=there.user, text="psst")
    ts = hidden["message_ts"]
    assert await refusal(there, "chat.update", channel=channel, ts=ts, text="x") == "message_not_found"
    assert (await there.messages())[-1]["ephemeral"]
    history = await there.client.conversations_history(channel=channel)
    assert [message["text"] for message in history["messages"]] == ["a &lt; b &amp; <@U0AAA>"]


async def test_home_is_published_and_its_hash_guards_it(there: Workspace) -> None:
    first = await there.client.views_publish(user_id=there.user, view={"type": "home", "blocks": [section("1")]})
    await there.client.views_publish(
        user_id=there.user, view={"type": "home", "blocks": [section("2")]}, hash=first["view"]["hash"]
    )
    home = (await there.state())["home"]
    assert home["blocks"][0]["text"]["text"] == "2"
    assert home["id"] == first["view"]["id"]
    stale = {"user_id": there.user, "view": {"type": "home", "blocks": []}, "hash": first["view"]["hash"]}
    assert await refusal(there, "views.publish", **stale) == "hash_conflict"


async def test_tokens_of_closed_workspaces_are_told_apart(there: Workspace) -> None:
    assert await refusal(there, "auth.test", token="xoxb-unknown") == "invalid_auth"
    await there.act("uninstall", revoked=True)
    assert await refusal(there, "auth.test") == "token_revoked"
    there.token = (await there.act("install"))["token"]
    assert (await there.client.auth_test())["ok"]
    await there.act("uninstall")
    assert await refusal(there, "auth.test") == "account_inactive"
    there.token = ""
    assert await refusal(there, "auth.test") == "not_authed"


async def test_too_many_messages_in_a_channel_are_429() -> None:
    async with workspace(SlackStandIn(limits=RateLimits(post_burst=2))) as there:
        channel = await there.direct()
        for _ in range(2):
            await there.client.chat_postMessage(channel=channel, text="x")
        with pytest.raises(SlackApiError) as raised:
            await there.client.chat_postMessage(channel=channel, text="x")
        assert raised.value.response.status_code == 429
        assert raised.value.response.headers["Retry-After"] == "1"
        assert raised.value.response["error"] == "ratelimited"
        general = (await there.control("channels", {"team": there.team, "name": "lobby", "bot": True}))["channel"]
        await there.client.chat_postMessage(channel=general, text="another channel has its own limit")


async def test_a_file_is_uploaded_shown_and_kept_private(there: Workspace) -> None:
    channel = await there.direct()
    done = await there.client.files_upload_v2(
        channel=channel, content=b"\x89PNG...", filename="week.png", title="The week", initial_comment="Look"
    )
    [message] = await there.messages()
    [shown] = message["files"]
    assert (message["text"], shown["title"], shown["mimetype"]) == ("Look", "The week", "image/png")
    async with there.session.get(there.served.url + shown["page_url"]) as page:
        assert await page.read() == b"\x89PNG..."
    async with there.session.get(done["file"]["url_private"]) as stranger:
        assert stranger.status == 403
    bearer = {"Authorization": f"Bearer {there.token}"}
    async with there.session.get(done["file"]["url_private"], headers=bearer) as own:
        assert await own.read() == b"\x89PNG..."


async def test_failures_on_request(there: Workspace) -> None:
    channel = await there.direct()
    there.standin.faults.add(match="chat.postMessage", kind="rate_limit", retry_after=7)
    with pytest.raises(SlackApiError) as raised:
        await there.client.chat_postMessage(channel=channel, text="x")
    assert (raised.value.response.status_code, raised.value.response.headers["Retry-After"]) == (429, "7")
    assert [call.answer_status for call in there.standin.journal.calls("chat.postMessage")] == [429]
