"""Tells what a mail server's reply, or its silence, means for a mail: that depends on how far the mail had come."""

import logging
import re
from enum import Enum

import aiosmtplib

from bot.channels.email.carrier import MailRefused
from bot.chat.channel import Away, CannotReach, NotDelivered, PerhapsDelivered, ShutOut, TryLater
from bot.domain.people.people import Unreachable

log = logging.getLogger(__name__)

AWAY_S = 15.0
SHUT_OUT_S = 60.0
LATER_S = 120.0
"""A server that does not know a sender yet takes the same mail some minutes later (greylisting)."""

FULL_S = 900.0
CLOSING = 421
NO_ROOM = 552
NEEDS_A_NAME = frozenset({530, 534, 535, 538})
BAD_COMMANDS = frozenset({500, 502, 503, 504, 555})
_STATUS = re.compile(r"[245]\.(\d{1,3})\.(\d{1,3})\b")
"""RFC 3463, at the beginning of a reply's words: whose matter it is, and what."""


class Stage(Enum):
    CONNECT = "connect"  # with greeting, TLS and name
    SENDER = "sender"
    RECIPIENT = "recipient"
    CONTENT = "content"  # from DATA on: the mail may be taken


def meaning(error: Exception, stage: Stage) -> NotDelivered | MailRefused:
    """What `aiosmtplib` or the system raised at this stage."""
    if isinstance(error, aiosmtplib.SMTPResponseException) and error.code > 0:
        found = _of_reply(error.code, error.message, stage)
        ids = {"stage": stage.value, "code": error.code, "means": type(found).__name__}
        log.log(
            logging.ERROR if isinstance(found, ShutOut | MailRefused) else logging.INFO,
            "smtp.refused",
            extra={"ids": ids},
        )
        return found
    if stage is Stage.CONTENT:
        return PerhapsDelivered()
    if type(error) is aiosmtplib.SMTPException:  # it offers no TLS, or takes no name
        log.error("smtp.unfit", extra={"ids": {"stage": stage.value}})
        return ShutOut(SHUT_OUT_S)
    return Away(AWAY_S)


def _of_reply(code: int, words: str, stage: Stage) -> NotDelivered | MailRefused:
    if code == CLOSING or (code < 500 and stage is Stage.CONNECT):
        return Away(AWAY_S)
    if code < 500:
        return TryLater(LATER_S)
    if stage in (Stage.CONNECT, Stage.SENDER) or code in NEEDS_A_NAME:
        return ShutOut(SHUT_OUT_S)
    found = _STATUS.match(words.lstrip())
    whose, what = (None, None) if found is None else (int(found[1]), int(found[2]))
    if stage is Stage.RECIPIENT:
        return _of_recipient(code, words, whose, what)
    # The whole mail was sent, and is not taken: some servers judge the address only then.
    return CannotReach(Unreachable.BOUNCED) if _names_the_address(whose, what) else MailRefused(f"smtp {code}")


def _of_recipient(code: int, words: str, whose: int | None, what: int | None) -> NotDelivered | MailRefused:
    if whose == 7 or (whose is None and "relay" in words.lower()):
        return ShutOut(SHUT_OUT_S)  # it is we who may not send there, not they who cannot be reached
    if (whose, what) == (2, 2) or (whose is None and code == NO_ROOM):
        return TryLater(FULL_S)
    if whose == 3 or (whose == 4 and what != 4):
        return TryLater(LATER_S)
    if whose == 5 or (whose is None and code in BAD_COMMANDS):
        return MailRefused(f"smtp {code}")
    return CannotReach(Unreachable.BOUNCED)


def _names_the_address(whose: int | None, what: int | None) -> bool:
    return whose == 1 or (whose, what) == (2, 1)
