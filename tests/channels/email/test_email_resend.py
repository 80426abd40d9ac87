"""Mails through Resend: one mail for one key whatever is lost on the way, and what each refusal means."""

import asyncio
from collections.abc import AsyncIterator
from dataclasses import replace

import pytest

from bot.channels.email.carrier import MailRefused
from bot.channels.email.mail import Attachment, Letter, Mailbox
from bot.channels.email.resend import ResendCarrier
from bot.chat.channel import (
    Away,
    CannotReach,
    FellOver,
    PerhapsDelivered,
    ShutOut,
    TooMany,
    TryLater,
)
from bot.chat.screen import File, Picture, Screen
from bot.domain.people.people import Unreachable
from bot.sandbox.resend.params import check
from tests.channels.email.email_setup import ANA, CANCELLED, REMINDER, ResendOffice, channel, resend_office
from tests.channels.email.test_email_headers import LETTER, NASTY


@pytest.fixture
async def office() -> AsyncIterator[ResendOffice]:
    async with resend_office() as opened:
        yield opened


async def test_a_mail_as_it_arrives(office: ResendOffice) -> None:
    sent = await office.channel.send(ANA, REMINDER, key="a")
    [mail] = office.server.mails.of("ana@example.org")
    assert (sent.message_ref, sent.chat_ref) == (mail.id, "hash-of-ana")
    assert (mail.sender, mail.header("Reply-To")) == (
        "Harbour Coaching <desk@harbour.example>",
        "Olga <olga@harbour.example>",
    )
    assert mail.header("Auto-Submitted") == "auto-generated"
    assert mail.header("References") == "<booking-7@harbour.example>"
    assert mail.header("List-Unsubscribe-Post") == "List-Unsubscribe=One-Click"
    assert mail.header("Message-ID") is None
    assert "https://desk.example/go/7-move-7" in mail.text
    assert "https://desk.example/go/7-move-7" in mail.html


@pytest.mark.parametrize("nasty", NASTY, ids=ascii)
async def test_no_name_is_another_sender(office: ResendOffice, nasty: str) -> None:
    letter = replace(LETTER, sender=Mailbox("desk@harbour.example", nasty))
    await office.carrier.send(letter)
    [mail] = office.server.mails.of()
    assert mail.sender.endswith("desk@harbour.example>") or mail.sender == "desk@harbour.example"
    assert mail.sender.count("@") == 1


async def test_the_same_key_sends_once(office: ResendOffice) -> None:
    first, second = [await office.channel.send(ANA, CANCELLED, key="a") for _ in range(2)]
    assert first == second
    other = await office.channel.send(ANA, REMINDER, key="a")
    assert other.message_ref.endswith("@harbour.example>")  # it is out, and its number was not told again
    await office.channel.send(ANA, CANCELLED, key="b")
    assert len(office.server.mails.of()) == 2


@pytest.mark.parametrize("kind", ["cut_after", "cut"])
async def test_a_lost_answer_is_asked_for_again(office: ResendOffice, kind: str) -> None:
    office.server.faults.add("POST /emails", kind)  # type: ignore[arg-type]
    sent = await office.channel.send(ANA, CANCELLED, key="a")
    [mail] = office.server.mails.of()
    assert sent.message_ref == mail.id
    office.server.faults.add("POST /emails", kind, times=2)  # type: ignore[arg-type]
    with pytest.raises(PerhapsDelivered):
        await office.channel.send(ANA, CANCELLED, key="b")


@pytest.mark.parametrize(
    ("fault", "meant", "seconds"),
    [
        ({"kind": "rate_limit", "retry_after": 7}, TooMany, 7.0),
        ({"kind": "status", "status": 500, "times": 2}, FellOver, 15.0),
        ({"kind": "status", "status": 503, "times": 2}, FellOver, 15.0),
        ({"kind": "status", "status": 403}, ShutOut, 60.0),
        ({"kind": "status", "status": 401}, ShutOut, 60.0),
        ({"kind": "status", "status": 404}, MailRefused, None),
        ({"kind": "status", "status": 504, "times": 2}, PerhapsDelivered, None),
    ],
)
async def test_what_a_refusal_means(
    office: ResendOffice, fault: dict[str, object], meant: type[Exception], seconds: float | None
) -> None:
    office.server.faults.add("POST /emails", **fault)  # type: ignore[arg-type]
    with pytest.raises(Exception) as refused:
        await office.channel.send(ANA, CANCELLED, key="a")
    assert type(refused.value) is meant
    assert getattr(refused.value, "seconds", None) == seconds
    assert office.server.mails.of() == []
    await office.channel.send(ANA, CANCELLED, key="a")


async def test_once_it_fell_over_it_is_asked_again(office: ResendOffice) -> None:
    office.server.faults.add("POST /emails", "status", status=500)
    await office.channel.send(ANA, CANCELLED, key="a")
    assert len(office.server.mails.of()) == 1


async def test_a_used_up_quota_shuts_everybody_out(office: ResendOffice) -> None:
    office.server.quota = 1
    await office.channel.send(ANA, CANCELLED, key="a")
    with pytest.raises(ShutOut):
        await office.channel.send(ANA, CANCELLED, key="b")
    office.server.quota = None
    await office.channel.send(ANA, CANCELLED, key="b")


async def test_two_at_once_with_one_key_send_once(office: ResendOffice) -> None:
    office.server.latency = 0.1
    first = asyncio.create_task(office.channel.send(ANA, CANCELLED, key="a"))
    await asyncio.sleep(0.03)
    with pytest.raises(TryLater) as later:
        await office.channel.send(ANA, CANCELLED, key="a")
    assert type(later.value) is TryLater
    assert (await first) == await office.channel.send(ANA, CANCELLED, key="a")


async def test_an_address_that_resend_does_not_take(office: ResendOffice) -> None:
    letter: Letter = replace(LETTER, to="no address")
    with pytest.raises(CannotReach) as refused:
        await office.carrier.send(letter)
    assert refused.value.why is Unreachable.BOUNCED


async def test_what_is_wrong_with_the_key_is_said(office: ResendOffice) -> None:
    assert await office.channel.check() is None
    office.server.only_sends = True
    assert await office.channel.check() is None
    office.server.api_key = "re_another"
    assert await office.channel.check() == "Resend answers 403 invalid_api_key"
    assert await office.channel.answers()
    office.server.faults.add("GET /domains", "cut", times=2)
    assert await office.channel.check() == "Resend does not answer"
    assert not await office.channel.answers()


async def test_resend_is_not_there() -> None:
    nowhere = channel(ResendCarrier("re_1", "http://127.0.0.1:9"))
    with pytest.raises(Away):
        await nowhere.send(ANA, CANCELLED, key="a")
    assert not await nowhere.answers()
    await nowhere.close()


async def test_a_picture_and_a_file_come_along(office: ResendOffice) -> None:
    screen = Screen("Your code", picture=Picture(b"png", "A code"), file=File("receipt.pdf", b"pdf", "A receipt"))
    await office.channel.send(ANA, screen, key="a")
    [mail] = office.server.mails.of()
    assert mail.attachments == ("picture.png", "receipt.pdf")
    [call] = office.server.journal.calls("POST /emails")
    assert check({name: call.params[name] for name in call.params})["attachments"][0]["content_id"] == "picture"
    assert Attachment("x", b"").kind == "application/octet-stream"
