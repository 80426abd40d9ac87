"""One answer, or several in one line."""

import pytest

from bot.domain.practice.several_answers import first_of_several


@pytest.mark.parametrize(
    ("typed", "first"),
    [
        ("Harbour Coaching, EUR, Vienna", "Harbour Coaching"),
        ("Harbour Coaching; mon-fri 9-17", "Harbour Coaching"),
        ("Harbour Coaching EUR mon-fri 9-17", "Harbour Coaching"),
        ("Praxis Weber, Mo-Fr 9:00-17:00, Coaching 50 min 45", "Praxis Weber"),
        ("Coaching 50 min 45, mon 9-12", "Coaching"),
        ("Hauptstr. 5, Wien, Coaching 50 min 45 €", "Hauptstr. 5, Wien, Coaching"),
        ("EUR, mon-fri 9-17", ""),
        ("EUR, Coaching", ""),
    ],
)
def test_several_answers_are_seen(typed: str, first: str) -> None:
    assert first_of_several(typed) == first


@pytest.mark.parametrize(
    "typed",
    ["Harbour Coaching", "Smith, Jones & Paris", "60 min to yourself", "Praxis 24/7", "EUR Coaching", "Mon Ami 9",
     "Hauptstr. 5, 1060 Wien", "Fr. Weber, 3-5 Main St"],
)  # fmt: skip
def test_one_answer_is_one(typed: str) -> None:
    assert first_of_several(typed) is None
