"""The home page of a chat that has one: a coach's day, hours and open questions; anybody's next sessions."""

from datetime import datetime

from bot.chat import tell
from bot.chat.router import Route, show
from bot.chat.screen import Button, Line, Row, Screen, Style, Tone
from bot.chat.turn import Turn
from bot.chat.words import _
from bot.domain.calendar.local_dates import day_of
from bot.domain.people.permissions import Permission
from bot.domain.practice.coaches import Coach, CoachState
from bot.handlers.bookings import my_bookings
from bot.handlers.conversation import start
from bot.handlers.kit import hours_words
from bot.handlers.reports import today
from bot.services.desk import Desk

SESSIONS_SHOWN = 3


async def home(turn: Turn, desk: Desk) -> Screen:
    practice = await desk.practice.get(turn.generation)
    if practice.opened_at is None and not turn.may(Permission.WORK_HERE):
        return await start.start(turn, desk)
    lines: list[Line] = []
    rows: list[Row] = []
    coach = await desk.coaches.of(turn.person, turn.generation) if turn.may(Permission.SEE_OWN_DAY) else None
    if coach is not None:
        lines, rows = await _of_coach(turn, desk, coach)
    own_lines, own_rows = await _of_client(turn, desk, quiet=coach is not None)
    rows += own_rows
    # At most one button stands out, and a hold that waits for its payment is more urgent.
    book = Button(_("Book a session"), "book", Style.PLAIN if own_rows else Style.PRIMARY)
    rows.append((book, Button(_("My sessions"), "sessions")))
    last = [Button(_("Settings"), "settings"), Button(_("Help"), "help")]
    if turn.may(Permission.SET_UP):
        last.insert(0, Button(_("Practice"), "setup"))
    title = practice.name or _("The practice")
    return Screen(title, (*lines, *own_lines), (*rows, tuple(last)))


async def _of_client(turn: Turn, desk: Desk, *, quiet: bool) -> tuple[list[Line], list[Row]]:
    """`quiet`: whoever is a coach first need not read that nothing is booked."""
    upcoming = await desk.bookings.upcoming(turn.person, turn.now)
    if not upcoming:
        return ([], []) if quiet else ([Line(_("You have no session coming up."))], [])
    lines, rows = my_bookings.entries(turn, upcoming[:SESSIONS_SHOWN])
    return [Line(_("Your next sessions"), Tone.STRONG), *lines], rows


async def _of_coach(turn: Turn, desk: Desk, coach: Coach) -> tuple[list[Line], list[Row]]:
    day = await today.page(turn, desk, coach, day_of(turn.now, coach.zone))
    lines = [Line(day.title, Tone.STRONG), *day.body]
    rows = list(day.buttons[:-1])
    if coach.state is CoachState.REMOVED:
        return lines, [*rows, (Button(_("Clients"), "clients"),)]
    lines.append(Line(_("Your week"), Tone.STRONG))
    lines += _week(coach, turn.now)
    rows.append((Button(_("My hours"), "hours"), Button(_("Clients"), "clients")))
    return lines, rows


def _week(coach: Coach, now: datetime) -> list[Line]:
    """Each weekday's hours; the one of today as it really is."""
    local = day_of(now, coach.zone)
    lines = []
    for number in range(7):
        spans = coach.schedule.on(local) if number == local.weekday() else coach.schedule.weekly[number]
        name = tell.day(local) if number == local.weekday() else hours_words.weekday(number)
        lines.append(Line(_("{day}: {hours}", day=name, hours=hours_words.spans(spans)), Tone.QUIET))
    return lines


ROUTES: tuple[Route, ...] = (show("home", home),)
