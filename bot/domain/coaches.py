"""A coach as the practice knows one."""

from dataclasses import dataclass
from enum import StrEnum

from bot.domain.offers import Place
from bot.domain.schedule import Schedule


class CoachState(StrEnum):
    ACTIVE = "active"
    PAUSED = "paused"
    REMOVED = "removed"


@dataclass(frozen=True)
class Coach:
    """`version` is that of the schedule: saving hours is a compare-and-swap on it."""

    id: int
    person_id: int
    name: str
    short_name: str
    state: CoachState
    zone: str
    schedule: Schedule
    place: Place | None = None
    version: int = 1
