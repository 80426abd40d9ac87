"""The pieces of a line of hours: days, dates, spans of time and "off"."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta

from bot.domain.calendar.date_words import (
    DASH,
    DATE,
    FIRST_DAY,
    LAST_DAY,
    MIDDAYS,
    TIME,
    WEEKDAYS,
    DateFault,
    read_date,
)
from bot.domain.calendar.spans import DAY_MINUTES, HoursReason, Span

MAX_DATES = 366

_GROUPS = {
    "weekdays": range(5), "workdays": range(5), "werktags": range(5), "wochentags": range(5),
    "weekend": range(5, 7), "weekends": range(5, 7), "wochenende": range(5, 7),
    "daily": range(7), "everyday": range(7), "täglich": range(7), "taeglich": range(7),
}  # fmt: skip
_OFF = {"off", "closed", "none", "away", "holiday", "frei", "zu", "geschlossen", "urlaub"}

_GAP = re.compile(r"(?:[\s,:.&+]|\b(?:and|und|from|von|on|every|jeden|the)\b)*")
_WEEKDAYS = re.compile(rf"(?P<first>[^\W\d_]+)(?:{DASH}(?P<last>[^\W\d_]+))?")
_UNTIL = TIME.pattern.replace("?P<", "?P<to_")
_SPAN = re.compile(rf"{TIME.pattern}(?P<to>{DASH}{_UNTIL})?")


class UnreadableHours(Exception):
    """A piece of a line cannot be read; `parse_hours` catches this and returns an `HoursError`."""

    def __init__(self, fragment: str, reason: HoursReason) -> None:
        super().__init__(reason)
        self.fragment = fragment
        self.reason = reason


@dataclass(frozen=True, slots=True)
class Token:
    """One of: weekdays, dates, a span; with none of them it is "off". `at` is where `text` stands."""

    at: int
    text: str
    weekdays: tuple[int, ...] = ()
    dates: tuple[date, ...] = ()
    span: Span | None = None

    @property
    def names_days(self) -> bool:
        return bool(self.weekdays or self.dates)


def tokens(clause: str, today: date) -> Iterator[Token]:
    """Read `clause` from left to right. Raises `UnreadableHours` at the first other piece."""
    text = clause.lower()
    if len(text) != len(clause):  # a capital that becomes two small letters: fragments are cut by position
        clause = text
    at = _skip(text, 0)
    while at < len(text):
        token, end = _dates(clause, text, at, today) or _span(clause, text, at) or _word(clause, text, at)
        label = token.weekdays if len(token.weekdays) == 1 else ()
        following = _dates(clause, text, _skip(text, end), today) if label else None
        if following and not re.search("[,&]", text[end : _skip(text, end)]):
            # "fri 13 nov": the weekday only confirms the date.
            if [day.weekday() for day in following[0].dates] != list(label):
                raise UnreadableHours(clause[at : following[1]], HoursReason.BAD_DATE)
            token, end = following
        yield token
        at = _skip(text, end)


def _skip(text: str, at: int) -> int:
    match = _GAP.match(text, at)
    return match.end() if match else at


def _dates(clause: str, text: str, at: int, today: date) -> tuple[Token, int] | None:
    lead = FIRST_DAY.match(text, at)
    match = DATE.match(text, lead.end()) if lead else None
    if lead and match and (match["day_month"] or match["dotted"]):
        last = _read(clause, match, today)
        end = match.end()
        first = _same_month(clause[at:end], last, int(lead["day"]))
    elif match := DATE.match(text, at):
        first = last = _read(clause, match, today)
        end = match.end()
        dash = re.compile(DASH).match(text, end)
        tail = LAST_DAY.match(text, end) if match["month_day"] else None
        if dash and (match := DATE.match(text, dash.end())):
            end, last = match.end(), _read(clause, match, max(first, today))
        elif tail:
            end = tail.end()
            last = _same_month(clause[at:end], first, int(tail["day"]))
    else:
        return None
    return Token(at, clause[at:end], dates=_range(clause[at:end], first, last, today)), end


def _read(clause: str, match: re.Match[str], not_before: date) -> date:
    found = read_date(match, not_before)
    if isinstance(found, DateFault):
        ambiguous = found is DateFault.AMBIGUOUS
        reason = HoursReason.AMBIGUOUS_DATE if ambiguous else HoursReason.BAD_DATE
        raise UnreadableHours(clause[match.start() : match.end()], reason)
    return found


def _same_month(fragment: str, other: date, day: int) -> date:
    try:
        return other.replace(day=day)
    except ValueError:
        raise UnreadableHours(fragment, HoursReason.BAD_DATE) from None


def _range(fragment: str, first: date, last: date, today: date) -> tuple[date, ...]:
    if last < first:
        raise UnreadableHours(fragment, HoursReason.BACKWARDS)
    if last < today:
        raise UnreadableHours(fragment, HoursReason.PAST_DATE)
    first = max(first, today)
    count = (last - first).days + 1
    if count > MAX_DATES:
        raise UnreadableHours(fragment, HoursReason.TOO_MANY_DAYS)
    return tuple(first + timedelta(days=number) for number in range(count))


def _span(clause: str, text: str, at: int) -> tuple[Token, int] | None:
    match = _SPAN.match(text, at)
    if match is None:
        return None
    fragment = clause[at : match.end()]
    if not match["to"]:
        raise UnreadableHours(fragment, HoursReason.NO_TIMES)
    starts = _readings(match, "", bool(match["to_half"]))
    ends = _readings(match, "to_", bool(match["half"]))
    if not starts or not ends:
        raise UnreadableHours(fragment, HoursReason.BAD_TIME)
    return Token(at, fragment, span=_choose(fragment, match, starts, ends)), match.end()


def _readings(match: re.Match[str], prefix: str, halves: bool) -> list[int]:
    """The minutes that a time can mean: two where only the other end of its span says am or pm."""
    if word := match[prefix + "word"]:
        return [DAY_MINUTES if prefix and not MIDDAYS[word] else MIDDAYS[word]]
    hour, minute, half = int(match[prefix + "hour"]), int(match[prefix + "minute"] or 0), match[prefix + "half"]
    if minute > 59:
        return []
    if half or (halves and 1 <= hour <= 12):
        if not 1 <= hour <= 12:
            return []
        morning = hour % 12 * 60 + minute
        both = {"a": morning, "p": morning + 720}
        found = [both[half]] if half else list(both.values())
        return [DAY_MINUTES if prefix and not each else each for each in found]
    total = hour * 60 + minute
    return [total] if total < DAY_MINUTES or (prefix and total == DAY_MINUTES) else []


def _choose(fragment: str, match: re.Match[str], starts: list[int], ends: list[int]) -> Span:
    """The span that is meant: with am or pm at one end, the shortest that runs forward."""
    spans = [(start, end) for start in starts for end in ends if start < end]
    if _sounds_like_afternoon(match) or (len(starts) > 1 and ends == [DAY_MINUTES]):
        raise UnreadableHours(fragment, HoursReason.AMBIGUOUS_TIME)
    if not spans:
        raise UnreadableHours(fragment, HoursReason.BACKWARDS)
    return min(spans, key=lambda span: span[1] - span[0])


def _sounds_like_afternoon(match: re.Match[str]) -> bool:
    """ "9-5" and "2-5": hours of a clock face. "02-05", "2am-5am" and "14-17" leave no doubt."""
    if not (match["hour"] and match["to_hour"]) or match["half"] or match["to_half"]:
        return False
    start, end = int(match["hour"]), int(match["to_hour"])
    face = 1 <= start <= 12 and 1 <= end <= 12 and not match["hour"].startswith("0")
    return face and (end < start or start < 6)


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
    if first in WEEKDAYS and not last:
        return Token(at, clause[at:end], weekdays=(WEEKDAYS[first],)), end
    if first in _GROUPS:
        return Token(at, clause[at:end], weekdays=tuple(_GROUPS[first])), end
    if first in _OFF:
        return Token(at, clause[at:end]), end
    wrong = match.end() if first in WEEKDAYS else end
    raise UnreadableHours(clause[at:wrong], HoursReason.UNKNOWN_WORD)
