"""The day that an instant falls on, and the instant at which a day begins, on the clock of a zone."""

from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo


def day_of(at: datetime, zone: str) -> date:
    """The date on the zone's calendar. `zone` is an IANA name."""
    return at.astimezone(ZoneInfo(zone)).date()


def midnight(day: date, zone: str) -> datetime:
    """When the day begins there, with the zone's own offset."""
    return datetime.combine(day, time.min, ZoneInfo(zone))


def whole_day(day: date, zone: str) -> tuple[datetime, datetime]:
    """The first instant of the day there, and that of the next."""
    return midnight(day, zone), midnight(day + timedelta(days=1), zone)


def next_week_of(at: datetime, zone: str, after: datetime) -> datetime:
    """The first instant after `after` that is a whole number of weeks after `at`, at the same time on that clock."""
    local = at.astimezone(ZoneInfo(zone))
    weeks = max(0, (after - at) // timedelta(weeks=1))
    found = local + timedelta(weeks=weeks)
    while found.astimezone(UTC) <= after:
        found += timedelta(weeks=1)
    return found.astimezone(UTC)
