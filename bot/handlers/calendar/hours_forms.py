"""The forms by which a coach changes hours: one line, one weekday, a different day, days off."""

from collections.abc import Callable
from datetime import date

from babel.dates import get_day_names

from bot.chat.router import Route, do, show
from bot.chat.screen import Choice, Field, FieldKind, Form, Line, Redirect, Screen, Tone, Wrong
from bot.chat.shorten import shorten
from bot.chat.turn import Turn
from bot.chat.words import _, current_language
from bot.domain.calendar.hours import parse_hours, print_hours
from bot.domain.calendar.hours_words import spoken
from bot.domain.calendar.spans import HoursChange, HoursError, HoursReason, Spans
from bot.domain.people.permissions import Permission
from bot.handlers.calendar.hours import DRAFT, today_of
from bot.handlers.kit import failures, refusals
from bot.handlers.kit.setup_fields import hours_reader
from bot.handlers.kit.typed import hours_words
from bot.handlers.team import coach_page
from bot.services.desk import Desk

USUAL = "usual"
"""The hours of a single day that is to be as every week."""


async def line_form(turn: Turn, desk: Desk) -> Screen:
    coach = await coach_page.own(turn, desk)
    if coach is None:
        return failures.missing()
    now = spoken(print_hours(HoursChange(dict(enumerate(coach.schedule.weekly)), {})), current_language())
    asked = Field(
        "line",
        _("Your hours as one line"),
        kind=FieldKind.LONG,
        hint=_("For example: mon-thu 9-12,14-17; fri 9-13; off 24-26 dec"),
        default=now if any(coach.schedule.weekly) else None,
        read=hours_reader(today_of(coach, turn)),
        max_length=2000,
    )
    return _form(turn, _("Change your hours"), (asked,), "line")


async def weekday_form(turn: Turn, desk: Desk) -> Screen:
    coach = await coach_page.own(turn, desk)
    if coach is None:
        return failures.missing()
    names = get_day_names("wide", locale=current_language())
    choices = tuple(Choice(str(day), str(names[day])) for day in range(7))
    day = Field("day", _("Which weekday?"), kind=FieldKind.CHOICE, choices=choices, read=int)
    return _form(turn, _("Change a weekday"), (day, _times_field(_times)), "weekday")


async def date_form(turn: Turn, desk: Desk) -> Screen:
    coach = await coach_page.own(turn, desk)
    if coach is None:
        return failures.missing()
    day = Field(
        "day",
        _("Which day is different?"),
        kind=FieldKind.DAY,
        hint=_("For example: 2026-12-24, 24 dec, or 24-26 dec"),
        read=_future_days(today_of(coach, turn)),
    )
    return _form(turn, _("A different day"), (day, _times_field(_times_or_usual, usual=True)), "date")


async def off_form(turn: Turn, desk: Desk) -> Screen:
    coach = await coach_page.own(turn, desk)
    if coach is None:
        return failures.missing()
    today = today_of(coach, turn)

    def read(raw: str) -> object:
        change = parse_hours(raw if raw.casefold().startswith("off") else f"off {raw}", today)
        if isinstance(change, HoursError) and change.reason is not HoursReason.UNKNOWN_WORD:
            return hours_words.wrong(change)
        if isinstance(change, HoursError) or change.weekly or not change.days:
            said = shorten(raw, 40)
            return Wrong(_("I do not understand “{words}”. Write days like this: 24-26 dec, or 2026-12-24", words=said))
        return change

    asked = Field("days", _("Which days are you off?"), hint=_("For example: 24-26 dec"), read=read)
    return _form(turn, _("Days off"), (asked,), "off")


def _form(turn: Turn, title: str, fields: tuple[Field, ...], kind: str) -> Screen:
    form = Form(turn.do("hours", kind, "preview"), fields, _("Show what changes"), cancel_to="hours")
    return Screen(title, (Line(_("Nothing is saved before you have seen what changes."), Tone.QUIET),), (), form=form)


def _times_field(read: Callable[[str], object], *, usual: bool = False) -> Field:
    hint = _("For example: 10-12,14-16. Or: off")
    if usual:
        hint = _("For example: 10-12,14-16. Or: off. Or: usual, for the hours of every week")
    return Field("times", _("From when to when?"), hint=hint, read=read, max_length=200)


def _future_days(today: date) -> Callable[[str], object]:
    def read(raw: str) -> object:
        change = parse_hours(f"{raw} off", today)
        if isinstance(change, HoursError) or change.weekly or not change.days:
            return Wrong(_("Write a day from today on, such as 2026-12-24 or 24 dec, or days in a row: 24-26 dec."))
        return tuple(change.days)

    return read


def _times(raw: str) -> object:
    change = parse_hours(f"mon {raw}", date(2000, 1, 1))
    if isinstance(change, HoursError) or list(change.weekly) != [0] or change.days:
        return Wrong(_("Write times like this: 10-12,14-16. Or: off"))
    return change.weekly[0]


def _times_or_usual(raw: str) -> object:
    return USUAL if raw.casefold() in {USUAL, _("usual")} else _times(raw)


async def keep_line(turn: Turn, desk: Desk) -> Screen | Redirect:
    turn.require()
    return await _keep(turn, desk, turn.values.get("line"))


async def keep_off(turn: Turn, desk: Desk) -> Screen | Redirect:
    turn.require()
    return await _keep(turn, desk, turn.values.get("days"))


async def keep_weekday(turn: Turn, desk: Desk) -> Screen | Redirect:
    turn.require()
    day, times = turn.values.get("day"), turn.values.get("times")
    change = HoursChange({day: times}, {}) if isinstance(day, int) and isinstance(times, tuple) else None
    return await _keep(turn, desk, change)


async def keep_date(turn: Turn, desk: Desk) -> Screen | Redirect:
    turn.require()
    days, times = turn.values.get("day"), turn.values.get("times")
    change = None
    if isinstance(days, tuple) and (times == USUAL or isinstance(times, tuple)):
        hours = times if isinstance(times, tuple) else None
        own: dict[date, Spans | None] = dict.fromkeys(days, hours)
        change = HoursChange({}, own)
    return await _keep(turn, desk, change)


async def _keep(turn: Turn, desk: Desk, change: object) -> Screen | Redirect:
    if not isinstance(change, HoursChange):
        return Redirect("hours")
    return await keep_draft(turn, desk, print_hours(change))


async def keep_draft(turn: Turn, desk: Desk, line: str) -> Screen | Redirect:
    """Leads to the page that shows what this line of hours changes."""
    outcome = await desk.drafts.keep(turn.act("hours/draft/{id}"), DRAFT, {"line": line})
    return refusals.or_next(turn, outcome, "hours")


ROUTES: tuple[Route, ...] = (
    show("hours/line", line_form, permission=Permission.KEEP_OWN_HOURS),
    do("hours/line/preview", keep_line, back="hours/line", permission=Permission.KEEP_OWN_HOURS),
    show("hours/weekday", weekday_form, permission=Permission.KEEP_OWN_HOURS),
    do("hours/weekday/preview", keep_weekday, back="hours/weekday", permission=Permission.KEEP_OWN_HOURS),
    show("hours/date", date_form, permission=Permission.KEEP_OWN_HOURS),
    do("hours/date/preview", keep_date, back="hours/date", permission=Permission.KEEP_OWN_HOURS),
    show("hours/off", off_form, permission=Permission.KEEP_OWN_HOURS),
    do("hours/off/preview", keep_off, back="hours/off", permission=Permission.KEEP_OWN_HOURS),
)
