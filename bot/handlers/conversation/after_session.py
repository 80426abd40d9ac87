"""One message after a session: it thanks, and offers the next one."""

from bot.chat.address import address
from bot.chat.screen import Button, Line, Redirect, Row, Screen, Tone
from bot.chat.turn import Turn
from bot.chat.words import _
from bot.domain.bookings.bookings import Booking, BookingState, Outcome
from bot.domain.bookings.reminders import ReminderKind
from bot.handlers.bookings import booking_page, my_bookings
from bot.handlers.bookings.notices import as_it_stands
from bot.handlers.conversation import same_again
from bot.handlers.kit import phrases
from bot.handlers.people.settings import stop_button
from bot.services.desk import Desk


async def thanks(turn: Turn, desk: Desk, booking: Booking) -> Screen | Redirect:
    """Not for a session that was cancelled or missed, nor for whoever stopped these."""
    if booking.person_id != turn.person.id or booking.ends > turn.now or not _wanted(turn):
        return Redirect("gone")
    if booking.state is not BookingState.CONFIRMED or booking.outcome is Outcome.NO_SHOW:
        return await as_it_stands(turn, desk, booking)
    zone = turn.person.zone or booking.client_zone
    lines = [Line(phrases.when_for_client(booking, zone), Tone.QUIET)]
    rows: list[Row] = []
    upcoming = await desk.bookings.upcoming(turn.person, turn.now)
    following = next((each for each in upcoming if each.state is BookingState.CONFIRMED), None)
    if following is not None:
        lines.append(Line(_("Your next session: {what}", what=phrases.with_coach(following)), Tone.STRONG))
        lines.append(Line(phrases.when_for_client(following, zone)))
        more = _("Details of {when}", when=my_bookings.short(following, zone))
        rows.append((Button(more, address("booking", following.id)),))
    else:
        again = await same_again.button(turn, desk, booking)
        lines.append(Line(_("Would you like to book the next one?")))
        rows += [] if again is None else [(again,)]
        rows.append((booking_page.book_again(booking, zone),))
    rows.append((booking_page.message_button(booking), stop_button(turn, ReminderKind.AFTERWARDS)))
    title = _("Thank you for your session with {name}", name=booking.coach_name)
    return Screen(title, tuple(lines), tuple(rows))


def _wanted(turn: Turn) -> bool:
    return turn.person.reminders and ReminderKind.AFTERWARDS not in turn.person.stopped
