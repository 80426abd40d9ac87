"""What a calendar is told of sessions, as plain values. `bot.pages.calendar_file` writes them as RFC 5545 has it.

A calendar knows an entry again by its UID, and takes a newer one in its place by the higher SEQUENCE.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from enum import StrEnum
from urllib.parse import quote, urlencode

from bot.domain.bookings.bookings import Booking, BookingState

PAST, AHEAD = timedelta(days=90), timedelta(days=400)
"""How far a feed reaches from the moment at which it is read."""

ALARMS_MIN = (15,)
LONGEST_URL = 2000
"""Letters of a link on a button: Telegram and browsers take so many in any case."""

_GOOGLE = "https://calendar.google.com/calendar/render"
_MAILBOX_SAFE = "@!#$&'*+-/=?^_`{|}~."


class Method(StrEnum):
    """PUBLISH is for reading alone and names nobody; REQUEST invites or moves, and CANCEL removes (RFC 5546)."""

    PUBLISH = "PUBLISH"
    REQUEST = "REQUEST"
    CANCEL = "CANCEL"


class EntryStatus(StrEnum):
    CONFIRMED = "CONFIRMED"
    CANCELLED = "CANCELLED"


@dataclass(frozen=True)
class Mailbox:
    """`address` as in `ana@example.org`, `name` as its owner is called."""

    address: str
    name: str

    @property
    def uri(self) -> str:
        return f"mailto:{quote(self.address, safe=_MAILBOX_SAFE)}"


@dataclass(frozen=True)
class EntryWords:
    """What one reader reads of an entry, in their language."""

    summary: str
    description: str
    location: str


@dataclass(frozen=True)
class Entry:
    """One session in a calendar; all instants are UTC. `stamp`: as of when this is so. `url`: where it takes place."""

    uid: str
    sequence: int
    status: EntryStatus
    starts: datetime
    ends: datetime
    made_at: datetime
    stamp: datetime
    words: EntryWords
    url: str | None
    alarms_min: tuple[int, ...]


@dataclass(frozen=True)
class CalendarFile:
    """`name` is that of a calendar that is subscribed to. Who invites whom is told by mail alone."""

    method: Method
    entries: tuple[Entry, ...]
    name: str | None = None
    organizer: Mailbox | None = None
    attendee: Mailbox | None = None


def uid(booking: Booking) -> str:
    """The same as long as the booking is kept, wherever the practice is served from, and nobody else's.

    Two practices may both have a booking of this number: they did not make it in the same second.
    """
    return f"booking-{booking.id}-{int(booking.made_at.timestamp())}@rapport"


def entry(booking: Booking, words: EntryWords, stamp: datetime, *, alarms: bool) -> Entry:
    """How a booking stands. `alarms`: its reader wants to be reminded."""
    cancelled = booking.state is not BookingState.CONFIRMED
    place = booking.terms.place.details.strip()
    return Entry(
        uid=uid(booking),
        sequence=booking.version - 1,
        status=EntryStatus.CANCELLED if cancelled else EntryStatus.CONFIRMED,
        starts=booking.starts.astimezone(UTC),
        ends=booking.ends.astimezone(UTC),
        made_at=booking.made_at.astimezone(UTC),
        stamp=stamp.astimezone(UTC),
        words=words,
        url=place if place.startswith(("https://", "http://")) and " " not in place else None,
        alarms_min=ALARMS_MIN if alarms and not cancelled else (),
    )


def published(entries: Sequence[Entry], name: str | None = None) -> CalendarFile:
    """For a file in a chat, or a feed called `name`: nobody is invited, so no calendar asks for an answer."""
    return CalendarFile(Method.PUBLISH, tuple(entries), name)


def invitation(of: Entry, organizer: Mailbox, attendee: Mailbox) -> CalendarFile:
    """For a mail: a REQUEST for a session that takes place, be it new or moved, a CANCEL for one that does not.

    `organizer` is the address that the mail is from; calendars warn of any other.
    """
    method = Method.CANCEL if of.status is EntryStatus.CANCELLED else Method.REQUEST
    return CalendarFile(method, (of,), organizer=organizer, attendee=attendee)


def google_link(of: Entry) -> str:
    """A page of Google on which its reader saves the entry. What is too long for a link is left out of it."""
    dates = f"{of.starts:%Y%m%dT%H%M%SZ}/{of.ends:%Y%m%dT%H%M%SZ}"
    said = {"action": "TEMPLATE", "text": of.words.summary, "dates": dates}
    whole = {**said, "location": of.words.location, "details": of.words.description}
    for values in (whole, {**said, "location": of.words.location}, said):
        link = f"{_GOOGLE}?{urlencode(values)}"
        if len(link) <= LONGEST_URL:
            return link
    return f"{_GOOGLE}?{urlencode({**said, 'text': of.words.summary[:100]})}"


def google_subscription(feed_url: str) -> str:
    """A page of Google on which its reader subscribes to a feed."""
    address = "webcal://" + feed_url.partition("://")[2]
    return f"{_GOOGLE}?{urlencode({'cid': address})}"
