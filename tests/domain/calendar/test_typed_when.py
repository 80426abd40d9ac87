from datetime import UTC, date, datetime, time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.domain.calendar.typed_when import When, parse_when

NOW = int(datetime(2026, 11, 20, 13, 30, tzinfo=UTC).timestamp())  # a Friday
D = date.fromisoformat


@pytest.mark.parametrize(
    ("text", "day", "at"),
    [
        ("tue 3pm", "2026-11-24", time(15)),
        ("14:30", None, time(14, 30)),
        ("3", None, time(15)),
        ("03:00", None, time(3)),
        ("9", None, time(9)),
        ("noon", None, time(12)),
        ("12:30am", None, time(0, 30)),
        ("tomorrow 9", "2026-11-21", time(9)),
        ("3pm tomorrow", "2026-11-21", time(15)),
        ("tonight at 8pm", "2026-11-20", time(20)),
        ("tonight at 8", "2026-11-20", time(20)),
        ("this evening 7:30", "2026-11-20", time(19, 30)),
        ("tomorrow evening", "2026-11-21", None),
        ("tomorrow morning at 6", "2026-11-21", time(6)),
        ("8 in the evening", None, time(20)),
        ("tue afternoon 3", "2026-11-24", time(15)),
        ("heute Abend um 8", "2026-11-20", time(20)),
        ("heute abend 20 Uhr", "2026-11-20", time(20)),
        ("morgen früh um 6", "2026-11-21", time(6)),
        ("morgen Vormittag 9", "2026-11-21", time(9)),
        ("1 dec", "2026-12-01", None),
        ("dec 1 at 10am", "2026-12-01", time(10)),
        ("2026-12-01 10:00", "2026-12-01", time(10)),
        ("tue 1 dec 3pm", "2026-12-01", time(15)),
        ("fri", "2026-11-20", None),
        ("next friday", "2026-11-27", None),
        ("19 nov", "2027-11-19", None),
        ("in 3 days", "2026-11-23", None),
        ("morgen 9 Uhr", "2026-11-21", time(9)),
        ("übermorgen um 14:30", "2026-11-22", time(14, 30)),
        ("Di 15 Uhr", "2026-11-24", time(15)),
        ("am Montag um 9", "2026-11-23", time(9)),
        ("1. Dezember", "2026-12-01", None),
        ("24.12. 10 uhr", "2026-12-24", time(10)),
        ("01.12.2026", "2026-12-01", None),
    ],
)
def test_a_day_a_time_or_both(text: str, day: str | None, at: time | None) -> None:
    first = D(day) if day else None
    assert parse_when(text, NOW, "Europe/Berlin") == When(first, first, at)


@pytest.mark.parametrize(
    ("text", "first", "last"),
    [
        ("this week", "2026-11-20", "2026-11-22"),
        ("next week", "2026-11-23", "2026-11-29"),
        ("nächste Woche", "2026-11-23", "2026-11-29"),
        ("weekend", "2026-11-21", "2026-11-22"),
        ("next month", "2026-12-01", "2026-12-31"),
        ("november", "2026-11-20", "2026-11-30"),
        ("february", "2027-02-01", "2027-02-28"),
    ],
)
def test_a_range_of_days(text: str, first: str, last: str) -> None:
    found = parse_when(text, NOW, "Europe/Berlin")
    assert found == When(D(first), D(last), None)
    assert found.day is None


@pytest.mark.parametrize("text", ["", "hello", "3/4", "31 feb", "25:00", "mon 1 dec", "2025-01-01", "9 10", "tue wed"])
def test_what_is_no_day_or_time_is_none(text: str) -> None:
    assert parse_when(text, NOW, "Europe/Berlin") is None


def test_today_is_the_persons_own() -> None:
    late = int(datetime(2026, 11, 20, 23, 30, tzinfo=UTC).timestamp())
    assert parse_when("today", late, "Asia/Tokyo") == When(D("2026-11-21"), D("2026-11-21"), None)
    assert parse_when("today", late, "America/New_York") == When(D("2026-11-20"), D("2026-11-20"), None)


@given(st.text(max_size=30))
def test_no_text_is_an_error(text: str) -> None:
    parse_when(text, NOW, "UTC")
