"""Says a session in a calendar, for its client or its coach. A calendar is read elsewhere and by others than its owner:
a client's number is never in it, and their name only where the coach wishes so."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime

from bot.chat import tell
from bot.chat.links import inert, tappable
from bot.chat.words import _, speaking
from bot.domain.bookings.bookings import Booking
from bot.domain.bookings.calendar_entry import CalendarFile, Entry, EntryWords, entry, published
from bot.domain.bookings.reminders import wanted
from bot.domain.people.people import Person, Platform
from bot.domain.practice.offers import PlaceKind
from bot.services.calendar.feeds import ReadFeed


@dataclass(frozen=True)
class Reader:
    """Whose calendar it is. `names`: as a coach they read their clients' names in it.

    `chats`: where they write with us, and `telegram` the name of the bot there, None while it is not known.
    """

    person: Person
    names: bool
    chats: Collection[Platform]
    telegram: str | None


def of_session(booking: Booking, reader: Reader, stamp: datetime, *, follows: bool) -> Entry:
    """In the language that is being spoken. `follows`: the calendar looks again by itself, as at a feed."""
    return entry(booking, _words(booking, reader, follows=follows), stamp, alarms=bool(wanted(reader.person)))


def feed(found: ReadFeed, telegram: str | None) -> CalendarFile:
    """Speaks the language of its owner, whoever asks for it."""
    reader = Reader(found.person, found.names, found.chats, telegram)
    with speaking(found.person.language):
        entries = [of_session(each, reader, max(each.made_at, found.since), follows=True) for each in found.sessions]
        named = found.practice or _("Your sessions")
    return published(entries, named)


def file_name(bookings: Sequence[Booking]) -> str:
    """`session-12.ics`; nothing of it names anybody."""
    return f"session-{bookings[0].id}.ics" if len(bookings) == 1 else f"sessions-{bookings[0].id}.ics"


def _words(booking: Booking, reader: Reader, *, follows: bool) -> EntryWords:
    own = booking.person_id == reader.person.id
    lines = [_when(booking, reader, own=own), _way_back(booking, reader, own=own)]
    lines.append(_("Deleting or declining this entry does not cancel the session."))
    if not follows:
        lines.append(_("This entry does not change by itself. After a move you get a new file in our chat."))
    description = "\n".join(_plain(line) for line in lines if line)
    return EntryWords(_plain(_summary(booking, reader, own=own)), description, _plain(_location(booking, own=own)))


def _summary(booking: Booking, reader: Reader, *, own: bool) -> str:
    offer = booking.terms.offer_name
    if own:
        return _("{offer} with {coach}", offer=offer, coach=booking.coach_name)
    return _("{offer} with {client}", offer=offer, client=booking.client_name) if reader.names else offer


def _when(booking: Booking, reader: Reader, *, own: bool) -> str:
    mine, other = booking.client_zone, booking.coach_zone
    name = booking.coach_name
    if not own:
        mine, other = other, mine
        name = booking.client_name if reader.names else _("your client")
    return tell.both_clocks(booking.starts, reader.person.zone or mine, other, name)


def _way_back(booking: Booking, reader: Reader, *, own: bool) -> str:
    if Platform.TELEGRAM in reader.chats and reader.telegram is not None:
        link = tappable(f"https://t.me/{reader.telegram}?start=session-{booking.id}")
        return _("To move or cancel it: {link}", link=link)
    if Platform.SLACK in reader.chats:
        command = "/sessions" if own else "/today"
        return _("To move or cancel it, write {command} to the booking bot on Slack.", command=command)
    return ""


def _location(booking: Booking, *, own: bool) -> str:
    where = booking.terms.place
    match where.kind:
        case PlaceKind.PHONE_CLIENT_CALLS if own:
            return _("By phone: you call {number}", number=where.details)
        case PlaceKind.PHONE_CLIENT_CALLS:
            return _("By phone: your client calls you at {number}", number=where.details)
        case PlaceKind.PHONE_COACH_CALLS if own:
            return _("By phone: your coach calls you, from {number}", number=where.details)
        case PlaceKind.PHONE_COACH_CALLS:
            return _("By phone: you call your client")
        case _:
            return tappable(where.details)


def _plain(words: str) -> str:
    """As they are read where nothing is drawn: a name that looks like an address leads nowhere here either."""
    return str(inert(words))
