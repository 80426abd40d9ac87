"""The one message about several sessions that were booked at once, for their client and their coach."""

from bot.chat import tell
from bot.chat.address import address
from bot.chat.screen import Button, Kept, Line, Redirect, Row, Screen, Style, Tone
from bot.chat.turn import Turn
from bot.chat.words import _
from bot.domain.bookings.bookings import Booking, BookingState
from bot.domain.notices.notices import NoticeKind
from bot.domain.subjects import Subject
from bot.handlers.bookings import booking_page
from bot.handlers.kit import calendar_lines, clock, failures, paging, phrases
from bot.handlers.plans import plan_words
from bot.services.desk import Desk


async def planned(turn: Turn, desk: Desk, plan: int) -> Screen | Redirect:
    """Each date as it stands now, and the way to it: from there one is moved or cancelled by itself."""
    found = await desk.plans.of(turn.person, plan, turn.now)
    if not found:
        return failures.missing()
    standing = [each for each in found if each.state is BookingState.CONFIRMED]
    if not standing:
        return _none_left(turn, found)
    own = found[0].person_id == turn.person.id
    lines = [_line(turn, each, own=own) for each in found]
    rows = [*_each(turn, standing, own=own), *([add] if (add := _to_calendar(turn, plan, standing)) else [])]
    if own:
        lines += [Line(_("Each is a session of its own: moving or cancelling one leaves the others."), Tone.QUIET)]
        lines += [Line(phrases.place_for_client(standing[0])), *_cover(standing), *clock.taken_for_yours(turn)]
        rows += await booking_page.receipt_rows(desk, standing[0])
        rows.append((Button(_("My sessions"), "sessions", Style.PRIMARY), Button(_("Start"), "start")))
        title = _("Booked: {sessions}, {what}", sessions=_number(standing), what=phrases.with_coach(standing[0]))
        return Screen(title, tuple(lines), tuple(rows), kept=Kept(NoticeKind.PLANNED, Subject("plan", plan)))
    rows.append((Button(_("Message"), address("write", standing[0].id)), Button(_("Start"), "start")))
    what = phrases.session(standing[0], turn.person)
    title = _("New bookings: {sessions}, {what}", sessions=_number(standing), what=what)
    return Screen(title, tuple(lines), tuple(rows))


def _none_left(turn: Turn, found: list[Booking]) -> Screen:
    own = found[0].person_id == turn.person.id
    lines = tuple(_line(turn, each, own=own) for each in found)
    rows = ((Button(_("My sessions"), "sessions"), Button(_("Start"), "start")),)
    return Screen(phrases.session(found[0], turn.person), lines, rows, over=True)


def _to_calendar(turn: Turn, plan: int, standing: list[Booking]) -> Row:
    return calendar_lines.add_plan_button(turn, plan, standing)


def _number(standing: list[Booking]) -> str:
    return plan_words.sessions(len(standing))


def _line(turn: Turn, booking: Booking, *, own: bool) -> Line:
    when = phrases.when_for_client if own else phrases.when_for_coach
    said = when(booking, turn.person.zone)
    match booking.state:
        case BookingState.CONFIRMED:
            return Line(said, Tone.STRONG)
        case BookingState.CANCELLED if booking.hold_ends is None:
            return Line(_("{when}: cancelled", when=said))
    return Line(_("{when}: not booked", when=said))


def _each(turn: Turn, standing: list[Booking], *, own: bool) -> list[Row]:
    buttons = [
        Button(
            tell.short_moment(each.starts, _zone(turn, each, own=own)),
            address("booking", each.id),
            label=_("The session on {when}", when=_moment(turn, each, own=own)),
        )
        for each in standing
    ]
    return paging.in_rows(buttons, 2)


def _moment(turn: Turn, booking: Booking, *, own: bool) -> str:
    return tell.moment(booking.starts, _zone(turn, booking, own=own))


def _zone(turn: Turn, booking: Booking, *, own: bool) -> str:
    return turn.person.zone or (booking.client_zone if own else booking.coach_zone)


def _cover(standing: list[Booking]) -> list[Line]:
    """How they were paid for; what is left of each package."""
    names = dict.fromkeys(each.credit.name for each in standing if each.credit is not None)
    if names:
        return [Line(_("On credit: {names}", names=", ".join(names)), Tone.QUIET)]
    price = standing[0].terms.price
    if not price:
        return []
    return [Line(_("Paid: {price} each", price=tell.amount(price)), Tone.QUIET)]
