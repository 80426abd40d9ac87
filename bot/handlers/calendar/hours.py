"""`/availability`: a coach's week in words, changed by buttons or by one line, shown before it is saved."""

from datetime import date, timedelta

from bot.chat import tell
from bot.chat.router import Route, do, show
from bot.chat.screen import Button, Line, Redirect, Row, Screen, Style, Tone
from bot.chat.turn import Turn
from bot.chat.words import _, ngettext
from bot.domain.calendar.hours import DayDiff, parse_hours, runs
from bot.domain.calendar.local_dates import day_of
from bot.domain.calendar.spans import HoursChange, HoursError
from bot.domain.people.permissions import Permission
from bot.domain.practice.coaches import Coach
from bot.handlers.calendar import undo_hours
from bot.handlers.kit import failures, refusals
from bot.handlers.kit.typed import hours_words
from bot.handlers.team import coach_page
from bot.services.desk import Desk

DRAFT = "hours"
OUTSIDE = "hours/outside"
"""The page of the sessions that lie outside of the hours, each to be moved or cancelled."""

DAYS_SHOWN = 10


async def week(turn: Turn, desk: Desk) -> Screen:
    coach = await coach_page.own(turn, desk)
    if coach is None:
        return await coach_page.mine(turn, desk)
    lines = as_lines(coach, turn)
    if not coach.schedule.has_hours(today_of(coach, turn)):
        lines.append(Line(_("Nobody can book you until you set hours."), Tone.STRONG))
    outside = await desk.hours.outside(coach.id, turn.now)
    rows: list[Row] = [
        (Button(_("Change the week"), "hours/line", Style.PRIMARY), Button(_("One weekday"), "hours/weekday")),
        (Button(_("A different day"), "hours/date"), Button(_("Days off"), "hours/off")),
    ]
    if stretches(coach, today_of(coach, turn)):
        rows.append((Button(_("Back to usual"), "hours/usual"),))
    if outside:
        words = ngettext("{n} session lies outside of them.", "{n} sessions lie outside of them.", len(outside))
        lines.append(Line(words, Tone.STRONG))
        rows.append((Button(_("Sessions outside"), OUTSIDE),))
    rows += await undo_hours.row(turn, desk, coach)
    rows.append((Button(_("Today"), "today"), Button(_("Start"), "start")))
    return Screen(_("Your hours"), tuple(lines), tuple(rows))


def as_lines(coach: Coach, turn: Turn) -> list[Line]:
    """The week, and the days ahead that differ from it."""
    lines = [Line(_("In {city} time.", city=tell.city(coach.zone)), Tone.QUIET)]
    lines += [Line(f"{hours_words.weekday(day)}: {hours_words.spans(coach.schedule.weekly[day])}") for day in range(7)]
    return [*lines, *_days_ahead(coach, turn)]


def stretches(coach: Coach, today: date) -> list[tuple[date, date, DayDiff]]:
    """The days from today on that differ from the week, neighbours that are alike as one."""
    days = coach.schedule.days
    return runs(DayDiff(day, None, days[day]) for day in sorted(days) if day >= today)


def _days_ahead(coach: Coach, turn: Turn) -> list[Line]:
    ahead = stretches(coach, today_of(coach, turn))[:DAYS_SHOWN]
    said = ((hours_words.days(first, last), hours_words.spans(each.after or ())) for first, last, each in ahead)
    return [Line(f"{those}: {open_then}", Tone.QUIET) for those, open_then in said]


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
    lines = hours_words.changes(seen)
    if seen.outside:
        lines.append(Line(_("Once it is saved, you propose another time for each, or cancel it.")))
    save = turn.do("hours", "draft", draft, "save", stated=(seen.coach.version,))
    rows: tuple[Row, ...] = (
        (Button(_("Save"), save, Style.SUCCESS), Button(_("Change it"), "hours/line")),
        (Button(_("Leave it as it is"), "hours"),),
    )
    return Screen(_("This would change"), tuple(lines), rows)


async def save(turn: Turn, desk: Desk, draft: int) -> Screen | Redirect:
    found = await _draft(turn, desk, draft)
    if found is None:
        return failures.missing()
    coach, change = found
    turn.require(coach.version)
    seen = await desk.hours.preview(coach.id, change, turn.now)
    following = OUTSIDE if seen is not None and seen.outside else "hours"
    outcome = await desk.hours.save(turn.act(following), coach.id, coach.version, change)
    return refusals.or_next(turn, outcome, "hours", _("Saved. You can undo it for ten minutes."))


async def _draft(turn: Turn, desk: Desk, draft: int) -> tuple[Coach, HoursChange] | None:
    coach = await desk.coaches.of(turn.person, turn.generation)
    body = await desk.drafts.find(turn.person.id, draft, DRAFT, turn.now)
    if coach is None or body is None:
        return None
    change = parse_hours(body["line"], today_of(coach, turn) - timedelta(days=1))
    return None if isinstance(change, HoursError) else (coach, change)


def today_of(coach: Coach, turn: Turn) -> date:
    return day_of(turn.now, coach.zone)


ROUTES: tuple[Route, ...] = (
    show("hours", week, permission=Permission.KEEP_OWN_HOURS, command="/availability", words="hours/line"),
    show("hours/draft/{draft:id}", preview, permission=Permission.KEEP_OWN_HOURS),
    do("hours/draft/{draft:id}/save", save, back="hours/draft/{draft:id}", permission=Permission.KEEP_OWN_HOURS),
)
