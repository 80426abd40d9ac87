"""What Twilio tells: signed, in any order, as often as it likes; and what people write to the number."""

from datetime import timedelta
from typing import Any

import aiohttp
import pytest

from bot.channels.sms.signature import signature
from bot.chat.channel import CannotReach
from bot.chat.screen import Screen
from bot.domain.notices.delivery_news import Stage
from bot.domain.people.people import Unreachable
from bot.domain.reach.sms_consents import ConsentBy
from bot.sandbox.twilio.callbacks import sign
from storage import tables
from tests.channels.sms.sms_setup import NUMBER, SmsSetup

SCREEN = Screen("Booked: Single")


async def post(sms: SmsSetup, form: dict[str, str], headers: dict[str, str]) -> int:
    assert sms.twilio.inbound_url is not None
    url = sms.twilio.inbound_url
    async with aiohttp.ClientSession() as session, session.post(url, data=form, headers=headers) as answer:
        return answer.status


def form_of(sms: SmsSetup, **more: str) -> dict[str, str]:
    return {"MessageSid": "SM1", "MessageStatus": "sent", "AccountSid": sms.twilio.account_sid, "Blank": "", **more}


def signed(sms: SmsSetup, form: dict[str, str], secret: str | None = None) -> dict[str, str]:
    return {"X-Twilio-Signature": sign(secret or sms.twilio.auth_token, sms.twilio.inbound_url or "", form)}


def test_the_signature_is_that_of_the_documents() -> None:
    """The example of https://www.twilio.com/docs/usage/security."""
    form = [
        ("CallSid", "CA1234567890ABCDE"), ("Caller", "+14158675309"), ("Digits", "1234"), ("From", "+14158675309"),
        ("To", "+18005551212"),
    ]  # fmt: skip
    made = signature("12345", "https://mycompany.com/myapp.php?foo=1&bar=2", form)
    assert made == "RSOYDt4T1cUTdK1PDd93/VVr8B8="


async def test_only_what_twilio_signed_is_taken(sms: SmsSetup) -> None:
    good = form_of(sms)
    refused: list[tuple[dict[str, str], dict[str, str]]] = [
        (good, {}),
        (good, {"X-Twilio-Signature": ""}),
        (good, {"X-Twilio-Signature": "bm8="}),
        (good, {"X-Twilio-Signature": "\u00ff"}),
        (good, signed(sms, good, "another")),
        (good | {"Blank": "x"}, signed(sms, good)),
        (good, signed(sms, good) | {"X-Twilio-Webhooks-Signature-Settings": "key=SK0,algorithm=HMAC_SHA256"}),
    ]
    foreign = (form_of(sms, AccountSid="AC0"), form_of(sms, MessageSid=""), form_of(sms, MessageStatus="x y"))
    refused += [(form, signed(sms, form)) for form in foreign]
    assert [await post(sms, *each) for each in refused] == [400] * len(refused)
    assert await sms.practice.count(tables.inbox) == 0
    assert await post(sms, good, signed(sms, good)) == 200
    assert await sms.practice.count(tables.inbox) == 1


async def test_a_shared_key_signs_with_sha_256(sms: SmsSetup) -> None:
    await sms.agree()
    sms.twilio.callbacks.shared_key = sms.twilio.auth_token
    await sms.channel.send(sms.account, SCREEN, key="k")
    await sms.heard()
    assert {each.status for each in sms.twilio.callbacks.attempts} == {200}
    assert (await sms.message("k")).stage is Stage.DELIVERED


@pytest.mark.parametrize("how", [{"duplicates": 2}, {"reverse": True}, {"drop": ["sending", "sent"]}], ids=str)
async def test_however_it_is_told_a_message_never_goes_back(sms: SmsSetup, how: dict[str, Any]) -> None:
    await sms.agree()
    for name, value in how.items():
        setattr(sms.twilio.callbacks.options, name, value)
    await sms.channel.send(sms.account, SCREEN, key="k")
    await sms.heard()
    assert (await sms.message("k")).stage is Stage.DELIVERED
    ids = {str(each.form["MessageStatus"]) for each in sms.twilio.callbacks.attempts}
    assert await sms.practice.count(tables.inbox) == len(ids)


@pytest.mark.parametrize(
    ("status", "code", "why"),
    [
        ("undelivered", 30005, Unreachable.BOUNCED),
        ("undelivered", 30006, Unreachable.BOUNCED),
        ("failed", 21610, Unreachable.OPTED_OUT),
        ("undelivered", 30003, None),  # a phone that is off
        ("failed", 30007, None),
        ("failed", None, None),
    ],
)
async def test_what_closes_a_number(sms: SmsSetup, status: str, code: int | None, why: Unreachable | None) -> None:
    await sms.agree()
    sms.twilio.account.ends[NUMBER] = (status, code)
    await sms.channel.send(sms.account, SCREEN, key="k")
    await sms.heard()
    assert (await sms.message("k")).stage is Stage.FAILED
    assert (await sms.found()).unreachable is why
    assert (await sms.standing() is None) is (why is Unreachable.OPTED_OUT)


@pytest.mark.parametrize(
    ("text", "flag"), [("STOP", None), (" stop!", None), ("Stopp", None), ("Abmelden", None), ("nimmer", "STOP")]
)
async def test_stop_ends_sms_however_it_is_said(sms: SmsSetup, text: str, flag: str | None) -> None:
    await sms.agree()
    await sms.twilio.says(NUMBER, text, flag)
    await sms.twilio.says(NUMBER, text, flag)
    await sms.heard()
    assert (await sms.found()).unreachable is Unreachable.OPTED_OUT
    assert await sms.standing() is None
    assert len(sms.phone) == 2 if flag or text == "STOP" else 1  # one answer, by Twilio each time or once by us
    with pytest.raises(CannotReach):
        await sms.channel.send(sms.account, SCREEN, key="k")
    assert (await sms.practice.trail()).count("person.sms_ended") == 1


@pytest.mark.parametrize(("text", "flag"), [("START", None), ("unstop", None), ("Anmelden", None), ("wieder", "START")])
async def test_start_begins_them_again(sms: SmsSetup, text: str, flag: str | None) -> None:
    await sms.agree()
    await sms.twilio.says(NUMBER, "Stopp", "STOP" if flag else None)
    await sms.twilio.says(NUMBER, text, flag)
    await sms.heard()
    assert (await sms.found()).unreachable is None
    again = await sms.standing()
    assert again is not None
    assert (again.by, again.words) == (ConsentBy.SMS, text)
    await sms.channel.send(sms.account, SCREEN, key="k")
    assert [(each.stands, each.ended_by) for each in await sms.agreements()] == [(True, None), (False, ConsentBy.SMS)]


async def test_help_is_answered_where_twilio_does_not(sms: SmsSetup) -> None:
    await sms.agree()
    await sms.twilio.says(NUMBER, "HELP")
    await sms.heard()
    assert len(sms.phone) == 1
    for _twice in range(2):
        await sms.twilio.says(NUMBER, "Hilfe")
        await sms.heard()
    assert len(sms.phone) == 2
    assert "Olga's practice" in sms.phone[-1]
    assert (await sms.found()).unreachable is None


async def test_anything_else_is_answered_once(sms: SmsSetup) -> None:
    await sms.agree()
    for text in ("Can I come at 4?", "Hello?", ""):
        await sms.twilio.says(NUMBER, text)
        await sms.heard()
    assert len(sms.phone) == 1
    assert "Nummer" in sms.phone[0]  # in the language of whoever wrote


async def test_a_stranger_is_not_answered(sms: SmsSetup) -> None:
    assert (await sms.twilio.says("+436609999999", "Hello?")) is not None
    assert (await sms.twilio.says("24365", "Hello?")) is not None
    sms.now += timedelta(hours=1)
    await sms.heard()
    assert sms.twilio.journal.calls("POST *") == []


async def test_the_answer_is_no_message(sms: SmsSetup) -> None:
    """Twilio would send on what it takes for one."""
    attempt = await sms.twilio.says(NUMBER, "Hello")
    assert attempt is not None
    assert (attempt.status, attempt.answer) == (200, "<Response/>")
