"""What `rapport doctor` says of rows that are set aside: advice that helps against the reason."""

from datetime import timedelta

import pytest

from bot.checks import rows_set_aside
from bot.domain.records import SetAside, Why
from tests.storage.support import NOW


def aside(why: Why, table: str = "bookings", days: int = 0) -> SetAside:
    return SetAside(1, table, "7", "K7Q2MX", why, NOW - timedelta(days=days))


@pytest.mark.parametrize("why", Why)
def test_only_where_a_key_is_missing_it_is_asked_for(why: Why) -> None:
    [line] = rows_set_aside.lines([aside(why)], [], NOW)
    assert ("add that key to SECRET_KEYS" in line.words) == (why is Why.SEALED)
    assert "K7Q2MX bookings 7 for 0 h" in line.words
    assert "paid" not in line.words


def test_each_reason_has_its_line_and_names_some() -> None:
    many = [aside(Why.UNREADABLE) for _row in range(rows_set_aside.NAMED + 2)]
    sealed, unreadable = rows_set_aside.lines([*many, aside(Why.SEALED)], [], NOW)
    assert "and 2 more" in unreadable.words
    assert "more" not in sealed.words


def test_of_a_payment_it_says_how_long_its_time_is_taken_and_whom_to_ask() -> None:
    [line] = rows_set_aside.lines([aside(Why.UNREADABLE, "payments", days=9)], [], NOW)
    assert "K7Q2MX payments 7 for 9 days" in line.words
    assert "its client may have paid" in line.words
