"""The message of a reminder: what, when on both clocks, where, and what can be done then.

It is drawn again when a button of it stops working, and once more when all is over.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from bot.chat.address import address
from bot.chat.router import Route, show
from bot.chat.screen import Button, Line, Redirect, Row, Screen, Tone
from bot.chat.turn import Turn
from bot.chat.words import _
from bot.domain.bookings.bookings import Booking, BookingState
from bot.domain.bookings.policy import Actor
from bot.domain.bookings.reminders import ReminderKind, is_last_call, kind_of
from bot.domain.notices.notices import NoticeKind, address_of
from bot.handlers.bookings import booking_page, client_number
from bot.handlers.bookings.notices import as_it_stands, is_own, moved_from
from bot.handlers.kit import failures, phrases, policy_lines
from bot.handlers.people.settings import stop_button
from bot.services.desk import Desk


async def reminder(turn: Turn, desk: Desk, booking: int, minutes: int) -> Screen | Redirect:
    """`minutes` before the start, which tells one reminder from another; what is said depends on when it is drawn."""
    found = await desk.bookings.find(turn.person, booking, turn.now)
    if found is None:
        return failures.missing()
    if found.state is not BookingState.CONFIRMED:
        return await as_it_stands(turn, desk, found)
    if found.starts <= turn.now:
        return _begun(turn, found, kind_of(minutes))
    # "Tomorrow" was said when it came, whenever it is drawn again.
    at = await desk.replies.sent_at(turn.person.id, found.subject, address_of(NoticeKind.REMINDER, booking, minutes))
    facts = (_when(turn, found, at or turn.now), _where(turn, found), *await moved_from(turn, desk, found))
    then = _for_client(turn, desk, found) if is_own(turn, found) else _for_coach(turn, found)
    rows = (*then.rows[:-1], (*then.rows[-1], stop_button(turn, kind_of(minutes))))
    return Screen(_title(turn, found), (*facts, *_clocks_changed(turn, found), *then.lines), rows, until=then.until)


async def moved(turn: Turn, desk: Desk, booking: int) -> Screen | Redirect:
    """What a reminder of a time that is given up says, where another one will come."""
    found = await desk.bookings.find(turn.person, booking, turn.now)
    if found is None:
        return failures.missing()
    if found.state is not BookingState.CONFIRMED:
        return await as_it_stands(turn, desk, found)
    when = phrases.when_for_client if is_own(turn, found) else phrases.when_for_coach
    lines = (Line(when(found, turn.person.zone), Tone.STRONG), *await moved_from(turn, desk, found))
    title = _("Moved: {what}", what=phrases.session(found, turn.person))
    return Screen(title, lines, ((_session(found),),), over=True)


@dataclass(frozen=True)
class _Then:
    """What can be done at a moment, with the words for it, and until when that is so."""

    lines: Sequence[Line]
    rows: Sequence[Row]
    until: datetime | None


def _for_client(turn: Turn, desk: Desk, booking: Booking) -> _Then:
    zone = turn.person.zone or booking.client_zone
    cancel = desk.bookings.cancel_outcome(booking, Actor.CLIENT, turn.now)
    lines = [Line(line.text) for line in policy_lines.cancel_until(booking, cancel, zone)]
    if is_last_call(booking.starts, turn.now):
        rows = [*_join_rows(turn, booking), *booking_page.change_row(turn, booking, movable=False)]
        return _Then(lines, rows, booking.starts)
    move = desk.moves.outcome(booking, turn.now)
    if move.allowed:
        lines.append(Line(policy_lines.moving(move, zone)))
    until = booking_page.changes_at(turn, booking, move)
    rows = [*client_number.row(turn, booking), *booking_page.change_row(turn, booking, movable=move.allowed)]
    return _Then(lines, rows, until)


def _for_coach(turn: Turn, booking: Booking) -> _Then:
    talk: Row = (Button(_("Message"), address("write", booking.id)), _session(booking))
    if is_last_call(booking.starts, turn.now):
        return _Then((), [*_join_rows(turn, booking), talk], booking.ends)
    return _Then((), [talk], None)


def _begun(turn: Turn, booking: Booking, kind: ReminderKind) -> Screen:
    """It is on, or was: whoever is late still finds the way in under the last reminder."""
    on = turn.now < booking.ends and kind is ReminderKind.LAST_CALL
    rows, place = (_join_rows(turn, booking), [_where(turn, booking)]) if on else ([], [])
    lines = (_when(turn, booking, turn.now), *place)
    until = booking.ends if on else None
    return Screen(_title(turn, booking), lines, (*rows, (_session(booking),)), over=True, until=until)


def _title(turn: Turn, booking: Booking) -> str:
    return _("Reminder: {what}", what=phrases.session(booking, turn.person))


def _when(turn: Turn, booking: Booking, at: datetime) -> Line:
    """The time of it, and how far away that was at `at`."""
    when = phrases.when_for_client if is_own(turn, booking) else phrases.when_for_coach
    return Line(when(booking, turn.person.zone, at), Tone.STRONG)


def _where(turn: Turn, booking: Booking) -> Line:
    own = is_own(turn, booking)
    return Line(phrases.place_for_client(booking) if own else phrases.place_for_practice(booking, turn.person))


def _clocks_changed(turn: Turn, booking: Booking) -> list[Line]:
    zone, made, starts = turn.person.zone, booking.made_at, booking.starts
    if is_own(turn, booking):
        mine = zone or booking.client_zone
        return phrases.clocks_changed(mine, booking.coach_zone, booking.coach_name, made, starts)
    mine = zone or booking.coach_zone
    return phrases.clocks_changed(mine, booking.client_zone, booking.client_name, made, starts)


def _join_rows(turn: Turn, booking: Booking) -> list[Row]:
    """Into the call, for its client also to the number that is called; and a word to who waits."""
    to_place = client_number.place_row(turn, booking) if is_own(turn, booking) else phrases.place_link(booking)
    return [*to_place, (Button(_("Running late"), address("late", booking.id)),)]


def _session(booking: Booking) -> Button:
    return Button(_("The session"), address("booking", booking.id))


ROUTES: tuple[Route, ...] = (show("remind/{booking:id}/moved", moved),)
