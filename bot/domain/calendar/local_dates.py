"""The day that an instant falls on, and the instant at which a day begins, on the clock of a zone."""

from datetime import date, datetime, time
from zoneinfo import ZoneInfo


def day_of(at: datetime, zone: str) -> date:
    """The date on the zone's calendar. `zone` is an IANA name."""
    return at.astimezone(ZoneInfo(zone)).date()


def midnight(day: date, zone: str) -> datetime:
    """When the day begins there, with the zone's own offset."""
    return datetime.combine(day, time.min, ZoneInfo(zone))
