"""The pieces of a line of hours: days, dates, spans of time, "off" and "usual"."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date

from bot.domain.calendar.date_words import DASH, DATE, WEEKDAYS
from bot.domain.calendar.near_words import likely_word
from bot.domain.calendar.parse_dates import Dates, dates_at, words_for_dates
from bot.domain.calendar.parse_spans import part_at, span_at
from bot.domain.calendar.spans import HoursReason, Span
from bot.domain.calendar.unreadable import UnreadableHours

_GROUPS = {
    "weekdays": range(5), "workdays": range(5), "werktags": range(5), "wochentags": range(5),
    "weekend": range(5, 7), "weekends": range(5, 7), "wochenende": range(5, 7),
    "daily": range(7), "everyday": range(7), "täglich": range(7), "taeglich": range(7),
}  # fmt: skip
_OFF = {"off", "closed", "none", "away", "holiday", "frei", "zu", "geschlossen", "urlaub"}
_USUAL = {"usual", "normal", "regular", "üblich", "normalerweise", "wieder", "sonst"}

_GAP = re.compile(r"(?:[\s,:.&+]|\b(?:and|und|from|von|on|every|jeden|the|am|as|wie)\b)*")
_WEEKDAYS = re.compile(rf"(?P<first>[^\W\d_]+)(?:\.?{DASH}(?P<last>[^\W\d_]+))?")
_BEGINNING = re.compile(r"\b(?:from|ab|since|seit|von|starting|beginning)\s+(?:on\s+|the\s+|dem\s+)?")


@dataclass(frozen=True, slots=True)
class Token:
    """One of: weekdays, dates, a span, "usual"; with none of them it is "off". `at` is where `text` stands.

    `part`: the span is a part of the day, by which hours can be closed and not offered. `whole_week`: the dates are
    those of a week, of which only the working days are given hours.
    """

    at: int
    text: str
    weekdays: tuple[int, ...] = ()
    dates: tuple[date, ...] = ()
    span: Span | None = None
    part: bool = False
    usual: bool = False
    whole_week: bool = False

    @property
    def names_days(self) -> bool:
        return bool(self.weekdays or self.dates)

    @property
    def is_off(self) -> bool:
        return not (self.names_days or self.span or self.usual)


def tokens(clause: str, today: date) -> Iterator[Token]:
    """Read `clause` from left to right. Raises `UnreadableHours` at the first piece that is none of these."""
    text = clause.lower()
    if len(text) != len(clause):  # a capital that becomes two small letters: fragments are cut by position
        clause = text
    _refuse_a_beginning(clause, text, today)
    at = _skip(text, 0)
    while at < len(text):
        token, end = _next(clause, text, at, today)
        following = dates_at(clause, text, _skip(text, end), today) if len(token.weekdays) == 1 else None
        if following and not re.search("[,&]", text[end : _skip(text, end)]):
            token, end = _confirmed(clause, token, following)
        yield token
        at = _skip(text, end)


def _next(clause: str, text: str, at: int, today: date) -> tuple[Token, int]:
    found = dates_at(clause, text, at, today) or words_for_dates(clause, text, at, today)
    if found is not None:
        return Token(at, clause[at : found.end], dates=found.dates, whole_week=found.whole_week), found.end
    if span := span_at(clause, text, at):
        return Token(at, clause[at : span[1]], span=span[0]), span[1]
    if part := part_at(text, at):
        return Token(at, clause[at : part[1]], span=part[0], part=True), part[1]
    return _word(clause, text, at)


def _confirmed(clause: str, weekday: Token, following: Dates) -> tuple[Token, int]:
    """ "fri 13 nov": the weekday only confirms the date; beside a stretch it stands for its days within."""
    within = tuple(day for day in following.dates if day.weekday() in weekday.weekdays)
    if not within:
        fragment = clause[weekday.at : following.end]
        date_alone = fragment[len(weekday.text) :].strip(" ,.")
        raise UnreadableHours(fragment, HoursReason.BAD_DATE, (date_alone,))
    return Token(weekday.at, clause[weekday.at : following.end], dates=within), following.end


def _refuse_a_beginning(clause: str, text: str, today: date) -> None:
    """ "from 1 feb mon 10-12" would set that one day, and every Monday from today on; "off from 1 feb" that day."""
    for lead in _BEGINNING.finditer(text):
        found = dates_at(clause, text, lead.end(), today) if DATE.match(text, lead.end()) else None
        if found is not None and len(found.dates) == 1:
            fragment = clause[lead.start() : found.end]
            if not text[: lead.start()].strip():
                raise UnreadableHours(fragment, HoursReason.FROM_DATE, ("",))
            raise UnreadableHours(fragment, HoursReason.NO_END, (clause[lead.end() : found.end],))


def _skip(text: str, at: int) -> int:
    match = _GAP.match(text, at)
    return match.end() if match else at


def _word(clause: str, text: str, at: int) -> tuple[Token, int]:
    match = _WEEKDAYS.match(text, at)
    if match is None:
        raise UnreadableHours(clause[at : at + 20], HoursReason.UNKNOWN_WORD)
    first, last = match["first"], match["last"]
    if first in WEEKDAYS and last in WEEKDAYS:
        length = (WEEKDAYS[last] - WEEKDAYS[first]) % 7 + 1
        days = tuple((WEEKDAYS[first] + number) % 7 for number in range(length))
        return Token(at, clause[at : match.end()], weekdays=days), match.end()
    end = match.end("first")
    text_of = clause[at:end]
    if first in WEEKDAYS and not last:
        return Token(at, text_of, weekdays=(WEEKDAYS[first],)), end
    if first in _GROUPS:
        return Token(at, text_of, weekdays=tuple(_GROUPS[first])), end
    if first in _USUAL:
        return Token(at, text_of, usual=True), end
    if first in _OFF:
        return Token(at, text_of), end
    if first in WEEKDAYS:
        raise UnreadableHours(clause[at : match.end()], HoursReason.UNKNOWN_WORD)
    raise UnreadableHours(text_of, HoursReason.UNKNOWN_WORD, likely_word(first, (*_GROUPS, *_OFF, *_USUAL)))
