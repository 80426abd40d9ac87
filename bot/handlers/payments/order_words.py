"""What the card page says of an order, in the client's language."""

from collections.abc import Mapping, Sequence

from bot.chat import tell
from bot.chat.moments import joined
from bot.chat.words import _, ngettext, speaking
from bot.domain.bookings import switch
from bot.domain.bookings.bookings import Booking
from bot.domain.payments.fees import FeeKind
from bot.domain.payments.orders import LineKind, OrderLine
from bot.domain.people.people import Person
from bot.domain.subjects import Subject
from bot.handlers.kit import phrases
from bot.services.payments.checkout_pages import OrderWords
from bot.services.payments.sales import Sale


def describe(sale: Sale, client: Person) -> OrderWords:
    """Names what is paid for, in the client's language."""
    if sale.alone is not None:
        return _session(sale.alone, client)
    with speaking(client.language):
        if sale.missed is not None:
            when = phrases.when_for_client(sale.missed, client.zone)
            return OrderWords(", ".join(names(sale, client)), when, client.language)
        until = _("To be paid until {until}.", until=tell.moment(sale.ends, zone_of(sale, client)))
        if len(sale.sessions) > 1:
            return OrderWords(several(sale.sessions), joined(" ", (_dates(sale, client), until)), client.language)
        return OrderWords(", ".join(names(sale, client)), until, client.language)


def several(sessions: Sequence[Booking]) -> str:
    """What an order is called that asks for several sessions of one kind."""
    number = ngettext("{n} session", "{n} sessions", len(sessions))
    return _("{sessions}: {what}", sessions=number, what=phrases.with_coach(sessions[0]))


def _dates(sale: Sale, reader: Person) -> str:
    zone = zone_of(sale, reader)
    first, last = (tell.moment(each.starts, zone) for each in (sale.sessions[0], sale.sessions[-1]))
    return _("From {first} to {last}.", first=first, last=last)


def zone_of(sale: Sale, reader: Person, otherwise: str = "UTC") -> str:
    """On whose clock its payer reads until when it can be paid. `otherwise`: where nobody knows theirs."""
    known = sale.holds if sale.moving is None else [sale.moving]
    return reader.zone or next((each.client_zone for each in known), otherwise)


def names(sale: Sale, reader: Person) -> list[str]:
    """What each line of an order asks for, as its reader says it."""
    sessions = {booking.subject: booking for booking in sale.sessions}
    if len(sessions) == len(sale.order.lines) > 1:  # what they are is said once, above
        return [phrases.when_for_client(booking, reader.zone) for booking in sale.sessions]
    return [_move(line, sale, reader) or _fee(line) or _name(line, sessions, reader) for line in sale.order.lines]


def _fee(line: OrderLine) -> str | None:
    """For what it is; None for any other line."""
    if line.kind is not LineKind.FEE:
        return None
    if (line.terms or {}).get("fee") == FeeKind.NO_SHOW:
        return _("Fee for not coming: {offer}", offer=line.name)
    return _("Fee for cancelling late: {offer}", offer=line.name)


def _move(line: OrderLine, sale: Sale, reader: Person) -> str | None:
    """The difference to another offer, by what the session becomes; None for any other line."""
    if line.kind is not LineKind.MOVE or line.terms is None:
        return None
    zone = reader.zone or ("UTC" if sale.moving is None else sale.moving.client_zone)
    return _("Move to {offer}, {when}", offer=line.name, when=tell.moment(switch.starts_of(line.terms), zone))


def _name(line: OrderLine, sessions: Mapping[Subject, Booking], reader: Person) -> str:
    booking = None if line.subject is None else sessions.get(line.subject)
    if booking is not None:
        when = phrases.when_for_client(booking, reader.zone)
        return _("{what}, {when}", what=phrases.with_coach(booking), when=when)
    if line.name is not None:
        return line.name
    match line.kind:
        case LineKind.SESSION:
            return _("Session")
        case LineKind.PACKAGE:
            return _("Package")
        case LineKind.FEE:
            return _("Fee")
        case LineKind.GIFT:
            return _("Gift")
        case LineKind.MOVE:
            return _("Move to another offer")


def _session(booking: Booking, client: Person) -> OrderWords:
    """The session, its time, coach and length, and the end of the hold."""
    zone = client.zone or booking.client_zone
    with speaking(client.language):
        when = tell.both_clocks(booking.starts, zone, booking.coach_zone, booking.coach_name)
        length = tell.minutes(booking.terms.length_min)
        words = _("{when}, {length}", when=when, length=length)
        if booking.hold_ends is not None:
            until = tell.moment(booking.hold_ends, zone)
            words = _("{when}, {length}. Held until {until}.", when=when, length=length, until=until)
        return OrderWords(phrases.with_coach(booking), words, client.language)
