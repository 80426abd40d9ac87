"""The message of a reminder: what, when on both clocks, where, and what can still be done. Never after the start."""

from bot.chat.address import address
from bot.chat.screen import Button, Line, Redirect, Row, Screen, Tone
from bot.chat.turn import Turn
from bot.chat.words import _
from bot.domain.bookings.bookings import Booking, BookingState
from bot.handlers.bookings import booking_page, client_number
from bot.handlers.bookings.notices import as_it_stands, moved_from
from bot.handlers.kit import failures, phrases
from bot.handlers.people.settings import stop_button
from bot.services.desk import Desk


async def reminder(turn: Turn, desk: Desk, booking: int, minutes: int) -> Screen | Redirect:
    """`minutes` before the start, which tells one reminder from another: the words are true whenever they are read."""
    found = await desk.bookings.find(turn.person, booking)
    if found is None:
        return failures.missing()
    if found.state is not BookingState.CONFIRMED or found.starts <= turn.now:
        return await as_it_stands(turn, desk, found)
    if found.person_id == turn.person.id:
        return await _for_client(turn, desk, found)
    return await _for_coach(turn, desk, found)


async def _for_client(turn: Turn, desk: Desk, booking: Booking) -> Screen:
    zone = turn.person.zone or booking.client_zone
    outcome = desk.moves.outcome(booking, turn.now)
    late: Row = (Button(_("Running late"), address("late", booking.id)), stop_button(turn))
    return Screen(
        _("Reminder: {what}", what=phrases.with_coach(booking)),
        (
            Line(phrases.when_for_client(booking, zone), Tone.STRONG),
            Line(phrases.place_for_client(booking)),
            *await moved_from(turn, desk, booking),
            *phrases.clocks_changed(zone, booking.coach_zone, booking.coach_name, booking.made_at, booking.starts),
        ),
        (
            *client_number.place_row(turn, booking),
            *booking_page.change_row(turn, booking, movable=outcome.allowed),
            late,
        ),
    )


async def _for_coach(turn: Turn, desk: Desk, booking: Booking) -> Screen:
    zone = turn.person.zone or booking.coach_zone
    late: Row = (Button(_("Running late"), address("late", booking.id)), stop_button(turn))
    return Screen(
        _("Reminder: {what}", what=phrases.session(booking, turn.person)),
        (
            Line(phrases.when_for_coach(booking, zone), Tone.STRONG),
            Line(phrases.place_for_practice(booking, turn.person)),
            *await moved_from(turn, desk, booking),
            *phrases.clocks_changed(zone, booking.client_zone, booking.client_name, booking.made_at, booking.starts),
        ),
        (
            *phrases.place_link(booking),
            (
                Button(_("Message"), address("write", booking.id)),
                Button(_("The session"), address("booking", booking.id)),
            ),
            late,
        ),
    )
