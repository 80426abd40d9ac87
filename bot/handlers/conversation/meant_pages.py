"""The pages behind sentences: each leads to where the person does what they said, with the time that they named."""

from datetime import date, datetime

from bot.chat import tell
from bot.chat.address import address
from bot.chat.router import Route, show
from bot.chat.screen import Button, Line, Redirect, Row, Screen, Style
from bot.chat.turn import Turn
from bot.chat.words import _
from bot.domain.bookings.bookings import Booking, BookingState
from bot.domain.calendar.local_dates import day_of
from bot.domain.people.permissions import Permission
from bot.handlers.bookings import booking_page, my_bookings, no_times, time_pages
from bot.handlers.conversation import human_contact
from bot.handlers.kit import phrases
from bot.services.desk import Desk

When = date | datetime | None
MOST_ASKED = 4
PAGES = {"price": "prices", "human": "human", "sessions": "sessions", "stop": "settings/reminders"}
"""Of sentences that always lead to the same page; the first screen for any other."""


async def meant(turn: Turn, desk: Desk, what: str, day: date | None = None, at: datetime | None = None) -> Redirect:
    """`day` on the person's calendar, or the instant `at`, is what they named beside it."""
    when = at or day
    match what:
        case "cancel" | "absent":
            return await _ends(turn, desk, what, when)
        case "move":
            return await _moves(turn, desk, when)
        case "late":
            return await _late(turn, desk)
        case "free" | "sessions" if turn.may(Permission.SEE_DAY):
            return Redirect("today" if when is None else address("today", _day(turn, when)))
        case "book" | "free":
            return Redirect("book" if when is None else address("when", when))
        case "pay":
            return await _pays(turn, desk)
        case "clear" | "next":
            return _day_of_coach(turn, when if what == "clear" else None)
    notes = {
        "stop": _("Here you can stop messages. What you booked stays as it is."),
        "thanks": _("You are welcome."),
    }
    return Redirect(PAGES.get(what, "start"), notes.get(what))


async def _pays(turn: Turn, desk: Desk) -> Redirect:
    held = await desk.bookings.open_hold(turn.person, turn.now)
    return Redirect("sessions" if held is None else address("hold", held.id))


async def _sessions(turn: Turn, desk: Desk, when: When) -> tuple[list[Booking], list[Booking]]:
    """The person's own sessions ahead, and those of the day that they named."""
    upcoming = await desk.bookings.upcoming(turn.person, turn.now)
    if when is None:
        return upcoming, []
    return upcoming, [each for each in upcoming if day_of(each.starts, turn.zone) == _day(turn, when)]


def _day(turn: Turn, when: date | datetime) -> date:
    return day_of(when, turn.zone) if isinstance(when, datetime) else when


async def _ends(turn: Turn, desk: Desk, what: str, when: When) -> Redirect:
    upcoming, that_day = await _sessions(turn, desk, when)
    if not upcoming and turn.may(Permission.SEE_DAY):
        return _day_of_coach(turn, when)
    if when is not None and upcoming and not that_day:
        return Redirect("sessions", _("You have no session on {day}.", day=tell.day(_day(turn, when))))
    found = that_day or upcoming
    if len(found) != 1:
        return Redirect("sessions")
    if found[0].state is BookingState.HELD:
        return Redirect(address("hold", found[0].id))
    if what == "absent":
        note = _("Move it to another time, or cancel it. Until then it stands.")
        return Redirect(address("booking", found[0].id), note)
    return Redirect(address("cancel", found[0].id))


def _day_of_coach(turn: Turn, when: When) -> Redirect:
    if when is None:
        return Redirect("today")
    note = _("Open a session to cancel it; from there you can also close the rest of the day.")
    return Redirect(address("today", _day(turn, when)), note)


async def _moves(turn: Turn, desk: Desk, when: When) -> Redirect:
    """The day beside it, without a "to", is that of the session if there is one on it, and else where it is to go."""
    upcoming, that_day = await _sessions(turn, desk, when)
    confirmed = [each for each in that_day or upcoming if each.state is BookingState.CONFIRMED]
    if not confirmed and turn.may(Permission.SEE_DAY):
        return _day_of_coach(turn, when)
    if when is not None and not that_day and len(confirmed) > 1:
        return Redirect(address("move-to", when))
    if len(confirmed) != 1:
        return Redirect("sessions")
    if when is None or that_day:
        return Redirect(address("move", confirmed[0].id))
    return Redirect(_new_time(confirmed[0], when))


def _new_time(booking: Booking, when: date | datetime) -> str:
    pages = time_pages.of_move(booking.id)
    return pages.at(when) if isinstance(when, datetime) else pages.on(when)


async def move_to(
    turn: Turn, desk: Desk, day: date | None = None, at: datetime | None = None, of: date | None = None
) -> Screen | Redirect:
    """Where it is to go was said; asks which session is meant unless there is one, or `of`, the day it is on, says."""
    upcoming, that_day = await _sessions(turn, desk, of)
    confirmed = [each for each in that_day or upcoming if each.state is BookingState.CONFIRMED]
    if not confirmed:
        return _day_of_coach(turn, of or at or day) if turn.may(Permission.SEE_DAY) else Redirect("sessions")
    if of is not None and not that_day:
        return Redirect("sessions", _("You have no session on {day}.", day=tell.day(of)))
    when = at or day
    assert when is not None
    if len(confirmed) == 1:
        return Redirect(_new_time(confirmed[0], when))
    rows = tuple(
        (Button(my_bookings.short(each, turn.person.zone or each.client_zone), _new_time(each, when)),)
        for each in confirmed[:MOST_ASKED]
    )
    to = tell.moment(at, turn.zone) if at is not None else tell.day(_day(turn, when))
    last = (Button(_("My sessions"), "sessions"), Button(_("Start"), "start"))
    return Screen(_("Which session do you want to move to {when}?", when=to), (), (*rows, last))


async def _late(turn: Turn, desk: Desk) -> Redirect:
    ahead = await desk.bookings.upcoming(turn.person, turn.now)
    if turn.person.gives_sessions_of is not None:
        ahead += await desk.coaches.upcoming(turn.person.gives_sessions_of, turn.now)
    confirmed = (each for each in ahead if each.state is BookingState.CONFIRMED)
    near = [each for each in confirmed if booking_page.is_near(each, turn.now)]
    if near:
        return Redirect(address("late", min(near, key=lambda each: each.starts).id))
    to = "today" if turn.may(Permission.SEE_DAY) else "sessions"
    return Redirect(to, _("No session of yours begins in the next hours."))


async def prices(turn: Turn, desk: Desk) -> Screen:
    offers = await desk.offers.open_for(None, turn.generation)
    if not offers:
        return await no_times.nothing_on_offer(turn, desk)
    lines = [Line(phrases.offer(offer)) for offer in offers]
    rows = ((Button(_("Book a session"), "book", Style.PRIMARY), Button(_("Start"), "start")),)
    return Screen(_("Prices"), tuple(lines), rows)


async def human(turn: Turn, desk: Desk) -> Screen:
    """A person to write to: the coach of the next session, or of the last one, and the practice's contact."""
    _upcoming, last = await desk.bookings.standing(turn.person, turn.now)
    lines: list[Line] = []
    rows: list[Row] = []
    if last is not None:
        words = _("Write to {name}", name=last.coach_name)
        rows.append((Button(words, address("write", last.id), Style.PRIMARY),))
    if not turn.may(Permission.SET_UP) and await desk.people.owners():
        rows.append((Button(_("Write to the practice"), "ask", Style.PLAIN if rows else Style.PRIMARY),))
    if rows:
        lines.append(Line(_("What you write arrives in their own chat, and the answer comes here.")))
    if not rows or turn.may(Permission.WORK_HERE) or (await desk.practice.get(turn.generation)).contact:
        lines.append(Line(await human_contact.under_help(turn, desk)))
    rows.append((Button(_("My sessions"), "sessions"), Button(_("Start"), "start")))
    return Screen(_("Talk to a human"), tuple(lines), tuple(rows))


ROUTES: tuple[Route, ...] = (
    show("typed/{what:word}", meant),
    show("typed/{what:word}/{day:day}", meant),
    show("typed/{what:word}/{at:instant}", meant),
    show("move-to/{day:day}", move_to),
    show("move-to/{at:instant}", move_to),
    show("move-to/{day:day}/of/{of:day}", move_to),
    show("move-to/{at:instant}/of/{of:day}", move_to),
    show("prices", prices),
    show("human", human),
)
