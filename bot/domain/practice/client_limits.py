"""How much one client can have or try at a time: the one place for name, default and range of each limit.

A new one is a line of `ClientLimits` and its words in `bot/handlers/practice/limit_fields.py`. Form, audit and
storage follow.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field, fields
from datetime import timedelta
from enum import StrEnum

from bot.domain.practice.offers import Offer
from bot.domain.refusals import Code, Refusal

WHILE = timedelta(minutes=10)
"""How long what was tried counts against somebody."""


class Limit(StrEnum):
    """The name of each limit; the `reason` of a refusal with the code LIMIT."""

    FREE = "free"
    OF_OFFER = "of_offer"
    STANDING = "standing"
    WAITS = "waits"
    HOLDS = "holds"
    MESSAGES = "messages"
    WRONG_CODES = "wrong_codes"


def _from(default: int, least: int, most: int) -> int:
    made: int = field(default=default, metadata={"allowed": range(least, most + 1)})
    return made


@dataclass(frozen=True, kw_only=True)
class ClientLimits:
    """`free`, `of_offer` and `standing` are bookings that are yet to come: those without a price, those of one offer
    with a price, and all together. `waits`: offers for which somebody waits. The others count within `WHILE`: times
    with a price that are held, words that are passed on, and codes that lead nowhere.
    """

    free: int = _from(2, 1, 1000)
    of_offer: int = _from(4, 1, 1000)
    standing: int = _from(10, 1, 1000)
    waits: int = _from(5, 1, 100)
    holds: int = _from(20, 1, 100)
    messages: int = _from(40, 1, 300)
    wrong_codes: int = _from(5, 1, 20)


RANGES: Mapping[Limit, range] = {Limit(each.name): each.metadata["allowed"] for each in fields(ClientLimits)}


@dataclass(frozen=True)
class Standing:
    """How many confirmed bookings of a client are yet to come: all, those without a price, and by their offer."""

    every: int = 0
    free: int = 0
    by_offer: Mapping[int, int] = field(default_factory=dict)


def full(offer: Offer, standing: Standing, limits: ClientLimits, more: int = 1) -> Refusal | None:
    """Why somebody with these bookings can have no further one of the offer, or no plan of so many `more`.

    What was booked before a limit was lowered stays. A client's hold is not counted: the next takes its place. A plan
    counts as one, but for what has no price: there nothing but the limit keeps anybody from taking all times.
    """
    same = standing.by_offer.get(offer.id, 0)
    if standing.every >= limits.standing:
        return at_limit(Limit.STANDING, standing.every, limits)
    if not offer.price and standing.free + more > limits.free:
        return at_limit(Limit.FREE, standing.free, limits)
    if offer.price and same >= limits.of_offer:
        return at_limit(Limit.OF_OFFER, same, limits)
    return None


def at_limit(limit: Limit, has: int, limits: ClientLimits, *, again_in: int = 0) -> Refusal:
    """`again_in`: the minutes after which it can be tried again."""
    return Refusal(Code.LIMIT, limit.value, has=has, most=getattr(limits, limit.value), again_in=again_in)
