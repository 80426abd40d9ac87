"""UTC offsets on epoch seconds: the one place that turns instants into wall clocks and back.

`zoneinfo` answers one datetime at a time; a table of a zone's clock changes answers with integers.
"""

from bisect import bisect_left, bisect_right
from collections.abc import Sequence
from datetime import UTC, date, datetime
from functools import lru_cache
from zoneinfo import ZoneInfo

DAY_S = 86_400
EPOCH_DAY = date(1970, 1, 1).toordinal()

_CLOCK = tuple(f"{minute // 60:02}:{minute % 60:02}" for minute in range(1440))

_TABLE_BITS = 25  # a table covers 2**25 seconds, 388 days: one serves most searches
# Two changes closer together than a sample could go unseen; the closest since 1970 are weeks apart.
_SAMPLE_S = 4 * DAY_S
# The largest offset ahead of UTC is 14 h, so this long before, no clock shows the time yet.
_SURELY_BEFORE_S = 26 * 3600


def segment(zone: str, instant: int) -> tuple[int, int, int]:
    """(from, until, offset): a half-open stretch of instants around `instant` with one offset, in seconds.

    The stretch may end where a table does; the next one then has the same offset.
    `zoneinfo.ZoneInfoNotFoundError` (a KeyError) for a name that is no zone.
    """
    bounds, offsets = _table(zone, instant >> _TABLE_BITS)
    index = bisect_right(bounds, instant)
    return bounds[index - 1], bounds[index], offsets[index - 1]


def offset_at(zone: str, instant: int) -> int:
    """Seconds to add to UTC to get the zone's wall clock at `instant`."""
    bounds, offsets = _table(zone, instant >> _TABLE_BITS)
    return offsets[bisect_right(bounds, instant) - 1]


def changes(zone: str, after: int, until: int) -> list[tuple[int, int]]:
    """Clock changes later than `after` and not later than `until`: (instant, seconds that it jumps)."""
    found = []
    _, end, offset = segment(zone, after)
    while end <= until:
        start, end, following = segment(zone, end)
        if following != offset:
            found.append((start, following - offset))
        offset = following
    return found


def first_instant(zone: str, day: int, minute: int) -> int:
    """The first instant at which the zone's clock, on day `day` (a date's ordinal), reaches `minute`.

    A time that a clock change skips is reached when the clock jumps over it; of a time that happens
    twice, the first counts. `minute` may be 1440, the next midnight.
    """
    clock = (day - EPOCH_DAY) * DAY_S + minute * 60
    start, end, offset = segment(zone, clock - _SURELY_BEFORE_S)
    while clock - offset >= end:
        start, end, offset = segment(zone, end)
    return max(start, clock - offset)


def local_day(zone: str, instant: int) -> int:
    """The ordinal of the date on the zone's calendar at `instant`."""
    return (instant + offset_at(zone, instant)) // DAY_S + EPOCH_DAY


def local_minute(zone: str, instant: int) -> int:
    """Minutes since midnight on the zone's clock at `instant`, rounded down."""
    return (instant + offset_at(zone, instant)) % DAY_S // 60


def clocks(zone: str, instants: Sequence[int]) -> list[str]:
    """What the zone's clock shows, "09:30", at each of these sorted instants."""
    shown: list[str] = []
    at = 0
    while at < len(instants):
        _, until, offset = segment(zone, instants[at])
        end = bisect_left(instants, until, at)
        shown += [_CLOCK[(instant + offset) % DAY_S // 60] for instant in instants[at:end]]
        at = end
    return shown


@lru_cache(maxsize=1024)
def _table(zone: str, number: int) -> tuple[list[int], list[int]]:
    """Bounds (one more than offsets, the last closes the table) and the offset from each bound on."""
    info = ZoneInfo(zone)
    first, last = number << _TABLE_BITS, (number + 1) << _TABLE_BITS
    bounds, offsets = [first], [_read(info, first)]
    for sample in [*range(first + _SAMPLE_S, last, _SAMPLE_S), last - 1]:
        offset = _read(info, sample)
        if offset != offsets[-1]:
            bounds.append(_change_between(info, sample - _SAMPLE_S, sample))
            offsets.append(offset)
    return [*bounds, last], offsets


def _change_between(info: ZoneInfo, before: int, after: int) -> int:
    """The first instant that has the offset of `after`."""
    offset = _read(info, after)
    while after - before > 1:
        middle = (before + after) // 2
        if _read(info, middle) == offset:
            after = middle
        else:
            before = middle
    return after


def _read(info: ZoneInfo, instant: int) -> int:
    delta = datetime.fromtimestamp(instant, UTC).astimezone(info).utcoffset()
    assert delta is not None
    return delta.days * DAY_S + delta.seconds
