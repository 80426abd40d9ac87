"""`/sessions`: what is coming, with Move and Cancel on each, and what is past, to be booked again."""

from dataclasses import replace
from datetime import datetime

from bot.chat import tell
from bot.chat.address import address
from bot.chat.router import Route, show
from bot.chat.screen import Button, Line, Row, Screen, Style, Tone
from bot.chat.turn import Turn
from bot.chat.words import _
from bot.domain.bookings.bookings import Booking, BookingState
from bot.domain.people.permissions import Permission
from bot.handlers.kit import endings, paging, phrases, policy_lines, unreadable
from bot.handlers.kit.paying import at_the_bank
from bot.services.desk import Desk

ON_A_PAGE = 4
PAST_ON_A_PAGE = 5


async def sessions(turn: Turn, desk: Desk, page: int = 0) -> Screen:
    upcoming = await desk.bookings.upcoming(turn.person, turn.now)
    if not upcoming:
        return _nothing(turn)
    page = min(page, (len(upcoming) - 1) // ON_A_PAGE)
    shown = upcoming[page * ON_A_PAGE : (page + 1) * ON_A_PAGE]
    lines, rows = entries(turn, shown)
    rows += paging.turns(("sessions",), page, ON_A_PAGE, len(upcoming), _("Sooner sessions"), _("Later sessions"))
    rows.append((Button(_("Book a session"), "book"), Button(_("Past sessions"), "past")))
    return Screen(_("Your sessions"), tuple(lines), (*rows, _last_row(turn)))


def entries(turn: Turn, upcoming: list[Booking]) -> tuple[list[Line], list[Row]]:
    """Words and buttons for sessions to come. Each button names its session, since it is read out of context."""
    lines: list[Line] = []
    rows: list[Row] = []
    for booking in upcoming:
        zone = turn.person.zone or booking.client_zone
        lines.append(Line(phrases.when_for_client(booking, zone), Tone.STRONG))
        lines.append(Line(phrases.with_coach(booking)))
        if booking.state is BookingState.HELD:
            if booking.hold_ends is not None:
                lines.append(Line(phrases.held_until(booking.hold_ends, zone)))
            rows.append((to_hold(booking),))
            continue
        if booking.proposal is not None:
            lines.append(Line(_asked(booking)))
        lines.append(Line(phrases.place_for_client(booking), Tone.QUIET))
        rows += _rows(turn, booking, zone)
    return lines, rows


def to_hold(booking: Booking) -> Button:
    """The way on with what is held."""
    words = _("Pay, or let it go") if booking.terms.price else _("Book it, or let it go")
    return Button(words, address("hold", booking.id), Style.PRIMARY)


def _asked(booking: Booking) -> str:
    if booking.handed_to is not None:
        return _("You are asked whether another coach may take it over.")
    return _("You are asked for another time.")


def _rows(turn: Turn, booking: Booking, zone: str) -> list[Row]:
    when = short(booking, zone)
    more = _("Details of {when}", when=when)
    if booking.starts <= turn.now:
        return [(Button(more, address("booking", booking.id)),)]
    details: Row = (Button(more, address("booking", booking.id)),)
    if booking.proposal is not None:
        answer = address("proposal", booking.proposal)
        details = (Button(_("Answer"), answer, label=_("Another time than {when}: answer", when=when)), *details)
    move = Button(_("Move {when}", when=when), address("move", booking.id))
    cancel = Button(_("Cancel {when}", when=when), address("cancel", booking.id))
    return [details, (move, cancel)]


def short(booking: Booking, zone: str) -> str:
    return tell.short_moment(booking.starts, zone)


def short_with_coach(booking: Booking, zone: str) -> str:
    return _("{when} · {coach}", when=short(booking, zone), coach=booking.coach_name)


def _nothing(turn: Turn) -> Screen:
    words = _("You have nothing booked. Your sessions will appear here, with Move and Cancel.")
    return Screen(
        _("Your sessions"),
        () if unreadable.leaves_out("bookings") else (Line(words),),
        (
            (Button(_("Book a session"), "book", Style.PRIMARY), Button(_("Past sessions"), "past")),
            _last_row(turn),
        ),
    )


async def past(turn: Turn, desk: Desk, before: datetime | None = None) -> Screen:
    found = await desk.bookings.past(turn.person, turn.now, before, PAST_ON_A_PAGE)
    lines: list[Line] = []
    rows: list[Row] = []
    for booking in found:
        zone = turn.person.zone or booking.client_zone
        lines.append(Line(phrases.when_for_client(booking, zone), Tone.STRONG))
        lines.append(Line(phrases.with_coach(booking)))
        paid = policy_lines.paid(booking)
        if booking.state is BookingState.CANCELLED:
            apart = await desk.payments.given_back_apart(booking)
            at_bank = await at_the_bank.has(desk, booking)
            paid = [Line(words) for words in policy_lines.settled_money(booking, apart, at_bank=at_bank)]
        lines += [replace(line, tone=Tone.QUIET) for line in (Line(endings.of_past(booking, turn.person)), *paid)]
        again = address("days", booking.offer_id, booking.coach_id)
        when = short(booking, zone)
        label = _("Book {what} again, as on {when}", what=phrases.with_coach(booking), when=when)
        rows.append(
            (
                Button(_("Details of {when}", when=when), address("booking", booking.id)),
                Button(_("Book again"), again, label=label),
            )
        )
    if not found and not unreadable.leaves_out("bookings"):
        lines.append(Line(_("You have no past sessions.") if before is None else _("There are no earlier sessions.")))
    if len(found) == PAST_ON_A_PAGE:
        rows.append((Button(_("Earlier sessions"), address("past", found[-1].starts)),))
    rows.append((Button(_("Back"), "sessions"), Button(_("Start"), "start")))
    return Screen(_("Past sessions"), tuple(lines), tuple(rows))


def _last_row(turn: Turn) -> Row:
    start = Button(_("Start"), "start")
    if turn.may(Permission.SEE_DAY):
        return Button(_("Today"), "today"), start
    if turn.may(Permission.SEE_COMING):
        return Button(_("Coming sessions"), "agenda"), start
    return Button(_("Help"), "help"), start


ROUTES: tuple[Route, ...] = (
    show("sessions", sessions, command="/sessions"),
    show("sessions/{page:id}", sessions),
    show("past", past),
    show("past/{before:instant}", past),
)
