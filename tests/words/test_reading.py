"""Days, times, zones, money and lengths as a reader of German expects them."""

from collections.abc import Iterator
from datetime import UTC, date, datetime

import pytest

from bot.chat import tell
from bot.chat.words import _, ngettext, speaking
from bot.domain.payments.money import Money
from bot.domain.people.cities_german import GERMAN
from bot.domain.people.zones import is_zone, resolve_zone
from bot.domain.practice.offers import Place, PlaceKind
from bot.handlers.kit import phrases

AT = datetime(2026, 12, 1, 13, 0, tzinfo=UTC)


@pytest.fixture(autouse=True)
def _german() -> Iterator[None]:
    with speaking("de"):
        yield


def test_a_moment() -> None:
    assert tell.moment(AT, "Europe/Kyiv") == "Di., 1. Dez., 15:00 (Kiew)"
    assert tell.moment(AT, "America/Argentina/Buenos_Aires") == "Di., 1. Dez., 10:00 (Buenos Aires)"


def test_a_day() -> None:
    assert tell.day(date(2026, 3, 5)) == "Do., 5. März"
    assert tell.long_day(date(2026, 12, 1)) == "Dienstag, 1. Dezember 2026"


def test_two_clocks() -> None:
    both = tell.both_clocks(AT, "Europe/Vienna", "America/New_York", "Ana")
    assert both == "Di., 1. Dez., 14:00 (Wien) · 08:00 für Ana (New York)"
    late = tell.both_clocks(AT, "Europe/Vienna", "Pacific/Auckland", "Ana")
    assert late == "Di., 1. Dez., 14:00 (Wien) · Mi., 2. Dez., 02:00 für Ana (Auckland)"


def test_money() -> None:
    assert tell.money(Money(4500, "EUR")) == "45,00\N{NO-BREAK SPACE}€"
    assert tell.money(Money(123456, "CHF")) == "1.234,56\N{NO-BREAK SPACE}CHF"
    assert tell.money(Money(0, "EUR")) == "kostenlos"
    assert tell.amount(Money(0, "EUR")) == "0,00\N{NO-BREAK SPACE}€"


def test_money_is_shown_with_the_decimals_that_are_charged() -> None:
    """Of rupiah, dinars and ariary Unicode's own data shows none, and would round what is asked for."""
    amounts = (Money(123456, "RSD"), Money(4550, "MGA"), Money(45, "JPY"), Money(1230, "KWD"))
    shown = [tell.amount(each) for each in amounts]
    assert [each.replace("\N{NO-BREAK SPACE}", " ") for each in shown] == [
        "1.234,56 RSD", "45,50 MGA", "45 ¥", "1,230 KWD",
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("minutes", "words"),
    [(0, "0 Minuten"), (1, "1 Minute"), (50, "50 Minuten"), (60, "1 Stunde"), (120, "2 Stunden"), (1440, "1 Tag")],
)
def test_lengths(minutes: int, words: str) -> None:
    assert tell.minutes(minutes) == words


def test_the_number_chooses_the_form() -> None:
    says = [ngettext("{n} session is booked.", "{n} sessions are booked.", n) for n in (0, 1, 2)]
    assert says == ["0 Sitzungen sind gebucht.", "1 Sitzung ist gebucht.", "2 Sitzungen sind gebucht."]


def test_english_keeps_its_own_names() -> None:
    with speaking("en"):
        assert tell.moment(AT, "Europe/Kyiv") == "Tue 1 Dec, 15:00 (Kyiv)"


@pytest.mark.parametrize("zone", GERMAN)
def test_a_city_that_is_shown_can_be_typed(zone: str) -> None:
    assert is_zone(zone)
    assert zone in [guess.zone for guess in resolve_zone(GERMAN[zone], int(AT.timestamp()))]


def test_a_place_is_not_named_twice() -> None:
    place = phrases.place(Place(PlaceKind.ADDRESS, "Hauptstraße 5"))
    assert (place, _("Place: {place}", place=place)) == ("Vor Ort: Hauptstraße 5", "Treffpunkt: Vor Ort: Hauptstraße 5")
