"""A session that its client may reschedule, or why it stays where it is."""

from dataclasses import dataclass

from bot.chat.address import address
from bot.chat.screen import Button, Line, Redirect, Screen
from bot.chat.turn import Turn
from bot.chat.words import _
from bot.domain.bookings.bookings import Booking, BookingState
from bot.domain.bookings.policy import MoveOutcome
from bot.handlers.bookings import time_pages
from bot.handlers.bookings.time_picker import TimeSearch
from bot.handlers.kit import failures, phrases, policy_lines
from bot.services.calendar.free_times import Moving
from bot.services.desk import Desk


@dataclass(frozen=True)
class Move:
    """A session that its client may move now."""

    booking: Booking
    outcome: MoveOutcome
    search: TimeSearch


async def movable(turn: Turn, desk: Desk, booking: int) -> Move | Screen | Redirect:
    """The session, or the page to show instead when this person cannot move it."""
    found = await desk.bookings.find(turn.person, booking, turn.now)
    if found is None:
        return failures.missing()
    if found.person_id != turn.person.id:
        return Redirect(address("propose", booking))
    offer = await desk.offers.find(found.offer_id)
    if found.state is not BookingState.CONFIRMED or offer is None:
        return Redirect(address("booking", booking))
    zone = turn.person.zone or found.client_zone
    outcome = desk.moves.outcome(found, turn.now)
    if not outcome.allowed:
        return _refused(found, outcome, zone)
    pages = time_pages.of_move(booking)
    leave = address("booking", booking)
    search = TimeSearch(offer, None, zone, pages, leave, moving=Moving(found), own=found.starts, label=_move_to)
    return Move(found, outcome, search)


def _move_to(when: str) -> str:
    return _("Move to {when}", when=when)


def _refused(booking: Booking, outcome: MoveOutcome, zone: str) -> Screen:
    ask = Button(_("Ask {name}", name=booking.coach_name), address("write", booking.id))
    return Screen(
        _("The session stays as it is"),
        (
            Line(phrases.when_for_client(booking, zone)),
            Line(policy_lines.moving(outcome, zone)),
            Line(_("You can write to {name} about it.", name=booking.coach_name)),
        ),
        ((ask,), (Button(_("Back"), address("booking", booking.id)), Button(_("Start"), "start"))),
    )
