"""English and German words and patterns for weekdays, dates and times of day.

Patterns match lower-case text. Both languages are always understood, whatever a person's own is.
"""

import re
from datetime import date
from enum import StrEnum

WEEKDAYS = {
    word: number
    for number, words in enumerate([
        ("monday", "mon", "mondays", "montag", "montags", "mo"),
        ("tuesday", "tue", "tues", "tuesdays", "dienstag", "dienstags", "di"),
        ("wednesday", "wed", "weds", "wednesdays", "mittwoch", "mittwochs", "mi"),
        ("thursday", "thu", "thur", "thurs", "thursdays", "donnerstag", "donnerstags", "do"),
        ("friday", "fri", "fridays", "freitag", "freitags", "fr"),
        ("saturday", "sat", "saturdays", "samstag", "samstags", "sonnabend", "sa"),
        ("sunday", "sun", "sundays", "sonntag", "sonntags", "so"),
    ])
    for word in words
}  # fmt: skip

MONTHS = {
    word: number
    for number, words in enumerate([
        ("january", "jan", "januar", "jänner"),
        ("february", "feb", "februar"),
        ("march", "mar", "märz", "maerz", "mär", "mrz"),
        ("april", "apr"),
        ("may", "mai"),
        ("june", "jun", "juni"),
        ("july", "jul", "juli"),
        ("august", "aug"),
        ("september", "sep", "sept"),
        ("october", "oct", "oktober", "okt"),
        ("november", "nov"),
        ("december", "dec", "dezember", "dez"),
    ], start=1)
    for word in words
}  # fmt: skip

MIDDAYS = {"noon": 720, "midday": 720, "mittag": 720, "mittags": 720, "midnight": 0, "mitternacht": 0}

DASH = r"\s*(?:[-–—−]|\.{2,3}|…|\b(?:to|until|till|bis)\b)\s*"
TODAY = {"today": 0, "heute": 0, "tomorrow": 1, "morgen": 1}
"""Days from today on."""

PARTS = {
    "morning": (0, 720), "vormittag": (0, 720), "vormittags": (0, 720), "afternoon": (720, 1080),
    "nachmittag": (720, 1080), "nachmittags": (720, 1080), "evening": (1080, 1440), "abend": (1080, 1440),
    "abends": (1080, 1440),
}  # fmt: skip
"""What a part of the day closes, in minutes; nobody offers hours by it."""

NEXT = ("next", "coming", "nächste", "nächsten", "nächster", "kommende", "kommenden", "kommender")
THIS = ("this", "diese", "diesen", "dieser")
WEEK = ("week", "woche")

_MONTH = rf"(?:{'|'.join(sorted(MONTHS, key=len, reverse=True))})\b\.?"
_NTH = r"(?:st\b|nd\b|rd\b|th\b)?"

DATE = re.compile(
    r"(?P<iso>\d{4}-\d{1,2}-\d{1,2})(?!\d)"
    r"|(?P<dotted>\d{1,2}\.\s?\d{1,2}\.(?:\s?\d{4}(?!\d))?)"
    r"|(?P<slashed>\d{1,2}/\d{1,2}(?:/\d{4})?)(?![\d/])"
    rf"|(?P<day_month>\d{{1,2}}(?:{_NTH}|\.)\s*(?:of\s+)?{_MONTH}(?:\s+20\d\d\b)?)"
    rf"|(?P<month_day>{_MONTH}\s*\d{{1,2}}{_NTH}(?![\d:.]|\s*[ap]\.?m\b)(?:,?\s+20\d\d\b)?)"
)
FIRST_DAY = re.compile(rf"(?P<day>\d{{1,2}})(?:{_NTH}|\.)(?:{DASH})")
"""The "24-" of "24-26 dec" and of "24.-26.12."."""
LAST_DAY = re.compile(rf"(?:{DASH})(?P<day>\d{{1,2}}){_NTH}(?![\d:./]|\s*(?:[ap]\.?m\b|{_MONTH}))")
"""The "-26" of "dec 24-26"."""

TIME = re.compile(
    r"(?:(?P<hour>\d{1,2})(?:[:.h](?P<minute>\d{2}))?(?!\d)(?:\s*(?P<half>[ap])\.?m\b\.?|\s*(?P<full>uhr\b|h\b))?"
    rf"|(?P<word>{'|'.join(MIDDAYS)})\b)"
)


class DateFault(StrEnum):
    BAD = "bad"
    AMBIGUOUS = "ambiguous"


def read_date(match: re.Match[str], not_before: date) -> date | DateFault:
    """The date of a match of `DATE`; one without a year is its first occurrence from `not_before` on."""
    numbers = [int(number) for number in re.findall(r"\d+", match[0])]
    month = next((MONTHS[word] for word in re.findall(r"[^\W\d]+", match[0]) if word in MONTHS), None)
    if match["iso"]:
        year, month, day = numbers
        return _date(year, month, day, not_before)
    year = numbers.pop() if numbers[-1] > 999 else 0
    if match["slashed"]:
        return _slashed(numbers[0], numbers[1], year, not_before)
    return _date(year, month or numbers[1], numbers[0], not_before)


def _slashed(one: int, other: int, year: int, not_before: date) -> date | DateFault:
    """Month first in America, day first elsewhere: only a number above 12 tells which."""
    if one <= 12 and other <= 12 and one != other:
        return DateFault.AMBIGUOUS
    return _date(year, min(one, other), max(one, other), not_before)


def _date(year: int, month: int, day: int, not_before: date) -> date | DateFault:
    for candidate in [year] if year else [not_before.year, not_before.year + 1]:
        try:
            found = date(candidate, month, day)
        except ValueError:
            continue
        if year or found >= not_before:
            return found
    return DateFault.BAD
