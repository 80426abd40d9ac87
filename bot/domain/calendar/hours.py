"""Reads and prints a coach's hours as a line of text: "mon-thu 9-12,14-17; fri 9:30-13; off 24-26 dec"."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from itertools import pairwise

from bot.domain.calendar.parse_hours import MAX_DATES, Token, UnreadableHours, tokens
from bot.domain.calendar.schedule import Schedule
from bot.domain.calendar.spans import HoursChange, HoursError, HoursReason, Spans, merged, week

_MAX_LINE = 2000
_NAMES = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")


@dataclass(frozen=True, slots=True)
class DayDiff:
    """One day's hours before and after; `day` is a weekday (0 is Monday) or a date.

    None, for dates only: no hours of its own, the weekly ones hold.
    """

    day: int | date
    before: Spans | None
    after: Spans | None


def apply(change: HoursChange, schedule: Schedule) -> Schedule:
    """The schedule with the changed weekdays and dates replaced."""
    weekly = week(change.weekly.get(day, spans) for day, spans in enumerate(schedule.weekly))
    return Schedule(schedule.zone, weekly, {**schedule.days, **change.days})


def diff(old: Schedule, new: Schedule) -> list[DayDiff]:
    """What differs: weekdays from Monday, then dates in order. The zone is not compared."""
    weekdays = [
        DayDiff(day, before, after)
        for day, (before, after) in enumerate(zip(old.weekly, new.weekly, strict=True))
        if before != after
    ]
    dates = [
        DayDiff(day, old.days.get(day), new.days.get(day))
        for day in sorted({*old.days, *new.days})
        if old.days.get(day) != new.days.get(day)
    ]
    return weekdays + dates


def parse_hours(line: str, today: date) -> HoursChange | HoursError:
    """Read a line of hours. `today` is the coach's local date: a date without a year is its next occurrence.

    Clauses end with ";" or a line break; each names days or dates and then spans or "off" (or "off" first).
    Weekdays and months are English or German. Days of a range that are past are left out.
    Limits: 2000 characters, 366 dates.
    """
    try:
        return _read(line, today)
    except UnreadableHours as refused:
        return HoursError(refused.fragment.strip(), refused.reason)


def print_hours(change: HoursChange) -> str:
    """The change as a line that `parse_hours` reads back to an equal change, days of equal hours together."""
    by_spans: dict[Spans, list[int]] = {}
    for day in sorted(change.weekly):
        by_spans.setdefault(change.weekly[day], []).append(day)
    clauses = [f"{_print_weekdays(days)} {_print_spans(spans)}" for spans, days in by_spans.items()]
    for first, last in _runs(change):
        name = first.isoformat() if first == last else f"{first.isoformat()} - {last.isoformat()}"
        clauses.append(f"{name} {_print_spans(change.days[first])}")
    return "; ".join(clauses)


def _read(line: str, today: date) -> HoursChange:
    if len(line) > _MAX_LINE:
        raise UnreadableHours(line[:40], HoursReason.TOO_LONG)
    weekly: dict[int, Spans] = {}
    days: dict[date, Spans] = {}
    for text, group in _groups(line, today):
        spans = _spans(text, group)
        for token in group:
            twice = [day for day in token.weekdays if weekly.setdefault(day, spans) != spans]
            if twice or any(days.setdefault(day, spans) != spans for day in token.dates):
                raise UnreadableHours(token.text, HoursReason.TWICE)
    if len(days) > MAX_DATES:
        raise UnreadableHours(line[:40], HoursReason.TOO_MANY_DAYS)
    if not (weekly or days):
        raise UnreadableHours(line, HoursReason.EMPTY)
    return HoursChange(weekly, days)


def _groups(line: str, today: date) -> Iterator[tuple[str, list[Token]]]:
    """Tokens that belong together, and their text: days and what holds on them.

    A day after times or "off" begins anew.
    """
    for clause in re.split(r"[;\n]", line):
        groups: list[list[Token]] = []
        for token in tokens(clause, today):
            if not groups or (token.names_days and not groups[-1][-1].names_days and not _is_off(groups[-1][0])):
                groups.append([])
            groups[-1].append(token)
        for group in groups:
            yield clause[group[0].at : group[-1].at + len(group[-1].text)], group


def _is_off(token: Token) -> bool:
    return not token.names_days and token.span is None


def _spans(text: str, group: list[Token]) -> Spans:
    spans = sorted(token.span for token in group if token.span)
    off = any(map(_is_off, group))
    if not any(token.names_days for token in group):
        raise UnreadableHours(text, HoursReason.NO_DAY)
    if off and spans:
        raise UnreadableHours(text, HoursReason.OFF_AND_TIMES)
    if not off and not spans:
        raise UnreadableHours(text, HoursReason.NO_TIMES)
    if any(later[0] < earlier[1] for earlier, later in pairwise(spans)):
        raise UnreadableHours(text, HoursReason.OVERLAP)
    return merged(spans)


def _print_weekdays(days: list[int]) -> str:
    runs: list[list[int]] = []
    for day in days:
        if runs and runs[-1][-1] == day - 1:
            runs[-1].append(day)
        else:
            runs.append([day])
    return ",".join(_NAMES[run[0]] + (f"-{_NAMES[run[-1]]}" if len(run) > 1 else "") for run in runs)


def _print_spans(spans: Spans) -> str:
    return ",".join(f"{_print_time(start)}-{_print_time(end)}" for start, end in spans) or "off"


def _print_time(minutes: int) -> str:
    """Small hours get two digits: a bare "2-5" could be the afternoon."""
    hour, minute = divmod(minutes, 60)
    shown = f"{hour:02}" if hour < 6 else str(hour)
    return f"{shown}:{minute:02}" if minute else shown


def _runs(change: HoursChange) -> Iterator[tuple[date, date]]:
    """First and last of neighbouring dates with equal hours."""
    first = last = None
    for day in sorted(change.days):
        if first and last and day - last == timedelta(days=1) and change.days[day] == change.days[first]:
            last = day
            continue
        if first and last:
            yield first, last
        first = last = day
    if first and last:
        yield first, last
