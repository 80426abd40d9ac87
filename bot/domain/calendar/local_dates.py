"""The day that an instant falls on, and the instants at which a day begins and ends, on the clock of a zone."""

from calendar import monthrange
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
    return midnight(day, zone), end_of_day(day, zone)


def end_of_day(day: date, zone: str) -> datetime:
    """When the day is over there, which is when the next one begins."""
    return midnight(day + timedelta(days=1), zone)


def last_day(ends: datetime, zone: str) -> date:
    """The last day of what is over at this instant."""
    return day_of(ends - timedelta(seconds=1), zone)


def months_after(day: date, months: int) -> date:
    """The same day of the month, or the last one of a shorter month."""
    year, month = divmod(day.year * 12 + day.month - 1 + months, 12)
    return date(year, month + 1, min(day.day, monthrange(year, month + 1)[1]))


def next_week_of(at: datetime, zone: str, after: datetime) -> datetime:
    """The first instant after `after` that is a whole number of weeks after `at`, at the same time on that clock."""
    local = at.astimezone(ZoneInfo(zone))
    weeks = max(0, (after - at) // timedelta(weeks=1))
    found = local + timedelta(weeks=weeks)
    while found.astimezone(UTC) <= after:
        found += timedelta(weeks=1)
    return found.astimezone(UTC)
