"""How a coach's hours and changes of them read; and why a line of hours cannot be read."""

from collections.abc import Mapping
from datetime import date

from babel.dates import get_day_names

from bot.chat import tell
from bot.chat.moments import joined
from bot.chat.screen import Line, Tone, Wrong
from bot.chat.shorten import shorten
from bot.chat.words import N_, _, current_language, ngettext
from bot.domain.calendar.hours import DayDiff, runs
from bot.domain.calendar.hours_words import spoken
from bot.domain.calendar.spans import HoursChange, HoursError, HoursReason, Spans
from bot.handlers.kit import phrases
from bot.services.calendar.hours import HoursPreview

BOOKINGS_SHOWN = 8
_PART = 60
_PROPOSED = 2

_WORDS = {
    HoursReason.EMPTY: N_("Write the hours, such as: mon-thu 9-12,14-17"),
    HoursReason.TOO_LONG: N_("That is too long for one message. Send it in two."),
    HoursReason.NO_DAY: N_("“{part}” names no day. Begin with the days, such as: mon-fri 9-12"),
    HoursReason.NO_TIMES: N_("“{part}” is not complete. Say which days, and from when to when or off: mon 9-12"),
    HoursReason.UNKNOWN_WORD: N_(
        "I do not understand “{part}”. Write hours like this: mon-thu 9-12,14-17; off 24-26 dec"
    ),
    HoursReason.BAD_TIME: N_("There is no such time as “{part}”."),
    HoursReason.BAD_DATE: N_("There is no such date as “{part}”."),
    HoursReason.BACKWARDS: N_("“{part}” ends before it begins."),
    HoursReason.AMBIGUOUS_TIME: N_("“{part}” can be in the morning or in the afternoon: 5 pm is 17."),
    HoursReason.AMBIGUOUS_DATE: N_("“{part}” can be two different dates."),
    HoursReason.OVERLAP: N_("The times in “{part}” overlap."),
    HoursReason.OFF_AND_TIMES: N_("“{part}” says off and times at once."),
    HoursReason.TWICE: N_("“{part}” is there twice, with different hours."),
    HoursReason.PAST_DATE: N_("“{part}” is in the past."),
    HoursReason.TOO_MANY_DAYS: N_("That is more than a year at once. Name at most 366 days."),
    HoursReason.NO_END: N_("“{part}” has no end. Name the last day too, such as: 3-17 aug"),
    HoursReason.FROM_DATE: N_(
        "I cannot keep weekly hours that begin later (“{part}”). Send them on that day, or name the dates one by one."
    ),
}


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


def wrong(error: HoursError) -> Wrong:
    """The reason, and what is likely meant: in the words for a modal, and to be tapped elsewhere."""
    words = _(_WORDS[error.reason], part=shorten(error.fragment, _PART))
    instead = tuple(spoken(line, current_language()) for line in error.instead[:_PROPOSED])
    if instead:
        words = joined(" ", (words, _("Do you mean: {line}?", line=instead[0])))
    return Wrong(words, instead)
