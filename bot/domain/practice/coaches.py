"""A coach of the practice."""

from dataclasses import dataclass
from enum import StrEnum

from bot.domain.calendar.schedule import Schedule
from bot.domain.practice.offers import Offer, Place

ABOUT_LENGTH = 120


class CoachState(StrEnum):
    ACTIVE = "active"
    PAUSED = "paused"
    REMOVED = "removed"


@dataclass(frozen=True)
class Coach:
    """`about`: who they are, in one line that clients read. `version` is that of the schedule: saving hours is a
    compare-and-swap on it."""

    id: int
    person_id: int
    name: str
    short_name: str
    state: CoachState
    zone: str
    schedule: Schedule
    place: Place | None = None
    version: int = 1
    about: str | None = None

    def place_for(self, offer: Offer) -> Place | None:
        """The offer's own place before the coach's."""
        return offer.place or self.place

    def can_do(self, offer: Offer) -> bool:
        """Whether this coach does the offer and it has a place; hours and the offer's state are not looked at."""
        works = self.state is CoachState.ACTIVE and self.id in offer.coach_ids
        return works and self.place_for(offer) is not None
