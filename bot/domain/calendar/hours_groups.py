"""What one clause of a line of hours says: these days, and the spans, "off" or "usual" that hold on them."""

import re
from dataclasses import dataclass
from datetime import date
from itertools import pairwise

from bot.domain.calendar.parse_hours import Token
from bot.domain.calendar.parse_spans import print_span
from bot.domain.calendar.spans import HoursReason, Span, Spans, merged
from bot.domain.calendar.unreadable import UnreadableHours

_WORKING_DAYS = 5
_LISTED = re.compile(r"[,&+]|\b(?:and|und)\b")


@dataclass(frozen=True, slots=True)
class Said:
    """`named`: for each piece its text, weekdays and dates. `spans` None: as every week, () off.

    `closes`: the spans are taken out of the hours of those dates.
    """

    named: tuple[tuple[str, tuple[int, ...], tuple[date, ...]], ...]
    spans: Spans | None
    closes: bool = False


def read_group(text: str, group: list[Token]) -> Said:
    """What the tokens of one group say together; `text` is what was typed. Raises `UnreadableHours`."""
    days = _narrowed(text, group)
    spans = sorted(token.span for token in group if token.span)
    off, usual = any(token.is_off for token in group), any(token.usual for token in group)
    if not days:
        raise UnreadableHours(text, HoursReason.NO_DAY, (f"mon-fri {text.strip()}",) if spans and not off else ())
    if usual:
        return _usual(text, days, alone=not (off or spans))
    if off and spans:
        return _closed(text, days, spans)
    if not off and (not spans or any(token.part for token in group)):
        raise UnreadableHours(text, HoursReason.NO_TIMES)
    if any(later[0] < earlier[1] for earlier, later in pairwise(spans)):
        raise UnreadableHours(text, HoursReason.OVERLAP, (f"{_names(days)} {_printed(merged(spans))}",))
    return Said(tuple((day.text, day.weekdays, _dates(day, off=off)) for day in days), merged(spans))


def _narrowed(text: str, group: list[Token]) -> list[Token]:
    """The tokens that name days. "mon next week": weekdays beside a stretch of dates are those within it."""
    days: list[Token] = []
    for token in (each for each in group if each.names_days):
        last = days[-1] if days else None
        between = "," if last is None else text[last.at + len(last.text) - group[0].at : token.at - group[0].at]
        stretch = next((each for each in (last, token) if each and len(each.dates) > 1), None)
        weekdays = next((each for each in (last, token) if each and each.weekdays), None)
        if last is None or stretch is None or weekdays is None or _LISTED.search(between):
            days.append(token)
            continue
        said = text[last.at - group[0].at : token.at + len(token.text) - group[0].at]
        within = tuple(day for day in stretch.dates if day.weekday() in weekdays.weekdays)
        if not within:
            raise UnreadableHours(said, HoursReason.BAD_DATE, (stretch.text,))
        days[-1] = Token(last.at, said, dates=within)
    return days


def _usual(text: str, days: list[Token], *, alone: bool) -> Said:
    if not alone:
        raise UnreadableHours(text, HoursReason.OFF_AND_TIMES)
    if any(day.weekdays for day in days):
        raise UnreadableHours(text, HoursReason.NO_TIMES)
    return Said(tuple((day.text, (), day.dates) for day in days), None)


def _closed(text: str, days: list[Token], spans: list[Span]) -> Said:
    """ "off tomorrow 12-15" closes these hours; with several days it is not said on which of them."""
    if len(days) == 1 and days[0].dates:
        return Said(((days[0].text, (), days[0].dates),), merged(spans), closes=True)
    instead: tuple[str, ...] = ()
    if len(days) > 1:
        instead = (f"{_names(days[:-1])} off; {days[-1].text} {_printed(merged(spans))}",)
    raise UnreadableHours(text, HoursReason.OFF_AND_TIMES, instead)


def _dates(day: Token, *, off: bool) -> tuple[date, ...]:
    if not day.whole_week or off:
        return day.dates
    return tuple(each for each in day.dates if each.weekday() < _WORKING_DAYS)


def _names(days: list[Token]) -> str:
    return ", ".join(day.text for day in days)


def _printed(spans: Spans) -> str:
    return ",".join(map(print_span, spans))
