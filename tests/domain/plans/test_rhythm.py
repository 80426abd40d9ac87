"""The dates of a plan: on the client's clock, also where clocks change between them."""

from datetime import UTC, datetime

import pytest

from bot.domain.plans import rhythm
from bot.domain.plans.plans import Plan
from bot.domain.plans.rhythm import Rhythm

TUESDAYS_AT_TEN = Rhythm(5, 2, 600, 1)


def seconds(text: str) -> int:
    return int(datetime.fromisoformat(f"{text}+00:00").timestamp())


def told(starts: list[int]) -> list[str]:
    return [f"{datetime.fromtimestamp(each, UTC):%m-%d %H:%M}" for each in starts]


def test_the_first_is_the_next_one() -> None:
    found = rhythm.starts(TUESDAYS_AT_TEN, "Europe/Berlin", seconds("2026-12-01T09:00"))
    assert told(found) == ["12-01 09:00", "12-08 09:00", "12-15 09:00", "12-22 09:00", "12-29 09:00"]
    assert told(rhythm.starts(TUESDAYS_AT_TEN, "Europe/Berlin", seconds("2026-12-01T09:01")))[0] == "12-08 09:00"


def test_the_clock_of_the_client_stays_where_it_changes_between_two_dates() -> None:
    """Berlin's clocks go forward on 28 March 2027, New York's on 14 March."""
    every_two_weeks = Rhythm(4, 2, 600, 2)
    since = seconds("2027-03-01T00:00")
    assert told(rhythm.starts(every_two_weeks, "Europe/Berlin", since)) == [
        "03-02 09:00", "03-16 09:00", "03-30 08:00", "04-13 08:00",
    ]  # fmt: skip
    assert told(rhythm.starts(every_two_weeks, "America/New_York", since)) == [
        "03-02 15:00", "03-16 14:00", "03-30 14:00", "04-13 14:00",
    ]  # fmt: skip


def test_a_time_that_a_clock_skips_is_the_moment_of_the_change() -> None:
    nightly = Rhythm(2, 7, 150, 1)
    found = rhythm.starts(nightly, "Europe/Berlin", seconds("2027-03-22T00:00"))
    assert told(found) == ["03-28 01:00", "04-04 00:30"]


@pytest.mark.parametrize(
    ("code", "meant"),
    [
        ("n5.2.600.1", TUESDAYS_AT_TEN),
        ("n", Rhythm()),
        ("n20.7", Rhythm(20, 7)),
        ("n.3.0", Rhythm(None, 3, 0)),
        ("p5.2.600.1", Rhythm(5, 2, 600, 1, pays=True)),
        ("n1", None),
        ("n21", None),
        ("n5.8", None),
        ("n5.2.1440", None),
        ("n5.2.600.3", None),
        ("m5", None),
    ],
)
def test_what_an_address_says(code: str, meant: Rhythm | None) -> None:
    assert rhythm.read(code) == meant
    assert meant is None or meant.code == code


def test_one_date_changes_and_the_others_stay() -> None:
    since = datetime(2026, 12, 1, 9, tzinfo=UTC)
    plan = Plan.begin(3, 7, Rhythm(3, 2, 600, 2), "Europe/Berlin", since)
    first, second, third = plan.starts
    other = second.replace(hour=12)
    changed = plan.with_date(1, other)
    assert changed.starts == (first, other, third)
    assert changed.of_dates({third, first}).starts == (first, third)
    longer = changed.longer()
    assert told([int(each.timestamp()) for each in longer.starts])[-1] == "01-12 09:00"
    assert Plan.from_body(longer.as_body()) == longer
