"""Hours as a line of text: "mon-thu 9-12,14-17; fri 9:30-13; off 24-26 dec"."""

from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from bot.domain.spans import HoursChange


class HoursReason(StrEnum):
    EMPTY = "empty"  # nothing was said
    NO_DAY = "no_day"  # times without a day
    NO_TIMES = "no_times"  # a day without times or "off"
    UNKNOWN_WORD = "unknown_word"
    BAD_TIME = "bad_time"  # no such time of day: 25:00, 9:75
    BAD_DATE = "bad_date"  # no such date: 31 feb
    BACKWARDS = "backwards"  # ends before it starts; hours over midnight are two spans
    AMBIGUOUS_TIME = "ambiguous_time"  # "9-5": 9-17 or 9 to 5 in the morning
    AMBIGUOUS_DATE = "ambiguous_date"  # "3/4": April or March
    OVERLAP = "overlap"  # spans of one day overlap
    TWICE = "twice"  # one day is given twice with different hours
    PAST_DATE = "past_date"
    TOO_MANY_DAYS = "too_many_days"


@dataclass(frozen=True, slots=True)
class HoursError:
    """`fragment` is the piece of the line that was not understood, as it was typed."""

    fragment: str
    reason: HoursReason


def parse_hours(line: str, today: date) -> HoursChange | HoursError:
    """Read a line of hours. `today` is the coach's local date: a date without a year is its next occurrence.

    Clauses end with ";" or a line break; each names days or dates and then spans or "off".
    Weekdays and months are English or German. Limits: 2000 characters, 366 dates.
    """
    raise NotImplementedError


def print_hours(change: HoursChange) -> str:
    """The change as a line that `parse_hours` reads back to an equal change, days of equal hours together."""
    raise NotImplementedError
