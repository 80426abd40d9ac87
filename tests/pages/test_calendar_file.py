"""Calendar files as another library reads them, and by the rules that Google, Outlook and Apple go by."""

import re
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
import vobject

from bot.domain.bookings.bookings import BookingState
from bot.domain.bookings.calendar_entry import (
    CalendarFile,
    EntryWords,
    Mailbox,
    invitation,
    published,
)
from bot.pages import calendar_file
from tests.pages.sessions import NOW, STARTS, session, written

DESK = Mailbox("desk@example.org", "Harbour; Coaching, Ltd.")
ANA = Mailbox("ana@example.org", "Ana María")
NAMES = (
    "Ana María Śliwińska",
    "نور الدين",
    "Zoë 🧑‍🚀🎉",
    'Olga, the "Owner"; C:\\o^n',
    "王小明" * 40,
    "one\ntwo\r\nthree\rfour",
    "bell\x07 separator\u2028 next\x85 half\ud83d",
    "END:VEVENT",
)


def parsed(file: CalendarFile) -> Any:
    return vobject.readOne(calendar_file.write(file).decode(), validate=True)


def value(component: Any, name: str) -> Any:
    return getattr(component, name).value


def kept(words: str) -> str:
    """As it can be read again: what no calendar takes is a space."""
    return re.sub(r"[\x00-\x09\x0b-\x1f\x85\u2028\ud800-\udfff]", " ", words.replace("\r\n", "\n"))


def test_a_file_for_the_chat_is_published_and_names_nobody() -> None:
    calendar = parsed(published([written(session())]))
    assert (value(calendar, "method"), value(calendar, "version")) == ("PUBLISH", "2.0")
    assert value(calendar, "prodid")
    event = calendar.vevent
    assert (event.dtstart.value, event.dtend.value) == (STARTS, STARTS + timedelta(minutes=50))
    assert event.dtstamp.value == NOW
    assert (event.sequence.value, event.status.value) == ("0", "CONFIRMED")
    assert (event.url.value, event.location.value) == ("https://meet.example/olga",) * 2
    assert not hasattr(event, "organizer")
    assert not hasattr(event, "attendee")
    assert event.valarm.action.value == "DISPLAY"
    assert event.valarm.trigger.value == timedelta(minutes=-15)
    assert event.valarm.description.value == event.summary.value


def test_times_are_utc_and_need_no_time_zone_of_the_file() -> None:
    lines = calendar_file.write(published([written(session())])).decode().split("\r\n")
    assert "DTSTART:20261207T090000Z" in lines
    assert "DTEND:20261207T095000Z" in lines
    assert not [each for each in lines if "TZID" in each or "VTIMEZONE" in each]


def test_an_invitation_has_who_invites_whom_and_asks_for_no_answer() -> None:
    calendar = parsed(invitation(written(session()), DESK, ANA))
    event = calendar.vevent
    assert calendar.method.value == "REQUEST"
    assert event.organizer.value == "mailto:desk@example.org"
    assert event.organizer.params["CN"] == [DESK.name]
    assert event.attendee.value == "mailto:ana@example.org"
    told = {"CN": [ANA.name], "CUTYPE": ["INDIVIDUAL"], "ROLE": ["REQ-PARTICIPANT"]}
    assert event.attendee.params == {**told, "PARTSTAT": ["NEEDS-ACTION"], "RSVP": ["FALSE"]}


def test_a_cancellation_keeps_what_a_calendar_finds_the_entry_by() -> None:
    first = parsed(invitation(written(session()), DESK, ANA)).vevent
    gone = session(state=BookingState.CANCELLED, version=3)
    calendar = parsed(invitation(written(gone), DESK, ANA))
    event = calendar.vevent
    assert (calendar.method.value, event.status.value) == ("CANCEL", "CANCELLED")
    assert event.uid.value == first.uid.value
    assert int(event.sequence.value) > int(first.sequence.value)
    assert (event.dtstart.value, event.organizer.value) == (STARTS, first.organizer.value)
    assert event.attendee.value == first.attendee.value
    assert not hasattr(event, "valarm")


def test_a_feed_says_how_it_is_called_and_how_often_to_look_again() -> None:
    lines = calendar_file.write(published([], "Harbour, Coaching")).decode().split("\r\n")
    for each in ("X-WR-CALNAME:Harbour\\, Coaching", "REFRESH-INTERVAL;VALUE=DURATION:PT1H", "X-PUBLISHED-TTL:PT1H"):
        assert each in lines, lines
    broken = calendar_file.write(published([], "Har\nMETHOD:CANCEL")).decode().split("\r\n")
    assert "X-WR-CALNAME:Har\\nMETHOD:CANCEL" in broken
    both = [written(session()), written(session(id=13, starts=datetime(2026, 12, 8, 9, tzinfo=UTC)))]
    calendar = parsed(published(both, "Harbour"))
    assert len({event.uid.value for event in calendar.vevent_list}) == 2


@pytest.mark.parametrize("name", NAMES)
def test_every_name_is_read_as_it_was_written(name: str) -> None:
    words = EntryWords(f"Intro with {name}", f"{name}\nsecond line", name)
    event = parsed(published([written(session(), words)])).vevent
    assert event.summary.value == kept(words.summary)
    assert event.description.value == kept(words.description)
    assert event.location.value == kept(name)


@pytest.mark.parametrize("name", NAMES)
def test_no_name_of_a_mail_breaks_out_of_its_place(name: str) -> None:
    file = invitation(written(session()), Mailbox(DESK.address, name), Mailbox(ANA.address, name))
    event = parsed(file).vevent
    assert (event.organizer.value, event.attendee.value) == ("mailto:desk@example.org", "mailto:ana@example.org")
    [plain] = event.attendee.params["CN"]
    assert plain == " ".join(re.sub(r'["^\n]', " ", kept(name)).split())


@pytest.mark.parametrize("name", NAMES)
def test_lines_end_and_fold_as_the_standard_has_it(name: str) -> None:
    words = EntryWords(name * 9, name * 9, name * 9)
    data = calendar_file.write(published([written(session(), words)], name))
    assert data.endswith(b"END:VCALENDAR\r\n")
    assert b"\n" not in data.replace(b"\r\n", b"")
    for line in data.split(b"\r\n"):
        assert len(line) <= 75
        line.decode()  # no letter is cut in two


def test_the_same_session_gives_the_same_bytes() -> None:
    file = published([written(session())], "Harbour")
    assert calendar_file.write(file) == calendar_file.write(file)


def test_an_address_that_is_no_web_address_is_no_link() -> None:
    for details in ("Ring 1, 1010 Wien", "javascript:alert(1)", "https://meet.example/ a b"):
        place = session().terms.place
        event = parsed(published([written(session(place=type(place)(place.kind, details)))])).vevent
        assert not hasattr(event, "url")
