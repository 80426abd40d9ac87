"""`/today`: the coach's day, what is paid and reminded, gaps, and past sessions to settle."""

from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

from bot.chat import tell
from bot.chat.address import address
from bot.chat.router import Route, do, show
from bot.chat.screen import Button, Line, Redirect, Row, Screen, Tone
from bot.chat.turn import Turn
from bot.chat.words import _
from bot.domain.bookings import Booking, BookingState, Outcome
from bot.domain.people import Role
from bot.domain.refusals import Refusal
from bot.handlers import failures, refused, wording
from bot.services.day import DaySession, ReminderState
from bot.services.desk import Desk

LONG_GAP_MIN = 30


async def today(turn: Turn, desk: Desk) -> Screen | Redirect:
    coach = await desk.coaches.of(turn.person)
    if coach is None:
        return failures.missing()
    return await one_day(turn, desk, turn.now.astimezone(ZoneInfo(coach.zone)).date())


async def one_day(turn: Turn, desk: Desk, day: date) -> Screen | Redirect:
    coach = await desk.coaches.of(turn.person)
    if coach is None:
        return failures.missing()
    sessions = await desk.day.sessions(coach.id, day, coach.zone)
    lines: list[Line] = []
    rows: list[Row] = []
    for session in sessions:
        lines += _lines(session, coach.zone)
        rows.append(_row(turn, session))
    if not sessions:
        lines.append(Line(_("No sessions on this day.")))
    questions = await desk.day.open_questions(coach.id, turn.now)
    waiting = [booking for booking in questions.unsettled if _day_of(booking.starts, coach.zone) != day]
    if waiting:
        first = waiting[0]
        lines.append(
            Line(_("Still to be settled: {when}", when=wording.when_for_coach(first, coach.zone)), Tone.STRONG)
        )
        rows.append((Button(_("Settle it"), address("settling", first.id)),))
    earlier, later = day - timedelta(days=1), day + timedelta(days=1)
    rows.append(
        (Button(tell.day(earlier), address("today", earlier)), Button(tell.day(later), address("today", later)))
    )
    rows.append((Button(_("My hours"), "hours"), Button(_("Clients"), "clients"), Button(_("Start"), "start")))
    return Screen(tell.long_day(day), tuple(lines), tuple(rows))


def _lines(session: DaySession, zone: str) -> list[Line]:
    booking = session.booking
    lines = []
    if session.gap_min is not None and session.gap_min >= LONG_GAP_MIN:
        lines.append(Line(_("{length} free", length=tell.minutes(session.gap_min)), Tone.QUIET))
    start, end = tell.clock(booking.starts, zone), tell.clock(booking.ends, zone)
    lines.append(Line(_("{start}–{end} {what}", start=start, end=end, what=wording.with_client(booking)), Tone.STRONG))
    facts = " · ".join([_paid(booking), _reminded(session.reminder), wording.place(booking.terms.place)])
    lines.append(Line(facts, Tone.QUIET))
    if booking.outcome is not None:
        lines.append(Line(_("Settled: {outcome}", outcome=outcome_words(booking.outcome))))
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


def outcome_words(outcome: Outcome) -> str:
    match outcome:
        case Outcome.HELD:
            return _("held")
        case Outcome.LATE:
            return _("client was late")
        case Outcome.NO_SHOW:
            return _("no-show")


def _row(turn: Turn, session: DaySession) -> Row:
    booking = session.booking
    if booking.starts <= turn.now and booking.state is BookingState.CONFIRMED and booking.outcome is None:
        return settle_row(turn, booking)
    return (Button(booking.client_name, address("booking", booking.id)),)


def settle_row(turn: Turn, booking: Booking) -> Row:
    """Held, late or no-show, by one tap."""
    return tuple(
        Button(words, turn.do("settle", booking.id, code, stated=(booking.version,)))
        for words, code in ((_("Held"), "held"), (_("Late"), "late"), (_("No-show"), "no-show"))
    )


async def settling(turn: Turn, desk: Desk, booking: int) -> Screen:
    found = await _own(turn, desk, booking)
    if found is None:
        return failures.missing()
    lines = [Line(wording.when_for_coach(found, turn.person.zone), Tone.STRONG)]
    if found.outcome is None:
        rows: list[Row] = [settle_row(turn, found)]
        lines.append(Line(_("How did it go?")))
    else:
        rows = []
        lines.append(Line(_("Settled: {outcome}", outcome=outcome_words(found.outcome))))
        if found.outcome_at is not None and turn.now - found.outcome_at <= timedelta(days=1):
            undo = turn.do("unsettle", found.id, stated=(found.version,))
            rows.append((Button(_("Undo"), undo),))
    rows.append((Button(_("Today"), "today"), Button(_("Session"), address("booking", found.id))))
    return Screen(wording.with_client(found), tuple(lines), tuple(rows))


async def settle(turn: Turn, desk: Desk, booking: int, outcome: str) -> Screen | Redirect:
    found = await _own(turn, desk, booking)
    known = {each.value.replace("_", "-"): each for each in Outcome}
    if found is None or outcome not in known:
        return failures.missing()
    turn.require(found.version)
    act = turn.act(address("settling", booking))
    return _after(turn, await desk.day.settle(act, booking, found.version, known[outcome]), booking)


async def unsettle(turn: Turn, desk: Desk, booking: int) -> Screen | Redirect:
    found = await _own(turn, desk, booking)
    if found is None:
        return failures.missing()
    turn.require(found.version)
    act = turn.act(address("settling", booking))
    return _after(turn, await desk.day.unsettle(act, booking, found.version), booking)


def _after(turn: Turn, outcome: object, booking: int) -> Screen | Redirect:
    if isinstance(outcome, Refusal):
        return refused.screen(turn, outcome, address("settling", booking))
    return Redirect(address("settling", booking))


async def _own(turn: Turn, desk: Desk, booking: int) -> Booking | None:
    """A booking of this coach, or any for an owner."""
    found = await desk.bookings.find(turn.person, booking)
    if found is None or (turn.person.id != found.coach_person_id and not turn.is_a(Role.OWNER)):
        return None
    return found


def _day_of(at: datetime, zone: str) -> date:
    return at.astimezone(ZoneInfo(zone)).date()


ROUTES: tuple[Route, ...] = (
    show("today", today, role=Role.COACH, command="/today"),
    show("today/{day:day}", one_day, role=Role.COACH),
    show("settling/{booking:id}", settling, role=Role.COACH),
    do("settle/{booking:id}/{outcome:word}", settle, back="settling/{booking:id}", role=Role.COACH),
    do("unsettle/{booking:id}", unsettle, back="settling/{booking:id}", role=Role.COACH),
)
