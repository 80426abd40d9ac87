"""When a client is thanked for a session."""

from bot.domain.calendar.offsets import first_instant, local_day, local_minute

AFTER_S = 2 * 3600
EARLIEST, LATEST = 9 * 60, 20 * 60
"""Minutes of the client's day between which it is no nuisance."""


def due(ends: int, zone: str) -> int:
    """Two hours after the epoch second `ends`, or on the next morning of the zone's clock."""
    at = ends + AFTER_S
    day, minute = local_day(zone, at), local_minute(zone, at)
    if EARLIEST <= minute <= LATEST:
        return at
    return first_instant(zone, day + (minute > LATEST), EARLIEST)
