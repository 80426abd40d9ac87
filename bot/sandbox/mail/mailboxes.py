"""The mails that reached a stand-in, as their readers would see them."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime
from email.message import EmailMessage
from typing import Any


@dataclass(frozen=True)
class Kept:
    """One mail. `headers` are those beside sender, recipients and subject, in their order."""

    id: str
    at: datetime
    sender: str
    to: tuple[str, ...]
    subject: str
    text: str
    html: str
    headers: tuple[tuple[str, str], ...] = ()
    attachments: tuple[str, ...] = ()
    raw: bytes = field(default=b"", repr=False)

    def header(self, name: str) -> str | None:
        return next((value for each, value in self.headers if each.lower() == name.lower()), None)

    def shown(self) -> dict[str, Any]:
        """For the simulator and for tests in another process."""
        return {
            "id": self.id, "at": self.at.isoformat(), "from": self.sender, "to": list(self.to), "subject": self.subject,
            "text": self.text, "html": self.html, "headers": [list(each) for each in self.headers],
            "attachments": list(self.attachments),
        }  # fmt: skip


class Mailboxes:
    """Every mail in the order in which it came."""

    def __init__(self) -> None:
        self.all: list[Kept] = []

    def add(self, mail: Kept) -> None:
        self.all.append(mail)

    def of(self, address: str | None = None) -> Sequence[Kept]:
        """Those to an address, in any case of letters; all without one."""
        wanted = (address or "").lower()
        return [mail for mail in self.all if address is None or wanted in (each.lower() for each in mail.to)]


def read(id: str, at: datetime, to: Sequence[str], message: EmailMessage, raw: bytes) -> Kept:  # noqa: A002
    """What stands in a mail as it came over the wire; `to` are those whom its server was told."""
    text, html = message.get_body(("plain",)), message.get_body(("html",))
    return Kept(
        id=id,
        at=at,
        sender=str(message["From"]),
        to=tuple(to),
        subject=str(message["Subject"]),
        text="" if text is None else text.get_content().replace("\r\n", "\n"),
        html="" if html is None else html.get_content().replace("\r\n", "\n"),
        headers=tuple((name, str(value)) for name, value in message.items()),
        attachments=tuple(each.get_filename() or "" for each in message.iter_attachments()),
        raw=raw,
    )
