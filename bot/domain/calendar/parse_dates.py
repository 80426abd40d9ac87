"""Dates in a line of hours: "24 dec", "24-26 dec", "2027-08-03..2027-08-17", "tomorrow", "next week"."""

import re
from dataclasses import dataclass
from datetime import date, timedelta

from bot.domain.calendar.date_words import (
    DASH,
    DATE,
    FIRST_DAY,
    LAST_DAY,
    NEXT,
    PARTS,
    THIS,
    TODAY,
    WEEK,
    WEEKDAYS,
    DateFault,
    read_date,
)
from bot.domain.calendar.spans import HoursReason
from bot.domain.calendar.unreadable import UnreadableHours

MAX_DATES = 366

_DASH = re.compile(DASH)
_TODAY = re.compile(rf"(?P<day>{'|'.join(TODAY)})\b(?:['’]s\b)?")
_NEXT = re.compile(rf"(?:(?P<next>{'|'.join(NEXT)})|{'|'.join(THIS)})\s+(?P<word>[^\W\d_]+)")


@dataclass(frozen=True, slots=True)
class Dates:
    """Dates in a row; `end` is where their words end. `whole_week`: they were named as a week."""

    dates: tuple[date, ...]
    end: int
    whole_week: bool = False


def dates_at(clause: str, text: str, at: int, today: date) -> Dates | None:
    """The date or range of dates that begins at `at`. Raises `UnreadableHours`."""
    lead = FIRST_DAY.match(text, at)
    match = DATE.match(text, lead.end()) if lead else None
    if lead and match and (match["day_month"] or match["dotted"]):
        last = _read(clause, match, today)
        end = match.end()
        first = _same_month(clause[at:end], last, int(lead["day"]))
    elif match := DATE.match(text, at):
        first = last = _read(clause, match, today)
        end = match.end()
        dash = _DASH.match(text, end)
        tail = LAST_DAY.match(text, end) if match["month_day"] else None
        if dash and (match := DATE.match(text, dash.end())):
            end, last = match.end(), _read(clause, match, max(first, today))
        elif tail:
            end = tail.end()
            last = _same_month(clause[at:end], first, int(tail["day"]))
    else:
        return None
    return Dates(_range(clause[at:end], first, last, today), end)


def words_for_dates(clause: str, text: str, at: int, today: date) -> Dates | None:
    """ "tomorrow", "next week", "this friday"; None where no such words begin."""
    if match := _TODAY.match(text, at):
        return Dates((today + timedelta(days=TODAY[match["day"]]),), match.end())
    match = _NEXT.match(text, at)
    if match is None:
        return None
    following, word = bool(match["next"]), match["word"]
    if word in WEEK:
        monday = today - timedelta(days=today.weekday()) + timedelta(weeks=1 if following else 0)
        week = tuple(monday + timedelta(days=number) for number in range(7))
        return Dates(tuple(day for day in week if day >= today), match.end(), whole_week=True)
    if word in WEEKDAYS:
        ahead = (WEEKDAYS[word] - today.weekday()) % 7
        return Dates((today + timedelta(days=ahead or (7 if following else 0)),), match.end())
    if word in PARTS and not following:  # "this afternoon": of today, and the part is read by itself
        return Dates((today,), match.start("word"))
    raise UnreadableHours(clause[at : match.end()], HoursReason.UNKNOWN_WORD)


def _read(clause: str, match: re.Match[str], not_before: date) -> date:
    found = read_date(match, not_before)
    if not isinstance(found, DateFault):
        return found
    fragment = clause[match.start() : match.end()]
    if found is DateFault.BAD:
        raise UnreadableHours(fragment, HoursReason.BAD_DATE)
    one, other = re.findall(r"\d+", fragment)[:2]
    both = (f"{one}.{other}.", f"{other}.{one}.")
    raise UnreadableHours(fragment, HoursReason.AMBIGUOUS_DATE, both)


def _same_month(fragment: str, other: date, day: int) -> date:
    try:
        return other.replace(day=day)
    except ValueError:
        raise UnreadableHours(fragment, HoursReason.BAD_DATE) from None


def _range(fragment: str, first: date, last: date, today: date) -> tuple[date, ...]:
    if last < first:
        raise UnreadableHours(fragment, HoursReason.BACKWARDS, (print_dates(last, first),))
    if last < today:
        raise UnreadableHours(fragment, HoursReason.PAST_DATE, _a_year_on(first, last, today))
    first = max(first, today)
    count = (last - first).days + 1
    if count > MAX_DATES:
        raise UnreadableHours(fragment, HoursReason.TOO_MANY_DAYS)
    return tuple(first + timedelta(days=number) for number in range(count))


def _a_year_on(first: date, last: date, today: date) -> tuple[str, ...]:
    """The same dates when they come next; none for 29 February."""
    years = next((years for years in (1, 2) if last.year + years >= today.year), 0)
    try:
        later = [day.replace(year=day.year + years) for day in (first, last)]
    except ValueError:
        return ()
    return (print_dates(*later),) if years and later[1] >= today else ()


def print_dates(first: date, last: date) -> str:
    """As a line of hours has them: one date, or the first and the last of a range."""
    return first.isoformat() if first == last else f"{first.isoformat()} - {last.isoformat()}"
