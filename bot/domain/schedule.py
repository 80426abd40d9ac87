"""When a coach works: weekly hours, single dates that differ, and the zone in which both are meant."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date

from bot.domain.spans import HoursChange, Spans, Weekly


@dataclass(frozen=True, slots=True)
class Schedule:
    """`zone` is an IANA name. A date in `days` replaces that day's weekly hours; empty spans are a day off."""

    zone: str
    weekly: Weekly
    days: Mapping[date, Spans]

    def on(self, day: date) -> Spans:
        return self.days.get(day, self.weekly[day.weekday()])


@dataclass(frozen=True, slots=True)
class DayDiff:
    """One day's hours before and after; `day` is a weekday (0 is Monday) or a date. None: no special hours."""

    day: int | date
    before: Spans | None
    after: Spans | None


def apply_change(change: HoursChange, schedule: Schedule) -> Schedule:
    raise NotImplementedError


def diff_schedules(old: Schedule, new: Schedule) -> list[DayDiff]:
    """What differs: weekdays from Monday, then dates in order. The zone is not compared."""
    raise NotImplementedError


def schedule_to_json(schedule: Schedule) -> dict[str, object]:
    """{"zone": str, "weekly": [[[from, to], ...] x 7], "days": {"2026-12-24": [[from, to], ...]}}."""
    raise NotImplementedError


def schedule_from_json(data: Mapping[str, object]) -> Schedule:
    """The inverse of `schedule_to_json`. ValueError when the shape or a span is wrong."""
    raise NotImplementedError
