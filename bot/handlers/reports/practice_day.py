"""The day of the practice, for an owner: each coach with the sessions of that day, and the way to each one's day."""

from datetime import date

from bot.chat import tell
from bot.chat.address import address
from bot.chat.moments import joined
from bot.chat.router import Route, show
from bot.chat.screen import Button, Line, Row, Screen, Style, Tone
from bot.chat.turn import Turn
from bot.chat.words import _, ngettext
from bot.domain.bookings.bookings import Booking, BookingState
from bot.domain.calendar.local_dates import day_of
from bot.domain.people.permissions import Permission
from bot.handlers.kit import paging, phrases
from bot.services.desk import Desk

COACHES_ON_A_PAGE = 6
SESSIONS_OF_ONE = 8


async def today(turn: Turn, desk: Desk, without: int | None = None) -> Screen:
    """`without`: a coach who is shown elsewhere."""
    return await of_day(turn, desk, day_of(turn.now, turn.zone), without=without)


async def of_day(turn: Turn, desk: Desk, day: date, page: int = 0, *, without: int | None = None) -> Screen:
    """Coaches in the order in which they joined; one who left stands last, as long as sessions of theirs were kept."""
    zone = turn.zone
    found = await desk.day.of_practice(day, zone, turn.now)
    names = {coach.id: coach.name for coach in await desk.coaches.all()}
    names |= {booking.coach_id: booking.coach_name for booking in found}
    names.pop(without or 0, None)
    shown = list(names)[page * COACHES_ON_A_PAGE : (page + 1) * COACHES_ON_A_PAGE]
    lines = [Line(_("In {city} time.", city=tell.city(zone)), Tone.QUIET)]
    buttons: list[Button] = []
    for coach in shown:
        lines += _of_coach(names[coach], [each for each in found if each.coach_id == coach], zone)
        label = _("The day of {name}", name=names[coach])
        buttons.append(Button(names[coach], address("team", coach, "day", day), label=label))
    if not names:
        lines.append(Line(_("Nobody coaches here yet.")))
        buttons.append(Button(_("Invite a coach"), "invite", Style.PRIMARY))
    rows: list[Row] = paging.in_rows(buttons, 2)
    head = ("today", "all", day)
    rows += paging.turns(head, page, COACHES_ON_A_PAGE, len(names), _("Earlier page"), _("Next page"))
    last = (Button(_("Coaches"), "team"), Button(_("Clients"), "clients/all"), Button(_("Start"), "start"))
    rows += [paging.days_beside(("today", "all"), day), last]
    title = _("All coaches: {day}") if without is None else _("The other coaches: {day}")
    return Screen(title.format(day=tell.long_day(day)), tuple(lines), tuple(rows))


def _of_coach(name: str, those: list[Booking], zone: str) -> list[Line]:
    if not those:
        return [Line(_("{name}: no sessions", name=name))]
    lines = [Line(name, Tone.STRONG), *(Line(_entry(booking, zone)) for booking in those[:SESSIONS_OF_ONE])]
    if len(those) > SESSIONS_OF_ONE:
        lines.append(Line(ngettext("And {n} more.", "And {n} more.", len(those) - SESSIONS_OF_ONE), Tone.QUIET))
    return lines


def _entry(booking: Booking, zone: str) -> str:
    start, end = tell.clock(booking.starts, zone), tell.clock(booking.ends, zone)
    words = _("{start}–{end} {what}", start=start, end=end, what=phrases.with_client(booking))
    return words if booking.state is BookingState.CONFIRMED else joined(" · ", (words, _("held, not paid yet")))


ROUTES: tuple[Route, ...] = (
    show("today/all", today, permission=Permission.SEE_EVERY_DAY),
    show("today/all/{day:day}", of_day, permission=Permission.SEE_EVERY_DAY),
    show("today/all/{day:day}/{page:id}", of_day, permission=Permission.SEE_EVERY_DAY),
)
