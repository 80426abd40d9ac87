"""Days and times that a person typed: "tue 3pm", "morgen 9 Uhr", "next week", "2026-12-01 10:00"."""

import re
from dataclasses import dataclass
from datetime import date, time, timedelta

from bot.domain.calendar.date_words import DATE, MIDDAYS, MONTHS, TIME, WEEKDAYS, DateFault, read_date
from bot.domain.calendar.offsets import local_day

_DAYS_AHEAD = {
    "today": 0, "tonight": 0, "heute": 0, "now": 0, "jetzt": 0,
    "tomorrow": 1, "tmrw": 1, "morgen": 1, "übermorgen": 2, "uebermorgen": 2,
}  # fmt: skip

_GAP = re.compile(r"(?:[\s,;]|\b(?:at|on|um|am|den|der|the|in|im|for|von|gegen|around)\b)*")
_RANGE = re.compile(
    r"(?P<which>this|next|diese[rmns]?|nächste[rmns]?|naechste[rmns]?|kommende[rmns]?)\s+"
    r"(?P<unit>week|woche|month|monat|weekend|wochenende)\b|(?P<weekend>weekend|wochenende)\b"
)
_IN_DAYS = re.compile(r"(?P<count>\d{1,2})\s+(?P<unit>day|tag|week|woche)(?:s|en|e|n)?\b")
_NEXT = re.compile(r"(?:this|next|diese[rmns]?|nächste[rmns]?|kommende[rmns]?)\s+(?=[^\W\d_])")
_WORD = re.compile(r"[^\W\d_]+")
_LATE, _EARLY = "tonight|evening|night|afternoon|abends?|nachts?|nachmittags?", "morning|vormittags?|morgens|früh|frueh"
_PART = re.compile(rf"(?:(?P<this>this|diese[nm]?)\s+)?(?:(?P<late>{_LATE})|(?P<early>{_EARLY}))\b")


@dataclass(frozen=True, slots=True)
class When:
    """What was said, on the person's own calendar and clock.

    `first` and `last` are equal for one day, apart for "next week", and None when only a time was said.
    """

    first: date | None
    last: date | None
    at: time | None

    @property
    def day(self) -> date | None:
        return self.first if self.first == self.last else None


def parse_when(text: str, now: int, zone: str) -> When | None:
    """None when the whole text is no day or time. English and German words; never a day in the past.

    A weekday is its next occurrence, today included; "3/4" is refused because it is two different dates.
    A bare hour from 1 to 6 is in the afternoon; "03:00", "3 Uhr" and "3am" say otherwise. With a part of the day an
    hour lies in it: "tonight at 8" is 20:00.
    """
    text = " ".join(text.lower().split())[:80]
    today = date.fromordinal(local_day(zone, now))
    days: tuple[date, date] | None = None
    said: re.Match[str] | None = None
    part: re.Match[str] | None = None
    position = _skip(text, 0)
    while position < len(text):
        if part is None and (match := _PART.match(text, position)):
            part, end = match, match.end()
            if days is None and (match["this"] or match["late"] == "tonight"):
                days = (today, today)
        elif days is None and (found := _days(text, position, today)):
            days, end = found
        elif said is None and (match := TIME.match(text, position)):
            said, end = match, match.end()
        else:
            return None
        position = _skip(text, end)
    at = None if said is None else _time(said, part)
    if said is not None and at is None:
        return None
    if days is None:
        return When(None, None, at) if at else None
    return When(days[0], days[1], at) if days[1] >= today else None


def _skip(text: str, position: int) -> int:
    match = _GAP.match(text, position)
    return match.end() if match else position


def _days(text: str, position: int, today: date) -> tuple[tuple[date, date], int] | None:
    """First and last day of the words at `position`, and where they end."""
    if match := _RANGE.match(text, position):
        return _range(match, today), match.end()
    if match := _IN_DAYS.match(text, position):
        days = int(match["count"]) * (7 if match["unit"] in {"week", "woche"} else 1)
        day = today + timedelta(days=days)
        return (day, day), match.end()
    if match := DATE.match(text, position):
        found = read_date(match, today)
        return None if isinstance(found, DateFault) else ((found, found), match.end())
    before = _NEXT.match(text, position)
    word = _WORD.match(text, before.end() if before else position)
    if word is None:
        return None
    if before and not before[0].startswith(("this", "dies")) and word[0] in WEEKDAYS:
        return _named(word, today + timedelta(days=1))
    return _weekday_and_date(text, word, today) or _named(word, today)


def _weekday_and_date(text: str, word: re.Match[str], today: date) -> tuple[tuple[date, date], int] | None:
    """ "tue 1 dec": the weekday only confirms the date, and a wrong one leaves nothing understood."""
    match = DATE.match(text, _skip(text, word.end())) if word[0] in WEEKDAYS else None
    found = read_date(match, today) if match else None
    if match is None or not isinstance(found, date) or found.weekday() != WEEKDAYS[word[0]]:
        return None
    return (found, found), match.end()


def _named(word: re.Match[str], today: date) -> tuple[tuple[date, date], int] | None:
    name = word[0]
    if name in _DAYS_AHEAD:
        first = last = today + timedelta(days=_DAYS_AHEAD[name])
    elif name in WEEKDAYS:
        first = last = today + timedelta(days=(WEEKDAYS[name] - today.weekday()) % 7)
    elif name in MONTHS:
        year = today.year + (MONTHS[name] < today.month)
        first, last = _month(year, MONTHS[name])
    else:
        return None
    return (max(first, today), last), word.end()


def _range(match: re.Match[str], today: date) -> tuple[date, date]:
    following = (match["which"] or "").startswith(("next", "n", "komm"))
    unit = match["unit"] or match["weekend"]
    monday = today - timedelta(days=today.weekday())
    if unit in {"month", "monat"}:
        month = today.year * 12 + today.month - 1 + following
        first, last = _month(month // 12, month % 12 + 1)
    elif unit in {"weekend", "wochenende"}:
        # "Next weekend" said on a weekday is the one that comes, as people mean it when they look for times.
        later = 7 if following and today.weekday() >= 5 else 0
        first, last = monday + timedelta(days=5 + later), monday + timedelta(days=6 + later)
    else:
        first = monday + timedelta(days=7 * following)
        last = first + timedelta(days=6)
    return max(first, today), last


def _month(year: int, month: int) -> tuple[date, date]:
    following = date(year + month // 12, month % 12 + 1, 1)
    return date(year, month, 1), following - timedelta(days=1)


def _time(match: re.Match[str], part: re.Match[str] | None) -> time | None:
    if match["word"]:
        return time(MIDDAYS[match["word"]] // 60)
    hour, minute, half = int(match["hour"]), int(match["minute"] or 0), match["half"]
    if half:
        if not 1 <= hour <= 12:
            return None
        hour = hour % 12 + (12 if half == "p" else 0)
    elif part is not None and 1 <= hour <= 11:
        hour += 12 if part["late"] else 0
    elif 1 <= hour <= 6 and not (match["minute"] or match["full"] or match["hour"].startswith("0")):
        hour += 12
    return time(hour, minute) if hour <= 23 and minute <= 59 else None
