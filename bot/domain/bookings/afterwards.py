"""When a client is thanked for a session."""

from bot.domain.calendar import good_hours

AFTER_S = 2 * 3600


def due(ends: int, zone: str) -> int:
    """Two hours after the epoch second `ends`, or on the next morning of the zone's clock."""
    return good_hours.from_then(ends + AFTER_S, zone)
