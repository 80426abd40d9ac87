"""What German tells people to type is understood when they type it."""

import re
from collections.abc import Callable, Iterator
from datetime import UTC, date, datetime

import pytest

from bot.chat.screen import Wrong
from bot.chat.words import _, speaking
from bot.domain.calendar.hours import parse_hours
from bot.domain.calendar.spans import HoursChange
from bot.domain.calendar.typed_when import parse_when
from bot.domain.people.zones import resolve_zone
from bot.domain.practice.offers import Place, PlaceKind
from bot.domain.practice.parse_offer import parse_offer_line
from bot.domain.practice.parse_place import parse_place
from bot.handlers.kit import setup_fields, typed_amounts

TODAY = date(2026, 12, 1)
NOW = int(datetime(2026, 12, 1, 9, 0, tzinfo=UTC).timestamp())


@pytest.fixture(autouse=True)
def _german() -> Iterator[None]:
    with speaking("de"):
        yield


@pytest.mark.parametrize(
    "english",
    [
        "For example: mon-thu 9-12,14-17; fri 9-13; off 24-26 dec",
        "One line, such as: mon-thu 9-12,14-17; fri 9-13",
        "I do not understand “{part}”. Write hours like this: mon-thu 9-12,14-17; off 24-26 dec",
        "Write the hours, such as: mon-thu 9-12,14-17",
        "“{part}” names no day. Begin with the days, such as: mon-fri 9-12",
        "“{part}” is not complete. Say which days, and from when to when or off: mon 9-12",
    ],
)
def test_lines_of_hours(english: str) -> None:
    example = _(english).rpartition(": ")[2]
    theirs = english.rpartition(": ")[2]
    assert parse_hours(example, TODAY) == parse_hours(theirs, TODAY)
    assert isinstance(parse_hours(example, TODAY), HoursChange)


def test_days_off() -> None:
    example = _("For example: 24-26 dec").rpartition(": ")[2]
    assert parse_hours(f"off {example}", TODAY) == parse_hours("off 24-26 dec", TODAY)
    days = re.findall(r"2026-12-24|\d+\.(?:-\d+\.)? \w+", _("For example: 2026-12-24, 24 dec, or 24-26 dec"))
    theirs = ("2026-12-24", "24 dec", "24-26 dec")
    assert [parse_hours(f"{day} off", TODAY) for day in days] == [parse_hours(f"{day} off", TODAY) for day in theirs]
    times = _("Write times like this: 10-12,14-16. Or: off").rpartition(": ")[2]
    assert parse_hours(f"mon {times}", TODAY) == parse_hours("mon off", TODAY)


def test_moments() -> None:
    example = _("You can also type a day and a time, such as: tue 3pm").rpartition(": ")[2]
    assert parse_when(example, NOW, "Europe/Vienna") == parse_when("tue 3pm", NOW, "Europe/Vienna")
    help_words = _("Tap a day or a time, or type one: tue 3pm, 14:30, next week. Nothing is booked yet.")
    examples = help_words.partition(": ")[2].partition(".")[0].split(", ")
    assert len(examples) == 3
    assert all(parse_when(each, NOW, "Europe/Vienna") for each in examples)


def test_answers_that_stand_or_are_proposed() -> None:
    """In the reader's words, and read back to what they are."""
    at = datetime.fromtimestamp(NOW, UTC)
    for zone, city in {"Europe/Vienna": "Wien", "Europe/Kyiv": "Kiew", "Etc/UTC": "Etc/UTC"}.items():
        asked = setup_fields.zone(zone, at, "")
        assert asked.default == city
        assert asked.read(asked.default) == zone
    hours = setup_fields.hours(TODAY, others=True)
    assert [choice.value for choice in hours.choices[:2]] == ["mo-fr 9-17", "mo-do 9-12,14-17"]
    twice = hours.read("mo-fr 9-17; frei fr")
    assert isinstance(twice, Wrong)
    assert (twice.instead, twice.words.rpartition(": ")[2]) == (("mo-do 9-17; fr frei",), "mo-do 9-17; fr frei?")


def test_cities() -> None:
    examples = _("For example: Munich, Kyiv, 2pm").partition(": ")[2].split(", ")
    assert len(examples) == 3
    assert all(resolve_zone(each, NOW) for each in examples)


def test_offers_and_places() -> None:
    for english in ("Write a name, a length and a price, such as: Coaching 50 min 45", "Session 50 min 0"):
        assert parse_offer_line(_(english).rpartition(": ")[2], "EUR") is not None
    hint = _("A video link, a phone number that clients call, “I call from +43 …”, or an address.")
    calls = hint.partition("„")[2].partition("“")[0]
    assert parse_place(calls.replace("…", "660 1234567")) == Place(PlaceKind.PHONE_COACH_CALLS, "+43 660 1234567")


@pytest.mark.parametrize(
    ("hint", "word"),
    [
        ("A number, or none", "none"),
        ("For example: 10-12,14-16. Or: off. Or: usual, for the hours of every week", "usual"),
        ("A link, a phone number, “I call from +43 …” or an address. Or “own”: each coach's own place.", "own"),
        ("One line, such as: mon-thu 9-12,14-17; fri 9-13. Or “others”, if you do not coach yourself.", "others"),
    ],
)
def test_the_word_of_a_hint_is_the_one_that_is_read(hint: str, word: str) -> None:
    """It is compared after folding, so it stands in small letters."""
    assert _(word) in _(hint)
    assert _(word) == _(word).casefold()


@pytest.mark.parametrize(
    ("read", "text"),
    [
        (typed_amounts.read_length(1), "50 Minuten"),
        (typed_amounts.read_length(60), "2 Stunden"),
        (typed_amounts.read_cap, "keine"),
    ],
)
def test_amounts(read: Callable[[str], object], text: str) -> None:
    assert read(text) in (50, 120, None)
