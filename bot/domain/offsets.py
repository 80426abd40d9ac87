"""UTC offsets on epoch seconds: the one place that turns instants into wall clocks and back.

`zoneinfo` answers one datetime at a time; a table of a zone's clock changes answers with integers.
"""


def segment(zone: str, instant: int) -> tuple[int, int, int]:
    """(from, until, offset): a half-open stretch of instants around `instant` with one offset, in seconds.

    KeyError-like `zoneinfo.ZoneInfoNotFoundError` for a name that is no zone.
    """
    raise NotImplementedError


def offset_at(zone: str, instant: int) -> int:
    """Seconds to add to UTC to get the zone's wall clock at `instant`."""
    return segment(zone, instant)[2]


def first_instant(zone: str, day: int, minute: int) -> int:
    """The first instant at which the zone's clock, on day `day` (a date's ordinal), reaches `minute`.

    A time that a clock change skips is reached when the clock jumps over it; of a time that happens
    twice, the first counts. `minute` may be 1440, the next midnight.
    """
    raise NotImplementedError


def local_day(zone: str, instant: int) -> int:
    """The ordinal of the date on the zone's calendar at `instant`."""
    raise NotImplementedError


def local_minute(zone: str, instant: int) -> int:
    """Minutes since midnight on the zone's clock at `instant`."""
    raise NotImplementedError
