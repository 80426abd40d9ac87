"""What `POST /emails` takes. Stricter than Resend where in doubt: what it does not name is refused."""

import base64
import binascii
import re
from typing import Any

_ADDRESS = r"[\w.!#$%&'*+/=?^`{|}~-]+@(?:[a-z0-9-]+\.)+[a-z0-9-]+"
_MAILBOX = re.compile(rf"(?:[^<>\"@,;]+ <)?{_ADDRESS}>?", re.ASCII | re.IGNORECASE)
_TAG = re.compile(r"[A-Za-z0-9_-]{1,256}")
_KNOWN = {"from", "to", "subject", "text", "html", "headers", "tags", "reply_to", "attachments"}
_NEEDED = ("from", "to", "subject")
_OWN = {"message-id", "date", "from", "to", "subject", "reply-to", "mime-version", "content-type"}
_ATTACHED = {"filename", "content", "content_type", "content_id"}


class Refused(Exception):
    """A refusal as Resend words it."""

    def __init__(self, status: int, name: str, message: str) -> None:
        super().__init__(message)
        self.status = status
        self.name = name

    def body(self) -> dict[str, Any]:
        return {"statusCode": self.status, "name": self.name, "message": str(self)}


def check(asked: Any) -> dict[str, Any]:
    """The parameters. Raises `Refused`."""
    if not isinstance(asked, dict):
        raise Refused(422, "validation_error", "The body is no object.")
    for name in _NEEDED:
        if not asked.get(name):
            raise Refused(422, "missing_required_field", f"Missing `{name}` field.")
    if unknown := set(asked) - _KNOWN:
        raise Refused(422, "validation_error", f"Unknown fields: {', '.join(sorted(unknown))}.")
    if not (asked.get("text") or asked.get("html")):
        raise Refused(422, "missing_required_field", "Missing `html` or `text` field.")
    _check_mailboxes(asked)
    _check_headers(asked.get("headers", {}))
    for each in asked.get("tags", []):
        if set(each) != {"name", "value"} or not all(_TAG.fullmatch(str(part)) for part in each.values()):
            raise Refused(422, "validation_error", "Tags should only contain ASCII letters and numbers, `_` or `-`.")
    for each in asked.get("attachments", []):
        _check_attachment(each)
    return asked


def _check_mailboxes(asked: dict[str, Any]) -> None:
    to = asked["to"] if isinstance(asked["to"], list) else [asked["to"]]
    if len(to) > 50:
        raise Refused(422, "validation_error", "The `to` field has more than 50 recipients.")
    for name, given in (("from", [asked["from"]]), ("to", to), ("reply_to", [asked.get("reply_to", "a@b.example")])):
        for each in given:
            if not isinstance(each, str) or not _MAILBOX.fullmatch(each) or ("<" in each) is not each.endswith(">"):
                raise Refused(422, "validation_error", f"Invalid `{name}` field. It needs to look like `a@b.example`.")
    if len(str(asked["subject"])) > 998 or not str(asked["subject"]).isprintable():
        raise Refused(422, "validation_error", "Invalid `subject` field.")


def _check_headers(headers: Any) -> None:
    if not isinstance(headers, dict):
        raise Refused(422, "validation_error", "Invalid `headers` field.")
    for name, value in headers.items():
        good = re.fullmatch(r"[A-Za-z-]+", name) and isinstance(value, str) and value.isascii() and value.isprintable()
        if not good or name.lower() in _OWN:
            raise Refused(422, "validation_error", f"Invalid `headers` field: {name}.")


def _check_attachment(each: Any) -> None:
    try:
        good = isinstance(each, dict) and set(each) <= _ATTACHED and bool(each["filename"])
        base64.b64decode(each["content"], validate=True)
    except (binascii.Error, KeyError, TypeError, ValueError):
        good = False
    if not good:
        raise Refused(422, "invalid_attachment", "Attachment must have `content` and `filename`.")
