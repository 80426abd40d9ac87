"""`/today`: the coach's day: who, what, where, what is paid and reminded, gaps, and what is to be settled."""

import re
from dataclasses import replace
from datetime import date, datetime, timedelta

from bot.chat import tell
from bot.chat.address import address
from bot.chat.router import Route, show
from bot.chat.screen import Button, Line, Redirect, Row, Screen, Tone
from bot.chat.turn import Turn
from bot.chat.words import _
from bot.domain.bookings.bookings import Booking, BookingState
from bot.domain.calendar.local_dates import day_of, midnight
from bot.domain.calendar.typed_when import parse_when
from bot.domain.people.permissions import Permission
from bot.domain.practice.coaches import Coach, CoachState
from bot.handlers.bookings import outcome
from bot.handlers.kit import failures, phrases
from bot.services.desk import Desk
from bot.services.reports.coach_day import DaySession, ReminderState

LONG_GAP_MIN = 30
_SAID = re.compile(r"^\s*/?(?:today|heute)\b", re.IGNORECASE)
_DOTTED = re.compile(r"\d{1,2}\.\s?\d{1,2}")


async def today(turn: Turn, desk: Desk) -> Screen | Redirect:
    """Today, or the day that was typed behind the word."""
    coach = await desk.coaches.of(turn.person, turn.generation)
    if coach is None:
        return failures.missing()
    said = _SAID.sub("", turn.text).strip()
    day = _read_day(said, turn.now, coach.zone)
    if day is not None:
        return Redirect(address("today", day))
    shown = await page(turn, desk, coach, day_of(turn.now, coach.zone))
    if not said:
        return shown
    return replace(shown, note=_("I read “{said}”, which is no day from now on. This is today.", said=said[:40]))


def _read_day(said: str, now: datetime, zone: str) -> date | None:
    """Here "24.12" is a date, although elsewhere it might be a time."""
    when = parse_when(f"{said}." if _DOTTED.fullmatch(said) else said, int(now.timestamp()), zone)
    return None if when is None else when.first


async def one_day(turn: Turn, desk: Desk, day: date) -> Screen:
    coach = await desk.coaches.of(turn.person, turn.generation)
    return failures.missing() if coach is None else await page(turn, desk, coach, day)


async def page(turn: Turn, desk: Desk, coach: Coach, day: date) -> Screen:
    sessions = await desk.day.sessions(coach.id, day, coach.zone, turn.now)
    lines = [Line(_("On the clock in {city}.", city=tell.city(coach.zone)), Tone.QUIET)]
    rows: list[Row] = []
    for session in sessions:
        lines += _lines(turn, session, coach.zone)
        rows.append(_row(turn, session, coach.zone))
    if not sessions:
        lines.append(Line(_("No sessions on this day.")))
        following = await desk.day.next_session(coach.id, midnight(day, coach.zone), turn.now)
        if following is not None:
            when = phrases.when_for_coach(following, coach.zone)
            words = _("The next is {when}: {what}.", when=when, what=phrases.with_client(following))
            lines.append(Line(words, Tone.STRONG))
            rows.append((Button(_("Next session"), address("booking", following.id)),))
    questions = await desk.day.open_questions(coach.id, turn.now)
    shown = {session.booking.id for session in sessions}
    waiting = [booking for booking in questions.unsettled if booking.id not in shown]
    if waiting:
        when = phrases.when_for_coach(waiting[0], coach.zone)
        lines.append(Line(_("Still to be settled: {when}", when=when), Tone.STRONG))
        rows.append((Button(_("Settle it"), address("settling", waiting[0].id)),))
    return Screen(tell.long_day(day), tuple(lines), (*rows, *_ways_on(coach, day)))


def _ways_on(coach: Coach, day: date) -> tuple[Row, ...]:
    earlier, later = day - timedelta(days=1), day + timedelta(days=1)
    last: Row = (Button(_("Clients"), "clients"), Button(_("Start"), "start"))
    if coach.state is not CoachState.REMOVED:
        last = (Button(_("My hours"), "hours"), *last)
    return (
        (
            Button(tell.day(earlier), address("today", earlier), label=_("Earlier: {day}", day=tell.day(earlier))),
            Button(tell.day(later), address("today", later), label=_("Later: {day}", day=tell.day(later))),
        ),
        last,
    )


def _lines(turn: Turn, session: DaySession, zone: str) -> list[Line]:
    booking = session.booking
    lines = []
    if session.gap_min is not None and session.gap_min >= LONG_GAP_MIN:
        lines.append(Line(_("{length} free", length=tell.minutes(session.gap_min)), Tone.QUIET))
    start, end = tell.clock(booking.starts, zone), tell.clock(booking.ends, zone)
    lines.append(Line(_("{start}–{end} {what}", start=start, end=end, what=phrases.with_client(booking)), Tone.STRONG))
    facts = (_paid(booking), _reminded(session.reminder), phrases.place_for_practice(booking, turn.person))
    lines.append(Line(" · ".join(facts), Tone.QUIET))
    if booking.outcome is not None:
        lines.append(Line(outcome.settled(booking.outcome)))
    return lines


def _paid(booking: Booking) -> str:
    if booking.state is BookingState.HELD:
        return _("held, not paid yet")
    if not booking.terms.price:
        return _("free")
    if booking.paid.amount:
        return _("paid {amount}", amount=tell.amount(booking.paid))
    return _("not paid")


def _reminded(state: ReminderState) -> str:
    match state:
        case ReminderState.NONE:
            return _("no reminder")
        case ReminderState.DUE:
            return _("reminder to come")
        case ReminderState.SENT:
            return _("reminded")
        case ReminderState.FAILED:
            return _("reminder not delivered")


def _row(turn: Turn, session: DaySession, zone: str) -> Row:
    """Several sessions stand on one screen, so each button names its own."""
    booking, time = session.booking, tell.clock(session.booking.starts, zone)
    if outcome.is_due(booking, turn.now):
        return outcome.row(turn, booking, time)
    words = _("{time} {client}", time=time, client=booking.client_name)
    return (Button(words[:30], address("booking", booking.id)),)


ROUTES: tuple[Route, ...] = (
    show("today", today, permission=Permission.SEE_OWN_DAY, command="/today"),
    show("today/{day:day}", one_day, permission=Permission.SEE_OWN_DAY),
)
