"""Mails over SMTP: what each reply means, and what is known when there is none."""

import asyncio
import ssl
from collections.abc import AsyncIterator
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from ipaddress import ip_address
from pathlib import Path

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID

from bot.channels.email import smtp
from bot.channels.email.carrier import MailRefused
from bot.channels.email.channel import EmailChannel, thread_of
from bot.channels.email.mail import Letterhead, Mailbox
from bot.channels.email.smtp import SmtpCarrier
from bot.chat.channel import (
    Away,
    CannotReach,
    NoHistory,
    PerhapsDelivered,
    Sent,
    ShutOut,
    TryLater,
)
from bot.chat.screen import Kept, Screen
from bot.domain.people.people import Unreachable
from bot.domain.subjects import Subject
from bot.mail_settings import SmtpServer
from bot.sandbox.mail.server import MailStandIn
from bot.sandbox.standin import serve
from tests.channels.email.email_setup import ANA, CANCELLED, REMINDER, PostOffice, channel, post_office, url_of

BOB = replace(ANA, id=8, user_ref="hash-of-bob", address="bob@bücher.example")
NOW = datetime(2026, 12, 1, 9, 0, tzinfo=UTC)


@pytest.fixture
async def office() -> AsyncIterator[PostOffice]:
    async with post_office("desk", "pass word@:/") as opened:
        yield opened


async def test_several_mails_share_one_connection(office: PostOffice) -> None:
    sent = [await office.channel.send(to, REMINDER, key=key) for to in (ANA, BOB) for key in ("a", "b")]
    assert office.server.connections == 1
    mails = office.server.mails.of()
    assert [mail.to for mail in mails] == [("ana@example.org",)] * 2 + [("bob@xn--bcher-kva.example",)] * 2
    assert [mail.header("Message-ID") for mail in mails] == [each.message_ref for each in sent]
    assert len({each.message_ref for each in sent}) == 4
    assert {each.chat_ref for each in sent} == {"hash-of-ana", "hash-of-bob"}
    again = await office.channel.send(ANA, CANCELLED, key="a")
    assert again.message_ref == sent[0].message_ref
    [mail] = [each for each in office.server.mails.of("ANA@example.org") if "Cancelled" in each.subject]
    assert (mail.sender, mail.header("References")) == (
        "Harbour Coaching <desk@harbour.example>",
        "<booking-7@harbour.example>",
    )


@pytest.mark.parametrize(
    ("command", "status", "meant", "why"),
    [
        ("MAIL", 421, Away, None),
        ("MAIL", 451, TryLater, None),
        ("MAIL", 550, ShutOut, None),
        ("RCPT", 421, Away, None),
        ("RCPT", 450, TryLater, None),
        ("RCPT", 451, TryLater, None),
        ("RCPT", 452, TryLater, None),
        ("RCPT", 550, CannotReach, Unreachable.BOUNCED),
        ("RCPT", 553, CannotReach, Unreachable.BOUNCED),
        ("RCPT", 552, TryLater, None),
        ("RCPT", 554, ShutOut, None),
        ("RCPT", 500, MailRefused, None),
        ("DATA", 421, Away, None),
        ("DATA", 451, TryLater, None),
        ("DATA", 550, CannotReach, Unreachable.BOUNCED),
        ("DATA", 554, MailRefused, None),
    ],
)
async def test_what_a_refusal_means(
    office: PostOffice, command: str, status: int, meant: type[Exception], why: Unreachable | None
) -> None:
    await office.channel.send(ANA, CANCELLED, key="before")
    office.server.faults.add(command, "status", status=status, times=2)  # the second try of a connection that is over
    with pytest.raises(Exception) as refused:
        await office.channel.send(ANA, CANCELLED, key="a")
    assert type(refused.value) is meant
    assert getattr(refused.value, "why", None) == why
    office.server.faults.clear()
    await office.channel.send(ANA, CANCELLED, key="b")
    assert [mail.to for mail in office.server.mails.of()] == [("ana@example.org",)] * 2
    assert office.server.connections == (1 if status != 421 else 3 if command != "DATA" else 2)


async def test_nothing_went_out_where_the_line_broke_before_the_mail_was_whole(office: PostOffice) -> None:
    for command in ("MAIL", "RCPT"):
        office.server.faults.add(command, "cut")
        with pytest.raises(Away):
            await office.channel.send(ANA, CANCELLED, key=command)
    assert office.server.mails.of() == []


async def test_a_connection_that_was_over_is_opened_again(office: PostOffice) -> None:
    await office.channel.send(ANA, CANCELLED, key="a")
    office.server.faults.add("MAIL", "cut")
    await office.channel.send(ANA, CANCELLED, key="b")
    office.server.faults.add("RCPT", "status", status=421)
    await office.channel.send(ANA, CANCELLED, key="c")
    assert (len(office.server.mails.of()), office.server.connections) == (3, 3)


async def test_nobody_knows_whether_it_went_out_where_the_reply_is_lost(office: PostOffice) -> None:
    office.server.faults.add("DATA", "cut_after")
    with pytest.raises(PerhapsDelivered):
        await office.channel.send(ANA, CANCELLED, key="a")
    assert len(office.server.mails.of()) == 1
    with pytest.raises(NoHistory):
        await office.channel.find(ANA, "a", NOW)
    await office.channel.send(ANA, CANCELLED, key="b")


async def test_a_server_that_takes_its_time(office: PostOffice, monkeypatch: pytest.MonkeyPatch) -> None:
    await office.channel.send(ANA, CANCELLED, key="before")
    monkeypatch.setattr(smtp, "CONTENT_S", 0.05)
    office.server.faults.add("DATA", "slow", seconds=0.5)
    with pytest.raises(PerhapsDelivered):
        await office.channel.send(ANA, CANCELLED, key="a")
    monkeypatch.setattr(smtp, "TURN_S", 0.05)
    monkeypatch.setattr(smtp, "CONTENT_S", 5.0)
    office.server.faults.add("RCPT", "slow", seconds=0.3)
    first = asyncio.create_task(office.channel.send(ANA, CANCELLED, key="b"))
    await asyncio.sleep(0.02)
    with pytest.raises(Away):
        await office.channel.send(ANA, CANCELLED, key="c")
    assert isinstance(await first, Sent)


async def test_whoever_is_stopped_leaves_no_half_said_sentence(office: PostOffice) -> None:
    await office.channel.send(BOB, CANCELLED, key="before")
    office.server.faults.add("RCPT", "slow", seconds=1)
    stopped = asyncio.create_task(office.channel.send(ANA, CANCELLED, key="a"))
    await asyncio.sleep(0.05)
    stopped.cancel()
    await asyncio.gather(stopped, return_exceptions=True)
    await office.channel.send(BOB, REMINDER, key="b")
    assert [mail.to[0][:3] for mail in office.server.mails.of()] == ["bob", "bob"]


async def test_a_wrong_password_shuts_us_out(office: PostOffice) -> None:
    assert await office.channel.check() is None
    assert await office.channel.answers()
    office.server.password = "another"
    await office.channel.close()
    with pytest.raises(ShutOut):
        await office.channel.send(ANA, CANCELLED, key="a")
    assert await office.channel.answers()
    said = await office.channel.check()
    assert said == "the mail server refuses the user or the password (535)"


async def test_a_server_that_is_not_there() -> None:
    carrier = SmtpCarrier(SmtpServer("127.0.0.1", 9, False, True), "harbour.example")
    nowhere = channel(carrier)
    with pytest.raises(Away):
        await nowhere.send(ANA, CANCELLED, key="a")
    assert not await nowhere.answers()
    assert await nowhere.check() == "the mail server does not answer"
    await nowhere.close()


@pytest.mark.parametrize(
    "address", [None, "", "ana", "ana@localhost", "a b@example.org", "ana@example.org\r\nRCPT TO:<b@c.example>"]
)
async def test_no_mail_goes_to_what_is_no_address(office: PostOffice, address: str | None) -> None:
    with pytest.raises(CannotReach) as refused:
        await office.channel.send(replace(ANA, address=address), CANCELLED, key="a")
    assert refused.value.why is Unreachable.NOT_FOUND
    assert office.server.connections == 0


async def test_what_a_mail_cannot_do_does_nothing(office: PostOffice) -> None:
    sent = await office.channel.send(ANA, CANCELLED, key="a")
    await office.channel.start(receive=True)
    await office.channel.edit(ANA, sent, REMINDER)
    await office.channel.publish_home(ANA, REMINDER)
    await office.channel.renew()
    assert (list(office.channel.routes()), len(office.server.mails.of())) == ([], 1)


@pytest.fixture(scope="module")
def certificate(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Key and certificate of `localhost`, signed by itself."""
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "localhost")])
    today = datetime.now(UTC)
    names = x509.SubjectAlternativeName([x509.DNSName("localhost"), x509.IPAddress(ip_address("127.0.0.1"))])
    made = (
        x509.CertificateBuilder(name, name, key.public_key(), x509.random_serial_number())
        .not_valid_before(today - timedelta(days=1))
        .not_valid_after(today + timedelta(days=1))
        .add_extension(names, critical=False)
        .add_extension(x509.BasicConstraints(ca=True, path_length=None), critical=True)
        .sign(key, hashes.SHA256())
    )
    path = tmp_path_factory.mktemp("tls") / "localhost.pem"
    plain = serialization.NoEncryption()
    written = key.private_bytes(serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, plain)
    path.write_bytes(written + made.public_bytes(serialization.Encoding.PEM))
    return path


@pytest.mark.parametrize("implicit", [True, False], ids=["smtps", "starttls"])
async def test_mails_go_encrypted_to_whom_the_certificate_names(certificate: Path, implicit: bool) -> None:
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(certificate)
    standin = MailStandIn(tls=context, implicit=implicit)
    served = await serve(standin.app)
    known = ssl.create_default_context(cafile=str(certificate))
    server = SmtpServer("localhost", standin.port, implicit, False)
    trusting, careful = (channel(SmtpCarrier(server, "harbour.example", tls)) for tls in (known, None))
    await trusting.send(ANA, CANCELLED, key="a")
    assert len(standin.mails.of()) == 1
    with pytest.raises(Away):
        await careful.send(ANA, CANCELLED, key="b")
    assert await careful.check() == "the mail server's certificate is not valid for its name"
    for each in (trusting, careful):
        await each.close()
    await served.close()


async def test_nothing_is_said_in_the_open_to_another_machine(office: PostOffice) -> None:
    """As a server elsewhere that offers no encryption."""
    away = SmtpServer("127.0.0.1", office.server.port, False, False, "desk", "pass word@:/")
    refusing = channel(SmtpCarrier(away, "harbour.example"))
    with pytest.raises(ShutOut):
        await refusing.send(ANA, CANCELLED, key="a")
    assert await refusing.check() == "the mail server offers no TLS, or takes no user and password over it"
    assert office.server.mails.of() == []
    await refusing.close()


async def test_a_practice_without_a_name_is_its_domain() -> None:
    async def nameless() -> Letterhead:
        return Letterhead("")

    async with post_office() as office:
        sender = Mailbox("desk@harbour.example")
        bare = EmailChannel(office.carrier, sender, url_of, nameless)
        await bare.send(ANA, Screen(""), key="a")
        [mail] = office.server.mails.of()
    assert (mail.sender, mail.subject) == ('"harbour.example" <desk@harbour.example>', "harbour.example")
    assert "Nobody reads replies to this mail." in mail.text


def test_what_mails_about_the_same_have_in_common() -> None:
    kept = Kept("held", Subject("order", 4))
    assert thread_of(Screen("a", kept=kept, address="notice/hold/7")) == "order-4"
    assert thread_of(Screen("a", address="notice/hold/7")) == "booking-7"
    assert thread_of(Screen("a", kept=Kept("x", Subject("workspace", "T0 <A>")))) == "workspace-T0--A-"
    assert thread_of(Screen("a")) is None
