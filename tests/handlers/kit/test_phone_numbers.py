"""Telephone numbers as people type them."""

import pytest

from bot.handlers.kit.typed.phone_numbers import NumberProblem, SeveralNumbers, example_number, parse_number

VIENNA, LONDON, BERLIN, NEW_YORK = "Europe/Vienna", "Europe/London", "Europe/Berlin", "America/New_York"


@pytest.mark.parametrize(
    ("typed", "zones", "number"),
    [
        ("+43 660 1234567", (), "+43 660 1234567"),
        ("+436601234567", (LONDON,), "+43 660 1234567"),
        ("+43 (0)660 / 123-45-67", (None,), "+43 660 1234567"),
        ("0043 660 1234567", (NEW_YORK,), "+43 660 1234567"),
        ("0660 1234567", (VIENNA,), "+43 660 1234567"),
        ("0660 1234567", (None, VIENNA), "+43 660 1234567"),
        ("020 7946 0958", (LONDON, LONDON), "+44 20 7946 0958"),
        ("(202) 555-0123", (NEW_YORK, VIENNA), "+1 202-555-0123"),
        ("050 123 45 67", ("Europe/Kyiv",), "+380 50 123 4567"),
        ("050 123 45 67", ("Europe/Kiev",), "+380 50 123 4567"),
        ("+43 1 5331234 DW 12", (), "+43 1 5331234 ext. 12"),
    ],
)
def test_a_number_is_read_as_it_is_dialled_from_anywhere(
    typed: str, zones: tuple[str | None, ...], number: str
) -> None:
    assert parse_number(typed, zones) == number
    assert parse_number(number, ()) == number


def test_a_number_of_two_countries_is_a_question() -> None:
    assert parse_number("0172 1234567", (BERLIN, VIENNA)) == SeveralNumbers(("+49 172 1234567", "+43 1 721234567"))
    assert parse_number("+49 172 1234567", (BERLIN, VIENNA)) == "+49 172 1234567"


@pytest.mark.parametrize(
    "typed",
    [
        "",
        "call me",
        "112",
        "+43 123",
        "0660 1234567",
        "+43 660 1234567 or +43 660 7654321",
        "+43 660 1234567 / +43 660 7654321",
        "on +43 660 1234567 please",
        "+999 660 1234567",
        "1" * 40,
    ],
)
def test_what_is_no_number_is_refused(typed: str) -> None:
    assert parse_number(typed, ()) is NumberProblem.NO_NUMBER


@pytest.mark.parametrize("typed", ["+43 900 123456", "+44 7012345678", "0900 123456"])
def test_a_number_that_costs_its_caller_is_refused(typed: str) -> None:
    assert parse_number(typed, (VIENNA,)) is NumberProblem.COSTLY


def test_the_example_is_one_of_the_country() -> None:
    assert example_number((VIENNA,)).startswith("+43")
    assert example_number((None, "UTC")).startswith("+44")
    assert parse_number(example_number((VIENNA,)), ()) == example_number((VIENNA,))
