"""Writes calendar files, as RFC 5545 has them: the one place that knows how their lines look.

All times are UTC: no calendar has to know a zone by its name, and no session repeats over a change of clocks.
"""

import re
from datetime import timedelta
from urllib.parse import quote

from icalendar import Alarm, Calendar, Event, vCalAddress, vText

from bot.domain.bookings.calendar_entry import CalendarFile, Entry, EntryStatus, Mailbox

PRODUCT = "-//Rapport//Rapport//EN"
REFRESH = timedelta(hours=1)
"""How often a calendar is asked to look at a feed again. Some look when they please."""

_URL_SAFE = ":/?#[]@!$&'()*+,;=%~-._"
_NO_TEXT = re.compile(r"[\x00-\x09\x0b-\x1f\x7f-\x9f\u2028\u2029\ud800-\udfff\ufffe\uffff]")
"""What no text of a calendar may hold, and what some readers take for the end of a line."""


def write(file: CalendarFile) -> bytes:
    """The same bytes for the same values. Lines end in CRLF and have at most 75 octets."""
    calendar = Calendar()
    calendar.add("prodid", PRODUCT)
    calendar.add("version", "2.0")
    calendar.add("calscale", "GREGORIAN")
    calendar.add("method", file.method.value)
    if file.name is not None:
        for each in ("name", "x-wr-calname"):  # the library does not know these as text
            calendar.add(each, vText(_text(file.name)))
        calendar.add("refresh-interval", REFRESH, parameters={"VALUE": "DURATION"})
        calendar.add("x-published-ttl", "PT1H")
    for entry in file.entries:
        calendar.add_component(_event(entry, file))
    written: bytes = calendar.to_ical()
    return written


def _event(entry: Entry, file: CalendarFile) -> Event:
    event = Event()
    event.add("uid", entry.uid)
    event.add("dtstamp", entry.stamp)
    event.add("dtstart", entry.starts)
    event.add("dtend", entry.ends)
    event.add("sequence", entry.sequence)
    event.add("status", entry.status.value)
    event.add("created", entry.made_at)
    event.add("last-modified", entry.stamp)
    event.add("transp", "TRANSPARENT" if entry.status is EntryStatus.CANCELLED else "OPAQUE")
    event.add("summary", _text(entry.words.summary))
    event.add("description", _text(entry.words.description))
    if entry.words.location:
        event.add("location", _text(entry.words.location))
    if entry.url is not None:
        event.add("url", quote(entry.url, safe=_URL_SAFE))
    if file.organizer is not None:
        event.add("organizer", _named(file.organizer), encode=False)
    if file.attendee is not None:
        event.add("attendee", _invited(file.attendee), encode=False)
    for minutes in entry.alarms_min:
        event.add_component(_alarm(entry, minutes))
    return event


def _alarm(entry: Entry, minutes: int) -> Alarm:
    alarm = Alarm()
    alarm.add("action", "DISPLAY")
    alarm.add("trigger", timedelta(minutes=-minutes))
    alarm.add("description", _text(entry.words.summary))
    return alarm


def _named(who: Mailbox) -> vCalAddress:
    address = vCalAddress(who.uri)
    address.params["CN"] = vText(_name(who.name))
    return address


def _invited(who: Mailbox) -> vCalAddress:
    """Nobody is asked for an answer: a "no" in a calendar would cancel nothing."""
    address = _named(who)
    address.params["CUTYPE"] = vText("INDIVIDUAL")
    address.params["ROLE"] = vText("REQ-PARTICIPANT")
    address.params["PARTSTAT"] = vText("NEEDS-ACTION")
    address.params["RSVP"] = vText("FALSE")
    return address


def _text(words: str) -> str:
    return _NO_TEXT.sub(" ", words.replace("\r\n", "\n"))


def _name(words: str) -> str:
    """A name as a parameter: quotes and carets cannot be told there in a way that every calendar reads."""
    return " ".join(re.sub(r"[\"^\n]", " ", _text(words)).split())
