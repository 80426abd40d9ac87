"""A mail as plain data: what a screen becomes, and what a carrier is given."""

from dataclasses import dataclass, field
from datetime import datetime


@dataclass(frozen=True)
class Mailbox:
    """An address as mail servers take it (ASCII), with the name beside it, if there is one."""

    address: str
    name: str | None = None

    @property
    def domain(self) -> str:
        return self.address.rpartition("@")[2]


@dataclass(frozen=True)
class Letterhead:
    """Who writes: stands below every mail. `address` may have several lines."""

    name: str
    address: str | None = None


@dataclass(frozen=True)
class Attachment:
    """`kind` is its media type, with parameters such as `; charset=utf-8`. `content_id`, where it has one, is what the
    HTML part shows it by."""

    name: str
    data: bytes = field(repr=False)
    kind: str = "application/octet-stream"
    content_id: str | None = None


@dataclass(frozen=True)
class Mail:
    """`text` and `html` say the same."""

    subject: str
    text: str
    html: str
    attachments: tuple[Attachment, ...] = ()


@dataclass(frozen=True)
class Letter:
    """A mail on its way to one account.

    `key` is of ASCII letters and digits, the same for every try to send this notice there, and of no other. `thread`
    is what it is about: mails about the same are shown together. `end_url` ends notices of its kind.
    """

    mail: Mail
    to: str
    sender: Mailbox
    key: str
    account_id: int
    at: datetime
    reply_to: Mailbox | None = None
    thread: str | None = None
    end_url: str | None = None

    @property
    def message_id(self) -> str:
        return f"<{self.key}@{self.sender.domain}>"
