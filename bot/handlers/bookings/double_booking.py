"""Warns a person who books over another session or hold of theirs; never refuses it."""

from collections.abc import Iterable
from datetime import datetime, timedelta

from bot.chat import tell
from bot.chat.screen import Line, Tone
from bot.chat.turn import Turn
from bot.chat.words import _
from bot.domain.bookings.bookings import Booking, BookingState
from bot.handlers.kit import phrases
from bot.services.desk import Desk


async def of_booking(turn: Turn, desk: Desk, starts: datetime, minutes: int, zone: str) -> list[Line]:
    """Lines for a new session: what the person has at that time, and the hold that it would replace."""
    upcoming = await desk.bookings.upcoming(turn.person, turn.now)
    held = [
        Line(
            _(
                "You are holding {what} on {when}; choosing this time gives that one up.",
                what=phrases.with_coach(each),
                when=when,
            )
        )
        for each in upcoming
        if each.state is BookingState.HELD and each.starts != starts and (when := tell.moment(each.starts, zone))
    ]
    return [*_booked(upcoming, starts, minutes, zone), *held]


async def of_dates(turn: Turn, desk: Desk, those: Iterable[datetime], minutes: int, zone: str) -> list[Line]:
    """As `of_booking`, for several sessions at once."""
    upcoming = await desk.bookings.upcoming(turn.person, turn.now)
    return [line for starts in those for line in _booked(upcoming, starts, minutes, zone)]


async def of_other_time(turn: Turn, desk: Desk) -> list[Line]:
    """A line above times to hold: the hold that another one would replace."""
    held = await desk.bookings.open_hold(turn.person, turn.now)
    if held is None:
        return []
    what, when = phrases.with_coach(held), tell.moment(held.starts, turn.zone)
    return [Line(_("You hold {what} on {when}; taking another time lets it go.", what=what, when=when))]


async def of_hold(turn: Turn, desk: Desk, held: Booking, zone: str) -> list[Line]:
    """Lines for a time that is held: what else the person has then."""
    return _booked(await desk.bookings.upcoming(turn.person, turn.now), held.starts, held.terms.length_min, zone)


async def of_move(turn: Turn, desk: Desk, moved: Booking, zone: str) -> list[Line]:
    """Lines for a move: what else the person has at the new time."""
    upcoming = await desk.bookings.upcoming(turn.person, turn.now)
    others = [each for each in upcoming if each.id != moved.id]
    return _booked(others, moved.starts, moved.terms.length_min, zone)


def _booked(upcoming: list[Booking], starts: datetime, minutes: int, zone: str) -> list[Line]:
    ends = starts + timedelta(minutes=minutes)
    return [
        Line(
            _(
                "Careful: you already have {what} at that time, {when}.",
                what=phrases.with_coach(each),
                when=tell.moment(each.starts, zone),
            ),
            Tone.STRONG,
        )
        for each in upcoming
        if each.state is BookingState.CONFIRMED and each.starts < ends and starts < each.ends
    ]
