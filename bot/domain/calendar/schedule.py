"""When a coach works: weekly hours, single dates that differ, and the zone in which both are meant."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date

from bot.domain.calendar.spans import DAY_MINUTES, Span, Spans, Weekly, merged, week


@dataclass(frozen=True, slots=True)
class Schedule:
    """`zone` is an IANA name. A date in `days` replaces that day's weekly hours; empty spans: a day off."""

    zone: str
    weekly: Weekly
    days: Mapping[date, Spans]

    def on(self, day: date) -> Spans:
        return self.days.get(day, self.weekly[day.weekday()])

    def has_hours(self, since: date = date.min) -> bool:
        """Whether there is any span at all: weekly, or on a single date from `since` on."""
        return any(self.weekly) or any(spans for day, spans in self.days.items() if day >= since)


def schedule_to_json(schedule: Schedule) -> dict[str, object]:
    """{"zone": str, "weekly": [[[from, to], ...] x 7], "days": {"2026-12-24": [[from, to], ...]}}."""
    return {
        "zone": schedule.zone,
        "weekly": [[list(span) for span in spans] for spans in schedule.weekly],
        "days": {day.isoformat(): [list(span) for span in spans] for day, spans in sorted(schedule.days.items())},
    }


def schedule_from_json(data: Mapping[str, object]) -> Schedule:
    """The inverse of `schedule_to_json`. ValueError when the shape or a span is wrong."""
    match data:
        case {"zone": str(zone), "weekly": [mon, tue, wed, thu, fri, sat, sun], "days": dict(days)}:
            weekdays = (mon, tue, wed, thu, fri, sat, sun)
            dates = {date.fromisoformat(str(day)): _spans(spans) for day, spans in days.items()}
            return Schedule(zone, week(map(_spans, weekdays)), dates)
        case _:
            raise ValueError("a schedule has a zone, seven weekly days and dates")


def _spans(data: object) -> Spans:
    match data:
        case [*pairs]:
            return merged(_span(pair) for pair in pairs)
        case _:
            raise ValueError(f"not a list of spans: {data!r}")


def _span(data: object) -> Span:
    match data:
        case [int(start), int(end)] if 0 <= start < end <= DAY_MINUTES:
            return start, end
        case _:
            raise ValueError(f"not a span: {data!r}")
