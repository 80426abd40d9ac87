from datetime import UTC, datetime
from zoneinfo import available_timezones

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.domain.calendar.offsets import offset_at
from bot.domain.people.cities import CITIES, LIKELY, NAMES, RENAMED, WORLD
from bot.domain.people.zones import ZoneGuess, city, is_zone, likely_zones, resolve_zone

NOW = int(datetime(2026, 11, 20, 13, 30, tzinfo=UTC).timestamp())


@pytest.mark.parametrize(
    ("typed", "zone", "label"),
    [
        ("Munich", "Europe/Berlin", "Munich"),
        ("münchen", "Europe/Berlin", "München"),
        ("Berlin, Germany", "Europe/Berlin", "Berlin"),
        ("Kyiv", "Europe/Kyiv", "Kyiv"),
        ("kiev", "Europe/Kyiv", "Kiev"),
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
    assert city("America/Argentina/Buenos_Aires") == "Buenos Aires"
    assert city("Asia/Calcutta") == "Kolkata"
    assert city("UTC") == "UTC"
