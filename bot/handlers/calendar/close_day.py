"""A coach is ill: the rest of the day is cancelled and closed in one act, with all of it told before."""

from datetime import date

from bot.chat import tell
from bot.chat.address import address
from bot.chat.router import Route, do, show
from bot.chat.screen import Button, Line, Redirect, Row, Screen, Style, Tone
from bot.chat.turn import Turn
from bot.chat.words import _, ngettext
from bot.domain.bookings.bookings import Booking
from bot.domain.calendar.local_dates import day_of
from bot.domain.people.permissions import Permission
from bot.handlers.kit import endings, failures, phrases, refusals
from bot.handlers.kit.reasons import cancel_reasons
from bot.handlers.kit.typed import hours_words
from bot.services.bookings.absences import Rest
from bot.services.desk import Desk

PAGE = "ill/{coach:id}/{draft:id}/{day:day}"


async def offered(turn: Turn, desk: Desk, booking: Booking, draft: int) -> tuple[list[Line], list[Row]]:
    """On the page that cancels one session: that the rest of its day can be closed as well, and the way there."""
    coach = await desk.coaches.find(booking.coach_id)
    if coach is None or not _may(turn, coach.id):
        return [], []
    day = day_of(booking.starts, coach.zone)
    rest = await desk.absences.rest(coach.id, day, turn.now)
    others = 0 if rest is None else sum(each.id != booking.id for each in rest.sessions)
    if rest is None or not (others or rest.hours):
        return [], []
    words = _("More can be booked on {day}: you can close that day as well.", day=tell.day(day))
    if others:
        words = ngettext(
            "{n} more session is booked on {day}: you can cancel it as well, and close the day.",
            "{n} more sessions are booked on {day}: you can cancel them as well, and close the day.",
            others, day=tell.day(day),
        )  # fmt: skip
    return [Line(words)], [(Button(_("The whole rest of the day"), address("ill", coach.id, draft, day)),)]


async def page(turn: Turn, desk: Desk, coach: int, draft: int, day: date) -> Screen | Redirect:
    rest, kept = await _rest(turn, desk, coach, day), await cancel_reasons.find(turn, desk, draft)
    if rest is None:
        return failures.missing()
    if rest.is_closed:
        return _closed(turn, rest)
    if kept is None:
        return Redirect(address("today", day)) if turn.person.coach_id == coach else failures.missing()
    lines = [Line(phrases.cancelled_with(each, turn.person.zone)) for each in rest.sessions]
    if rest.hours:
        spans = hours_words.spans(rest.hours)
        closes = _("Nothing more can be booked on {day}: {hours}", day=tell.day(day), hours=spans)
        lines.append(Line(closes, Tone.STRONG))
    lines.append(Line(_("Your reason: {reason}", reason=kept.reason.words)))
    if rest.sessions:
        words = _("I tell each client now, with your reason and other times. What is cancelled stays cancelled.")
        lines.append(Line(words, Tone.QUIET))
    if turn.person.id != rest.coach.person_id:
        lines.append(Line(_("{name} reads that it was you.", name=rest.coach.name), Tone.QUIET))
    yes = turn.do("ill", coach, draft, day, "yes", stated=rest.facts)
    rows: list[Row] = [(Button(_act(rest), yes, Style.DANGER),)]
    if kept.booking is not None:
        only = Button(_("Only the one session"), address("coach-cancel", kept.booking, draft))
        keep = Button(_("Keep all"), address("booking", kept.booking), label=_("Keep all sessions as they are"))
        rows.append((only, keep))
    return Screen(_title(turn, rest), tuple(lines), (*rows, (Button(_("Start"), "start"),)))


def _title(turn: Turn, rest: Rest) -> str:
    day = tell.day(rest.day)
    if turn.person.id != rest.coach.person_id:
        return _("Close {day} for {name}?", day=day, name=rest.coach.name)
    return _("Close the rest of {day}?", day=day)


def _act(rest: Rest) -> str:
    count = len(rest.sessions)
    if not count:
        return _("Close the day")
    if not rest.hours:
        return ngettext("Cancel {n} session", "Cancel all {n} sessions", count)
    return ngettext("Close the day, cancel {n}", "Close the day, cancel {n}", count)


def _closed(turn: Turn, rest: Rest) -> Screen:
    """After the act, and for whoever taps once more."""
    name, day = rest.coach.name, tell.day(rest.day)
    title = _("{day} is closed", day=day)
    if turn.person.id != rest.coach.person_id:
        title = _("{day} is closed for {name}", day=day, name=name)
    words = _("No session is left on that day, and nothing can be booked.")
    row: Row = (Button(_("Start"), "start"),)
    if turn.may(Permission.SEE_DAY):
        row = (Button(_("Today"), "today"), *row)
    if turn.person.coach_id == rest.coach.id:
        row = (Button(_("My hours"), "hours"), *row)
    return Screen(title, (Line(words),), (row,))


async def close(turn: Turn, desk: Desk, coach: int, draft: int, day: date) -> Screen | Redirect:
    rest, kept = await _rest(turn, desk, coach, day), await cancel_reasons.find(turn, desk, draft)
    if rest is None or kept is None:
        return failures.missing()
    here = address("ill", coach, draft, day)
    if rest.is_closed:  # tapped once more: it is done
        return Redirect(here)
    turn.require(*rest.facts)
    outcome = await desk.absences.close(turn.act(here), coach, day, rest.facts, kept.reason)
    names = ", ".join(dict.fromkeys(each.client_name for each in rest.sessions))
    said = _("Closed.")
    if names:
        said = _("Closed. These are told: {names}.", names=names)
    return refusals.or_next(turn, outcome, here, said)


def _may(turn: Turn, coach: int) -> bool:
    return turn.person.coach_id == coach or turn.may(Permission.KEEP_TEAM)


async def _rest(turn: Turn, desk: Desk, coach: int, day: date) -> Rest | None:
    """For the coach and for owners; None for others."""
    return await desk.absences.rest(coach, day, turn.now) if _may(turn, coach) else None


async def told(turn: Turn, desk: Desk, coach: int, day: date, by: int) -> Screen | Redirect:
    """Tells a coach that somebody else closed the day, and what was cancelled by it."""
    found, who = await desk.coaches.find(coach), await desk.people.find(by)
    if found is None or who is None or found.id != turn.person.coach_id:
        return Redirect("gone")
    cancelled = await desk.absences.cancelled(found, day, who.id)
    lines = [Line(_("{name} closed the rest of {day} for you.", name=who.name, day=tell.day(day)), Tone.STRONG)]
    reasons = dict.fromkeys(endings.reason(each) for each in cancelled)
    lines += [Line(_("“{reason}”", reason=each)) for each in reasons if each]
    lines += [Line(phrases.cancelled_with(each, turn.person.zone)) for each in cancelled]
    row = (Button(_("That day"), address("today", day)), Button(_("My hours"), "hours"))
    return Screen(_("{day} is closed", day=tell.day(day)), tuple(lines), (row,))


ROUTES: tuple[Route, ...] = (
    show(PAGE, page),
    do(f"{PAGE}/yes", close, back=PAGE),
)
