"""`/today`: the coach's day: who, what, where, what is paid and reminded, gaps, and what is to be settled."""

import re
from dataclasses import replace
from datetime import date, datetime

from bot.chat import tell
from bot.chat.address import address
from bot.chat.router import Route, show
from bot.chat.screen import Button, Line, Redirect, Row, Screen, Tone
from bot.chat.shorten import shorten
from bot.chat.turn import Turn
from bot.chat.words import _
from bot.domain.bookings.bookings import Booking, BookingState
from bot.domain.calendar.local_dates import day_of, midnight
from bot.domain.calendar.typed_when import parse_when
from bot.domain.people.permissions import Permission
from bot.domain.practice.coaches import Coach, CoachState
from bot.handlers.bookings import outcome
from bot.handlers.bookings.proposals import proposal_of_practice
from bot.handlers.kit import failures, paging, phrases
from bot.handlers.reports import practice_day
from bot.services.desk import Desk
from bot.services.reports.coach_day import DaySession, ReminderState

LONG_GAP_MIN = 30
_SAID = re.compile(r"^\s*/?(?:today|heute)\b", re.IGNORECASE)
_DOTTED = re.compile(r"\d{1,2}\.\s?\d{1,2}")


async def today(turn: Turn, desk: Desk) -> Screen | Redirect:
    """Today, or the day that was typed behind the word: of the coach, or of all for an owner who is no coach.

    Who was removed is led to what was kept.
    """
    if not turn.may(Permission.SEE_DAY):
        return Redirect("agenda")
    coach = await desk.coaches.of(turn.person, turn.generation)
    zone = coach.zone if coach is not None else turn.zone
    said = _SAID.sub("", turn.text).strip()
    day = _read_day(said, turn.now, zone)
    if day is not None:
        return Redirect(address("today", day))
    shown = await one_day(turn, desk, day_of(turn.now, zone))
    if not said or isinstance(shown, Redirect):
        return shown
    said = shorten(said, 40)
    return replace(shown, note=_("I read “{said}”, but that is no day from today on. This is today.", said=said))


def _read_day(said: str, now: datetime, zone: str) -> date | None:
    """Here "24.12" is a date, although elsewhere it might be a time."""
    when = parse_when(f"{said}." if _DOTTED.fullmatch(said) else said, int(now.timestamp()), zone)
    return None if when is None else when.first


async def one_day(turn: Turn, desk: Desk, day: date) -> Screen | Redirect:
    coach = await desk.coaches.of(turn.person, turn.generation)
    if coach is not None:
        return await page(turn, desk, coach, day)
    return await practice_day.of_day(turn, desk, day) if turn.may(Permission.SEE_EVERY_DAY) else failures.missing()


async def of_coach(turn: Turn, desk: Desk, coach: int, day: date | None = None) -> Screen | Redirect:
    """The day of any coach, for an owner."""
    found = await desk.coaches.find(coach, turn.generation)
    if found is None:
        return failures.missing()
    return await page(turn, desk, found, day or day_of(turn.now, found.zone))


async def page(turn: Turn, desk: Desk, coach: Coach, day: date) -> Screen:
    """The day as its coach sees it, or an owner, who reads whose it is."""
    sessions = await desk.day.sessions(coach.id, day, coach.zone, turn.now)
    lines = [Line(_("In {city} time.", city=tell.city(coach.zone)), Tone.QUIET)]
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
    asked, ways = await proposal_of_practice.asked(turn, desk, questions.proposals)
    lines += asked
    rows += ways
    title = tell.long_day(day)
    if coach.id == turn.person.coach_id:
        return Screen(title, tuple(lines), (*rows, *_own_ways_on(turn, day)))
    title = _("{name}: {day}", name=coach.name, day=title)
    return Screen(title, tuple(lines), (*rows, *_ways_on(coach, day)))


def _own_ways_on(turn: Turn, day: date) -> tuple[Row, ...]:
    last: Row = (Button(_("My hours"), "hours"), Button(_("Clients"), "clients"), Button(_("Start"), "start"))
    lists: Row = (Button(_("Coming sessions"), "agenda"),)
    if turn.may(Permission.SEE_EVERY_DAY):
        lists = (*lists, Button(_("All coaches"), address("today", "all", day)))
    return (paging.days_beside(("today",), day), lists, last)


def _ways_on(coach: Coach, day: date) -> tuple[Row, ...]:
    about = address("team", coach.id)
    those = [Button(_("Sessions"), f"{about}/sessions")]
    if coach.state is not CoachState.REMOVED:
        those = [*those, Button(_("Hours"), f"{about}/hours"), Button(coach.name, about)]
    last = (Button(_("All coaches"), address("today", "all", day)), Button(_("Start"), "start"))
    return (paging.days_beside(("team", coach.id, "day"), day), tuple(those), last)


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
        return _("held, not paid yet") if booking.terms.price else _("held, not booked yet")
    if not booking.terms.price:
        return _("free")
    if booking.credit is not None:
        return _("on credit")
    if booking.paid.amount:
        return _("paid {amount}", amount=tell.amount(booking.paid))
    return _("paid, and given back")


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
    return (Button(words, address("booking", booking.id)),)


ROUTES: tuple[Route, ...] = (
    show("today", today, permission=Permission.SEE_TODAY, command="/today"),
    show("today/{day:day}", one_day, permission=Permission.SEE_DAY),
    show("team/{coach:id}/day", of_coach, permission=Permission.SEE_EVERY_DAY),
    show("team/{coach:id}/day/{day:day}", of_coach, permission=Permission.SEE_EVERY_DAY),
)
