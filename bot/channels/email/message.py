"""A letter as the bytes of a mail, and the headers that say who writes, that a machine did, and how to end it."""

from datetime import datetime
from email.headerregistry import Address
from email.message import EmailMessage, MIMEPart
from email.policy import SMTP, EmailPolicy
from email.utils import format_datetime

from bot.channels.email.mail import Attachment, Letter, Mailbox
from bot.channels.email.words_of_headers import mailbox_name

_WHOLE = frozenset({"list-unsubscribe", "list-unsubscribe-post", "references", "x-auto-response-suppress"})
"""Headers of ours in plain ASCII. The library would break a long address in them into encoded words."""


class _Policy(EmailPolicy):
    def fold_binary(self, name: str, value: str) -> bytes:
        if name.lower() in _WHOLE:
            return f"{name}: {value}{self.linesep}".encode("ascii")
        return super().fold_binary(name, value)


POLICY = _Policy(linesep=SMTP.linesep, cte_type="7bit", raise_on_defect=False)


def as_bytes(letter: Letter) -> bytes:
    """The whole mail, seven bits wide, its lines ended by CR LF. ValueError for what would not be one."""
    message = EmailMessage(POLICY)
    message["From"] = _address(letter.sender)
    message["To"] = Address(addr_spec=letter.to)
    message["Subject"] = letter.mail.subject
    message["Date"] = _date(letter.at)
    message["Message-ID"] = letter.message_id
    if letter.reply_to is not None:
        message["Reply-To"] = _address(letter.reply_to)
    for name, value in own_headers(letter).items():
        message[name] = value
    message.set_content(letter.mail.text, cte="quoted-printable")
    message.add_alternative(letter.mail.html, subtype="html", cte="quoted-printable")
    html = message.get_body(("html",))
    for each in letter.mail.attachments:
        if each.content_id is None:
            _attach(message, each, "attachment")
        elif html is not None:
            _attach(html, each, "inline")
    return message.as_bytes()


def own_headers(letter: Letter) -> dict[str, str]:
    """Those that no carrier sets by itself, in plain ASCII. ValueError for a line end in one."""
    headers = {"Auto-Submitted": "auto-generated", "X-Auto-Response-Suppress": "All"}
    if letter.thread is not None:
        headers["References"] = f"<{letter.thread}@{letter.sender.domain}>"
    if letter.end_url is not None:
        # RFC 8058: a mail program sends the POST by itself, once its reader says so there.
        headers["List-Unsubscribe"] = f"<{letter.end_url}>"
        headers["List-Unsubscribe-Post"] = "List-Unsubscribe=One-Click"
    for name, value in headers.items():
        if not (value.isascii() and value.isprintable()):
            raise ValueError(f"{name} is not one line of ASCII")
    return headers


def _address(mailbox: Mailbox) -> Address:
    return Address(mailbox_name(mailbox.name) or "", addr_spec=mailbox.address)


def _date(at: datetime) -> str:
    return format_datetime(at)


def _attach(part: MIMEPart, attachment: Attachment, disposition: str) -> None:
    kind, *given = (each.strip() for each in attachment.kind.split(";"))
    main, _slash, sub = kind.partition("/")
    params = dict(each.split("=", 1) for each in given)
    cid = None if attachment.content_id is None else f"<{attachment.content_id}>"
    add = part.add_related if disposition == "inline" else part.add_attachment
    add(attachment.data, main, sub, filename=attachment.name, cid=cid, disposition=disposition, params=params)
