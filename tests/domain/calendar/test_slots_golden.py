"""Free slots on and around every clock change of two years, against a slow oracle and by hand."""

from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest

from bot.domain.calendar.offsets import changes
from bot.domain.calendar.schedule import Schedule
from bot.domain.calendar.slots import Busy, OfferRules, free_slots
from bot.domain.calendar.spans import Spans, Weekly
from tests.domain.calendar.oracle import local_date, slow_slots

ZONES = [
    "America/New_York",
    "Europe/London",
    "America/Sao_Paulo",
    "Australia/Sydney",
    "Asia/Kolkata",
    "Australia/Lord_Howe",
]
FIRST, LAST = date(2026, 1, 1), date(2027, 12, 31)

# Bounds lie before, inside of and after the hours that clock changes skip or repeat.
NIGHT: Spans = ((0, 75), (90, 105), (110, 150), (155, 310), (540, 720), (780, 1025), (1410, 1440))
OFFICE: Spans = ((540, 720), (780, 1020))
WEEKLY: Weekly = (OFFICE, NIGHT, OFFICE, NIGHT, OFFICE, NIGHT, NIGHT)


def instant(text: str) -> int:
    return int(datetime.fromisoformat(text).replace(tzinfo=UTC).timestamp())


def shown(slots: list[int]) -> list[str]:
    return [datetime.fromtimestamp(slot, UTC).strftime("%d %H:%M") for slot in slots]


def days_to_check(zone: str) -> list[date]:
    """Two days on either side of each change, and every 23rd day."""
    jumps = changes(zone, instant("2025-12-31"), instant("2028-01-01"))
    days = {FIRST + timedelta(days=number) for number in range(0, 730, 23)}
    for at, _ in jumps:
        days |= {local_date(zone, at) + timedelta(days=number) for number in range(-2, 3)}
    return sorted(day for day in days if FIRST <= day <= LAST)


@pytest.mark.parametrize(
    ("zone", "expected"),
    [
        ("America/New_York", ["2026-03-08", "2026-11-01", "2027-03-14", "2027-11-07"]),
        ("Europe/London", ["2026-03-29", "2026-10-25", "2027-03-28", "2027-10-31"]),
        ("Australia/Sydney", ["2026-04-05", "2026-10-04", "2027-04-04", "2027-10-03"]),
        ("Australia/Lord_Howe", ["2026-04-05", "2026-10-04", "2027-04-04", "2027-10-03"]),
        ("America/Sao_Paulo", []),
        ("Asia/Kolkata", []),
    ],
)
def test_the_table_of_changes_knows_every_change(zone: str, expected: list[str]) -> None:
    found = changes(zone, instant("2026-01-01"), instant("2028-01-01"))
    assert [local_date(zone, at).isoformat() for at, _ in found] == expected


@pytest.mark.parametrize(("length", "step"), [(50, 15), (30, 30), (60, 25)])
@pytest.mark.parametrize("zone", ZONES)
def test_slots_equal_the_oracle_on_every_kind_of_day(zone: str, length: int, step: int) -> None:
    rules = OfferRules(length, step, buffer_before_min=10, buffer_after_min=5, notice_min=720, horizon_days=2)
    for day in days_to_check(zone):
        schedule = Schedule(zone, WEEKLY, {day + timedelta(days=1): ((600, 660),)})
        now = instant(day.isoformat()) - 20 * 3600 + 37 * 60
        midnight = instant(day.isoformat())
        busy = [
            Busy(midnight - 7 * 3600, midnight - 6 * 3600, buffer_before_s=600, buffer_after_s=900),
            Busy(midnight + 15 * 3600, midnight + 15 * 3600 + 1800, buffer_after_s=300),
        ]
        first, last = day - timedelta(days=1), day + timedelta(days=1)
        expected = slow_slots(schedule, rules, busy, now, first, last)
        assert free_slots(schedule, rules, busy, now, first, last) == expected, (zone, day)
        assert expected, (zone, day)


RULES = OfferRules(60, 60, 0, 0, notice_min=0, horizon_days=400)


@pytest.mark.parametrize(
    ("zone", "day", "hours", "expected"),
    [
        # New York, 8 March 2026: 2:00 EST becomes 3:00 EDT, so 1:00 to 4:00 are two hours.
        ("America/New_York", "2026-03-08", (60, 240), ["08 06:00", "08 07:00"]),
        ("America/New_York", "2026-03-08", (150, 300), ["08 07:00", "08 08:00"]),  # opens in the gap
        ("America/New_York", "2026-03-08", (0, 150), ["08 05:00", "08 06:00"]),  # closes in the gap
        ("America/New_York", "2026-03-08", (125, 175), []),  # lies in the gap
        # 1 November 2026: 1:00 to 2:00 comes twice.
        ("America/New_York", "2026-11-01", (60, 120), ["01 05:00", "01 06:00"]),
        ("America/New_York", "2026-11-01", (0, 90), ["01 04:00"]),  # closes at the first 1:30
        ("America/New_York", "2026-11-01", (90, 180), ["01 05:30", "01 06:30"]),  # opens at the first 1:30
        ("America/New_York", "2026-11-02", (540, 600), ["02 14:00"]),
        # London, 25 October 2026: four hours between midnight and 3:00.
        ("Europe/London", "2026-10-25", (0, 180), ["24 23:00", "25 00:00", "25 01:00", "25 02:00"]),
        ("Europe/London", "2026-03-29", (0, 180), ["29 00:00", "29 01:00"]),
        # Lord Howe moves by half an hour: 2:00 to 2:30 in October, 2:00 back to 1:30 in April.
        ("Australia/Lord_Howe", "2026-10-04", (60, 240), ["03 14:30", "03 15:30"]),
        ("Australia/Lord_Howe", "2027-04-04", (60, 240), ["03 14:00", "03 15:00", "03 16:00"]),
        ("Australia/Lord_Howe", "2027-04-05", (540, 600), ["04 22:30"]),
        ("Australia/Sydney", "2026-10-03", (540, 600), ["02 23:00"]),
        ("Australia/Sydney", "2026-10-04", (540, 600), ["03 22:00"]),
        ("Asia/Kolkata", "2026-10-25", (540, 600), ["25 03:30"]),
        ("America/Sao_Paulo", "2026-11-01", (540, 600), ["01 12:00"]),
        ("America/Sao_Paulo", "2027-02-21", (540, 600), ["21 12:00"]),
        # São Paulo's last years of summer time changed at midnight.
        ("America/Sao_Paulo", "2018-11-04", (0, 180), ["04 03:00", "04 04:00"]),
        ("America/Sao_Paulo", "2018-02-17", (1320, 1440), ["18 00:00", "18 01:00", "18 02:00"]),
    ],
)
def test_by_hand(zone: str, day: str, hours: tuple[int, int], expected: list[str]) -> None:
    on = date.fromisoformat(day)
    schedule = Schedule(zone, ((), (), (), (), (), (), ()), {on: (hours,)})
    now = instant(day) - 10 * 86400
    assert shown(free_slots(schedule, RULES, [], now, on, on)) == expected


def test_notice_is_elapsed_time_over_a_change() -> None:
    """Twelve hours after Saturday 20:00 it is Sunday 9:00 in New York, not 8:00."""
    on = date(2026, 3, 8)
    schedule = Schedule("America/New_York", ((), (), (), (), (), (), ((420, 600),)), {})
    rules = OfferRules(30, 30, notice_min=720)
    found = free_slots(schedule, rules, [], instant("2026-03-08T01:00"), on, on)
    assert shown(found) == ["08 13:00", "08 13:30"]


def test_every_day_of_two_years_opens_at_the_hour_on_the_wall() -> None:
    hours: Weekly = (OFFICE, OFFICE, OFFICE, OFFICE, OFFICE, OFFICE, OFFICE)
    rules = OfferRules(60, 60, notice_min=0, horizon_days=800)
    for zone in ZONES:
        slots = free_slots(Schedule(zone, hours, {}), rules, [], instant("2025-12-30"), FIRST, LAST)
        assert len(slots) == 730 * 7
        first_of_day = {local_date(zone, slot): slot for slot in reversed(slots)}
        by_hand = [datetime.fromtimestamp(slot, UTC) for slot in first_of_day.values()]
        assert {slot.astimezone(ZoneInfo(zone)).strftime("%H:%M") for slot in by_hand} == {"09:00"}
