"""How a coach's hours, and changes of them, read."""

from collections.abc import Mapping
from datetime import date

from babel.dates import get_day_names

from bot.chat import tell
from bot.chat.screen import Line, Tone
from bot.chat.words import _, current_language, ngettext
from bot.domain.calendar.hours import DayDiff, runs
from bot.domain.calendar.spans import HoursChange, Spans
from bot.handlers.kit import phrases
from bot.services.calendar.hours import HoursPreview

BOOKINGS_SHOWN = 8


def changes(seen: HoursPreview) -> list[Line]:
    """Each day that would be another, whether any hours are left, and the bookings that would lie outside."""
    lines = [Line(_weekday_diff(each)) for each in seen.changes if isinstance(each.day, int)]
    lines += [Line(_dates_diff(*each)) for each in runs(seen.changes)]
    if seen.closes:
        lines.append(Line(_("No hours would be left: nobody could book you."), Tone.STRONG))
    return [*lines, *_outside(seen)]


def typed(change: HoursChange) -> str:
    """What a line of hours says, day by day; neighbouring days with equal hours are one."""
    parts = [f"{_weekdays(each)} {spans(change.weekly[each[0]])}" for each in _alike(change.weekly)]
    dated = runs(DayDiff(day, None, change.days[day]) for day in sorted(change.days))
    parts += [f"{days(first, last)} {_hours(each.after)}" for first, last, each in dated]
    closed = runs(DayDiff(day, None, change.closed[day]) for day in sorted(change.closed))
    parts += [
        _("{day} closed {hours}", day=days(first, last), hours=spans(each.after or ())) for first, last, each in closed
    ]
    return "; ".join(parts)


def _alike(weekly: Mapping[int, Spans]) -> list[list[int]]:
    found: list[list[int]] = []
    for day in sorted(weekly):
        if found and found[-1][-1] == day - 1 and weekly[day] == weekly[day - 1]:
            found[-1].append(day)
        else:
            found.append([day])
    return found


def _weekdays(those: list[int]) -> str:
    first, last = weekday(those[0]), weekday(those[-1])
    return first if len(those) == 1 else f"{first}–{last}"


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
