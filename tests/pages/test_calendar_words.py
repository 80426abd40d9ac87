"""What stands in a calendar, by whose it is: nothing that the others who see it need not know."""

from dataclasses import replace

import pytest

from bot.chat.links import JOINER
from bot.chat.words import speaking
from bot.domain.bookings.bookings import Booking
from bot.domain.bookings.calendar_entry import Entry
from bot.domain.people.people import Platform
from bot.domain.practice.offers import Place, PlaceKind
from bot.pages import calendar_words
from bot.pages.calendar_words import Reader
from bot.services.calendar.feeds import ReadFeed
from tests.pages.sessions import MIA, NOW, OLGA, session

CLIENT = Reader(MIA, names=False, chats={Platform.TELEGRAM}, telegram="front_bot")
COACH = Reader(OLGA, names=False, chats={Platform.SLACK}, telegram="front_bot")
NAMED = replace(COACH, names=True)
PLACES = tuple(Place(kind, "+49 30 111") for kind in PlaceKind)


def read(booking: Booking, reader: Reader, *, follows: bool = False) -> Entry:
    return calendar_words.of_session(booking, reader, NOW, follows=follows)


def text(entry: Entry) -> str:
    return "\n".join([entry.words.summary, entry.words.description, entry.words.location])


def test_the_client_reads_with_whom_it_is_on_both_clocks_and_the_way_back() -> None:
    entry = read(session(), CLIENT)
    assert entry.words.summary == "Intro with Olga Coach"
    lines = entry.words.description.split("\n")
    assert lines[0] == "Mon 7 Dec, 11:00 (Kyiv) · 10:00 for Olga Coach (Berlin)"
    assert lines[1] == "To move or cancel it: https://t.me/front_bot?start=session-12"
    assert "does not cancel the session" in lines[2]
    assert "does not change by itself" in lines[3]
    assert "by itself" not in text(read(session(), CLIENT, follows=True))
    assert entry.words.location == "https://meet.example/olga"


def test_a_coach_reads_no_client_but_where_they_wish_so() -> None:
    assert "Mia" not in text(read(session(), COACH))
    assert read(session(), COACH).words.summary == "Intro"
    assert "11:00 for your client (Kyiv)" in text(read(session(), COACH))
    assert read(session(), NAMED).words.summary == "Intro with Mia Client"
    assert "11:00 for Mia Client (Kyiv)" in text(read(session(), NAMED))


@pytest.mark.parametrize("reader", [CLIENT, COACH, NAMED])
@pytest.mark.parametrize("place", PLACES)
def test_the_number_of_a_client_stands_in_no_calendar(reader: Reader, place: Place) -> None:
    entry = read(session(place=place, phone="+49 170 1234567"), reader)
    assert "1234567" not in text(entry)
    assert entry.words.location


def test_on_slack_the_command_is_the_way_back() -> None:
    assert "write /today to the booking bot on Slack" in text(read(session(), COACH))
    slack = replace(CLIENT, chats={Platform.SLACK})
    assert "write /sessions to the booking bot on Slack" in text(read(session(), slack))
    unknown = replace(CLIENT, telegram=None)
    assert "To move or cancel" not in text(read(session(), unknown))


def test_a_name_that_looks_like_an_address_leads_nowhere_from_a_calendar() -> None:
    entry = read(session(coach_name="win.example.com"), CLIENT)
    assert "win.example.com" not in text(entry)
    assert f"win.{JOINER}example" in text(entry)
    assert type(entry.words.summary) is str


def test_who_stopped_reminders_is_not_rung_by_the_calendar_either() -> None:
    assert read(session(), CLIENT).alarms_min
    assert not read(session(), replace(CLIENT, person=replace(MIA, reminders=False))).alarms_min


def test_a_feed_speaks_the_language_of_its_owner() -> None:
    german = replace(MIA, language="de")
    found = ReadFeed(german, False, NOW, [session()], "Hafen", frozenset({Platform.TELEGRAM}))
    with speaking("en"):
        [entry] = calendar_words.feed(found, "front_bot").entries
    assert entry.words.summary == "Intro bei Olga Coach"
    assert calendar_words.feed(found, None).name == "Hafen"
