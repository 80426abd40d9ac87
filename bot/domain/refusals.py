"""Expected refusals are values. Each has a code; words for it are given in `handlers`."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum


class Code(StrEnum):
    NOT_FOUND = "not_found"  # not there, or not yours: the same answer
    TAKEN = "taken"
    NOT_BOOKABLE = "not_bookable"  # `facts["reason"]` is a slots.Reason
    OFFER_CLOSED = "offer_closed"
    COACH_AWAY = "coach_away"
    HOLD_OVER = "hold_over"
    ALREADY_PAID = "already_paid"
    CHANGED = "changed"  # version or outcome differ from what was stated
    TOO_LATE_TO_MOVE = "too_late_to_move"
    NO_MOVES_LEFT = "no_moves_left"
    ALREADY_OVER = "already_over"
    PAYMENTS_OFF = "payments_off"
    NO_PLACE = "no_place"
    CONTRADICTION = "contradiction"  # settings that exclude each other; `facts["reason"]`
    LINK_DEAD = "link_dead"  # an invitation or start token used, revoked or too old
    TOO_FAST = "too_fast"
    CURRENCY_FIXED = "currency_fixed"


@dataclass(frozen=True)
class Refusal:
    """`facts` are values for the words: times, names of settings, the nearest free starts under `near`."""

    code: Code
    facts: Mapping[str, object] = field(default_factory=dict)


@dataclass(frozen=True)
class Done:
    """A do succeeded, now or at an earlier delivery of the same update: show `next`."""

    next: str
