"""The settings of mails: which provider is meant, what is refused, and what `rapport doctor` says of it."""

from dataclasses import replace
from typing import Any

import pytest

from bot.app import mail_carrier
from bot.checks import mail
from bot.checks.check_line import ON, CheckLine
from bot.config import BadSettings, Settings, load
from bot.mail_settings import Sender, SmtpServer
from tests.storage.support import new_key

KEY = new_key()
FROM = {"EMAIL_FROM": "Harbour Coaching <desk@harbour.example>"}
SMTP = {"SMTP_URL": "smtp://desk:pass%40word@mail.example.org"}
RESEND = {"RESEND_API_KEY": "re_1"}
SECRET = {"RESEND_WEBHOOK_SECRET": "whsec_c2FuZGJveC1zaWduaW5n"}


def settings(**more: str) -> Settings:
    return load({"SECRET_KEYS": KEY, **more})


@pytest.mark.parametrize(
    ("url", "server"),
    [
        ("smtp://u:p@mail.example.org", SmtpServer("mail.example.org", 587, False, False, "u", "p")),
        ("smtps://u:p@mail.example.org", SmtpServer("mail.example.org", 465, True, False, "u", "p")),
        (
            "smtps://u%40x:p%3A%2F@mail.example.org:4650/",
            SmtpServer("mail.example.org", 4650, True, False, "u@x", "p:/"),
        ),
        ("smtp://localhost", SmtpServer("localhost", 25, False, True)),
        ("smtp://127.0.0.1:1025", SmtpServer("127.0.0.1", 1025, False, True)),
        ("smtp://[::1]:1025", SmtpServer("::1", 1025, False, True)),
    ],
)
def test_where_the_mail_server_is(url: str, server: SmtpServer) -> None:
    found = settings(SMTP_URL=url, **FROM).mail
    assert (found.provider, found.smtp, found.on) == ("smtp", server, True)
    assert found.sender == Sender("desk@harbour.example", "Harbour Coaching")
    assert "p:/" not in repr(found)


@pytest.mark.parametrize(
    ("more", "said"),
    [
        ({"SMTP_URL": "mail.example.org"}, "SMTP_URL must look like"),
        ({"SMTP_URL": "http://mail.example.org"}, "SMTP_URL must look like"),
        ({"SMTP_URL": "smtp://u:secret-word@mail.example.org:port"}, "SMTP_URL must look like"),
        ({"SMTP_URL": "smtp://mail.example.org/?tls=no"}, "SMTP_URL must look like"),
        ({"SMTP_URL": "smtp://user@mail.example.org"}, "a user without a password"),
        ({"EMAIL_FROM": "desk"}, "EMAIL_FROM must be an e-mail address"),
        ({"EMAIL_REPLY_TO": "a@example.org, b@example.org"}, "EMAIL_REPLY_TO must be an e-mail address"),
        ({"EMAIL_PROVIDER": "postmark"}, "EMAIL_PROVIDER must be smtp or resend"),
        ({"RESEND_API_URL": "api.resend.com"}, "RESEND_API_URL must be an http or https address"),
        ({"RESEND_WEBHOOK_SECRET": "secret"}, "RESEND_WEBHOOK_SECRET must be what Resend shows"),
        ({"RESEND_WEBHOOK_SECRET": "whsec_"}, "RESEND_WEBHOOK_SECRET must be what Resend shows"),
        ({**SMTP, **RESEND}, "SMTP_URL and RESEND_API_KEY are both set"),
        ({**SMTP, **FROM, "CLOCK_FILE": "/tmp/clock"}, "CLOCK_FILE is refused while SMTP_URL"),
        ({**RESEND, **FROM, "CLOCK_FILE": "/tmp/clock"}, "CLOCK_FILE is refused while RESEND_API_URL"),
    ],
)
def test_what_is_wrong_is_said_without_the_password(more: dict[str, str], said: str) -> None:
    with pytest.raises(BadSettings) as refused:
        settings(**more)
    assert said in str(refused.value)
    assert "secret-word" not in str(refused.value)


@pytest.mark.parametrize(
    ("more", "provider", "on", "missing"),
    [
        ({}, None, False, ["SMTP_URL or RESEND_API_KEY", "EMAIL_FROM"]),
        (FROM, None, False, ["SMTP_URL or RESEND_API_KEY"]),
        (SMTP, "smtp", False, ["EMAIL_FROM"]),
        ({**SMTP, **FROM}, "smtp", True, []),
        ({**RESEND, **FROM}, "resend", True, []),
        ({**SMTP, **RESEND, **FROM, "EMAIL_PROVIDER": "resend"}, "resend", True, []),
        ({**SMTP, **FROM, "EMAIL_PROVIDER": "resend"}, "resend", False, ["RESEND_API_KEY"]),
    ],
)
def test_which_provider_is_meant(more: dict[str, str], provider: str | None, on: bool, missing: list[str]) -> None:
    found = settings(**more)
    assert (found.mail.provider, found.mail.on, mail.missing(found.mail)) == (provider, on, missing)
    carrier = mail_carrier(found)
    assert getattr(carrier, "name", None) == (provider if on else None)


def test_beside_a_shifted_clock_mails_may_go_to_this_machine() -> None:
    here: dict[str, Any] = {"CLOCK_FILE": "/tmp/clock", "RESEND_API_URL": "http://127.0.0.1:9"}
    assert settings(**here, **RESEND, **FROM).mail.on
    assert settings(CLOCK_FILE="/tmp/clock", SMTP_URL="smtp://localhost:1025", **FROM).mail.on


@pytest.mark.parametrize(
    ("more", "said"),
    [
        (SMTP, "smtp answers; what its server takes and returns later is not seen"),
        (RESEND, "resend answers; without RESEND_WEBHOOK_SECRET what bounces is not seen"),
        ({**RESEND, **SECRET}, "resend answers"),
    ],
)
def test_the_doctor_says_how_much_is_seen(more: dict[str, str], said: str) -> None:
    line = CheckLine("email", ON, "answers")
    found = settings(**more, **FROM).mail
    assert mail.told(found, line).words == said
    broken = replace(line, state="broken", words="no")
    assert mail.told(found, broken) == broken
