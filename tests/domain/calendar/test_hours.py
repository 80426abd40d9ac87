"""The line of hours that a coach types, and what it changes."""

from datetime import date, timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.domain.calendar.hours import DayDiff, apply, diff, parse_hours, print_hours, runs
from bot.domain.calendar.hours_words import spoken
from bot.domain.calendar.schedule import Schedule, schedule_from_json, schedule_to_json
from bot.domain.calendar.spans import CLOSED, HoursChange, HoursError, HoursReason, Spans, merged, week

TODAY = date(2026, 11, 20)  # a Friday
MORNING: Spans = ((540, 720),)


def test_weekdays_dates_and_days_off_in_one_line() -> None:
    line = "mon-thu 9-12,14-17; fri 9:30-13; off 24-26 dec; 2026-12-31 10-12; sat off"
    both = ((540, 720), (840, 1020))
    assert parse_hours(line, TODAY) == HoursChange(
        {0: both, 1: both, 2: both, 3: both, 4: ((570, 780),), 5: ()},
        {date(2026, 12, 24): (), date(2026, 12, 25): (), date(2026, 12, 26): (), date(2026, 12, 31): ((600, 720),)},
    )


@pytest.mark.parametrize(
    ("line", "printed"),
    [
        ("mon 9am–5pm", "mon 9-17"),
        ("mon 9-5pm", "mon 9-17"),
        ("mon 1-5pm", "mon 13-17"),
        ("mon 10-12pm", "mon 10-12"),
        ("mon 9 a.m. to 5 p.m.", "mon 9-17"),
        ("mon 8pm-midnight", "mon 20-24"),
        ("mon: 9:00 - 12:00", "mon 9-12"),
        ("mon 02-05", "mon 02-05"),
        ("sun 0-24", "sun 00-24"),
        ("mon 9-12,12-13", "mon 9-13"),
        ("weekdays 9-17", "mon-fri 9-17"),
        ("daily 10-12", "mon-sun 10-12"),
        ("tue,thu 10-12", "tue,thu 10-12"),
        ("fri-mon 10-12", "mon,fri-sun 10-12"),
        ("mon 9-12, tue 10-12", "mon 9-12; tue 10-12"),
        ("off sat, sun", "sat-sun off"),
        ("sat and sun off", "sat-sun off"),
        ("Mo-Fr 9 bis 12 Uhr und 14:30-17 Uhr; 24.-26.12. frei", None),
        ("dec 24-26 off", "2026-12-24 - 2026-12-26 off"),
        ("28 dec-2 jan off", "2026-12-28 - 2027-01-02 off"),
        ("19-21 nov off", None),
        ("fri 27 nov 10-12", "2026-11-27 10-12"),
        ("December 24th, 2026 off", "2026-12-24 off"),
        ("24/12 off", "2026-12-24 off"),
        ("20 nov 10-12\n1.3.2027 10-12", "2026-11-20 10-12; 2027-03-01 10-12"),
        ("MÄRZ 3 off", "2027-03-03 off"),
        ("off 2027-08-03..2027-08-17", "2027-08-03 - 2027-08-17 off"),
        ("off 3.8.…17.8.", "2027-08-03 - 2027-08-17 off"),
        ("Mo.-Fr. 9-17 Uhr", "mon-fri 9-17"),
        ("Di., Do. 9-12", "tue,thu 9-12"),
        ("from 24 dec to 26 dec off", "2026-12-24 - 2026-12-26 off"),
        ("tomorrow off", "2026-11-21 off"),
        ("morgen 10-12", "2026-11-21 10-12"),
        ("today's afternoon off", "2026-11-20 off 12-18"),
        ("heute Nachmittag frei", "2026-11-20 off 12-18"),
        ("off tomorrow 12-13:30", "2026-11-21 off 12-13:30"),
        ("next week off", "2026-11-23 - 2026-11-29 off"),
        ("off monday next week", "2026-11-23 off"),
        ("next week tue-wed 10-12", "2026-11-24 - 2026-11-25 10-12"),
        ("from 1 feb until 14 feb mon 10-12", "2027-02-01 10-12; 2027-02-08 10-12"),
        ("off mondays 1-14 feb", "2027-02-01 off; 2027-02-08 off"),
        ("mon, 24-26 dec 9-12", "mon 9-12; 2026-12-24 - 2026-12-26 9-12"),
        ("nächste Woche 10-12", "2026-11-23 - 2026-11-27 10-12"),
        ("this week off", "2026-11-20 - 2026-11-22 off"),
        ("next monday off", "2026-11-23 off"),
        ("this friday 10-12", "2026-11-20 10-12"),
        ("next friday 10-12", "2026-11-27 10-12"),
        ("24-26 dec usual", "2026-12-24 - 2026-12-26 usual"),
        ("usual 2026-12-24 - 2026-12-26", "2026-12-24 - 2026-12-26 usual"),
        ("24.-26.12. wie üblich", "2026-12-24 - 2026-12-26 usual"),
    ],
)
def test_ways_to_say_it(line: str, printed: str | None) -> None:
    change = parse_hours(line, TODAY)
    assert isinstance(change, HoursChange)
    if printed:
        assert print_hours(change) == printed
    assert parse_hours(print_hours(change), TODAY) == change


@pytest.mark.parametrize(
    ("line", "fragment", "reason"),
    [
        ("", "", HoursReason.EMPTY),
        ("  ;;", ";;", HoursReason.EMPTY),
        ("9-12", "9-12", HoursReason.NO_DAY),
        ("Mon", "Mon", HoursReason.NO_TIMES),
        ("mon 9", "9", HoursReason.NO_TIMES),
        ("Foo 9-12", "Foo", HoursReason.UNKNOWN_WORD),
        ("mon-foo 9-12", "mon-foo", HoursReason.UNKNOWN_WORD),
        ("mon 9-12 ???", "???", HoursReason.UNKNOWN_WORD),
        ("mon 9-5", "9-5", HoursReason.AMBIGUOUS_TIME),
        ("mon 2-5", "2-5", HoursReason.AMBIGUOUS_TIME),
        ("mon 9-12am", "9-12am", HoursReason.AMBIGUOUS_TIME),
        ("mon 14-9", "14-9", HoursReason.BACKWARDS),
        ("mon 22-02", "22-02", HoursReason.BACKWARDS),
        ("mon 25-26", "25-26", HoursReason.BAD_TIME),
        ("mon 9:75-10", "9:75-10", HoursReason.BAD_TIME),
        ("mon 13pm-14pm", "13pm-14pm", HoursReason.BAD_TIME),
        ("31 Feb off", "31 Feb", HoursReason.BAD_DATE),
        ("2026-13-01 off", "2026-13-01", HoursReason.BAD_DATE),
        ("fri 28 nov 10-12", "fri 28 nov", HoursReason.BAD_DATE),
        ("3/4 off", "3/4", HoursReason.AMBIGUOUS_DATE),
        ("2026-01-01 off", "2026-01-01", HoursReason.PAST_DATE),
        ("2026-12-26 - 2026-12-24 off", "2026-12-26 - 2026-12-24", HoursReason.BACKWARDS),
        ("2027-01-01 - 2029-01-01 off", "2027-01-01 - 2029-01-01", HoursReason.TOO_MANY_DAYS),
        ("mon 9-12,11-13", "mon 9-12,11-13", HoursReason.OVERLAP),
        ("mon 9-12; mon 10-12", "mon", HoursReason.TWICE),
        ("off sat, mon 9-12", "off sat, mon 9-12", HoursReason.OFF_AND_TIMES),
        ("from 1 feb mon 10-12", "from 1 feb", HoursReason.FROM_DATE),
        ("ab 1. Februar Mo 10-12", "ab 1. Februar", HoursReason.FROM_DATE),
        ("off from 3 aug", "from 3 aug", HoursReason.NO_END),
        ("mon 10-12 from 1 feb", "from 1 feb", HoursReason.NO_END),
        ("next foo off", "next foo", HoursReason.UNKNOWN_WORD),
        ("sat afternoon", "sat afternoon", HoursReason.NO_TIMES),
        ("off 24 dec, 27 dec 10-12", "off 24 dec, 27 dec 10-12", HoursReason.OFF_AND_TIMES),
        ("mon usual", "mon usual", HoursReason.NO_TIMES),
    ],
)
def test_what_is_refused_is_shown_with_the_reason(line: str, fragment: str, reason: HoursReason) -> None:
    assert parse_hours(line, TODAY) == HoursError(fragment, reason)


@pytest.mark.parametrize(
    ("line", "instead"),
    [
        ("mon 9-5", ["mon 9-17"]),
        ("mon 2-5; tue 9-5", ["mon 14-17; tue 9-17"]),
        ("mon 9-12am", ["mon 9-12"]),
        ("mon 14-9", ["mon 9-14"]),
        ("mon 22-02", ["mon 22-24"]),
        ("9-12", ["mon-fri 9-12"]),
        ("munday 9-12", ["monday 9-12"]),
        ("fri 28 nov 10-12", ["28 nov 10-12"]),
        ("3/4 off", ["3.4. off", "4.3. off"]),
        ("2026-01-01 off", ["2027-01-01 off"]),
        ("2026-12-26 - 2026-12-24 off", ["2026-12-24 - 2026-12-26 off"]),
        ("mon 9-12,11-13", ["mon 9-13"]),
        ("mon 9-12; mon 14-16", ["mon 9-12,14-16"]),
        ("mon-fri 9-17; off fri", ["mon-thu 9-17; fri off"]),
        ("fr frei; mo-fr 9-17", ["mon-thu 9-17; fri off"]),
        ("24-26 dec 9-12; 25 dec off", ["2026-12-24 9-12; 2026-12-25 off; 2026-12-26 9-12"]),
        ("mon off; mon 9-12", []),
        ("off sat, mon 9-12", ["sat off; mon 9-12"]),
        ("from 1 feb mon 10-12", ["mon 10-12"]),
        ("usual from 3 aug", ["usual 3 aug"]),
        ("mon", []),
        ("xyzzy", []),
        ("31 feb off", []),
    ],
)
def test_what_is_likely_meant_is_proposed(line: str, instead: list[str]) -> None:
    refused = parse_hours(line, TODAY)
    assert isinstance(refused, HoursError)
    assert list(refused.instead) == instead


@pytest.mark.parametrize(
    ("line", "german"),
    [
        ("mon-fri 9-17; sat-sun off", "mo-fr 9-17; sa-so frei"),
        ("2026-12-24 - 2026-12-26 usual", "2026-12-24 - 2026-12-26 üblich"),
        ("mo 9-12; monday 14-16", "mo 9-12; monday 14-16"),
    ],
)
def test_a_line_is_printed_in_the_words_of_its_reader(line: str, german: str) -> None:
    assert spoken(line, "de") == german
    assert spoken(line, "en") == line
    assert parse_hours(german, TODAY) == parse_hours(line, TODAY)


def test_usual_follows_the_week_and_a_closed_part_leaves_the_rest() -> None:
    thursday = date(2026, 12, 24)
    schedule = Schedule("Europe/Berlin", week([((540, 1020),)] * 5 + [()] * 2), {thursday: ()})
    usual = parse_hours("24 dec usual", TODAY)
    assert isinstance(usual, HoursChange)
    back = apply(usual, schedule)
    assert back.days == {}
    assert back.on(thursday) == ((540, 1020),)
    part = parse_hours("off 24 dec 12-13; thu 10-16", TODAY)
    assert isinstance(part, HoursChange)
    assert apply(part, back).on(thursday) == ((600, 720), (780, 960))


def test_days_that_change_alike_are_one_run() -> None:
    old = Schedule("UTC", week([MORNING] * 5 + [()] * 2), {})
    absence = parse_hours("2027-08-02 - 2027-08-17 off; 24 dec 10-12", TODAY)
    assert isinstance(absence, HoursChange)
    found = [(first, last) for first, last, _each in runs(diff(old, apply(absence, old)))]
    assert found == [(date(2026, 12, 24),) * 2, (date(2027, 8, 2), date(2027, 8, 17))]


day_spans = st.lists(
    st.tuples(st.integers(0, 1439), st.integers(1, 1440)).filter(lambda pair: pair[0] < pair[1]), max_size=4
).map(merged)
dates = st.integers(0, 500).map(lambda number: TODAY + timedelta(days=number))
all_changes = st.builds(
    HoursChange,
    st.dictionaries(st.integers(0, 6), day_spans, max_size=7),
    st.dictionaries(dates, st.none() | day_spans, max_size=8),
    st.dictionaries(dates, day_spans.filter(bool), max_size=3),
).filter(lambda change: bool(change.weekly or change.days or change.closed))


@settings(deadline=None)
@given(all_changes)
def test_every_change_can_be_printed_and_read_back(change: HoursChange) -> None:
    line = print_hours(change)
    read = parse_hours(line, TODAY)
    assert read == change
    assert isinstance(read, HoursChange)
    assert print_hours(read) == line


DAYS = ["mon", "tue-thu", "Mo-Fr", "weekdays", "daily", "fri", "24-26", "24.12.", "dec", "3.", "2027-01-04", "12/24"]
TIMES = [
    "off", "frei", "usual", "tomorrow", "next week", "afternoon", "from 1 feb", "9-12", "14:30-17", "9am-5pm", "1-5pm",
    "9-12-15", "1", "9", "25", "2027", "noon", "midnight",
]  # fmt: skip
GLUE = ["-", ",", ";", ":", "und", "bis", "am", "foo"]
pieces = st.sampled_from([*DAYS, *TIMES, *GLUE])


@settings(max_examples=400, deadline=None)
@given(st.one_of(st.lists(pieces, max_size=9).map(" ".join), st.text(max_size=60)))
def test_any_line_is_read_stably_or_refused(line: str) -> None:
    change = parse_hours(line, TODAY)
    if isinstance(change, HoursChange):
        assert parse_hours(print_hours(change), TODAY) == change
    else:
        # A letter like "İ" has no lower-case form of its length: then the fragment is in small letters.
        assert change.fragment in line or change.fragment in line.lower()


@settings(max_examples=200, deadline=None)
@given(st.lists(pieces, max_size=7).map(" ".join))
def test_what_is_proposed_can_be_read(line: str) -> None:
    refused = parse_hours(line, TODAY)
    if isinstance(refused, HoursError):
        assert all(isinstance(parse_hours(each, TODAY), HoursChange) for each in refused.instead)


def test_a_very_long_line_is_refused() -> None:
    refused = parse_hours("mon 9-12; " * 300, TODAY)
    assert isinstance(refused, HoursError)
    assert refused.reason is HoursReason.TOO_LONG


def test_applying_a_change_and_what_differs() -> None:
    christmas, later = date(2026, 12, 24), date(2026, 12, 31)
    old = Schedule("Europe/Berlin", week([MORNING] * 5 + [()] * 2), {later: ()})
    change = HoursChange({0: ((600, 660),), 1: MORNING}, {christmas: (), later: MORNING})
    new = apply(change, old)
    assert new.on(date(2026, 11, 23)) == ((600, 660),)
    assert new.on(christmas) == ()
    assert diff(old, new) == [
        DayDiff(0, MORNING, ((600, 660),)),
        DayDiff(christmas, None, ()),
        DayDiff(later, (), MORNING),
    ]
    assert diff(new, new) == []


@settings(deadline=None)
@given(all_changes)
def test_a_schedule_survives_json(change: HoursChange) -> None:
    schedule = apply(change, Schedule("Asia/Kolkata", CLOSED, {}))
    assert schedule_from_json(schedule_to_json(schedule)) == schedule


@pytest.mark.parametrize(
    "data",
    [
        {},
        {"zone": "UTC", "weekly": [[]] * 6, "days": {}},
        {"zone": "UTC", "weekly": [[]] * 7, "days": {"24 dec": []}},
        {"zone": "UTC", "weekly": [[[720, 540]]] + [[]] * 6, "days": {}},
        {"zone": "UTC", "weekly": [[[0, 1441]]] + [[]] * 6, "days": {}},
        {"zone": "UTC", "weekly": ["9-12"] * 7, "days": {}},
    ],
)
def test_a_broken_schedule_is_an_error(data: dict[str, object]) -> None:
    with pytest.raises(ValueError):
        schedule_from_json(data)
