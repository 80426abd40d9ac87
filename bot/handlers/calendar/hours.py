"""`/availability`: a coach's week in words, changed by buttons or by one line, shown before it is saved."""

from datetime import date, timedelta

from babel.dates import get_day_names

from bot.chat import tell
from bot.chat.router import Route, do, show
from bot.chat.screen import Button, Line, Redirect, Row, Screen, Style, Tone
from bot.chat.turn import Turn
from bot.chat.words import _, current_language, ngettext
from bot.domain.calendar.hours import DayDiff, parse_hours, runs
from bot.domain.calendar.local_dates import day_of
from bot.domain.calendar.spans import HoursChange, HoursError, Spans
from bot.domain.people.permissions import Permission
from bot.domain.practice.coaches import Coach
from bot.domain.refusals import Code, Refusal
from bot.handlers.kit import failures, phrases, refusals
from bot.handlers.team import coach_page
from bot.services.desk import Desk

DRAFT = "hours"
DAYS_SHOWN = 10
BOOKINGS_SHOWN = 8


async def week(turn: Turn, desk: Desk) -> Screen:
    coach = await coach_page.own(turn, desk)
    if coach is None:
        return await coach_page.mine(turn, desk)
    lines = as_lines(coach, turn)
    if not any(coach.schedule.weekly):
        lines.append(Line(_("Nobody can book you until you set hours."), Tone.STRONG))
    rows: list[Row] = [
        (Button(_("Change the week"), "hours/line", Style.PRIMARY), Button(_("One weekday"), "hours/weekday")),
        (Button(_("A different day"), "hours/date"), Button(_("Days off"), "hours/off")),
    ]
    until = await desk.hours.undo_until(coach.id, turn.now)
    if until is not None:
        undo = turn.do("hours", "undo", coach.version, stated=(coach.version,))
        rows.append((Button(_("Undo the last change"), undo),))
    rows.append((Button(_("Today"), "today"), Button(_("Start"), "start")))
    return Screen(_("Your hours"), tuple(lines), tuple(rows))


def as_lines(coach: Coach, turn: Turn) -> list[Line]:
    """The week, and the days ahead that differ from it."""
    lines = [Line(_("On the clock in {city}.", city=tell.city(coach.zone)), Tone.QUIET)]
    lines += [Line(f"{weekday(day)}: {spans(coach.schedule.weekly[day])}") for day in range(7)]
    return [*lines, *_days_ahead(coach, turn)]


def _days_ahead(coach: Coach, turn: Turn) -> list[Line]:
    today = today_of(coach, turn)
    days = coach.schedule.days
    ahead = runs(DayDiff(day, None, days[day]) for day in sorted(days) if day >= today)[:DAYS_SHOWN]
    return [Line(f"{_days(first, last)}: {spans(each.after or ())}", Tone.QUIET) for first, last, each in ahead]


async def preview(turn: Turn, desk: Desk, draft: int) -> Screen:
    """Shows what a change would do, and which bookings would lie outside of the new hours: these stay."""
    found = await _draft(turn, desk, draft)
    if found is None:
        return failures.missing()
    coach, change = found
    seen = await desk.hours.preview(coach.id, change, turn.now)
    if seen is None:
        return failures.missing()
    if not seen.changes:
        return Screen(
            _("Nothing changes"),
            (Line(_("These are your hours already.")),),
            ((Button(_("Back"), "hours"),),),
        )
    lines = [Line(_weekday_diff(each)) for each in seen.changes if isinstance(each.day, int)]
    lines += [Line(_dates_diff(*each)) for each in runs(seen.changes)]
    if seen.outside:
        count = len(seen.outside)
        lines.append(
            Line(
                ngettext(
                    "{n} booking lies outside of the new hours. It stays as it is:",
                    "{n} bookings lie outside of the new hours. They stay as they are:",
                    count,
                ),
                Tone.STRONG,
            )
        )
        for booking in seen.outside[:BOOKINGS_SHOWN]:
            when = phrases.when_for_coach(booking, coach.zone)
            lines.append(Line(_("{when}: {what}", when=when, what=phrases.with_client(booking))))
    save = turn.do("hours", "draft", draft, "save", stated=(seen.coach.version,))
    rows: tuple[Row, ...] = (
        (Button(_("Save"), save, Style.PRIMARY), Button(_("Change it"), "hours/line")),
        (Button(_("Cancel"), "hours"),),
    )
    return Screen(_("This would change"), tuple(lines), rows)


async def save(turn: Turn, desk: Desk, draft: int) -> Screen | Redirect:
    found = await _draft(turn, desk, draft)
    if found is None:
        return failures.missing()
    coach, change = found
    turn.require(coach.version)
    outcome = await desk.hours.save(turn.act("hours"), coach.id, coach.version, change)
    return refusals.or_next(turn, outcome, "hours", _("Saved. You can undo it for ten minutes."))


async def undo(turn: Turn, desk: Desk, version: int) -> Screen | Redirect:
    coach = await desk.coaches.of(turn.person, turn.generation)
    if coach is None:
        return failures.missing()
    turn.require(coach.version)
    outcome = await desk.hours.undo(turn.act("hours"), coach.id, version)
    if isinstance(outcome, Refusal) and outcome.code is Code.ALREADY_OVER:
        return Redirect("hours", _("The ten minutes for undoing are over. Your hours stay as they are."))
    return refusals.or_next(turn, outcome, "hours", _("Undone. Your hours are as they were before."))


async def _draft(turn: Turn, desk: Desk, draft: int) -> tuple[Coach, HoursChange] | None:
    coach = await desk.coaches.of(turn.person, turn.generation)
    body = await desk.drafts.find(turn.person.id, draft, DRAFT, turn.now)
    if coach is None or body is None:
        return None
    change = parse_hours(body["line"], today_of(coach, turn) - timedelta(days=1))
    return None if isinstance(change, HoursError) else (coach, change)


def today_of(coach: Coach, turn: Turn) -> date:
    return day_of(turn.now, coach.zone)


def _weekday_diff(change: DayDiff) -> str:
    assert isinstance(change.day, int)
    name = weekday(change.day)
    return _("{day}: {before} → {after}", day=name, before=_hours(change.before), after=_hours(change.after))


def _dates_diff(first: date, last: date, change: DayDiff) -> str:
    """Days in a row that change alike are one line; an absence says no more than that it is one."""
    name, after = _days(first, last), _hours(change.after)
    if first != last and change.after == ():
        return f"{name}: {after}"
    return _("{day}: {before} → {after}", day=name, before=_hours(change.before), after=after)


def _hours(those: Spans | None) -> str:
    return _("as every week") if those is None else spans(those)


def _days(first: date, last: date) -> str:
    if first == last:
        return tell.day(first)
    return _("{first} to {last}", first=tell.day(first), last=tell.day(last))


def weekday(day: int) -> str:
    return str(get_day_names("abbreviated", locale=current_language())[day])


def spans(those: Spans) -> str:
    if not those:
        return _("off")
    return ", ".join(f"{_clock(start)}–{_clock(end)}" for start, end in those)


def _clock(minutes: int) -> str:
    return f"{minutes // 60:02d}:{minutes % 60:02d}"


ROUTES: tuple[Route, ...] = (
    show("hours", week, permission=Permission.KEEP_OWN_HOURS, command="/availability", words="hours/line"),
    show("hours/draft/{draft:id}", preview, permission=Permission.KEEP_OWN_HOURS),
    do("hours/draft/{draft:id}/save", save, back="hours/draft/{draft:id}", permission=Permission.KEEP_OWN_HOURS),
    do("hours/undo/{version:id}", undo, back="hours", permission=Permission.KEEP_OWN_HOURS),
)
