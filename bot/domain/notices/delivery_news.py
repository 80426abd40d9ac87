"""What a provider tells of a message after it took it: how far it came, and what closes the address it went to."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from enum import IntEnum, StrEnum

from bot.domain.people.people import Unreachable


class Stage(IntEnum):
    """How far a message came. The numbers are a rank: news that come late, doubled or out of order never lead back."""

    HANDED_OVER = 1  # the provider took it
    SENT = 2  # it is on its way to the reader's server
    DELAYED = 3  # that server asked to wait
    DELIVERED = 4
    FAILED = 5  # above delivered: a server may take a message first and return it then


class Fact(StrEnum):
    """What is so beside the rank, and may become so at any time."""

    BOUNCED = "bounced"  # the address takes no message, for good
    BOUNCED_FOR_NOW = "bounced-for-now"  # it took this one not: a full mailbox
    COMPLAINED = "complained"  # its reader called it unwanted
    SUPPRESSED = "suppressed"  # the provider sends nothing there any more


CLOSES: Mapping[Fact, Unreachable] = {
    Fact.BOUNCED: Unreachable.BOUNCED,
    Fact.SUPPRESSED: Unreachable.BOUNCED,
    Fact.COMPLAINED: Unreachable.COMPLAINED,
}
WISHES = frozenset({Unreachable.COMPLAINED, Unreachable.OPTED_OUT})
"""The reader's own: nothing that a server tells takes their place."""


@dataclass(frozen=True)
class DeliveryNews:
    """One thing that a provider told of one message.

    `account_id` is the account that it went to and `address` what stood on it; `message` is the provider's own id of
    it, `at` when this was so by the provider's clock, in UTC, `why` its short code for it, without contents.
    """

    account_id: int
    address: str
    message: str
    at: datetime
    stage: Stage
    fact: Fact | None = None
    why: str | None = None


def further(was: Stage, told: Stage) -> Stage:
    """Where a message stands that stood at `was`."""
    return max(was, told)


def closed_by(fact: Fact | None, was: Unreachable | None) -> Unreachable | None:
    """Why an account cannot be written to any more, where a fact changes that; None: it stays as it `was`."""
    why = None if fact is None else CLOSES.get(fact)
    return None if why == was or was in WISHES else why
