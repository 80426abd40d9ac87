"""POST /slack/events: which requests are accepted, how they are answered, and that each acts once."""

import json
import time
from urllib.parse import urlencode

import pytest

from bot.tally import REFUSED
from tests.channels.slack.slack_payloads import FILLED, HELLO, TAP, event, words
from tests.channels.slack.slack_setup import Json, SlackSetup

FORM = "application/x-www-form-urlencoded"


async def test_slack_alone_comes_in(slack: SlackSetup) -> None:
    good = slack.signed(HELLO)
    now = int(time.time())
    stamp, signature = "X-Slack-Request-Timestamp", "X-Slack-Signature"
    refused = [
        {"Content-Type": "application/json"},
        {**good, signature: "v0=" + "0" * 64},
        {**good, signature: "v0=ü"},
        {**good, signature: ""},
        {**good, stamp: str(now - 1)},
        {**good, stamp: "soon"},
        {**good, stamp: "٣" * 10},
        {**good, stamp: "1" * 5000},
        slack.signed(HELLO, at=str(now - 301)),
        slack.signed(HELLO, at=str(now + 400)),
        slack.signed(HELLO, at="-5"),
    ]
    before = REFUSED._counts["slack: signature"]
    for headers in refused:
        status, _body = await slack.post(HELLO, headers)
        assert status == 401, headers
    assert REFUSED._counts["slack: signature"] == before + len(refused)
    assert slack.front.heard == []


@pytest.mark.parametrize(
    ("body", "content", "status"),
    [
        (b"not json", "application/json", 400),
        (b"[1]", "application/json", 400),
        (b"{}", "application/json", 400),
        (b"", "application/json", 400),
        (b"\xff\xfe", "application/json", 401),
        (b"[" * 100_000, "application/json", 400),
        (b'{"a": 1}', "application/json", 400),
        (b"payload=nothing", FORM, 400),
        (b"payload=%7B%7D", FORM, 400),
        (b"command=%2Fbook&user_id=U1&team_id=T1", FORM, 400),
        (b"command=%2Fbook&trigger_id=1&team_id=T1", FORM, 400),
        (HELLO, "text/plain", 415),
        (b"x" * (1024 * 1024 + 1), "application/json", 413),
        (b'{"type": "url_verification"}', "application/json", 400),
    ],
)
async def test_what_is_not_a_payload_is_refused(slack: SlackSetup, body: bytes, content: str, status: int) -> None:
    assert (await slack.post(body, slack.signed(body, content)))[0] == status


def without(payload: Json, *path: str) -> Json:
    copy = json.loads(json.dumps(payload))
    inner = copy
    for name in path[:-1]:
        inner = inner[name]
    del inner[path[-1]]
    return dict(copy)


@pytest.mark.parametrize(
    "payload",
    [
        without(words("x"), "event_id"),
        without(words("x"), "team_id"),
        without(words("x"), "event"),
        {**words("x"), "event": []},
        {**words("x"), "event_id": {"a": 1}},
        {**words("x"), "authorizations": "none"},
        without(TAP, "user"),
        without(TAP, "team"),
        without(TAP, "actions"),
        without(TAP, "container"),
        {**TAP, "actions": []},
        {**TAP, "user": "U1"},
        without(FILLED, "view"),
        without(FILLED, "view", "id"),
        without(FILLED, "user", "id"),
    ],
)
async def test_a_payload_without_its_ids_is_refused(slack: SlackSetup, payload: Json) -> None:
    form = payload.get("type") != "event_callback"
    assert (await slack.send(payload, form=form))[0] == 400
    assert slack.front.heard == []


@pytest.mark.parametrize(
    ("payload", "form"),
    [
        ({"type": "app_rate_limited", "team_id": "T0AAA", "minute_rate_limited": 1}, False),
        (event({"type": "reaction_added", "user": "U0AAA"}), False),
        (event({"type": "tokens_revoked", "tokens": {"oauth": ["U1"]}}), False),
        ({"type": "shortcut", "team": {"id": "T0AAA"}, "user": {"id": "U0AAA"}, "trigger_id": "1"}, True),
        ({"type": "view_closed", "team": {"id": "T0AAA"}, "user": {"id": "U0AAA"}, "view": {"id": "V1"}}, True),
        ({**TAP, "actions": [{"action_id": "x", "block_id": "b", "type": "datepicker"}]}, True),
        ({**TAP, "actions": [{**TAP["actions"][0], "url": "https://example.org"}]}, True),
        ({**words("x"), "event": {"type": "message", "channel_type": "channel", "user": "U0AAA"}}, False),
    ],
)
async def test_what_is_authentic_and_not_for_us_is_acknowledged(slack: SlackSetup, payload: Json, form: bool) -> None:
    assert (await slack.send(payload, form=form))[0] == 200
    assert (slack.front.heard, slack.front.gone) == ([], [])


async def test_slack_away_changes_nothing_for_the_door(slack: SlackSetup) -> None:
    await slack.there.served.close()
    status, body = await slack.send({"type": "url_verification", "challenge": "c-1", "token": "t"})
    assert (status, json.loads(body)) == (200, {"challenge": "c-1"})
    assert (await slack.send(words("hello")))[0] == 200
    assert slack.front.heard[0].profile.name == ""
    raw = urlencode({"command": "/book", "text": "payload", "user_id": "U0AAA", "user_name": "cleo", "team_id": "T0AAA",
                     "trigger_id": "9", "channel_id": "D1"}).encode()  # fmt: skip
    assert (await slack.post(raw, slack.signed(raw, FORM)))[0] == 200
    assert slack.front.heard[1].text == "payload"
    assert (await slack.post(HELLO, {}))[0] == 401


@pytest.mark.parametrize(
    "more",
    [
        {"bot_id": "B1"},
        {"subtype": "message_changed"},
        {"subtype": "bot_message"},
        {"user": "USLACKBOT"},
        {"hidden": True},
    ],
)
async def test_bots_and_edits_are_ignored(slack: SlackSetup, more: Json) -> None:
    assert (await slack.send(words("hello", **more)))[0] == 200
    assert slack.front.heard == []


async def test_another_app_s_bot_user_is_ignored(slack: SlackSetup) -> None:
    await slack.there.control("users", {"team": "T0AAA", "name": "robot", "id": "U0BOT", "is_bot": True})
    assert (await slack.send(words("hello", user="U0BOT")))[0] == 200
    assert slack.front.heard == []


async def test_what_was_typed_is_read_as_it_was_typed(slack: SlackSetup) -> None:
    sent = "pay &lt;b&gt; $1,000.50 &amp; see <https://x.org|x.org> or <mailto:a@b.c|a@b.c> <#C1|lobby> \u0000\ud83d"
    await slack.send(words(sent))
    await slack.send({**words("/coach  join  CODE"), "event_id": "Ev2"})
    await slack.send({**words(None), "event_id": "Ev3"})
    heard = slack.front.heard
    assert heard[0].text == "pay <b> $1,000.50 & see x.org or a@b.c #lobby \ufffd"
    assert (heard[1].command, heard[1].text) == ("/coach", "join  CODE")
    assert heard[2].text == ""


async def test_words_in_a_thread_name_the_message_above_them(slack: SlackSetup) -> None:
    for number, thread in enumerate((None, "1.1", "1.2", 7, "1.1\ud83d\u0000")):
        await slack.send({**words("yes", thread_ts=thread), "event_id": f"Ev{number}"})
    assert [heard.replies_to for heard in slack.front.heard] == [None, "1.1", None, None, "1.1\ufffd"]


async def test_a_second_delivery_acts_once(slack: SlackSetup) -> None:
    await slack.there.control("settings", {"duplicate": True})
    await slack.act("say", text="hello")
    await slack.there.control("settings", {"duplicate": False})
    await slack.press("Book")
    await slack.act("command", command="/book")
    for kind in ("events_api", "interactive", "slash_commands"):
        replayed = await slack.there.control("replay", {"kind": kind})
        assert replayed["status"] == 200
    await slack.channel.settled()
    assert len(slack.front.heard) == 3
    assert len([m for m in await slack.direct() if m.get("bot_id")]) == 1


async def test_a_form_can_be_sent_again_after_its_errors(slack: SlackSetup) -> None:
    await slack.act("command", command="/form")
    await slack.act("submit", fields={"Name": "taken"})
    await slack.act("submit", fields={"Name": "Harbour"})
    names = [incoming.answers["name"] for incoming in slack.front.heard if incoming.answers is not None]
    assert names == ["taken", "Harbour"]


async def test_keys_tell_deliveries_apart_and_are_stable(slack: SlackSetup) -> None:
    await slack.send(TAP, form=True)
    await slack.send({**TAP, "trigger_id": "other"}, form=True)
    keys = [incoming.key for incoming in slack.front.heard]
    assert keys == ["slack:T0AAA:U0AAA:1.2:3.4"] * 2


async def test_words_have_their_order_by_slack_s_clock(slack: SlackSetup) -> None:
    for number, stamp in enumerate(("1780000000.000100", "1780000000.000200", "-1.5", "inf", 7)):
        await slack.send({**words("hello", event_ts=stamp), "event_id": f"Ev{number}"})
    await slack.send(TAP, form=True)
    await slack.act("command", command="/book")
    orders = [incoming.order for incoming in slack.front.heard]
    assert orders == [1780000000.0001, 1780000000.0002, None, None, None, None, None]
