"""A tight slot search to measure against: epoch integers, one offset table per zone, one merge walk, `range()`.

It shares no code with the product and knows one kind of coach only: no caps, one length, one pair of buffers.
"""

import random
from bisect import bisect_left, bisect_right
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from functools import lru_cache
from zoneinfo import ZoneInfo

DAY = 86_400
EPOCH = date(1970, 1, 1).toordinal()
CLOCK = tuple(f"{minute // 60:02}:{minute % 60:02}" for minute in range(1440))
NEVER = (1 << 62, 1 << 62)
Spans = tuple[tuple[int, int], ...]


@dataclass(frozen=True)
class Work:
    """Minutes, except `now` and `busy` (sorted, epoch seconds); days are ordinals, a week begins on Monday."""

    zone: str
    weekly: tuple[Spans, ...]
    days: dict[int, Spans]
    busy: list[tuple[int, int]]
    now: int
    length: int = 50
    step: int = 15
    buffer: int = 10
    notice: int = 240


def workload(*, dense: bool) -> Work:
    """A coach in New York: office hours, 10 days off, 20 with other hours, 200 bookings in 90 (dense) or 365 days."""
    dice, zone, today = random.Random(5), "America/New_York", date(2026, 3, 2)
    now = int(datetime(2026, 3, 2, 14, 7, tzinfo=UTC).timestamp())
    office: Spans = ((540, 720), (780, 1020))
    ahead = dice.sample([number for number in range(1, 365) if (today + timedelta(days=number)).weekday() < 5], 30)
    days: dict[int, Spans] = {today.toordinal() + number: () for number in ahead[:10]}
    days |= {today.toordinal() + number: ((600, 780), (840, 1140)) for number in ahead[10:]}
    info, taken = ZoneInfo(zone), set[tuple[int, int]]()
    while len(taken) < 200:
        day = today + timedelta(days=dice.randrange(90 if dense else 365))
        spans = days.get(day.toordinal(), office if day.weekday() < 5 else ())
        if spans:
            opens, closes = dice.choice(spans)
            clock = datetime(day.year, day.month, day.day, tzinfo=info)
            minute = opens + 15 * dice.randrange((closes - opens - 50) // 15 + 1)
            start = int(clock.replace(hour=minute // 60, minute=minute % 60).timestamp())
            if all(start >= other[1] or start + 3000 <= other[0] for other in taken):
                taken.add((start, start + 3000))
    return Work(zone, (office,) * 5 + ((), ()), days, sorted(taken), now)


def search(work: Work, days: int, viewer: str) -> dict[int, list[str]]:
    """HH:MM of every free start from today to `days` ahead, by the ordinal of the viewer's date."""
    return _grouped(free(work, days), viewer)


def free(work: Work, days: int) -> list[int]:
    """Free starts on the coach's days from today to `days` ahead."""
    bounds, offsets = table(work.zone)
    today = (work.now + offsets[bisect_right(bounds, work.now) - 1]) // DAY + EPOCH
    length, step, pause = work.length * 60, work.step * 60, work.buffer * 60
    earliest, found = work.now + work.notice * 60, list[int]()
    closed = iter([(starts - pause - length, ends + pause) for starts, ends in work.busy])
    shut, opens_again = next(closed, NEVER)
    special, weekly, steady, offset = work.days, work.weekly, 0, 0
    for day in range(today, today + days + 1):
        midnight = (day - EPOCH) * DAY
        if midnight >= steady:
            steady, offset = _steady(bounds, offsets, midnight)
        for opens, closes in special.get(day) or (() if day in special else weekly[(day - 1) % 7]):
            if steady:
                start, last = midnight + opens * 60 - offset, midnight + closes * 60 - offset - length
            else:
                start = _reached(bounds, offsets, midnight + opens * 60)
                last = _reached(bounds, offsets, midnight + closes * 60) - length
            grid = start
            if start < earliest:
                start += -(-(earliest - start) // step) * step
            while start <= last:
                while opens_again <= start:
                    shut, opens_again = next(closed, NEVER)
                if shut >= last:
                    found += range(start, last + 1, step)
                    break
                found += range(start, shut + 1, step)
                start = max(start, grid - (grid - opens_again) // step * step)
    return found


def _steady(bounds: list[int], offsets: list[int], midnight: int) -> tuple[int, int]:
    """(clock until which every day has one offset, that offset); (0, 0) for a day near a change."""
    index = bisect_right(bounds, midnight - 2 * DAY)
    until = bounds[index] - 2 * DAY if index < len(bounds) else NEVER[0]
    return (until, offsets[index - 1]) if midnight < until else (0, 0)


@lru_cache(maxsize=64)
def table(zone: str) -> tuple[list[int], list[int]]:
    """Instants at which the offset changes in 2025 to 2028, and the offset from each on."""
    info = ZoneInfo(zone)
    first, last = (int(datetime(year, 1, 1, tzinfo=UTC).timestamp()) for year in (2025, 2029))
    bounds, offsets = list[int](), list[int]()
    for instant in range(first, last, 900):
        shift = datetime.fromtimestamp(instant, info).utcoffset()
        assert shift is not None
        if not offsets or offsets[-1] != shift.total_seconds():
            bounds.append(instant)
            offsets.append(int(shift.total_seconds()))
    return bounds, offsets


def _reached(bounds: list[int], offsets: list[int], clock: int) -> int:
    """When the clock first shows this or later: with the earliest offset that is still in force then."""
    index = bisect_right(bounds, clock - DAY - 7200) - 1
    while index + 1 < len(bounds) and clock - offsets[index] >= bounds[index + 1]:
        index += 1
    return max(bounds[index], clock - offsets[index])


def _grouped(found: list[int], viewer: str) -> dict[int, list[str]]:
    bounds, offsets = table(viewer)
    days: dict[int, list[str]] = {}
    at, count = 0, len(found)
    while at < count:
        index = bisect_right(bounds, found[at])
        offset, until = offsets[index - 1], bounds[index] if index < len(bounds) else NEVER[0]
        day = (found[at] + offset) // DAY
        begin = day * DAY - offset
        end = bisect_left(found, min(begin + DAY, until), at)
        times = [CLOCK[(start - begin) // 60] for start in found[at:end]]
        days[day + EPOCH] = days[day + EPOCH] + times if day + EPOCH in days else times
        at = end
    return days
