from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.domain.calendar.offsets import changes, first_instant, local_day, local_minute, offset_at, segment

ZONES = ["America/New_York", "Australia/Lord_Howe", "Asia/Kathmandu", "Africa/Casablanca", "America/Sao_Paulo", "UTC"]
INSTANTS = st.integers(946_684_800, 2_082_758_400)  # 2000 to 2036


@settings(max_examples=300, deadline=None)
@given(st.sampled_from(ZONES), INSTANTS)
def test_offsets_and_clocks_equal_those_of_zoneinfo(zone: str, instant: int) -> None:
    there = datetime.fromtimestamp(instant, UTC).astimezone(ZoneInfo(zone))
    assert timedelta(seconds=offset_at(zone, instant)) == there.utcoffset()
    assert local_day(zone, instant) == there.date().toordinal()
    assert local_minute(zone, instant) == there.hour * 60 + there.minute
    since, until, offset = segment(zone, instant)
    assert since <= instant < until
    assert offset_at(zone, since) == offset_at(zone, until - 1) == offset


@settings(max_examples=200, deadline=None)
@given(st.sampled_from(ZONES), INSTANTS, st.integers(0, 1440))
def test_a_time_of_day_is_the_first_instant_that_shows_it_or_a_later_one(zone: str, around: int, minute: int) -> None:
    day = local_day(zone, around)
    found = first_instant(zone, day, minute)
    wanted = datetime.fromordinal(day) + timedelta(minutes=minute)

    def shown(instant: int) -> datetime:
        return datetime.fromtimestamp(instant, UTC).astimezone(ZoneInfo(zone)).replace(tzinfo=None)

    assert shown(found) >= wanted
    assert shown(found - 1) < wanted


def test_a_skipped_time_is_the_change_and_of_a_repeated_one_the_first_counts() -> None:
    spring, autumn = date(2026, 3, 8).toordinal(), date(2026, 11, 1).toordinal()
    change = int(datetime(2026, 3, 8, 7, tzinfo=UTC).timestamp())
    assert first_instant("America/New_York", spring, 150) == change
    assert first_instant("America/New_York", autumn, 90) == int(datetime(2026, 11, 1, 5, 30, tzinfo=UTC).timestamp())


def test_changes_lie_after_the_first_bound_and_up_to_the_last() -> None:
    at = int(datetime(2026, 3, 8, 7, tzinfo=UTC).timestamp())
    assert changes("America/New_York", at - 1, at) == [(at, 3600)]
    assert changes("America/New_York", at, at + 86400) == []
    assert changes("America/New_York", at - 86400, at - 1) == []


def test_a_name_that_is_no_zone_is_an_error() -> None:
    with pytest.raises(ZoneInfoNotFoundError):
        offset_at("Europe/Atlantis", 0)
