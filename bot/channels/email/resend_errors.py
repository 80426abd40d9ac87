"""Tells what a refusal of Resend's means for the mail that it was of."""

import json
import logging
from collections.abc import Mapping

from bot.channels.email.carrier import MailRefused
from bot.chat.channel import (
    CannotReach,
    FellOver,
    NotDelivered,
    PerhapsDelivered,
    ShutOut,
    TooMany,
    TryLater,
)
from bot.domain.people.people import Unreachable

log = logging.getLogger(__name__)

AWAY_S = 15.0
SHUT_OUT_S = 60.0
UNDER_WAY_S = 5.0
LONGEST_S = 3600.0
GATEWAY_TIMED_OUT = 504
SENT_BEFORE = "invalid_idempotent_request"
"""The key was used for a mail with other words."""

UNDER_WAY = "concurrent_idempotent_requests"
QUOTAS = frozenset({"daily_quota_exceeded", "monthly_quota_exceeded"})
_WAITS = ("retry-after", "ratelimit-reset")


def meaning(status: int, headers: Mapping[str, str], body: bytes) -> NotDelivered | MailRefused:
    """Of an answer that is no success. `headers` are looked up in any case of letters."""
    name = said(body)
    found = _of(status, name, headers, body)
    ids = {"status": status, "name": name, "means": type(found).__name__}
    log.log(
        logging.ERROR if isinstance(found, ShutOut | MailRefused) else logging.INFO,
        "resend.refused",
        extra={"ids": ids},
    )
    return found


def said(body: bytes) -> str | None:
    """Resend's own short word for a refusal; None where it is not Resend's."""
    name = _read(body).get("name")
    return name if isinstance(name, str) and name.replace("_", "").isalnum() and len(name) < 60 else None


def _of(status: int, name: str | None, headers: Mapping[str, str], body: bytes) -> NotDelivered | MailRefused:
    if status == 429:
        # A quota is nobody's haste: nothing goes to anybody before its day or month is over.
        return ShutOut(SHUT_OUT_S) if name in QUOTAS else TooMany(_wait(headers))
    if status == GATEWAY_TIMED_OUT:
        return PerhapsDelivered()
    if status >= 500 or name is None:  # or a proxy's page
        return FellOver(AWAY_S)
    if status in (401, 403):
        return ShutOut(SHUT_OUT_S)  # the key, or the domain of EMAIL_FROM
    if status == 409 and name == UNDER_WAY:
        return TryLater(UNDER_WAY_S)
    if status == 422 and "`to`" in str(_read(body).get("message")):
        return CannotReach(Unreachable.BOUNCED)
    return MailRefused(name)


def _wait(headers: Mapping[str, str]) -> float:
    """Seconds, by the first header that gives some."""
    for name in _WAITS:
        given = headers.get(name, "")
        if given.isascii() and given.isdigit():
            return min(max(1.0, float(given)), LONGEST_S)
    return 1.0


def _read(body: bytes) -> Mapping[str, object]:
    try:
        found = json.loads(body)
    except (ValueError, RecursionError):
        return {}
    return found if isinstance(found, dict) else {}
