"""Sending through the real wire: what goes to Twilio, and what each of its refusals means for the message."""

from datetime import timedelta
from typing import Any

import pytest

from bot.chat.channel import (
    Away,
    CannotReach,
    FellOver,
    NoHistory,
    NotDelivered,
    PassedOver,
    PerhapsDelivered,
    Sent,
    ShutOut,
    TooMany,
    TryLater,
)
from bot.chat.screen import Button, Screen
from bot.domain.notices.delivery_news import Stage
from bot.domain.notices.notices import Notice, NoticeKind
from bot.domain.people.people import Unreachable
from bot.domain.reach.sms_costs import SmsPrices
from storage.notices import outbox, sms_messages
from storage.practice import sms_prices
from tests.channels.sms.sms_setup import NUMBER, SmsSetup

SCREEN = Screen("Booked: Single", (), ((Button("The session", "booking/1"),),), address="booking/1")
CREATE = "POST /Messages.json"


async def sent(sms: SmsSetup, key: str = "k") -> Sent:
    return await sms.channel.send(sms.account, SCREEN, key=key)


async def test_a_text_arrives_with_its_link(sms: SmsSetup) -> None:
    await sms.agree()
    found = await sent(sms)
    assert sms.phone == [f"Booked: Single\nhttps://desk.example.org/go/{sms.account.id}/booking/1"]
    [call] = sms.twilio.journal.calls(CREATE)
    assert call.params["To"] == NUMBER
    assert call.params["From"] == sms.twilio.sender
    assert call.params["StatusCallback"] == sms.twilio.inbound_url
    assert "ValidityPeriod" not in call.params
    await sms.heard()
    kept = await sms.message("k")
    assert (kept.sid, kept.stage, kept.parts) == (found.message_ref, Stage.DELIVERED, 1)


async def test_it_is_delivered_while_its_notice_is_of_use(sms: SmsSetup) -> None:
    await sms.agree()
    person, due = sms.account.person_id, sms.now
    notice = Notice("k", person, NoticeKind.BOOKED, "booking/1", due, expires=due + timedelta(minutes=20))
    await sms.storage.write(lambda tx: outbox.put(tx, notice, due))
    await sent(sms)
    [call] = sms.twilio.journal.calls(CREATE)
    assert call.params["ValidityPeriod"] == "1200"


async def test_nobody_gets_one_who_did_not_agree(sms: SmsSetup) -> None:
    with pytest.raises(CannotReach) as refused:
        await sent(sms)
    assert refused.value.why is Unreachable.OPTED_OUT
    assert sms.twilio.journal.calls() == []


@pytest.mark.parametrize(
    ("code", "meant", "why"),
    [
        (21211, CannotReach, Unreachable.BOUNCED),
        (21614, CannotReach, Unreachable.BOUNCED),
        (21610, CannotReach, Unreachable.OPTED_OUT),
        (21408, PassedOver, None),
        (21606, ShutOut, None),
        (20003, ShutOut, None),
        (21617, NotDelivered, None),
    ],
)
async def test_what_a_refusal_means(
    sms: SmsSetup, code: int, meant: type[NotDelivered], why: Unreachable | None
) -> None:
    await sms.agree()
    sms.twilio.account.refuses[NUMBER] = code
    with pytest.raises(meant) as refused:
        await sent(sms)
    assert getattr(refused.value, "why", None) is why
    assert (await sms.message("k")).cost == 0
    assert (await sms.standing() is None) is (why is Unreachable.OPTED_OUT)


@pytest.mark.parametrize(
    ("fault", "meant"),
    [
        ({"kind": "rate_limit", "retry_after": 7}, TooMany),
        ({"kind": "status", "status": 503}, FellOver),
        ({"kind": "status", "status": 401}, ShutOut),
        ({"kind": "cut"}, PerhapsDelivered),
        ({"kind": "cut_after"}, PerhapsDelivered),
    ],
    ids=str,
)
async def test_what_a_failure_means(sms: SmsSetup, fault: dict[str, Any], meant: type[NotDelivered]) -> None:
    await sms.agree()
    sms.twilio.faults.add(CREATE, **fault)
    with pytest.raises(meant) as failed:
        await sent(sms)
    if isinstance(failed.value, TooMany):
        assert failed.value.seconds == 7


async def test_nobody_answers(sms: SmsSetup) -> None:
    """What was never asked is surely not out."""
    await sms.agree()
    await sms.elsewhere("http://127.0.0.1:1")
    with pytest.raises(Away):
        await sent(sms)
    assert not await sms.channel.answers()
    assert (await sms.message("k")).stage is Stage.FAILED


async def test_what_may_be_out_is_found_by_its_words(sms: SmsSetup) -> None:
    await sms.agree()
    since = sms.now - timedelta(days=900)
    with pytest.raises(NoHistory):
        await sms.channel.find(sms.account, "k", since)
    await sent(sms, "before")  # says the same, and is another message
    sms.twilio.faults.add(CREATE, "cut_after")
    with pytest.raises(PerhapsDelivered):
        await sent(sms)
    found = await sms.channel.find(sms.account, "k", since)
    assert found is not None
    assert found.message_ref != (await sms.message("before")).sid
    assert (await sms.message("k")).sid == found.message_ref
    assert await sms.channel.find(sms.account, "k", since) == found
    sms.twilio.faults.add(CREATE, "cut")
    with pytest.raises(PerhapsDelivered):
        await sent(sms, "never")
    assert await sms.channel.find(sms.account, "never", since) is None


async def test_a_month_costs_no_more_than_the_owner_allows(sms: SmsSetup) -> None:
    await sms.agree()
    prices = SmsPrices({"AT": 60_000}, ceiling=100_000)
    await sms.storage.write(lambda tx: sms_prices.put(tx, prices))
    await sent(sms, "first")
    for key in ("second", "third"):
        with pytest.raises(PassedOver, match="ceiling"):
            await sent(sms, key)
    assert len(await sms.practice.notices("sms-ceiling")) == 1
    sms.now += timedelta(days=31)
    await sent(sms, "in January")
    assert await sms.storage.read(lambda tx: sms_messages.spent(tx, "2026-12")) == 60_000
    assert len(sms.phone) == 2


async def test_at_night_it_waits_for_the_morning(sms: SmsSetup) -> None:
    await sms.agree()
    sms.now = sms.now.replace(hour=22)  # 23:00 in Berlin
    with pytest.raises(TryLater) as waits:
        await sent(sms)
    assert waits.value.seconds == timedelta(hours=9).total_seconds()
    notice = Notice(
        "soon", sms.account.person_id, NoticeKind.BOOKED, "booking/1", sms.now, sms.now + timedelta(hours=11)
    )
    await sms.storage.write(lambda tx: outbox.put(tx, notice, sms.now))
    await sent(sms, "soon")
    assert len(sms.phone) == 1


async def test_the_account_is_looked_at(sms: SmsSetup) -> None:
    assert await sms.channel.answers()
    assert await sms.channel.check() is None
    sms.twilio.account.status = "suspended"
    assert "suspended" in str(await sms.channel.check())
    sms.twilio.faults.add("GET .json", "status", status=401)
    assert await sms.channel.check() is not None
