"""The messages of a Twilio account: what a create is judged by, and what each looks like in its API."""

import re
import secrets
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from email.utils import format_datetime
from typing import Any
from urllib.parse import urlsplit

from bot.sandbox.twilio.refusals import MESSAGES, Refused
from bot.sandbox.twilio.segments import segments

PARAMS = {"To", "From", "MessagingServiceSid", "Body", "StatusCallback", "ValidityPeriod", "SmartEncoded"}
NUMBER = re.compile(r"\+[1-9]\d{6,14}")
LONGEST = 1600
STOP = {"stop", "unsubscribe", "end", "quit", "stopall", "revoke", "optout", "cancel"}
START = {"start", "yes", "unstop"}
HELP = {"help", "info"}
MAGIC = {"+15005550001": 21211, "+15005550009": 21614}
"""Those of Twilio's test credentials."""


@dataclass
class Message:
    sid: str
    to: str
    sender: str | None
    service: str | None
    body: str
    callback: str | None
    valid: timedelta
    made: datetime
    inbound: bool = False
    status: str = "queued"
    sent: datetime | None = None
    error: int | None = None

    def shown(self, account_sid: str) -> dict[str, Any]:
        return {
            "sid": self.sid,
            "account_sid": account_sid,
            "api_version": "2010-04-01",
            "status": self.status,
            "to": self.to,
            "from": self.sender,
            "messaging_service_sid": self.service,
            "body": self.body,
            "num_segments": str(segments(self.body)),
            "num_media": "0",
            "direction": "inbound" if self.inbound else "outbound-api",
            "date_created": format_datetime(self.made),
            "date_updated": format_datetime(self.made),
            "date_sent": None if self.sent is None else format_datetime(self.sent),
            "error_code": self.error,
            "error_message": None,
            "price": None,
            "price_unit": "USD",
            "uri": f"/2010-04-01/Accounts/{account_sid}/Messages/{self.sid}.json",
        }


@dataclass
class Account:
    """`sender` and `service` are what it may send with. `refuses` are codes by number, `ends` the status and the code
    with which a message to a number ends, `opted_out` who sent STOP, `phones` what was delivered where."""

    sid: str
    sender: str | None
    service: str | None
    status: str = "active"
    messages: dict[str, Message] = field(default_factory=dict)
    refuses: dict[str, int] = field(default_factory=lambda: dict(MAGIC))
    ends: dict[str, tuple[str, int | None]] = field(default_factory=dict)
    opted_out: set[str] = field(default_factory=set)
    phones: dict[str, list[str]] = field(default_factory=dict)

    def create(self, asked: dict[str, str], now: datetime) -> Message:
        """Raises `Refused`, as Twilio does and for what it takes without a word."""
        unknown = set(asked) - PARAMS
        if unknown:
            raise Refused(20001, f"Unknown parameters: {', '.join(sorted(unknown))}")
        to, body = asked.get("To", ""), asked.get("Body", "")
        code = self.refuses.get(to, 21610 if to in self.opted_out else None)
        if not NUMBER.fullmatch(to):
            code = 21211
        if code is not None:
            raise Refused(code, MESSAGES.get(code, "Refused"))
        if not body or len(body) > LONGEST:
            raise Refused(21602 if not body else 21617, "Message body is required, of up to 1600 characters")
        self._judge_sender(asked)
        message = Message(
            sid=f"SM{secrets.token_hex(16)}",
            to=to,
            sender=asked.get("From"),
            service=asked.get("MessagingServiceSid"),
            body=body,
            callback=_callback(asked.get("StatusCallback")),
            valid=_valid(asked.get("ValidityPeriod", "14400")),
            made=now.replace(microsecond=0),
            status="queued" if "From" in asked else "accepted",
        )
        self.messages[message.sid] = message
        return message

    def listed(self, asked: dict[str, str]) -> list[Message]:
        """The newest first. One that has not gone out yet was sent on no day."""
        found = [each for each in reversed(self.messages.values()) if asked.get("To", each.to) == each.to]
        if "From" in asked:
            found = [each for each in found if each.sender == asked["From"]]
        for name, fits in DAYS.items():
            if name in asked:
                found = [each for each in found if each.sent is not None and fits(f"{each.sent:%Y-%m-%d}", asked[name])]
        return found

    def change(self, message: Message, asked: dict[str, str]) -> Message:
        """Cancel one that is not under way, or remove its words."""
        if asked.get("Status") == "canceled":
            if message.status not in {"accepted", "scheduled", "queued"}:
                raise Refused(30409, "Message is not in a cancelable state", 409)
            message.status = "canceled"
        elif asked.get("Body") == "":
            message.body = ""
        else:
            raise Refused(20001, "Only Status=canceled or an empty Body")
        return message

    def _judge_sender(self, asked: dict[str, str]) -> None:
        sender, service = asked.get("From"), asked.get("MessagingServiceSid")
        if (sender is None) == (service is None):
            raise Refused(21603, "A 'From' number or a MessagingServiceSid is required")
        if sender is not None and sender != self.sender:
            raise Refused(21606, MESSAGES[21606])
        if service is not None and service != self.service:
            raise Refused(21705, "The Messaging Service Sid is invalid")


DAYS: dict[str, Callable[[str, str], bool]] = {
    "DateSent": lambda sent, day: sent == day,
    "DateSent>": lambda sent, day: sent >= day,
    "DateSent<": lambda sent, day: sent <= day,
}


def _callback(url: str | None) -> str | None:
    if url is None:
        return None
    parts = urlsplit(url)
    if parts.scheme not in {"http", "https"} or not parts.hostname or "_" in parts.hostname:
        raise Refused(21609, "The 'StatusCallback' URL is not a valid URL")
    return url


def _valid(seconds: str) -> timedelta:
    if not (seconds.isascii() and seconds.isdigit() and 1 <= int(seconds) <= 36_000):
        raise Refused(20001, "ValidityPeriod must be 1 to 36000")
    return timedelta(seconds=int(seconds))
