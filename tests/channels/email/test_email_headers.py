"""The bytes of a mail: whatever stands in a name, there is one sender, one reader and no header of somebody else's."""

import email
import email.policy
from dataclasses import replace
from datetime import UTC, datetime
from email.message import EmailMessage

import pytest

from bot.channels.email.mail import Attachment, Letter, Mail, Mailbox
from bot.channels.email.message import as_bytes, own_headers
from bot.channels.email.words_of_headers import LONGEST_NAME, LONGEST_SUBJECT, mailbox_name, subject
from bot.sandbox.mail.wire import faults

END = "https://desk.example/unsubscribe/" + "aB3-_x" * 20
LETTER = Letter(
    mail=Mail("Tomorrow: Coaching with Ana", "Hello\n", "<p>Hello</p>\n"),
    to="ana@example.org",
    sender=Mailbox("desk@harbour.example", "Harbour Coaching"),
    key="k" * 40,
    account_id=7,
    at=datetime(2026, 12, 1, 9, 0, tzinfo=UTC),
    reply_to=Mailbox("olga@harbour.example", "Olga"),
    thread="booking-7",
    end_url=END,
)
HEADERS = [
    "From", "To", "Subject", "Date", "Message-ID", "Reply-To", "Auto-Submitted", "X-Auto-Response-Suppress",
    "References", "List-Unsubscribe", "List-Unsubscribe-Post",
]  # fmt: skip
NASTY = [
    "Ana\r\nBcc: all@evil.example",
    "Ana\nBcc: all@evil.example",
    "Ana\r\n\r\n<p>Pay here</p>",
    "Ana\x00\x0b\x0c\x1b\x7f\x85",
    "Ana\u2028Bcc: all@evil.example\u2029",
    "Ana\u202egro.live\u202c \u2066x\u2069",
    '"Bank" <boss@bank.example>',
    "boss@bank.example",
    "Ana, Bob; Carl: all",
    "=?utf-8?q?Bcc=3A_all=40evil=2Eexample?=",
    "Ana María Ñandú 📅 日本語",
    "Ana " * 100,
    "\ud800 half",
    " ",
]


def parsed(letter: Letter) -> tuple[EmailMessage, bytes]:
    raw = as_bytes(letter)
    return email.message_from_bytes(raw, policy=email.policy.default), raw


def _said(message: EmailMessage) -> str:
    text = message.get_body(("plain",))
    assert text is not None
    return str(text.get_content()).replace("\r\n", "\n")


def test_the_headers_of_a_mail() -> None:
    message, raw = parsed(LETTER)
    assert [name for name in message.keys() if name in HEADERS] == HEADERS  # noqa: SIM118
    assert message["From"] == "Harbour Coaching <desk@harbour.example>"
    assert message["To"] == "ana@example.org"
    assert message["Message-ID"] == f"<{'k' * 40}@harbour.example>"
    assert message["Date"].datetime == LETTER.at
    assert message["Reply-To"] == "Olga <olga@harbour.example>"
    assert message["Auto-Submitted"] == "auto-generated"
    assert message["X-Auto-Response-Suppress"] == "All"
    assert b"\r\nReferences: <booking-7@harbour.example>\r\n" in raw
    assert f"\r\nList-Unsubscribe: <{END}>\r\n".encode() in raw
    assert b"\r\nList-Unsubscribe-Post: List-Unsubscribe=One-Click\r\n" in raw
    assert not list(faults(raw, message))


def test_a_mail_that_cannot_be_ended_says_no_word_of_it() -> None:
    message, _raw = parsed(replace(LETTER, end_url=None, thread=None, reply_to=None))
    for name in ("List-Unsubscribe", "List-Unsubscribe-Post", "References", "Reply-To"):
        assert message[name] is None


@pytest.mark.parametrize("nasty", NASTY, ids=ascii)
def test_no_name_adds_a_header_or_another_sender(nasty: str) -> None:
    letter = replace(
        LETTER,
        mail=Mail(subject(nasty, "Harbour"), "Hello\n", "<p>Hello</p>\n"),
        sender=Mailbox("desk@harbour.example", nasty),
        reply_to=Mailbox("olga@harbour.example", nasty),
    )
    message, raw = parsed(letter)
    assert not list(faults(raw, message))
    assert set(message.keys()) == {*HEADERS, "MIME-Version", "Content-Type"}
    for name, address in (("From", "desk@harbour.example"), ("Reply-To", "olga@harbour.example")):
        [only] = message[name].addresses
        assert only.addr_spec == address
        assert "@" not in only.display_name
        assert len(only.display_name) <= LONGEST_NAME
    for words in (message["Subject"], message["From"].addresses[0].display_name):
        assert words.isprintable()
        assert not set(words) & set("\u202e\u202c\u2066\u2069\u2028\u2029\u200f")
    assert 0 < len(message["Subject"]) <= LONGEST_SUBJECT
    assert _said(message) == "Hello\n"


def test_names_in_other_letters_are_read_as_they_were_written() -> None:
    name = "Ana María Ñandú 📅 日本語"
    message, raw = parsed(replace(LETTER, sender=Mailbox("desk@harbour.example", name), mail=Mail(name, "é\n", "é\n")))
    assert (message["From"].addresses[0].display_name, message["Subject"]) == (name, name)
    assert raw.isascii()


@pytest.mark.parametrize(
    ("words", "shown"),
    [(None, None), ("", None), ("\u202e\u200b", None), ("Mit\u00adglied", "Mitglied"), ("Ana\r\nMaría", "Ana María")],
)
def test_what_is_left_of_a_name(words: str | None, shown: str | None) -> None:
    assert mailbox_name(words) == shown


@pytest.mark.parametrize("url", ["https://desk.example/a\r\nBcc: b@c.example", "https://desk.example/\u202e", "\x00"])
def test_an_address_with_a_line_end_makes_no_mail(url: str) -> None:
    with pytest.raises(ValueError, match="not one line of ASCII"):
        own_headers(replace(LETTER, end_url=url))
    with pytest.raises(ValueError, match="not one line of ASCII"):
        as_bytes(replace(LETTER, end_url=url))


def test_words_in_a_file_keep_their_letters() -> None:
    calendar = "BEGIN:VCALENDAR\r\nSUMMARY:Ä 📅\r\nEND:VCALENDAR\r\n"
    kind = "text/calendar; method=PUBLISH; charset=utf-8"
    mail = replace(LETTER.mail, attachments=(Attachment("session.ics", calendar.encode(), kind),))
    message, raw = parsed(replace(LETTER, mail=mail))
    [file] = message.iter_attachments()
    assert file.get_content() == calendar
    assert (file.get_content_type(), file.get_param("method"), file.get_filename()) == (
        "text/calendar",
        "PUBLISH",
        "session.ics",
    )
    assert not list(faults(raw, message))


def test_long_lines_pictures_and_files() -> None:
    mail = Mail(
        "Receipt",
        "ä" * 3000 + "\n.\n..hidden\n",
        "<p>" + "ü" * 3000 + "</p>\n",
        (
            Attachment("picture.png", b"png" * 900, "image/png", "picture"),
            Attachment("Beleg Ä.pdf", b"pdf" * 900, "application/pdf"),
        ),
    )
    message, raw = parsed(replace(LETTER, mail=mail))
    assert not list(faults(raw, message))
    assert message.get_content_type() == "multipart/mixed"
    [paper] = message.iter_attachments()
    assert (paper.get_filename(), paper.get_content()) == ("Beleg Ä.pdf", b"pdf" * 900)
    [picture] = [each for each in message.walk() if each["Content-ID"] is not None]
    assert (picture["Content-ID"], picture.get_content_disposition()) == ("<picture>", "inline")
    assert _said(message) == mail.text
