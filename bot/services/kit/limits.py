"""Holds a person to a number within a while: counted in the database, for all processes together."""

import math
from datetime import timedelta

from bot.domain.acts import Act
from bot.domain.practice.client_limits import WHILE, Limit, at_limit
from bot.domain.refusals import Refusal
from storage.engine import Tx
from storage.journal import meters
from storage.practice import practice

_MINUTE = timedelta(minutes=1)


def refusal(tx: Tx, act: Act, limit: Limit) -> Refusal | None:
    """Count one more of what is limited; LIMIT where it is one too many."""
    limits = practice.get(tx).limits
    most: int = getattr(limits, limit.value)
    over_in = meters.spend(tx, limit.value, act.person.id, most, WHILE, act.now)
    return None if over_in is None else at_limit(limit, most, limits, again_in=math.ceil(over_in / _MINUTE))


def clear(tx: Tx, act: Act, limit: Limit) -> None:
    """What was counted no longer counts."""
    meters.clear(tx, limit.value, act.person.id)
