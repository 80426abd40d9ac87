"""The Slack channel sends, corrects and finds notices, and tells failures apart."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest
from aiohttp import web

from bot.channels.slack.api import InBetween, Unreadable
from bot.chat.channel import CannotReach, FellOver, PerhapsDelivered, TooMany, TryLater
from bot.chat.screen import Button, File, Line, Link, Picture, Screen
from bot.domain.people.people import Account, Platform, Unreachable
from bot.domain.practice.workspaces import Workspace, WorkspaceState
from bot.sandbox.faults import FaultKind
from bot.sandbox.standin import serve
from tests.channels.slack.slack_setup import SCREENS, SlackSetup, desk
from tests.channels.slack.slack_workspaces import LONG_AGO

TO = Account(1, 1, Platform.SLACK, "T0AAA", "U0AAA", None)
REMINDER = Screen("Tomorrow", (Line("15:00 (Kyiv)"),), ((Button("Move", "move/1"), Link("Join", "https://x.org/a_b")),))
PNG = bytes.fromhex("89504e470d0a1a0a")


async def test_a_notice_opens_the_chat_and_is_corrected(slack: SlackSetup) -> None:
    sent = await slack.channel.send(TO, REMINDER, key="rem:7")
    shown = await slack.last()
    assert (sent.message_ref, sent.chat_ref[0]) == (shown["ts"], "D")
    move, join = shown["blocks"][-1]["elements"]
    assert (move["value"], move["action_id"]) == ("!move/1", "r0c0")
    assert join["url"] == "https://x.org/a_b"
    assert shown["text"] == "Tomorrow\n15:00 (Kyiv)\nJoin: <https://x.org/a_b>"
    call = slack.there.standin.journal.calls("chat.postMessage")[0].params
    assert (call["unfurl_links"], call["unfurl_media"]) == (False, False)
    await slack.channel.edit(TO, sent, replace(REMINDER, title="Moved"))
    shown = await slack.last()
    assert shown["text"].startswith("Moved")
    assert shown["blocks"][-1]["elements"][0]["value"] == "!move/1"
    assert shown["metadata"]["event_payload"] == {"key": "rem:7"}
    await slack.there.client.chat_delete(channel=sent.chat_ref, ts=sent.message_ref)
    await slack.channel.edit(TO, sent, REMINDER)


async def test_a_notice_is_found_by_its_key(slack: SlackSetup) -> None:
    sent = await slack.channel.send(TO, REMINDER, key="rem:7")
    since = datetime.now(UTC) - timedelta(minutes=1)
    assert await slack.channel.find(TO, "rem:7", since) == sent
    assert await slack.channel.find(TO, "rem:8", since) is None


@pytest.mark.parametrize("fault", ["rate_limit", "cut"])
async def test_where_no_history_can_be_read_now_it_is_tried_later(slack: SlackSetup, fault: FaultKind) -> None:
    await slack.channel.send(TO, REMINDER, key="rem:7")
    slack.there.standin.faults.add("conversations.history", fault, times=9)
    with pytest.raises(TryLater):
        await slack.channel.find(TO, "rem:7", datetime.now(UTC))
    slack.there.standin.journal.clear()
    slack.workspaces.read_lately = True
    with pytest.raises(TryLater):
        await slack.channel.find(TO, "rem:7", datetime.now(UTC))
    assert slack.there.standin.journal.calls("conversations.history") == []


async def test_an_app_of_many_workspaces_finds_a_notice_too() -> None:
    async with desk(own_token=False) as slack:
        slack.workspaces.known["T0AAA"] = Workspace("T0AAA", None, slack.there.token, LONG_AGO)
        sent = await slack.channel.send(TO, REMINDER, key="rem:7")
        assert await slack.channel.find(TO, "rem:7", datetime.now(UTC) - timedelta(minutes=1)) == sent


async def test_a_chat_that_moved_is_opened_again(slack: SlackSetup) -> None:
    sent = await slack.channel.send(replace(TO, chat_ref="D0GONE"), REMINDER, key="rem:7")
    assert sent.chat_ref == await slack.there.direct()


async def test_a_picture_follows_and_its_failure_hurts_nobody(slack: SlackSetup) -> None:
    shown = replace(REMINDER, picture=Picture(PNG, "A code to scan"))
    await slack.channel.send(TO, shown, key="qr:1")
    picture = (await slack.last())["files"][0]
    assert (picture["alt_txt"] if "alt_txt" in picture else picture["title"]) == "A code to scan"
    slack.there.standin.faults.add("files.getUploadURLExternal", "status", status=500)
    await slack.channel.send(TO, shown, key="qr:2")
    assert (await slack.last())["text"].startswith("Tomorrow")


async def test_a_file_comes_with_the_message_that_tells_of_it(slack: SlackSetup) -> None:
    shown = replace(REMINDER, title="Receipt R-00001", file=File("R-00001.pdf", b"%PDF-1.7 a receipt", "Receipt"))
    await slack.channel.send(TO, shown, key="receipt:1")
    before, told = (await slack.direct())[-2:]
    [file] = before["files"]
    assert (file["name"], file["title"], file["mimetype"]) == ("R-00001.pdf", "Receipt", "application/pdf")
    async with slack.there.session.get(slack.there.served.url + file["page_url"]) as opened:
        assert await opened.read() == b"%PDF-1.7 a receipt"
    assert told["text"].startswith("Receipt R-00001")


async def test_a_file_reaches_a_chat_that_moved(slack: SlackSetup) -> None:
    shown = replace(REMINDER, file=File("R-00001.pdf", b"%PDF", "Receipt"))
    await slack.channel.send(replace(TO, chat_ref="D0GONE"), shown, key="receipt:1")
    assert (await slack.there.state())["files"][-1]["ims"] == [await slack.there.direct()]


async def test_a_file_that_slack_refuses_is_told_and_one_that_fails_is_tried_again(slack: SlackSetup) -> None:
    shown = replace(REMINDER, file=File("R-00001.pdf", b"%PDF", "Receipt"))
    await slack.channel.send(TO, replace(REMINDER, file=File("empty.csv", b"", "Nothing")), key="receipt:1")
    assert "Slack did not take the file." in (await slack.last())["text"]
    slack.there.standin.faults.add("files.getUploadURLExternal", "status", status=500)
    with pytest.raises(TryLater):
        await slack.channel.send(TO, shown, key="receipt:2")


async def test_home_is_published(slack: SlackSetup) -> None:
    await slack.channel.publish_home(TO, replace(SCREENS["book"], address="book"))
    home = (await slack.there.state())["home"]
    assert "Which day?" in str(home)
    assert "Back to Home" in str(home)
    await slack.channel.publish_home(TO, replace(SCREENS["book"], address="book", language="de"))
    assert "Zurück zum Home-Tab" in str((await slack.there.state())["home"])  # said by a process that never met them


@pytest.mark.parametrize(
    ("fault", "details", "kind"),
    [
        ("rate_limit", {"retry_after": 7}, TryLater),
        ("status", {"status": 503}, TryLater),
        ("cut_after", {}, PerhapsDelivered),
        ("cut", {}, PerhapsDelivered),
    ],
)
async def test_what_a_failure_means(
    slack: SlackSetup, fault: str, details: dict[str, int], kind: type[Exception]
) -> None:
    slack.there.standin.faults.add("chat.postMessage", fault, **details)  # type: ignore[arg-type]
    with pytest.raises(kind) as raised:
        await slack.channel.send(TO, REMINDER, key="rem:7")
    if isinstance(raised.value, TryLater) and fault == "rate_limit":
        assert raised.value.seconds == 7


async def test_a_time_out_may_have_been_delivered(slack: SlackSetup, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("bot.channels.slack.api.SECONDS", 0.3)
    slack.there.standin.faults.add("chat.postMessage", "timeout_after", seconds=1)
    with pytest.raises(PerhapsDelivered):
        await slack.channel.send(TO, REMINDER, key="rem:7")
    assert len(await slack.direct()) == 1


async def test_slack_that_cannot_be_reached_is_tried_later(slack: SlackSetup) -> None:
    await slack.there.served.close()
    with pytest.raises(TryLater):
        await slack.channel.send(replace(TO, chat_ref="D1"), REMINDER, key="rem:7")
    assert await slack.channel.check() == "Slack does not answer"


@pytest.mark.parametrize(
    ("status", "kind"), [(502, FellOver), (429, TooMany), (403, InBetween), (404, InBetween), (200, Unreadable)]
)
@pytest.mark.parametrize("content_type", ["application/json", "text/html"])
async def test_what_is_no_json_is_judged_by_its_status(
    slack: SlackSetup, status: int, kind: type[Exception], content_type: str
) -> None:
    async def broken(_request: web.Request) -> web.Response:
        return web.Response(status=status, text="<html>Something else", content_type=content_type)

    proxy = web.Application()
    proxy.router.add_route("*", "/api/{method}", broken)
    served = await serve(proxy)
    slack.channel._api.client(slack.there.token).base_url = f"{served.url}/api/"
    with pytest.raises(kind):
        await slack.channel.send(TO, REMINDER, key="rem:7")
    await served.close()


async def test_who_cannot_be_written_to_is_said_with_the_reason(slack: SlackSetup) -> None:
    slack.there.standin.slack.teams["T0AAA"].users["U0AAA"].deleted = True
    reasons = []
    for account in (TO, replace(TO, user_ref="U0NONE")):
        with pytest.raises(CannotReach) as raised:
            await slack.channel.send(account, REMINDER, key="rem:7")
        reasons.append(raised.value.why)
    slack.there.standin.slack.uninstall(slack.there.standin.slack.teams["T0AAA"])
    with pytest.raises(CannotReach) as raised:
        await slack.channel.send(replace(TO, chat_ref="D1"), REMINDER, key="rem:7")
    reasons.append(raised.value.why)
    slack.workspaces.known["T0AAA"] = Workspace("T0AAA", None, None, LONG_AGO, state=WorkspaceState.CLOSED)
    with pytest.raises(CannotReach) as raised:
        await slack.channel.send(TO, REMINDER, key="rem:7")
    reasons.append(raised.value.why)
    assert reasons == [
        Unreachable.DEACTIVATED,
        Unreachable.NOT_FOUND,
        Unreachable.UNINSTALLED,
        Unreachable.UNINSTALLED,
    ]


async def test_what_slack_cannot_draw_is_sent_as_words(slack: SlackSetup) -> None:
    broken = replace(REMINDER, buttons=((Link("Pay", "https://x.org/" + "a" * 3000),),))
    await slack.channel.send(TO, broken, key="rem:7")
    assert (await slack.last())["text"].startswith("Tomorrow\n15:00 (Kyiv)\nPay: <https://x.org/aaa")


async def test_what_is_in_hand_is_finished_before_the_end(slack: SlackSetup) -> None:
    slack.there.standin.faults.add("chat.postMessage", "slow", seconds=0.3)
    await slack.there.act("say", text="hello")
    await slack.channel.close()
    assert "Welcome" in str(await slack.last())


async def test_the_doctor_is_told(slack: SlackSetup) -> None:
    assert await slack.channel.check() is None
    slack.there.standin.slack.uninstall(slack.there.standin.slack.teams["T0AAA"])
    assert await slack.channel.check() == "Slack does not accept the token"
    async with desk(own_token=False) as many:
        assert await many.channel.check() is None
