"""What a practice sells and where it takes place."""

from dataclasses import dataclass, field
from enum import StrEnum

from bot.domain.payments.money import Money


class PlaceKind(StrEnum):
    """Where a session happens. Zoom is going to be one more kind."""

    VIDEO = "video"  # the coach's own link
    PHONE_CLIENT_CALLS = "phone_in"  # the client calls this number
    PHONE_COACH_CALLS = "phone_out"  # the coach calls; details say from which number
    ADDRESS = "address"


@dataclass(frozen=True)
class Place:
    kind: PlaceKind
    details: str


class OfferState(StrEnum):
    DRAFT = "draft"
    OPEN = "open"
    PAUSED = "paused"
    ARCHIVED = "archived"


@dataclass(frozen=True)
class Offer:
    """Lengths, buffers, notice and cut-offs are minutes; horizon is days; `place` None means the coach's own."""

    id: int
    name: str
    state: OfferState
    length_min: int
    step_min: int
    price: Money
    place: Place | None = None
    buffer_before_min: int = 10
    buffer_after_min: int = 10
    notice_min: int = 720
    horizon_days: int = 60
    daily_cap: int | None = None
    weekly_cap: int | None = None
    cancel_cutoff_min: int = 1440
    move_cutoff_min: int = 720
    max_moves: int = 2
    coach_ids: tuple[int, ...] = field(default=())
    version: int = 1


NUMBERS = (
    "length_min",
    "step_min",
    "buffer_before_min",
    "buffer_after_min",
    "notice_min",
    "horizon_days",
    "daily_cap",
    "weekly_cap",
    "cancel_cutoff_min",
    "move_cutoff_min",
    "max_moves",
)
"""The settings of an offer that are plain numbers, by their names everywhere: in tables, forms and the audit."""
