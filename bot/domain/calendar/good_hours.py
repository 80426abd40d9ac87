"""The hours of a person's day in which a message that can wait is no nuisance."""

from bot.domain.calendar.offsets import first_instant, local_day, local_minute

EARLIEST, LATEST = 9 * 60, 20 * 60
"""Minutes of the day on their clock."""


def from_then(at: int, zone: str) -> int:
    """The epoch second `at`, or the next morning of the zone's clock."""
    day, minute = local_day(zone, at), local_minute(zone, at)
    if EARLIEST <= minute <= LATEST:
        return at
    return first_instant(zone, day + (minute > LATEST), EARLIEST)
