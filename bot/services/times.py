"""Free times, as a client or a coach asks for them. What is shown here is what `hold` and `move` check."""

from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum

from bot.domain.bookings import Booking
from bot.domain.offers import Offer
from storage.engine import Storage


@dataclass(frozen=True)
class DayCount:
    """How many starts are free on one day of the reader's calendar."""

    day: date
    count: int


@dataclass(frozen=True)
class FreeTime:
    """`coach_id`: who would take it; with any coach, the one with the fewest sessions that week."""

    starts: datetime
    coach_id: int


class NoTimes(StrEnum):
    """Why there is nothing to offer."""

    NO_HOURS = "no_hours"
    ALL_TAKEN = "all_taken"
    PAUSED = "paused"
    HORIZON = "horizon"  # hours begin only beyond what may be booked today


@dataclass(frozen=True)
class Moving:
    """Times to move a booking to: its own session is no hindrance and its length stays.

    `by_coach`: the offer's notice does not bind the coach.
    """

    booking: Booking
    by_coach: bool = False


class Times:
    """`coach_id` None means any coach of the offer. Zones are IANA names of the reader."""

    def __init__(self, storage: Storage) -> None:
        self._storage = storage

    async def days(
        self, offer: Offer, coach_id: int | None, zone: str, first: date, count: int, now: datetime,
        *, moving: Moving | None = None,
    ) -> list[DayCount]:  # fmt: skip
        """One entry for each of `count` days of the reader's calendar from `first`, empty days included."""
        raise NotImplementedError

    async def on_day(
        self, offer: Offer, coach_id: int | None, day: date, zone: str, now: datetime,
        *, moving: Moving | None = None,
    ) -> list[FreeTime]:  # fmt: skip
        """Every free start of that day of the reader's calendar, in order, each start once."""
        raise NotImplementedError

    async def next_free(
        self, offer: Offer, coach_id: int | None, after: datetime, now: datetime, *, moving: Moving | None = None
    ) -> FreeTime | None:
        """The first free start at or after `after`, up to the horizon."""
        raise NotImplementedError

    async def nearest(
        self, offer: Offer, coach_id: int | None, at: datetime, now: datetime, count: int = 3,
        *, moving: Moving | None = None,
    ) -> list[FreeTime]:  # fmt: skip
        """The free starts closest to `at`, itself left out, in order of time."""
        raise NotImplementedError

    async def why_none(self, offer: Offer, coach_id: int | None, now: datetime) -> NoTimes:
        """Why `next_free` finds nothing; ask only then."""
        raise NotImplementedError
