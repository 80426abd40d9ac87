"""Lengths of time as people type them, in every field that takes one."""

import pytest

from bot.domain.practice.parse_length import DAY, HOUR, parse_length


@pytest.mark.parametrize(
    ("typed", "minutes"),
    [
        ("50 min", 50),
        ("50min.", 50),
        ("90 Minuten", 90),
        ("1,5 h", 90),
        ("1.5 hours", 90),
        ("1½ Std.", 90),
        ("½ h", 30),
        ("1 h 30", 90),
        ("1h30", 90),
        ("1h30m", 90),
        ("1 h 30 min", 90),
        ("1 Stunde und 30 Minuten", 90),
        ("1:30 h", 90),
        ("eine halbe Stunde", 30),
        ("halbe Stunde", 30),
        ("half an hour", 30),
        ("eine Viertelstunde", 15),
        ("dreiviertel Stunde", 45),
        ("three quarters of an hour", 45),
        ("anderthalb Stunden", 90),
        ("an hour and a half", 90),
        ("an hour", 60),
        ("eine Stunde", 60),
        ("zwei Stunden", 120),
        ("ten minutes", 10),
        ("12 h", 720),
        ("2 d", 2880),
        ("2 Tage", 2880),
        ("1 d 12 h", 2160),
        ("1 day and 12 hours", 2160),
        ("2 weeks", 20160),
        ("eine Woche", 10080),
        ("half a day", 720),
    ],
)
def test_a_length_is_read_whole(typed: str, minutes: int) -> None:
    assert parse_length(typed) == minutes
    assert parse_length(f"  {typed} ") == minutes


@pytest.mark.parametrize(
    ("typed", "bare", "minutes"),
    [("50", 1, 50), ("12", HOUR, 720), ("1,5", HOUR, 90), ("½", HOUR, 30), ("60", DAY, 86400), ("0", 1, 0)],
)
def test_a_number_alone_counts_in_the_unit_of_its_field(typed: str, bare: int, minutes: int) -> None:
    assert parse_length(typed, bare) == minutes


@pytest.mark.parametrize(
    "typed",
    [
        "",
        "soon",
        "1,5",
        "1,333 h",
        "1.440 min",
        "1:30",
        "-5 min",
        "50 min 10 min",
        "30 min 1 h",
        "50 min, 10 min, 24 h",
        "50 min 45",
        "50 min break",
        "about 50 min",
        "1 h 30 min 20",
        "50 miles",
        "3 months",
    ],
)
def test_what_is_not_read_whole_is_refused(typed: str) -> None:
    assert parse_length(typed) is None
