"""The way to a calendar from a session, and what is said there when one keeps an entry that is no longer right."""

from bot.chat.screen import Button, Line
from bot.chat.turn import Turn
from bot.chat.words import _
from bot.domain.bookings.bookings import Booking, BookingState
from bot.domain.people.people import Person


def add_button(turn: Turn, booking: Booking) -> tuple[Button, ...]:
    """For its client and its coach, as long as it is to come."""
    coming = booking.state is BookingState.CONFIRMED and booking.starts > turn.now
    if not coming or turn.person.id not in (booking.person_id, booking.coach_person_id):
        return ()
    return (_button(turn.do("calendar-file", booking.id, "take")),)


def add_plan_button(turn: Turn, plan: int, standing: list[Booking]) -> tuple[Button, ...]:
    """As `add_button`, for those that were planned together."""
    coming = any(add_button(turn, each) for each in standing)
    return (_button(turn.do("calendar-plan", plan, "take")),) if coming else ()


def _button(to: str) -> Button:
    return Button(_("Add to calendar"), to)


def left_behind(booking: Booking, reader: Person) -> list[Line]:
    """Of a session that was cancelled, to who took it as a file: nothing of ours reaches an entry that they made."""
    if not booking.is_filed_by(reader.id):
        return []
    return [Line(_("If you added it to a calendar by hand, remove it there by hand, too."))]
