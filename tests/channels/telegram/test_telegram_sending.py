"""The Telegram channel sends and corrects notices, and tells exactly what became of each."""

import asyncio
import warnings
from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest

from bot.channels.telegram.channel import TelegramChannel
from bot.channels.telegram.request import AiohttpRequest
from bot.chat import tell
from bot.chat.channel import CannotReach, FellOver, NoHistory, NotDelivered, PerhapsDelivered, Sent, TryLater
from bot.chat.screen import Button, Line, Picture, Screen
from bot.config import Telegram
from bot.domain.people.people import Account, Platform, Unreachable
from bot.sandbox.telegram import markup, texts
from tests.channels.telegram.telegram_setup import ScriptedFront, TelegramSetup, page
from tests.channels.telegram.test_telegram_windows import PIXEL, labels


@pytest.fixture
async def ana(telegram_setup: TelegramSetup) -> Account:
    user = await telegram_setup.running.started("Ana")
    await telegram_setup.quiet()
    return account(user)


def account(user: int) -> Account:
    return Account(1, 1, Platform.TELEGRAM, "", str(user), str(user))


async def test_a_notice_is_sent_and_corrected_in_place(telegram_setup: TelegramSetup, ana: Account) -> None:
    sent = await telegram_setup.channel.send(ana, page("Tomorrow at ten", "Move"), key="remind-1")
    for _ in range(2):
        await telegram_setup.channel.edit(ana, sent, page("Moved to noon", "Cancel"))
    notice = (await telegram_setup.sees(int(ana.user_ref)))[-1]
    assert (str(notice["message_id"]), notice["text"], labels(notice)) == (
        sent.message_ref,
        "Moved to noon",
        ["Cancel"],
    )
    assert [button["callback_data"] for button in notice["keyboard"][0]] == ["!go/cancel"]
    assert notice["link_preview"] == {"is_disabled": True}
    with pytest.raises(NoHistory):
        await telegram_setup.channel.find(ana, "remind-1", telegram_setup.running.standin.clock.now())


async def test_a_photo_is_corrected_in_its_caption(telegram_setup: TelegramSetup, ana: Account) -> None:
    sent = await telegram_setup.channel.send(ana, page("Receipt", picture=Picture(PIXEL, "a stamp")), key="k")
    await telegram_setup.channel.edit(ana, sent, page("Refunded", "Book"))
    notice = (await telegram_setup.sees(int(ana.user_ref)))[-1]
    assert (notice["text"], labels(notice), notice["photo"] is None) == ("Refunded", ["Book"], False)


async def test_correcting_a_message_that_is_gone_is_no_error(telegram_setup: TelegramSetup, ana: Account) -> None:
    sent = await telegram_setup.channel.send(ana, page("Tomorrow"), key="k")
    await telegram_setup.running.bot.delete_message(int(sent.chat_ref), int(sent.message_ref))
    await telegram_setup.channel.edit(ana, sent, page("Moved"))
    await telegram_setup.channel.edit(ana, Sent(sent.chat_ref, "99999"), page("Moved"))


async def test_an_account_without_a_chat_is_written_to_by_its_own_number(
    telegram_setup: TelegramSetup, ana: Account
) -> None:
    unmet = Account(1, 1, Platform.TELEGRAM, "", ana.user_ref, None)
    assert (await telegram_setup.channel.send(unmet, page("Hi"), key="k")).chat_ref == ana.user_ref


async def test_who_cannot_be_reached_is_told_by_why(telegram_setup: TelegramSetup, ana: Account) -> None:
    async def why(to: Account) -> Unreachable:
        with pytest.raises(CannotReach) as refused:
            await telegram_setup.channel.send(to, page("Hi"), key="k")
        return refused.value.why

    assert await why(account(await telegram_setup.running.person("Ben"))) is Unreachable.NOT_FOUND
    await telegram_setup.running.act("block", user=int(ana.user_ref))
    assert await why(ana) is Unreachable.BLOCKED
    await telegram_setup.running.act("unblock", user=int(ana.user_ref))
    await telegram_setup.running.act("profile", user=int(ana.user_ref), deactivated=True)
    assert await why(ana) is Unreachable.DEACTIVATED


@pytest.mark.parametrize(
    ("fault", "outcome", "seconds"),
    [
        ({"kind": "rate_limit", "retry_after": 17}, TryLater, 17),
        ({"kind": "status", "status": 500}, FellOver, 15),
        ({"kind": "status", "status": 502}, FellOver, 15),
        ({"kind": "status", "status": 504}, PerhapsDelivered, None),
        ({"kind": "status", "status": 401}, TryLater, 60),
        ({"kind": "cut"}, PerhapsDelivered, None),
        ({"kind": "cut_after"}, PerhapsDelivered, None),
        ({"kind": "timeout_after", "seconds": 2}, PerhapsDelivered, None),
    ],
)
async def test_every_failure_says_whether_to_send_again(
    telegram_setup: TelegramSetup,
    ana: Account,
    fault: dict[str, Any],
    outcome: type[NotDelivered],
    seconds: float | None,
) -> None:
    telegram_setup.channel._request._timeout = 0.3
    telegram_setup.running.standin.faults.add("sendMessage", **fault)
    with warnings.catch_warnings(record=True) as warned, pytest.raises(outcome) as failed:
        await telegram_setup.channel.send(ana, page("Hi"), key="k")
    assert isinstance(failed.value, NotDelivered)
    assert getattr(failed.value, "seconds", None) == seconds
    assert not warned
    arrived = len(await telegram_setup.sees(int(ana.user_ref))) - 1
    assert arrived == (1 if str(fault["kind"]).endswith("_after") else 0)


async def test_a_telegram_that_is_away_was_sent_nothing(unused_tcp_port: int) -> None:
    settings = Telegram("1:token", "secret", "webhook", f"http://127.0.0.1:{unused_tcp_port}")
    channel = TelegramChannel(settings, "http://127.0.0.1:1", ScriptedFront())
    with pytest.raises(TryLater):
        await channel.send(account(1001), page("Hi"), key="k")
    await channel.close()


async def test_a_refusal_of_our_own_mistake_is_not_hidden(telegram_setup: TelegramSetup, ana: Account) -> None:
    telegram_setup.running.standin.faults.add("sendMessage", "status", status=400)
    with pytest.raises(Exception, match="Internal Server Error") as failed:
        await telegram_setup.channel.send(ana, page("Hi"), key="k")
    assert not isinstance(failed.value, NotDelivered)


@pytest.mark.parametrize("refusal", ["no_dates", "far"])
async def test_a_moment_that_telegram_does_not_take_is_told_in_words(
    telegram_setup: TelegramSetup, ana: Account, refusal: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    if refusal == "no_dates":  # a Bot API server from before 9.5
        monkeypatch.setattr(markup, "TAGS", markup.TAGS - {"tg-time"})
    else:
        monkeypatch.setattr(texts, "FURTHEST_DATE_S", 0)
    now = telegram_setup.running.standin.clock.now()
    screen = Screen("Reminder", (Line(tell.moment(now + timedelta(days=3), "Europe/Kyiv")),))
    sent = await telegram_setup.channel.send(ana, screen, key="k")
    await telegram_setup.channel.edit(ana, sent, replace(screen, title="Moved"))
    monkeypatch.undo()
    await telegram_setup.channel.edit(ana, sent, replace(screen, title="Again"))
    notice = (await telegram_setup.sees(int(ana.user_ref)))[-1]
    assert notice["text"] == f"Again\n\n{screen.body[0].text}"
    drawn = [entity["type"] for entity in notice["entities"]]
    assert ("date_time" in drawn) == (refusal == "far")


async def test_one_session_carries_every_call(telegram_setup: TelegramSetup, ana: Account) -> None:
    for number in range(3):
        await telegram_setup.channel.send(ana, page(f"Notice {number}"), key="k")
    session = telegram_setup.channel._request._session
    assert session is not None
    assert isinstance(telegram_setup.channel._request, AiohttpRequest)
    await asyncio.gather(*(telegram_setup.channel.send(ana, page(f"More {n}"), key="k") for n in range(3)))
    assert telegram_setup.channel._request._session is session


async def test_many_buttons_arrive(telegram_setup: TelegramSetup, ana: Account) -> None:
    screen = page("Times")
    rows = tuple(tuple(Button(f"{h:02}:{m:02}", f"times/1/2/{h}{m}") for m in (0, 15, 30, 45)) for h in range(25))
    sent = await telegram_setup.channel.send(ana, type(screen)(screen.title, buttons=rows), key="k")
    notice = (await telegram_setup.sees(int(ana.user_ref)))[-1]
    assert (str(notice["message_id"]), len(labels(notice))) == (sent.message_ref, 100)
