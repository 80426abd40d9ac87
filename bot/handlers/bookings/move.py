"""A client reschedules a session: three taps from any message about it. The old time stands until the last one."""

from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

from bot.chat import tell
from bot.chat.address import address
from bot.chat.router import Route, do, show
from bot.chat.screen import Button, Line, Redirect, Row, Screen, Style, Tone
from bot.chat.turn import Turn
from bot.chat.words import _, ngettext
from bot.domain.bookings.bookings import Booking
from bot.domain.bookings.policy import MoveRefusal
from bot.domain.calendar.local_dates import day_of
from bot.domain.calendar.slots import FreeTime
from bot.domain.practice.offers import Offer
from bot.domain.refusals import Refusal
from bot.handlers.bookings import double_booking, no_times, time_picker
from bot.handlers.bookings.move_options import Move, movable
from bot.handlers.kit import phrases, policy_lines, refusals
from bot.services.bookings.reschedule import MoveQuote
from bot.services.desk import Desk

TIMES_AT_FIRST = 8
DAYS_AT_FIRST = 4


async def choose(turn: Turn, desk: Desk, booking: int) -> Screen | Redirect:
    """The nearest day with free times, the session's own if it has any, and the days after it."""
    move = await movable(turn, desk, booking)
    if not isinstance(move, Move):
        return move
    search = move.search
    day = await time_picker.next_day(turn, desk, search, search.day_of(move.booking.starts))
    if day is None:
        day = await time_picker.next_day(turn, desk, search, search.day_of(turn.now))
    if day is None:
        return await _no_times(turn, desk, move)
    times = await time_picker.times_on(turn, desk, search, day)
    rows = time_picker.time_rows(search, _near(times, move))
    if len(times) > TIMES_AT_FIRST:
        rows.append((Button(_("All times of {day}", day=tell.day(day)), search.pages.on(day)),))
    following = await time_picker.days_from(turn, desk, search, day + timedelta(days=1))
    rows += time_picker.bare_days(search, [each for each in following if each.count][:DAYS_AT_FIRST])
    rows.append((Button(_("Other days"), _days_address(move, turn, day)), time_picker.clock_button(search)))
    lines = (*told(move), time_picker.clock_line(search))
    other = await _to_another(turn, desk, move.booking)
    grid = Screen(_("Move: {day}", day=tell.day(day)), lines, (*rows, *other, _keep_row(booking)))
    return time_picker.with_picker(search, day, times, grid, *other)


async def choose_day(turn: Turn, desk: Desk, booking: int, first: date) -> Screen | Redirect:
    move = await movable(turn, desk, booking)
    if not isinstance(move, Move):
        return move
    week = await time_picker.week(turn, desk, move.search, first)
    if not week.free and week.later is None and week.first == week.today:
        return await _no_times(turn, desk, move)
    lines = told(move)
    if not week.free:
        why = await no_times.why_not_on(turn, desk, move.search, week.first, len(week.days))
        lines = (*lines, Line(why))
    last = _keep_row(booking, back=address("move", booking))
    return time_picker.days_screen(move.search, week, _("Move: which day?"), lines, last, counted=False)


async def choose_time(turn: Turn, desk: Desk, booking: int, day: date, page: int = 0) -> Screen | Redirect:
    move = await movable(turn, desk, booking)
    if not isinstance(move, Move):
        return move
    times, days = await time_picker.day_and_around(turn, desk, move.search, day)
    if not times:
        why = await no_times.why_not_on(turn, desk, move.search, day)
        return Redirect(address("move", booking), _("{why} This is the nearest day with free times.", why=why))
    title, last = _("Move: {day}", day=tell.day(day)), _keep_row(booking, back=_days_address(move, turn, day))
    return time_picker.times_screen(move.search, day, times, page, title, told(move), *days, last)


async def review(turn: Turn, desk: Desk, booking: int, at: datetime) -> Screen | Redirect:
    quote = await desk.moves.quote(turn.person, booking, at, turn.now)
    if isinstance(quote, Refusal):
        page = address("booking", booking)
        return refusals.screen(turn, quote, page, lambda time: _review(booking, time), asked=True)
    zone = turn.person.zone or quote.booking.client_zone
    day = day_of(at, zone)
    coach = quote.booking.coach_name
    lines = [
        Line(phrases.with_coach(quote.booking)),
        Line(_("From: {when}", when=phrases.when_for_client(quote.booking, zone))),
        Line(_("To: {when}", when=tell.both_clocks(at, zone, quote.booking.coach_zone, coach)), Tone.STRONG),
        *phrases.clock_shift(zone, quote.booking.coach_zone, coach, turn.now, at),
        *await double_booking.of_move(turn, desk, quote.then, zone),
        Line(_cost(quote)),
        *policy_lines.cancel_until(quote.then, quote.cancel_then, zone),
    ]
    yes = turn.do("move", booking, at, "yes", stated=quote.facts)
    back = Button(_("Back"), address("move", booking, day))
    go = Button(_("Move it"), yes, Style.SUCCESS)
    return Screen(
        _("Move this session?"), tuple(lines), ((go,), (back, _keep(booking))), leave=address("booking", booking)
    )


def _cost(quote: MoveQuote) -> str:
    match quote.move_then.refusal:
        case MoveRefusal.NO_MOVES_LEFT:
            return _("Moving is free. After this, the session cannot be moved again.")
        case MoveRefusal.TOO_LATE:
            return _("Moving is free. After this it cannot be moved again: the new time is too close.")
    return ngettext(
        "Moving is free. After this it can be moved {n} more time.",
        "Moving is free. After this it can be moved {n} more times.",
        quote.move_then.left,
    )


async def move_it(turn: Turn, desk: Desk, booking: int, at: datetime) -> Screen | Redirect:
    quote = await desk.moves.quote(turn.person, booking, at, turn.now)
    back = address("booking", booking)
    if isinstance(quote, Refusal):
        return refusals.screen(turn, quote, back, near=lambda time: _review(booking, time))
    turn.require(*quote.facts)
    outcome = await desk.moves.move(turn.act(back), booking, at, quote.facts)
    said = _("Moved, and I am letting {name} know.", name=quote.booking.coach_name)
    return refusals.or_next(turn, outcome, back, said, near=lambda time: _review(booking, time))


def _near(times: list[FreeTime], move: Move) -> list[FreeTime]:
    """The times closest to the session's own time of day, in order."""
    zone = move.search.zone

    def apart(time: FreeTime) -> tuple[int, datetime]:
        return abs(_minute(time.starts, zone) - _minute(move.booking.starts, zone)), time.starts

    return sorted(sorted(times, key=apart)[:TIMES_AT_FIRST], key=lambda time: time.starts)


def _minute(at: datetime, zone: str) -> int:
    local = at.astimezone(ZoneInfo(zone))
    return local.hour * 60 + local.minute


async def others(turn: Turn, desk: Desk, booking: Booking) -> list[Offer]:
    """The other offers that its coach gives, as far as a glance tells whether it could become one of them."""
    offered = await desk.offers.open_for(booking.coach_id, turn.generation)
    currency = booking.terms.price.currency
    return [each for each in offered if each.id != booking.offer_id and each.price.currency == currency]


def told(move: Move) -> tuple[Line, ...]:
    now = phrases.when_for_client(move.booking, move.search.zone)
    return (Line(_("Now: {when}", when=now), Tone.STRONG), Line(policy_lines.moving(move.outcome, move.search.zone)))


async def _to_another(turn: Turn, desk: Desk, booking: Booking) -> list[Row]:
    found = await others(turn, desk, booking)
    return [(Button(_("Another offer"), address("to", booking.id)),)] if found else []


async def _no_times(turn: Turn, desk: Desk, move: Move) -> Screen:
    booking = move.booking
    ask = Button(_("Ask {name}", name=booking.coach_name), address("write", booking.id))
    words = Line(_("No other time is free. You can write to {name} about it.", name=booking.coach_name))
    return Screen(
        _("No other time"),
        (*told(move), words),
        ((ask,), *await _to_another(turn, desk, booking), _keep_row(booking.id)),
    )


def _review(booking: int, time: FreeTime) -> str:
    return address("move", booking, time.starts)


def _days_address(move: Move, turn: Turn, day: date) -> str:
    return move.search.pages.since(max(move.search.day_of(turn.now), day))


def _keep(booking: int) -> Button:
    return Button(_("Keep it"), address("booking", booking), label=_("Keep this session as it is"))


def _keep_row(booking: int, back: str | None = None) -> Row:
    return (_keep(booking),) if back is None else (Button(_("Back"), back), _keep(booking))


ROUTES: tuple[Route, ...] = (
    show("move/{booking:id}", choose),
    show("move/{booking:id}/from/{first:day}", choose_day),
    show("move/{booking:id}/{day:day}", choose_time),
    show("move/{booking:id}/{day:day}/{page:id}", choose_time),
    show("move/{booking:id}/{at:instant}", review),
    do("move/{booking:id}/{at:instant}/yes", move_it, back="move/{booking:id}/{at:instant}"),
)
