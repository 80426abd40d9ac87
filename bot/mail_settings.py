"""The settings by which mails are sent: a mail server of ours (SMTP), or Resend."""

import base64
import binascii
import ipaddress
import re
from dataclasses import dataclass, field
from email.headerregistry import Address
from urllib.parse import unquote, urlsplit

from bot.domain.people.addresses import EmailProblem, on_the_wire, parse_email
from bot.setting_reader import Reader

RESEND_API = "https://api.resend.com"
PROVIDERS = ("smtp", "resend")
_PORTS = {"smtps": 465, "smtp": 587}
_LOCAL_PORT = 25
_MAILBOX = re.compile(r'"?(?P<name>[^<>"]*)"?\s*<(?P<named>[^<>\s]+)>|(?P<bare>[^<>\s,]+)')


@dataclass(frozen=True)
class SmtpServer:
    """`implicit_tls`: the connection begins encrypted; otherwise it becomes so (STARTTLS) before anything is said, or
    stays open on this very machine (`loopback`)."""

    host: str
    port: int
    implicit_tls: bool
    loopback: bool
    user: str | None = None
    password: str | None = field(default=None, repr=False)


@dataclass(frozen=True)
class Sender:
    """Whom mails are from, or replies go to. `address` is in ASCII."""

    address: str
    name: str | None = None


@dataclass(frozen=True)
class Resend:
    api_key: str | None
    webhook_secret: str | None
    api_url: str


@dataclass(frozen=True)
class Mail:
    """`provider` is `smtp`, `resend` or None: none was set."""

    provider: str | None
    smtp: SmtpServer | None
    resend: Resend
    sender: Sender | None
    reply_to: Sender | None

    @property
    def on(self) -> bool:
        ready = {"smtp": self.smtp is not None, "resend": self.resend.api_key is not None}
        return self.sender is not None and ready.get(self.provider or "", False)


def mail(reader: Reader) -> Mail:
    """Read them; what is wrong is added to the reader's list."""
    smtp = _smtp(reader)
    resend = Resend(
        reader.text("RESEND_API_KEY"),
        _webhook_secret(reader),
        reader.url("RESEND_API_URL", RESEND_API).rstrip("/"),
    )
    return Mail(
        provider=_provider(reader),
        smtp=smtp,
        resend=resend,
        sender=_sender(reader, "EMAIL_FROM"),
        reply_to=_sender(reader, "EMAIL_REPLY_TO"),
    )


def _provider(reader: Reader) -> str | None:
    """The one that is set. Where two are, somebody says which is meant."""
    chosen = reader.text("EMAIL_PROVIDER")
    if chosen is not None:
        if chosen not in PROVIDERS:
            reader.wrong.append(f"EMAIL_PROVIDER must be smtp or resend, not {chosen!r}")
        return chosen
    named = {"smtp": reader.text("SMTP_URL"), "resend": reader.text("RESEND_API_KEY")}
    found = [name for name, value in named.items() if value is not None]
    if len(found) > 1:
        reader.wrong.append("SMTP_URL and RESEND_API_KEY are both set: say in EMAIL_PROVIDER which one sends")
    return found[0] if found else None


def _smtp(reader: Reader) -> SmtpServer | None:
    """No message of ours repeats the value: a password stands in it."""
    raw = reader.text("SMTP_URL")
    if raw is None:
        return None
    wanted = "SMTP_URL must look like smtp://user:password@host:587 or smtps://user:password@host:465"
    try:
        parts = urlsplit(raw)
        host, port = parts.hostname, parts.port
    except ValueError:
        host, port, parts = None, None, urlsplit("")
    if parts.scheme not in _PORTS or not host or port == 0 or parts.path.strip("/") or parts.query or parts.fragment:
        reader.wrong.append(wanted)
        return None
    loopback = _is_loopback(host)
    usual = _LOCAL_PORT if loopback and parts.scheme == "smtp" else _PORTS[parts.scheme]
    user = None if parts.username is None else unquote(parts.username)
    password = None if parts.password is None else unquote(parts.password)
    if (user is None) is not (password is None):
        reader.wrong.append("SMTP_URL has a user without a password, or a password without a user")
    return SmtpServer(host, port or usual, parts.scheme == "smtps", loopback, user, password)


def _is_loopback(host: str) -> bool:
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return host == "localhost"


def _sender(reader: Reader, name: str) -> Sender | None:
    """`desk@example.org`, or with the name that people see: `Harbour Coaching <desk@example.org>`."""
    raw = reader.text(name)
    if raw is None:
        return None
    found = _MAILBOX.fullmatch(raw)
    shown, given = ("", "") if found is None else ((found["name"] or "").strip(), found["named"] or found["bare"])
    address = parse_email(given)
    if isinstance(address, EmailProblem):
        reader.wrong.append(f"{name} must be an e-mail address or Name <address>, not {raw!r}")
        return None
    wire = on_the_wire(address)
    try:
        Address(shown, addr_spec=wire)
    except ValueError:  # a line end in the name
        reader.wrong.append(f"{name} has a name that cannot stand in a mail: {raw!r}")
        return None
    return Sender(wire, shown or None)


def _webhook_secret(reader: Reader) -> str | None:
    secret = reader.text("RESEND_WEBHOOK_SECRET")
    if secret is None:
        return None
    try:
        good = bool(base64.b64decode(secret.removeprefix("whsec_") + "==", validate=False)) and secret.isascii()
    except (binascii.Error, ValueError):
        good = False
    if not good or not secret.startswith("whsec_"):
        reader.wrong.append("RESEND_WEBHOOK_SECRET must be what Resend shows for the webhook: it begins with whsec_")
    return secret
