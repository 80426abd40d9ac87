"""Reads and prints a coach's hours as a line of text: "mon-thu 9-12,14-17; fri 9:30-13; off 24-26 dec"."""

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date, timedelta

from bot.domain.calendar.hours_groups import Said, read_group
from bot.domain.calendar.parse_dates import MAX_DATES, print_dates
from bot.domain.calendar.parse_hours import Token, tokens
from bot.domain.calendar.parse_spans import print_span
from bot.domain.calendar.schedule import Schedule
from bot.domain.calendar.spans import HoursChange, HoursError, HoursReason, Spans, merged, week, without
from bot.domain.calendar.unreadable import UnreadableHours

_MAX_LINE = 2000
_DAY = timedelta(days=1)
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
    days = {day: spans for day, spans in {**schedule.days, **change.days}.items() if spans is not None}
    for day, gone in change.closed.items():
        days[day] = without(days.get(day, weekly[day.weekday()]), gone)
    return Schedule(schedule.zone, weekly, days)


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


def runs(changes: Iterable[DayDiff]) -> list[tuple[date, date, DayDiff]]:
    """Neighbouring dates that change alike: first, last, and what changes on each. Weekdays are left out."""
    found: list[tuple[date, date, DayDiff]] = []
    for each in changes:
        if not isinstance(each.day, date):
            continue
        if found and each.day - found[-1][1] == _DAY and _alike(found[-1][2], each):
            found[-1] = (found[-1][0], each.day, found[-1][2])
        else:
            found.append((each.day, each.day, each))
    return found


def _alike(one: DayDiff, other: DayDiff) -> bool:
    """A day off among days off is one absence, whatever hours it would have had."""
    return one.after == other.after and (one.before == other.before or not one.after)


def parse_hours(line: str, today: date) -> HoursChange | HoursError:
    """Read a line of hours. `today` is the coach's local date: a date without a year is its next occurrence.

    Clauses end with ";" or a line break; each names days or dates and then spans, "off" or "usual" (or begins with
    one of these words). "off" with spans closes these spans of one date or range. Weekdays and months are English or
    German. Days of a range that are past are left out. Limits: 2000 characters, 366 dates.
    """
    try:
        return _read(line, today)
    except UnreadableHours as refused:
        return HoursError(refused.fragment.strip(), refused.reason, _instead(line, today, refused))


def _instead(line: str, today: date, refused: UnreadableHours, tries: int = 3) -> tuple[str, ...]:
    """Lines that can be read, made of what may be meant by the piece that cannot."""
    found = list(refused.lines)
    for piece in refused.instead:
        fixed = line.replace(refused.fragment, piece, 1).strip(" ;,\n")
        try:
            _read(fixed, today)
            found.append(fixed)
        except UnreadableHours as again:
            found += _instead(fixed, today, again, tries - 1) if tries else ()
    return tuple(dict.fromkeys(each for each in found if each != line))


def print_hours(change: HoursChange) -> str:
    """The change as a line that `parse_hours` reads back to an equal change, days of equal hours together."""
    by_spans: dict[Spans, list[int]] = {}
    for day in sorted(change.weekly):
        by_spans.setdefault(change.weekly[day], []).append(day)
    clauses = [f"{_print_weekdays(days)} {_print_spans(spans)}" for spans, days in by_spans.items()]
    for first, last, spans in _dated(change.days):
        clauses.append(f"{print_dates(first, last)} {'usual' if spans is None else _print_spans(spans)}")
    for first, last, spans in _dated(change.closed):
        clauses.append(f"{print_dates(first, last)} off {_print_spans(spans or ())}")
    return "; ".join(clauses)


def _read(line: str, today: date) -> HoursChange:
    if len(line) > _MAX_LINE:
        raise UnreadableHours(line, HoursReason.TOO_LONG)
    read = [read_group(text, group) for text, group in _groups(line, today)]
    weekly: dict[int, Spans] = {}
    days: dict[date, Spans | None] = {}
    closed: dict[date, Spans] = {}
    for said in read:
        for text, weekdays, dates in said.named:
            hours = said.spans or ()
            twice = [day for day in weekdays if weekly.setdefault(day, hours) != hours]
            if said.closes:
                closed.update({day: merged((*closed.get(day, ()), *hours)) for day in dates})
                continue
            if twice or any(days.setdefault(day, said.spans) != said.spans for day in dates):
                raise UnreadableHours(text, HoursReason.TWICE, lines=_both(read))
    if len({*days, *closed}) > MAX_DATES:
        raise UnreadableHours(line, HoursReason.TOO_MANY_DAYS)
    if not (weekly or days or closed):
        raise UnreadableHours(line, HoursReason.EMPTY)
    return HoursChange(weekly, days, closed)


def _both(read: list[Said]) -> tuple[str, ...]:
    """One day said twice has both hours, most likely: "mon 9-12; mon 14-16". One that is off among others is off:
    "mon-fri 9-17; fri off"."""
    weekly: dict[int, Spans] = {}
    days: dict[date, Spans] = {}
    for said in read:
        if said.closes or said.spans is None:
            return ()
        for _text, weekdays, dates in said.named:
            weekly.update({day: _with(weekly.get(day), said.spans) for day in weekdays})
            days.update({day: _with(days.get(day), said.spans) for day in dates})
    hours = any((*weekly.values(), *days.values()))
    return (print_hours(HoursChange(weekly, dict(days))),) if hours else ()


def _with(before: Spans | None, spans: Spans) -> Spans:
    return () if before == () or not spans else merged((*(before or ()), *spans))


def _groups(line: str, today: date) -> Iterator[tuple[str, list[Token]]]:
    """Tokens that belong together, and their text: days and what holds on them.

    A day after times, "off" or "usual" begins anew.
    """
    for clause in re.split(r"[;\n]", line):
        groups: list[list[Token]] = []
        for token in tokens(clause, today):
            begins = token.names_days and groups and not groups[-1][-1].names_days and not _is_mark(groups[-1][0])
            if not groups or begins:
                groups.append([])
            groups[-1].append(token)
        for group in groups:
            yield clause[group[0].at : group[-1].at + len(group[-1].text)], group


def _is_mark(token: Token) -> bool:
    return token.is_off or token.usual


def _print_weekdays(days: list[int]) -> str:
    in_a_row: list[list[int]] = []
    for day in days:
        if in_a_row and in_a_row[-1][-1] == day - 1:
            in_a_row[-1].append(day)
        else:
            in_a_row.append([day])
    return ",".join(_NAMES[run[0]] + (f"-{_NAMES[run[-1]]}" if len(run) > 1 else "") for run in in_a_row)


def _print_spans(spans: Spans) -> str:
    return ",".join(map(print_span, spans)) or "off"


def _dated(days: Mapping[date, Spans | None]) -> Iterator[tuple[date, date, Spans | None]]:
    """First and last of neighbouring dates with equal hours, and these."""
    return ((first, last, each.after) for first, last, each in runs(DayDiff(d, None, days[d]) for d in sorted(days)))
