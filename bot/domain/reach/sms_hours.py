"""When an SMS may go: it wakes people, so in quiet hours it waits, unless waiting would make it useless."""

from datetime import UTC, datetime, timedelta

from bot.domain.calendar.offsets import first_instant, local_day, local_minute
from bot.domain.calendar.spans import Span

URGENT = timedelta(hours=12)
"""What begins or expires within this time goes at any hour."""


def goes_at(
    now: datetime, quiet: Span | None, zone: str, begins: datetime | None, expires: datetime | None
) -> datetime:
    """The moment, `now` or the end of the quiet hours, in UTC.

    `quiet` is (from, to) in minutes of the recipient's clock in `zone`, over midnight when from > to, and none when
    they are equal. `begins` is the start of the session that it is about, `expires` when it would come too late.
    """
    if any(each is not None and each - now <= URGENT for each in (begins, expires)):
        return now
    return _end_of_quiet(now, quiet, zone)


def _end_of_quiet(now: datetime, quiet: Span | None, zone: str) -> datetime:
    if quiet is None or quiet[0] == quiet[1]:
        return now
    start, end = quiet
    at = int(now.timestamp())
    minute, day = local_minute(zone, at), local_day(zone, at)
    if start < end:
        if not start <= minute < end:
            return now
    elif minute >= start:
        day += 1
    elif minute >= end:
        return now
    return max(now, datetime.fromtimestamp(first_instant(zone, day, end), UTC))
