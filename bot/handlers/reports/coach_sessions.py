"""A coach's sessions to come as one list, for the coach and for an owner; and a coach's hours, for an owner."""

from bot.chat.address import address
from bot.chat.moments import joined
from bot.chat.router import Route, show
from bot.chat.screen import Button, Line, Row, Screen, Style, Tone
from bot.chat.turn import Turn
from bot.chat.words import _, ngettext
from bot.domain.bookings.bookings import Booking, BookingState
from bot.domain.people.permissions import Permission
from bot.domain.practice.coaches import Coach, CoachState
from bot.handlers.bookings import my_bookings
from bot.handlers.calendar import hours
from bot.handlers.kit import failures, paging, phrases
from bot.services.desk import Desk

ON_A_PAGE = 8


async def own(turn: Turn, desk: Desk, page: int = 0) -> Screen:
    """Also for who was removed: what was kept, until it is over."""
    mine = turn.person.gives_sessions_of
    coach = None if mine is None else await desk.coaches.find(mine, turn.generation)
    if coach is None:
        return failures.missing()
    last: Row = (Button(_("Start"), "start"),)
    if turn.may(Permission.SEE_OWN_DAY):
        last = (Button(_("Today"), "today"), Button(_("Clients"), "clients"), *last)
    return await _list(turn, desk, coach, page, "agenda", _("Your coming sessions"), last)


async def of_coach(turn: Turn, desk: Desk, coach: int, page: int = 0) -> Screen:
    found = await desk.coaches.find(coach, turn.generation)
    if found is None:
        return failures.missing()
    head, title = f"team/{coach}/sessions", _("Coming sessions: {name}", name=found.name)
    return await _list(turn, desk, found, page, head, title, _ways_on(found))


async def _list(turn: Turn, desk: Desk, coach: Coach, page: int, head: str, title: str, last: Row) -> Screen:
    coming = await desk.day.coming(coach.id, turn.now)
    zone = turn.person.zone or coach.zone
    lines: list[Line] = []
    rows: list[Row] = []
    for booking in coming[page * ON_A_PAGE : (page + 1) * ON_A_PAGE]:
        when = phrases.when_for_coach(booking, zone)
        lines.append(Line(_("{when}: {what}", when=when, what=_what(booking))))
        words = _("{time} {client}", time=my_bookings.short(booking, zone), client=booking.client_name)
        rows.append((Button(words, address("booking", booking.id)),))
    if not lines:
        lines.append(Line(_("Nothing is booked from now on.") if page == 0 else _("There are no more sessions.")))
        if page == 0 and coach.state is not CoachState.REMOVED:
            rows.append((Button(_("Share the link"), address("share", "coach", coach.id), Style.PRIMARY),))
    rows += paging.turns((head,), page, ON_A_PAGE, len(coming), _("Earlier page"), _("Next page"))
    return Screen(title, tuple(lines), (*rows, last))


def _what(booking: Booking) -> str:
    what = phrases.with_client(booking)
    if booking.state is not BookingState.CONFIRMED:
        return joined(" · ", (what, _("held, not paid yet")))
    return what if booking.proposal is None else joined(" · ", (what, _("another time is proposed")))


async def hours_of(turn: Turn, desk: Desk, coach: int) -> Screen:
    found = await desk.coaches.find(coach, turn.generation)
    if found is None or found.state is CoachState.REMOVED:
        return failures.missing()
    lines = hours.as_lines(found, turn)
    if not found.schedule.has_hours():
        lines.append(Line(_("Nobody can book {name} before there are hours.", name=found.name), Tone.STRONG))
        lines.append(Line(_("{name} sets them with /availability.", name=found.name)))
    rows: list[Row] = [
        (Button(_("Day"), address("team", coach, "day")), Button(_("Sessions"), address("team", coach, "sessions"))),
        (Button(found.name, address("team", coach)), Button(_("Start"), "start")),
    ]
    outside = await desk.hours.outside(coach, turn.now)
    if outside:
        words = ngettext("{n} session lies outside of them.", "{n} sessions lie outside of them.", len(outside))
        lines.append(Line(words, Tone.STRONG))
        rows.insert(0, (Button(_("Sessions outside"), address("team", coach, "outside")),))
    return Screen(_("Hours: {name}", name=found.name), tuple(lines), tuple(rows))


def _ways_on(coach: Coach) -> Row:
    day = Button(_("Day"), address("team", coach.id, "day"))
    if coach.state is CoachState.REMOVED:
        return (day, Button(_("All coaches"), "team"), Button(_("Start"), "start"))
    return (day, Button(_("Hours"), address("team", coach.id, "hours")), Button(coach.name, f"team/{coach.id}"))


ROUTES: tuple[Route, ...] = (
    show("agenda", own, permission=Permission.SEE_COMING),
    show("agenda/{page:id}", own, permission=Permission.SEE_COMING),
    show("team/{coach:id}/sessions", of_coach, permission=Permission.SEE_EVERY_DAY),
    show("team/{coach:id}/sessions/{page:id}", of_coach, permission=Permission.SEE_EVERY_DAY),
    show("team/{coach:id}/hours", hours_of, permission=Permission.SEE_EVERY_DAY),
)
