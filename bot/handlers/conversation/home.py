"""The home page of a chat that has one: what an owner has still to set up, the day of a coach and of the practice, and
anybody's next sessions."""

from dataclasses import replace

from bot.chat.router import Route, show
from bot.chat.screen import Button, Line, Row, Screen, Style, Tone
from bot.chat.turn import Turn
from bot.chat.words import _
from bot.domain.calendar.local_dates import day_of
from bot.domain.people.permissions import Permission
from bot.domain.practice.coaches import Coach
from bot.domain.practice.practice import Practice
from bot.handlers.bookings import my_bookings
from bot.handlers.conversation import start
from bot.handlers.practice import checklist
from bot.handlers.reports import practice_day, today
from bot.services.desk import Desk

SESSIONS_SHOWN = 3


async def home(turn: Turn, desk: Desk) -> Screen:
    practice = await desk.practice.get(turn.generation)
    if practice.opened_at is None and not turn.may(Permission.WORK_HERE):
        return await start.start(turn, desk)
    lines: list[Line] = []
    rows: list[Row] = []
    coach = await desk.coaches.of(turn.person, turn.generation) if turn.may(Permission.SEE_OWN_DAY) else None
    if turn.may(Permission.SET_UP):
        lines, rows = await _to_set_up(turn, desk, practice)
    works_here = coach is not None or turn.may(Permission.SEE_EVERY_DAY)
    for day_lines, day_rows in (await _of_coach(turn, desk, coach), await _of_practice(turn, desk, coach)):
        lines, rows = [*lines, *day_lines], [*rows, *_plain(day_rows)]
    own_lines, own_rows = await _of_client(turn, desk, quiet=works_here)
    # At most one button stands out, and a hold that waits for its payment is the most urgent.
    if any(button.style is Style.PRIMARY for row in own_rows for button in row):
        rows = _plain(rows)
    book = Button(_("Book a session"), "book", Style.PLAIN if works_here or own_rows else Style.PRIMARY)
    last = [Button(_("Settings"), "settings"), Button(_("Help"), "help")]
    if turn.may(Permission.SET_UP):
        last.insert(0, Button(_("Practice"), "setup"))
    title = practice.name or _("The practice")
    mine = (book, Button(_("My sessions"), "sessions"))
    return Screen(title, (*lines, *own_lines), (*rows, *own_rows, mine, tuple(last)))


def _plain(rows: list[Row]) -> list[Row]:
    return [tuple(replace(button, style=Style.PLAIN) for button in row) for row in rows]


async def _of_client(turn: Turn, desk: Desk, *, quiet: bool) -> tuple[list[Line], list[Row]]:
    """`quiet`: whoever is a coach first need not read that nothing is booked."""
    upcoming = await desk.bookings.upcoming(turn.person, turn.now)
    if not upcoming:
        return ([], []) if quiet else ([Line(_("You have no session coming up."))], [])
    lines, rows = my_bookings.entries(turn, upcoming[:SESSIONS_SHOWN])
    return [Line(_("Your next sessions"), Tone.STRONG), *lines], rows


async def _to_set_up(turn: Turn, desk: Desk, practice: Practice) -> tuple[list[Line], list[Row]]:
    """What is still missing for a practice that runs, with the way to mend each; nothing once all is done."""
    if practice.opened_at is None:
        go = Button(_("Set up the practice"), "setup", Style.PRIMARY)
        return [Line(_("The practice is not set up yet, so nobody can book."), Tone.STRONG)], [(go,)]
    missing, fixes = await checklist.open_steps(turn, desk, practice)
    return ([Line(_("Still to set up"), Tone.STRONG), *missing], fixes) if missing else ([], [])


async def _of_coach(turn: Turn, desk: Desk, coach: Coach | None) -> tuple[list[Line], list[Row]]:
    if coach is None:
        return [], []
    day = await today.page(turn, desk, coach, day_of(turn.now, coach.zone))
    lines, rows = [Line(day.title, Tone.STRONG), *day.body], list(day.buttons[:-1])
    return lines, [*rows, (Button(_("My hours"), "hours"), Button(_("Clients"), "clients"))]


async def _of_practice(turn: Turn, desk: Desk, own: Coach | None) -> tuple[list[Line], list[Row]]:
    """The day of the other coaches, for an owner."""
    if not turn.may(Permission.SEE_EVERY_DAY):
        return [], []
    others = [coach for coach in await desk.coaches.active(turn.generation) if own is None or coach.id != own.id]
    if not others:
        return [], []
    day = await practice_day.today(turn, desk, None if own is None else own.id)
    return [Line(day.title, Tone.STRONG), *day.body], _spelt_out(day.buttons[:-2])


def _spelt_out(rows: tuple[Row, ...]) -> list[Row]:
    """Buttons that say where they lead: among so many others, a name alone does not."""
    return [
        tuple(
            replace(button, text=button.label) if isinstance(button, Button) and button.label else button
            for button in row
        )
        for row in rows
    ]


ROUTES: tuple[Route, ...] = (show("home", home),)
