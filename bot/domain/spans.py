"""Spans of a coach's day, a week of them, and a change to either."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
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
    """New spans for weekdays (0 is Monday) and for single dates; empty spans are "off"."""

    weekly: Mapping[int, Spans]
    days: Mapping[date, Spans]


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
