from datetime import UTC, datetime
from zoneinfo import available_timezones

import pytest
from babel.core import get_global
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.domain.calendar.offsets import offset_at
from bot.domain.people.cities import CITIES, LIKELY, NAMES, WORLD
from bot.domain.people.places import ZoneGuess, current_name, label
from bot.domain.people.regions import REGIONS
from bot.domain.people.renamed_zones import RENAMED
from bot.domain.people.zones import is_zone, keep_the_same_time, likely_zones, resolve_zone

NOW = int(datetime(2026, 11, 20, 13, 30, tzinfo=UTC).timestamp())


@pytest.mark.parametrize(
    ("typed", "zone", "label"),
    [
        ("Munich", "Europe/Berlin", "Munich"),
        ("münchen", "Europe/Berlin", "Munich"),
        ("Berlin, Germany", "Europe/Berlin", "Berlin"),
        ("Kyiv", "Europe/Kyiv", "Kyiv"),
        ("kiev", "Europe/Kyiv", "Kyiv"),
        ("new york", "America/New_York", "New York"),
        ("São Paulo", "America/Sao_Paulo", "São Paulo"),
        ("sao paulo", "America/Sao_Paulo", "São Paulo"),
        ("Bombay", "Asia/Kolkata", "Bombay"),
        ("lodz", "Europe/Warsaw", "Łódź"),
        ("St Johns", "America/St_Johns", "St. John's"),
        ("san franc", "America/Los_Angeles", "San Francisco"),
        ("buenos aires", "America/Argentina/Buenos_Aires", "Buenos Aires"),
        ("Lord Howe", "Australia/Lord_Howe", "Lord Howe Island"),
        ("Europe/Berlin", "Europe/Berlin", "Berlin"),
        ("Asia/Calcutta", "Asia/Kolkata", "Kolkata"),
        ("utc", "UTC", "UTC"),
    ],
)
def test_a_typed_place(typed: str, zone: str, label: str) -> None:
    assert resolve_zone(typed, NOW)[0] == ZoneGuess(zone, label)


@pytest.mark.parametrize("typed", ["Munich", "London", "New York", "Paris", "Kyiv", "Berlin", "Sydney", "Madrid"])
def test_a_great_city_is_one_guess(typed: str) -> None:
    assert len(resolve_zone(typed, NOW)) == 1


def test_a_name_of_two_places_gives_both() -> None:
    assert [guess.zone for guess in resolve_zone("Georgia", NOW)] == ["Asia/Tbilisi", "America/New_York"]


@pytest.mark.parametrize(
    ("typed", "hours"),
    [("14:32", {1}), ("2pm", {1}), ("UTC+5:30", {5.5}), ("gmt-3", {-3}), ("8:30", {-5, 7}), ("20:30", {7})],
)
def test_a_typed_clock_or_offset(typed: str, hours: set[float]) -> None:
    found = {offset_at(guess.zone, NOW) / 3600 for guess in resolve_zone(typed, NOW)}
    assert found == hours


@pytest.mark.parametrize("typed", ["", "a", "hello there", "25:00", "13pm", "14:75", "???", "xyz"])
def test_what_is_no_place_gives_nothing(typed: str) -> None:
    assert resolve_zone(typed, NOW) == []


@settings(max_examples=200, deadline=None)
@given(st.text(max_size=30))
def test_no_text_is_an_error_and_every_guess_is_a_zone(text: str) -> None:
    guesses = resolve_zone(text, NOW)
    assert len(guesses) <= 5
    assert all(is_zone(guess.zone) and guess.city for guess in guesses)


def test_the_tables_name_zones_that_exist() -> None:
    likely = {zone for zones in LIKELY.values() for zone in zones}
    named = {*CITIES, *NAMES, *WORLD, *RENAMED, *RENAMED.values(), *likely}
    assert [zone for zone in sorted(named) if not is_zone(zone)] == []


@pytest.mark.parametrize("month", [1, 4, 7, 10])
def test_every_offset_in_use_has_a_zone_to_guess(month: int) -> None:
    now = int(datetime(2026, month, 15, 12, tzinfo=UTC).timestamp())
    used = {offset_at(zone, now) for zone in available_timezones()}
    assert used <= {offset_at(zone, now) for zone in WORLD}


@settings(max_examples=100, deadline=None)
@given(
    st.sampled_from([*LIKELY, None, "pt-br", "en-GB", "xx"]),
    st.sampled_from([*WORLD, "Asia/Tbilisi"]),
    st.integers(NOW, NOW + 3 * 365 * 86400),
)
def test_likely_zones_show_three_clocks_and_the_practices_first(language: str | None, practice: str, now: int) -> None:
    zones = likely_zones(language, practice, now)
    assert zones[0] == practice
    assert len({offset_at(zone, now) for zone in zones}) == len(zones) == 3


def test_labels() -> None:
    assert label("America/Argentina/Buenos_Aires") == "Buenos Aires"
    assert label("Asia/Calcutta") == "Kolkata"
    assert label("UTC") == "UTC"


@pytest.mark.parametrize(
    ("typed", "found"),
    [
        ("Wien", [("Europe/Vienna", "Vienna")]),
        ("London, Ontario", [("America/Toronto", "Toronto"), ("America/Winnipeg", "Winnipeg")]),
        ("London, UK", [("Europe/London", "London")]),
        ("Europe/Wien", [("Europe/Vienna", "Vienna")]),
        ("CET", [("Europe/Berlin", "CET")]),
        ("MEZ", [("Europe/Berlin", "MEZ")]),
        ("Portland, Maine", [("America/New_York", "Portland, Maine")]),
        ("Portland Maine", [("America/New_York", "Portland, Maine")]),
        ("Portland, Oregon", [("America/Los_Angeles", "Portland")]),
        ("Birmingham, Alabama", [("America/Chicago", "Birmingham")]),
        ("Birmingham, England", [("Europe/London", "Birmingham")]),
        ("Cambridge, MA", [("Europe/London", "Cambridge")]),  # a code that does not fit is asked about
        ("San Jose, Costa Rica", [("America/Costa_Rica", "San Jose")]),
        ("Springfield, Illinois", [("America/Chicago", "Springfield, Illinois")]),
        ("Valencia, Venezuela", [("America/Caracas", "Valencia, Venezuela")]),
        ("Moscow, Idaho", [("America/Boise", "Boise"), ("America/Los_Angeles", "Los Angeles")]),
    ],
)
def test_what_follows_a_comma_counts(typed: str, found: list[tuple[str, str]]) -> None:
    assert [(guess.zone, guess.city) for guess in resolve_zone(typed, NOW)] == found


def test_two_places_of_one_name_are_told_apart() -> None:
    labels = [guess.city for guess in resolve_zone("San Jose", NOW)]
    assert labels == ["San Jose (Los Angeles)", "San Jose (Costa Rica)"]
    assert [resolve_zone(label, NOW)[0].zone for label in labels] == ["America/Los_Angeles", "America/Costa_Rica"]


@pytest.mark.parametrize(
    ("typed", "zone"), [("Munchen-", "Europe/Berlin"), ("Berlinn", "Europe/Berlin"), ("Amsterdm", "Europe/Amsterdam")]
)
def test_near_spellings_are_proposed(typed: str, zone: str) -> None:
    assert zone in {guess.zone for guess in resolve_zone(typed, NOW)}


def test_a_near_spelling_is_asked_about_and_a_city_is_not() -> None:
    assert [guess.sure for guess in resolve_zone("Amsterdm", NOW)] == [False]
    assert [guess.sure for guess in resolve_zone("Amsterdam", NOW)] == [True]
    assert [guess.sure for guess in resolve_zone("London, Atlantis", NOW)] == [False]


@pytest.mark.parametrize(
    ("typed", "english", "german"),
    [("wien", "Vienna", "Wien"), ("Munich", "Munich", "München"), ("mailand", "Milan", "Mailand"),
     ("Kiev", "Kyiv", "Kiew"), ("Manchester", "Manchester", "Manchester")],
)  # fmt: skip
def test_a_city_reads_in_the_language_of_the_reader(typed: str, english: str, german: str) -> None:
    assert resolve_zone(typed, NOW)[0].city == english
    assert resolve_zone(typed, NOW, "de")[0].city == german


def test_the_old_names_are_those_of_cldr() -> None:
    known = available_timezones()
    aliases: dict[str, str] = dict(get_global("zone_aliases"))
    renamed = {old: new for old, new in aliases.items() if {old, new} <= known and old != new}
    assert {old: new for old, new in renamed.items() if "/" in old and not old.startswith("Etc/")} == {
        old: new for old, new in RENAMED.items() if old in renamed
    }
    assert not set(RENAMED.values()) & set(RENAMED)


def test_the_zones_of_regions_exist() -> None:
    assert [zone for zones in REGIONS.values() for zone in zones.split(", ") if not is_zone(zone)] == []


def test_zones_that_keep_the_same_time() -> None:
    assert keep_the_same_time("Europe/Kiev", "Europe/Kyiv", NOW)
    assert keep_the_same_time("Europe/Berlin", "Europe/Vienna", NOW)
    assert not keep_the_same_time("Europe/London", "Atlantic/Reykjavik", NOW)  # alike in winter only
    assert current_name("Europe/Kiev") == "Europe/Kyiv"
