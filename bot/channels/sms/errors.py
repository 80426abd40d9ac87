"""Tells what a refused call means for the message that it carried, by Twilio's code and never by its words
(https://www.twilio.com/docs/api/errors)."""

from collections.abc import Mapping
from typing import Any

from bot.chat.channel import CannotReach, FellOver, NotDelivered, PassedOver, PerhapsDelivered, ShutOut, TooMany
from bot.domain.people.people import Unreachable

FELL_OVER_S = 15.0
SHUT_OUT_S = 60.0
BUSY_S = 2.0
MOST_PATIENCE_S = 3600.0
UNREADABLE = "what answers there is not Twilio"

NO_NUMBER = frozenset({21211, 21214, 21217, 21401, 21421, 21614})
OPTED_OUT = 21610
NOT_THERE = frozenset({21408, 21612, 21608})
"""The country is not switched on, the way there is closed, or a trial account may not: the number itself is good."""
SENDER = frozenset({20003, 20005, 20008, 21212, 21603, 21606, 21607, 21659, 21660, 21705})
"""Our account, its token or our sender is at fault, whoever the message is for."""
BUSY = frozenset({20429, 14107, 21611})

GONE = {30005: Unreachable.BOUNCED, 30006: Unreachable.BOUNCED, 21610: Unreachable.OPTED_OUT,
        21614: Unreachable.BOUNCED, 21211: Unreachable.BOUNCED}  # fmt: skip
"""What the code of a message that failed on its way says of its number for good: no such handset, a land line."""


class Refused(NotDelivered):
    """A mistake of ours that no waiting mends."""


def meaning(status: int, told: Mapping[str, Any], retry_after: str) -> NotDelivered:
    """Of an answer that is no success, whose JSON body is `told`."""
    code = told.get("code")
    number = code if type(code) is int else None
    if status == 429 or number in BUSY:
        return TooMany(_seconds(retry_after, BUSY_S))
    if status >= 500:
        return FellOver(FELL_OVER_S, _seconds(retry_after, 0.0))
    if status in {401, 403} or number in SENDER:
        return ShutOut(SHUT_OUT_S)
    if number == OPTED_OUT:
        return CannotReach(Unreachable.OPTED_OUT)
    if number in NO_NUMBER:
        return CannotReach(Unreachable.BOUNCED)
    if number in NOT_THERE:
        return PassedOver(f"twilio {number}")
    return Refused(f"{status} {number}")


def lost() -> NotDelivered:
    """Twilio has it perhaps, and nobody knows."""
    return PerhapsDelivered(UNREADABLE)


def _seconds(asked: str, otherwise: float) -> float:
    return min(float(asked), MOST_PATIENCE_S) if asked.isascii() and asked.isdigit() else otherwise
