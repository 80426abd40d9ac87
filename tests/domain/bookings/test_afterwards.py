"""When a client is thanked: two hours after the session, on a day's hours of their own clock."""

from datetime import datetime
from zoneinfo import ZoneInfo

import pytest

from bot.domain.bookings.afterwards import due

KYIV = "Europe/Kyiv"


@pytest.mark.parametrize(
    ("ends", "thanked"),
    [
        ("2026-12-01 15:00", "2026-12-01 17:00"),
        ("2026-12-01 18:00", "2026-12-01 20:00"),
        ("2026-12-01 18:01", "2026-12-02 09:00"),
        ("2026-12-01 23:30", "2026-12-02 09:00"),
        ("2026-12-01 06:00", "2026-12-01 09:00"),
        ("2027-03-27 21:00", "2027-03-28 09:00"),  # the night in which the clock changes
    ],
)
def test_it_comes_at_a_sensible_hour(ends: str, thanked: str) -> None:
    zone = ZoneInfo(KYIV)
    at = due(int(datetime.fromisoformat(ends).replace(tzinfo=zone).timestamp()), KYIV)
    assert datetime.fromtimestamp(at, zone).strftime("%Y-%m-%d %H:%M") == thanked
