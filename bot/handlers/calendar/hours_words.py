"""How a coach's hours, and changes of them, read."""

from datetime import date

from babel.dates import get_day_names

from bot.chat import tell
from bot.chat.screen import Line, Tone
from bot.chat.words import _, current_language, ngettext
from bot.domain.calendar.hours import DayDiff, runs
from bot.domain.calendar.spans import Spans
from bot.handlers.kit import phrases
from bot.services.calendar.hours import HoursPreview

BOOKINGS_SHOWN = 8


def changes(seen: HoursPreview) -> list[Line]:
    """Each day that would be another, whether any hours are left, and the bookings that would lie outside."""
    lines = [Line(_weekday_diff(each)) for each in seen.changes if isinstance(each.day, int)]
    lines += [Line(_dates_diff(*each)) for each in runs(seen.changes)]
    if seen.closes:
        lines.append(Line(_("No hours would be left: nobody could book you any more."), Tone.STRONG))
    return [*lines, *_outside(seen)]


def _outside(seen: HoursPreview) -> list[Line]:
    if not seen.outside:
        return []
    words = ngettext(
        "{n} booking lies outside of the new hours. It stays as it is:",
        "{n} bookings lie outside of the new hours. They stay as they are:",
        len(seen.outside),
    )
    lines = [Line(words, Tone.STRONG)]
    for booking in seen.outside[:BOOKINGS_SHOWN]:
        when = phrases.when_for_coach(booking, seen.coach.zone)
        lines.append(Line(_("{when}: {what}", when=when, what=phrases.with_client(booking))))
    return lines


def _weekday_diff(change: DayDiff) -> str:
    assert isinstance(change.day, int)
    name = weekday(change.day)
    return _("{day}: {before} → {after}", day=name, before=_hours(change.before), after=_hours(change.after))


def _dates_diff(first: date, last: date, change: DayDiff) -> str:
    """Days in a row that change alike are one line; an absence says no more than that it is one."""
    name, after = days(first, last), _hours(change.after)
    if first != last and change.after == ():
        return f"{name}: {after}"
    return _("{day}: {before} → {after}", day=name, before=_hours(change.before), after=after)


def _hours(those: Spans | None) -> str:
    return _("as every week") if those is None else spans(those)


def days(first: date, last: date) -> str:
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
