"""Sessions outside of a coach's hours, as after a day off was set: each gets another time or is cancelled."""

from bot.chat.address import address
from bot.chat.router import Route, show
from bot.chat.screen import Button, Line, Row, Screen
from bot.chat.turn import Turn
from bot.chat.words import _, ngettext
from bot.domain.bookings.bookings import Booking, BookingState
from bot.domain.people.permissions import Permission
from bot.domain.practice.coaches import Coach
from bot.handlers.bookings import my_bookings
from bot.handlers.calendar import hours, undo_hours
from bot.handlers.kit import failures, paging, phrases
from bot.handlers.team import coach_page
from bot.services.desk import Desk

ON_A_PAGE = 6


async def own(turn: Turn, desk: Desk, page: int = 0) -> Screen:
    coach = await coach_page.own(turn, desk)
    if coach is None:
        return failures.missing()
    last = (Button(_("My hours"), "hours"), Button(_("Today"), "today"), Button(_("Start"), "start"))
    rows = (*await undo_hours.row(turn, desk, coach), last)
    return await _list(turn, desk, coach, page, hours.OUTSIDE, rows)


async def of_coach(turn: Turn, desk: Desk, coach: int, page: int = 0) -> Screen:
    found = await desk.coaches.find(coach, turn.generation)
    if found is None:
        return failures.missing()
    about = address("team", coach)
    last = (Button(_("Hours"), f"{about}/hours"), Button(_("All coaches"), "team"), Button(_("Start"), "start"))
    return await _list(turn, desk, found, page, f"{about}/outside", (last,))


async def _list(turn: Turn, desk: Desk, coach: Coach, page: int, head: str, last: tuple[Row, ...]) -> Screen:
    outside = await desk.hours.outside(coach.id, turn.now)
    zone = turn.person.zone or coach.zone
    lines: list[Line] = []
    rows: list[Row] = []
    for booking in outside[page * ON_A_PAGE : (page + 1) * ON_A_PAGE]:
        when, what = phrases.when_for_coach(booking, zone), phrases.session(booking, turn.person)
        lines.append(Line(_("{when}: {what}", when=when, what=what)))
        rows.append(_acts(booking, zone))
    if outside:
        words = ngettext(
            "This session was booked before the hours changed. It stays until you move or cancel it:",
            "These sessions were booked before the hours changed. They stay until you move or cancel them:",
            len(outside),
        )
        lines.insert(0, Line(words))
    else:
        lines.append(Line(_("Every session lies within the hours.")))
    rows += paging.turns((head,), page, ON_A_PAGE, len(outside), _("Earlier page"), _("Next page"))
    return Screen(_("Outside of the hours"), tuple(lines), (*rows, *last))


def _acts(booking: Booking, zone: str) -> Row:
    """Each button names its session, since several stand on one screen."""
    when, name = my_bookings.short(booking, zone), booking.client_name
    if booking.state is not BookingState.CONFIRMED:
        words = _("Held, not paid yet: {when}", when=when)
        return (Button(words, address("booking", booking.id), label=_("{what}, {name}", what=words, name=name)),)
    cancel = Button(
        _("Cancel {when}", when=when), address("coach-cancel", booking.id),
        label=_("Cancel {when}, {name}", when=when, name=name),
    )  # fmt: skip
    if booking.proposal is not None:
        words, to = _("Proposal: {when}", when=when), address("proposal", booking.proposal)
    elif booking.coach_gone:
        return (cancel,)
    else:
        words, to = _("Propose: {when}", when=when), address("propose", booking.id)
    return (Button(words, to, label=_("{what}, {name}", what=words, name=name)), cancel)


ROUTES: tuple[Route, ...] = (
    show(hours.OUTSIDE, own, permission=Permission.KEEP_OWN_HOURS),
    show(f"{hours.OUTSIDE}/{{page:id}}", own, permission=Permission.KEEP_OWN_HOURS),
    show("team/{coach:id}/outside", of_coach, permission=Permission.SEE_EVERY_DAY),
    show("team/{coach:id}/outside/{page:id}", of_coach, permission=Permission.SEE_EVERY_DAY),
)
