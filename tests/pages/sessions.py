"""A session as plain values, for what is written of it."""

from dataclasses import replace
from datetime import UTC, datetime
from typing import Any

from bot.domain.bookings.bookings import Booking, BookingState, Terms
from bot.domain.bookings.calendar_entry import Entry, EntryWords, entry
from bot.domain.bookings.policy import Policy
from bot.domain.payments.money import Money
from bot.domain.people.people import Person
from bot.domain.practice.offers import Place, PlaceKind

NOW = datetime(2026, 12, 1, 9, 0, tzinfo=UTC)
STARTS = datetime(2026, 12, 7, 9, 0, tzinfo=UTC)
CLIENT, COACH = 2, 1
MIA = Person(CLIENT, "Mia Client", "Europe/Kyiv", "en")
OLGA = Person(COACH, "Olga Coach", "Europe/Berlin", "en", coach_id=1)
WORDS = EntryWords("Intro with Olga", "Monday", "https://meet.example/olga")

_NOTHING = Money(0, "EUR")
_SESSION = Booking(
    id=12, session_id=12, person_id=CLIENT, client_name="Mia Client", coach_id=1, coach_name="Olga Coach",
    coach_person_id=COACH, offer_id=1, state=BookingState.CONFIRMED, starts=STARTS,
    terms=Terms("Intro", 50, _NOTHING, Place(PlaceKind.VIDEO, "https://meet.example/olga"), Policy()),
    client_zone="Europe/Kyiv", coach_zone="Europe/Berlin", paid=_NOTHING, owed=_NOTHING, made_at=NOW,
)  # fmt: skip


def session(**changed: Any) -> Booking:
    place = changed.pop("place", None)
    if place is not None:
        changed["terms"] = replace(_SESSION.terms, place=place)
    return replace(_SESSION, **changed)


def written(booking: Booking, words: EntryWords = WORDS, *, alarms: bool = True) -> Entry:
    return entry(booking, words, NOW, alarms=alarms)
