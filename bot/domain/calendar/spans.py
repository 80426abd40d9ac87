"""Spans of a coach's working day, weeks of them, and the change or the error that a typed line leads to."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date
from enum import StrEnum
from typing import TypeAlias

Span: TypeAlias = tuple[int, int]
"""(from, to) in minutes since local midnight, 0 <= from < to <= 1440."""

Spans: TypeAlias = tuple[Span, ...]
"""Sorted, not touching; empty is a day off."""

Weekly: TypeAlias = tuple[Spans, Spans, Spans, Spans, Spans, Spans, Spans]
"""Monday first, as `date.weekday` counts."""

DAY_MINUTES = 1440
CLOSED: Weekly = ((), (), (), (), (), (), ())


@dataclass(frozen=True, slots=True)
class HoursChange:
    """New spans for weekdays (0 is Monday) and for single dates; empty spans are "off".

    None on a date: as every week, also when the week changes later. `closed` are spans of dates that are taken out of
    whatever hours hold there.
    """

    weekly: Mapping[int, Spans]
    days: Mapping[date, Spans | None]
    closed: Mapping[date, Spans] = field(default_factory=dict)


class HoursReason(StrEnum):
    EMPTY = "empty"  # nothing was said
    TOO_LONG = "too_long"
    NO_DAY = "no_day"  # times or "off" without a day
    NO_TIMES = "no_times"  # a day without times or "off", or a time without an end
    UNKNOWN_WORD = "unknown_word"
    BAD_TIME = "bad_time"  # no such time of day: 25:00, 9:75
    BAD_DATE = "bad_date"  # no such date: 31 feb, or not the weekday that was said
    BACKWARDS = "backwards"  # ends before it starts; hours over midnight are two spans
    AMBIGUOUS_TIME = "ambiguous_time"  # "9-5", "2-5": in the morning or in the afternoon
    AMBIGUOUS_DATE = "ambiguous_date"  # "3/4": April or March
    OVERLAP = "overlap"  # spans of one day overlap
    OFF_AND_TIMES = "off_and_times"  # one day is said to be off and has times
    TWICE = "twice"  # one day is given twice with different hours
    PAST_DATE = "past_date"
    TOO_MANY_DAYS = "too_many_days"
    FROM_DATE = "from_date"  # weekly hours that begin on a date: "from 1 feb mon 10-12"
    NO_END = "no_end"  # a stretch whose last day is missing


@dataclass(frozen=True, slots=True)
class HoursError:
    """`fragment` is the piece of the line that was not understood, as it was typed.

    `instead` are whole lines that can be read and are likely meant, the likeliest first.
    """

    fragment: str
    reason: HoursReason
    instead: tuple[str, ...] = field(default=(), compare=False)


def merged(spans: Iterable[Span]) -> Spans:
    """The same minutes as sorted spans that neither overlap nor touch; empty spans vanish."""
    result: list[Span] = []
    for start, end in sorted(spans):
        if start >= end:
            continue
        if result and start <= result[-1][1]:
            result[-1] = (result[-1][0], max(end, result[-1][1]))
        else:
            result.append((start, end))
    return tuple(result)


def without(spans: Iterable[Span], gone: Iterable[Span]) -> Spans:
    """The minutes of `spans` that are not in `gone`."""
    left = list(spans)
    for start, end in gone:
        left = [part for s, e in left for part in ((s, min(e, start)), (max(s, end), e)) if part[0] < part[1]]
    return merged(left)


def week(days: Iterable[Spans]) -> Weekly:
    """Exactly seven days, Monday first; ValueError for more or fewer."""
    monday, tuesday, wednesday, thursday, friday, saturday, sunday = days
    return (monday, tuesday, wednesday, thursday, friday, saturday, sunday)
