"""An offer as one typed line: read whole, or not at all."""

import pytest

from bot.domain.payments.money import Ambiguous, Money
from bot.domain.practice.parse_offer import OfferLine, SeveralOffers, parse_offer_line


@pytest.mark.parametrize(
    ("line", "name", "minutes", "cents"),
    [
        ("Coaching 50 min 45", "Coaching", 50, 4500),
        ("Coaching 1,5 h 45", "Coaching", 90, 4500),
        ("Coaching 1.5 hours, 45.50", "Coaching", 90, 4550),
        ("Coaching 1½ Std. 45", "Coaching", 90, 4500),
        ("Coaching 1 h 30 min 45", "Coaching", 90, 4500),
        ("Coaching 1h30 45", "Coaching", 90, 4500),
        ("Coaching 1:30 h 45", "Coaching", 90, 4500),
        ("Coaching 0,5 h", "Coaching", 30, 0),
        ("Top 10 sessions, 50 min, 45", "Top 10 sessions", 50, 4500),
        ("Intro, 1 h, free", "Intro", 60, 0),
        ("Coaching - 50 min - 45", "Coaching", 50, 4500),
        ("€100 more a month, 50 min, 45", "€100 more a month", 50, 4500),
        ("Coaching, eine halbe Stunde, 45", "Coaching", 30, 4500),
        ("Coaching half an hour 45", "Coaching", 30, 4500),
        ("Eine Stunde für mich, 50 min, 45", "Eine Stunde für mich", 50, 4500),
        ("Stunde 60 Minuten 1.234,50", "Stunde", 60, 123450),
    ],
)
def test_a_line_is_read_whole(line: str, name: str, minutes: int, cents: int) -> None:
    assert parse_offer_line(line, "EUR") == OfferLine(name, minutes, Money(cents, "EUR"))


@pytest.mark.parametrize(
    "line",
    [
        "Coaching",
        "50 min 45",
        "Coaching 50 45",
        "Coaching 50 min 45 per session",
        "Coaching 1,333 h 45",
        "Coaching 1.01 h 45",
        "Coaching 2024.50 min 45",
        "Coaching 50 min 45 USD",
        "Coaching 50 min -5",
        "Coaching 50 min, −5",
        "Coaching 60-90 min 100",
        "Coaching 60 – 90 min 100",
        "Coaching 2x50 min 90",
        "Coaching 1 1/2 h 90",
        "Coaching 45 €, 50 min",
        "Coaching, 45 EUR, 50 min",
        "Coaching 50 min 60 min",
        "Coaching 50 min 60 min, , ",
    ],
)
def test_what_is_not_read_whole_is_refused(line: str) -> None:
    assert parse_offer_line(line, "EUR") is None


def test_a_price_that_can_be_two_amounts() -> None:
    assert isinstance(parse_offer_line("Coaching 50 min 12.345", "EUR"), Ambiguous)


@pytest.mark.parametrize(
    "line",
    [
        "Single 50 min 45; Double 100 min 80",
        "Single 50 min 45, Double 100 min 80",
        "Single 50 min 45 und Double 100 min 80",
    ],
)
def test_several_offers_in_one_line_are_told_apart(line: str) -> None:
    assert parse_offer_line(line, "EUR") == SeveralOffers(("Single 50 min 45", "Double 100 min 80"))
