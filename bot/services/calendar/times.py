"""Free times, as a client or a coach asks for them. What is shown here is what `hold` and `move` check."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from enum import StrEnum

from bot.domain.calendar.offsets import first_instant
from bot.domain.calendar.slots import FreeTime, Reason, by_day
from bot.domain.calendar.why_none import NEAREST_FIRST
from bot.domain.practice.coaches import Coach
from bot.domain.practice.offers import Offer, OfferState
from bot.services.calendar import free_times
from bot.services.calendar.free_times import Calendar
from bot.services.calendar.free_times import Moving as Moving
from storage.engine import Storage, Tx
from storage.instants import from_epoch, to_epoch


@dataclass(frozen=True)
class DayCount:
    """How many starts are free on one day of the reader's calendar."""

    day: date
    count: int


class NoTimes(StrEnum):
    """Why there is nothing to offer."""

    NO_HOURS = "no_hours"
    ALL_TAKEN = "all_taken"
    PAUSED = "paused"
    HORIZON = "horizon"  # there are hours, but none that may be booked today


class Times:
    """`coach_id` None means any coach of the offer. Zones are IANA names of the reader."""

    def __init__(self, storage: Storage) -> None:
        self._storage = storage

    async def days(
        self, offer: Offer, coach_id: int | None, zone: str, first: date, count: int, now: datetime,
        *, moving: Moving | None = None,
    ) -> list[DayCount]:  # fmt: skip
        """One entry for each of `count` days of the reader's calendar from `first`, empty days included."""
        since, until = _span(zone, first, count)
        return _counts(await self._starts(offer, coach_id, since, until, now, moving), zone, first, count)

    async def days_and_next(
        self, offer: Offer, coach_id: int | None, zone: str, first: date, count: int, now: datetime,
        *, moving: Moving | None = None,
    ) -> tuple[list[DayCount], FreeTime | None]:  # fmt: skip
        """As `days`, with the first free start after them, at one look."""
        since, until = _span(zone, first, count)

        def work(tx: Tx) -> tuple[dict[int, int], FreeTime | None]:
            those = free_times.fairest_first(tx, _candidates(tx, offer, coach_id, moving), since)
            last = max(until, free_times.horizon(offer, now))
            loaded = free_times.load_all(tx, offer, those, since, last, now, moving)
            return _free(loaded, since, until), _first(loaded, until)

        free, beyond = await self._storage.read(work)
        return _counts(free, zone, first, count), beyond

    async def on_day(
        self, offer: Offer, coach_id: int | None, day: date, zone: str, now: datetime,
        *, moving: Moving | None = None,
    ) -> list[FreeTime]:  # fmt: skip
        """Every free start of that day of the reader's calendar, in order, each start once."""
        since, until = _span(zone, day, 1)
        free = await self._starts(offer, coach_id, since, until, now, moving)
        return [FreeTime(from_epoch(start), free[start]) for start in sorted(free)]

    async def days_with_times(
        self, offer: Offer, coach_id: int | None, zone: str, first: date, count: int, day: date, now: datetime,
        *, moving: Moving | None = None,
    ) -> tuple[list[DayCount], list[FreeTime]]:  # fmt: skip
        """As `days`, with the free starts of one of these days, at one look."""
        since, until = _span(zone, first, count)
        free = await self._starts(offer, coach_id, since, until, now, moving)
        begins, ends = _span(zone, day, 1)
        times = [FreeTime(from_epoch(start), free[start]) for start in sorted(free) if begins <= start < ends]
        return _counts(free, zone, first, count), times

    async def next_free(
        self, offer: Offer, coach_id: int | None, after: datetime, now: datetime,
        *, moving: Moving | None = None,
    ) -> FreeTime | None:  # fmt: skip
        """The first free start at or after `after`, up to the horizon."""
        return await self._storage.read(lambda tx: next_free(tx, offer, coach_id, after, now, moving))

    async def nearest(
        self, offer: Offer, coach_id: int | None, at: datetime, now: datetime, count: int = 3,
        *, moving: Moving | None = None, since: datetime | None = None,
    ) -> list[FreeTime]:  # fmt: skip
        """The free starts closest to `at`, itself left out, from `since` on, in order of time."""

        def work(tx: Tx) -> list[FreeTime]:
            those = _candidates(tx, offer, coach_id, moving)
            return free_times.nearest(tx, offer, those, at, now, count, moving, since)

        return await self._storage.read(work)

    async def why_none(self, offer: Offer, coach_id: int | None, now: datetime) -> NoTimes:
        """Why `next_free` finds nothing; ask only then."""

        def work(tx: Tx) -> NoTimes:
            those = free_times.candidates(tx, offer, coach_id)
            if offer.state is not OfferState.OPEN or not those:
                return NoTimes.PAUSED
            if not any(has_hours(coach, now) for coach in those):
                return NoTimes.NO_HOURS
            moment, rules = to_epoch(now), free_times.rules_of(offer)
            empty = (Calendar(coach, rules, (), moment) for coach in those)
            return NoTimes.HORIZON if all(each.first(moment) is None for each in empty) else NoTimes.ALL_TAKEN

        return await self._storage.read(work)

    async def why_not_on(
        self, offer: Offer, coach_id: int | None, zone: str, first: date, count: int, now: datetime,
        *, moving: Moving | None = None,
    ) -> Reason | None:  # fmt: skip
        """Why nothing is free on these days, whoever is asked, but for the time of a session to be moved; ask only
        then. None where nobody has any times."""
        since, until = _span(zone, first, count)

        def work(tx: Tx) -> Reason | None:
            those = _candidates(tx, offer, coach_id, moving)
            loaded = free_times.load_all(tx, offer, those, since, until, now, moving)
            if moving is not None and any(calendar.starts(since, until) for calendar in loaded):
                return Reason.TAKEN
            reasons = [calendar.why_none(since, until) for calendar in loaded]
            return min(reasons, key=NEAREST_FIRST.index, default=None)

        return await self._storage.read(work)

    async def _starts(
        self, offer: Offer, coach_id: int | None, since: int, until: int, now: datetime, moving: Moving | None
    ) -> dict[int, int]:
        """Free starts in [since, until), each with who would take it."""

        def work(tx: Tx) -> dict[int, int]:
            those = free_times.fairest_first(tx, _candidates(tx, offer, coach_id, moving), since)
            return _free(free_times.load_all(tx, offer, those, since, until, now, moving), since, until)

        return await self._storage.read(work)


def next_free(
    tx: Tx, offer: Offer, coach_id: int | None, after: datetime, now: datetime, moving: Moving | None = None
) -> FreeTime | None:
    """See `Times.next_free`."""
    those = _candidates(tx, offer, coach_id, moving)
    since, until = to_epoch(max(after, now)), free_times.horizon(offer, now)
    if since >= until:
        return None
    return _first(free_times.load_all(tx, offer, those, since, until, now, moving), since)


def has_hours(coach: Coach, now: datetime) -> bool:
    """Whether there is any span from the day before `now` on: in the west that is today."""
    return coach.schedule.has_hours(now.date() - timedelta(days=1))


def _candidates(tx: Tx, offer: Offer, coach_id: int | None, moving: Moving | None) -> list[Coach]:
    """A closed offer has no times for new bookings; those made under it may still move."""
    if moving is None and offer.state is not OfferState.OPEN:
        return []
    return free_times.candidates(tx, offer, moving.booking.coach_id if moving is not None else coach_id)


def _span(zone: str, first: date, count: int) -> tuple[int, int]:
    """Epoch seconds at which `count` days of the reader's calendar begin and end."""
    return first_instant(zone, first.toordinal(), 0), first_instant(zone, first.toordinal() + count, 0)


def _free(loaded: Iterable[Calendar], since: int, until: int) -> dict[int, int]:
    """Free starts in [since, until), each with the first of these coaches who is free."""
    found: dict[int, int] = {}
    for calendar in loaded:
        for start in calendar.starts(since, until):
            found.setdefault(start, calendar.coach.id)
    return found


def _first(loaded: Iterable[Calendar], since: int) -> FreeTime | None:
    found = [(start, calendar.coach.id) for calendar in loaded if (start := calendar.first(since)) is not None]
    if not found:
        return None
    start, coach_id = min(found)
    return FreeTime(from_epoch(start), coach_id)


def _counts(free: Iterable[int], zone: str, first: date, count: int) -> list[DayCount]:
    starts = by_day(sorted(free), zone)
    days = [date.fromordinal(first.toordinal() + ahead) for ahead in range(count)]
    return [DayCount(day, len(starts.get(day, ()))) for day in days]
