"""What the card page says of an order, in the client's language."""

from bot.chat import tell
from bot.chat.words import _, speaking
from bot.domain.bookings.bookings import Booking
from bot.domain.people.people import Person
from bot.handlers.kit import phrases
from bot.services.payments.checkout_pages import OrderWords


def describe(booking: Booking, client: Person) -> OrderWords:
    """Names what is paid for: the session, its time, coach and length, and the end of the hold."""
    zone = client.zone or booking.client_zone
    with speaking(client.language):
        when = tell.both_clocks(booking.starts, zone, booking.coach_zone, booking.coach_name)
        length = tell.minutes(booking.terms.length_min)
        words = _("{when}, {length}", when=when, length=length)
        if booking.hold_ends is not None:
            until = tell.moment(booking.hold_ends, zone)
            words = _("{when}, {length}. Held until {until}.", when=when, length=length, until=until)
        return OrderWords(phrases.with_coach(booking), words, client.language)
