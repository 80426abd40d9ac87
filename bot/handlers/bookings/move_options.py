"""Finds a session that its client may reschedule, and the days and times it may move to."""

from dataclasses import dataclass
from datetime import date, datetime, timedelta

from bot.chat.address import address
from bot.chat.screen import Button, Line, Redirect, Screen
from bot.chat.turn import Turn
from bot.chat.words import _
from bot.domain.bookings.bookings import Booking, BookingState
from bot.domain.bookings.policy import MoveOutcome
from bot.domain.calendar import local_dates
from bot.domain.calendar.slots import FreeTime
from bot.domain.practice.offers import Offer
from bot.handlers.kit import failures, phrases, policy_lines
from bot.services.calendar.free_times import Moving
from bot.services.desk import Desk

WEEK = 7


@dataclass(frozen=True)
class Move:
    """A session that its client may move now."""

    booking: Booking
    offer: Offer
    outcome: MoveOutcome
    zone: str

    def day_of(self, at: datetime) -> date:
        return local_dates.day_of(at, self.zone)

    def opens(self, day: date) -> datetime:
        return local_dates.midnight(day, self.zone)


async def movable(turn: Turn, desk: Desk, booking: int) -> Move | Screen | Redirect:
    """The session, or where to go instead when it cannot be moved by this person."""
    found = await desk.bookings.find(turn.person, booking)
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
    return Move(found, offer, outcome, zone)


def _refused(booking: Booking, outcome: MoveOutcome, zone: str) -> Screen:
    ask = Button(_("Ask {name}", name=booking.coach_name), address("write", booking.id))
    return Screen(
        _("It stays where it is"),
        (
            Line(phrases.when_for_client(booking, zone)),
            Line(policy_lines.moving(outcome, zone)),
            Line(_("You can write to {name} about it.", name=booking.coach_name)),
        ),
        ((ask,), (Button(_("Back"), address("booking", booking.id)), Button(_("Start"), "start"))),
    )


async def times_of(turn: Turn, desk: Desk, move: Move, day: date) -> list[FreeTime]:
    """Free times of that day, without the one that the session has."""
    found = await desk.times.on_day(move.offer, None, day, move.zone, turn.now, moving=Moving(move.booking))
    return [time for time in found if time.starts != move.booking.starts]


async def first_day(turn: Turn, desk: Desk, move: Move, since: date) -> date | None:
    """The first day from `since` on with another time than the session's own."""
    moving, after = Moving(move.booking), move.opens(since)
    for _own_time_skipped in range(2):
        free = await desk.times.next_free(move.offer, None, after, turn.now, moving=moving)
        if free is None or free.starts != move.booking.starts:
            return None if free is None else move.day_of(free.starts)
        after = free.starts + timedelta(minutes=1)
    return None


async def free_days(turn: Turn, desk: Desk, move: Move, first: date) -> list[date]:
    """Days of the week from `first` on that have another time than the session's own."""
    moving = Moving(move.booking)
    counts = await desk.times.days(move.offer, None, move.zone, first, WEEK, turn.now, moving=moving)
    own = move.day_of(move.booking.starts)
    free = [each.day for each in counts if each.count]
    if own in free and not await times_of(turn, desk, move, own):
        free.remove(own)
    return free
