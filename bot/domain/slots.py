"""Free slots. What is offered and what may be booked come from the same function, `_starts_on`.

The rules of time:
- Hours are bounds on the coach's wall clock: a span opens and closes at the first instant at which that clock
  reaches the bound (`offsets.first_instant`), so a bound that a clock change skips lies at the change, and of
  one that happens twice the first counts.
- Starts advance from a span's first instant in steps of elapsed time; a session needs its elapsed minutes
  within one span of one day. Spans of two days are not joined at midnight.
- Between two sessions lies at least the longer of the earlier one's buffer after and the later one's buffer
  before, not their sum: the coach's pause serves both. Buffers may reach outside of the hours.
- Notice is elapsed time. The horizon is the coach's calendar: `horizon_days` 0 is today alone.
- Caps count sessions by the coach's local date and ISO week of their start.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from bot.domain.schedule import Schedule


@dataclass(frozen=True, slots=True)
class OfferRules:
    """What an offer asks of its slots. Minutes (length and step > 0), days, sessions; None is no cap."""

    length_min: int
    step_min: int
    buffer_before_min: int = 10
    buffer_after_min: int = 10
    notice_min: int = 720
    horizon_days: int = 60
    daily_cap: int | None = None
    weekly_cap: int | None = None


@dataclass(frozen=True, slots=True)
class Busy:
    """A held or confirmed session of the coach, or time blocked elsewhere (then `counts` is False).

    `starts`, `ends`: epoch seconds without buffers; the buffers, in seconds, are those it was booked under.
    """

    starts: int
    ends: int
    counts: bool = True
    buffer_before_s: int = 0
    buffer_after_s: int = 0


class SlotRefusal(StrEnum):
    PAST = "past"
    NOTICE = "notice"
    HORIZON = "horizon"
    OUTSIDE_HOURS = "outside_hours"
    OFF_STEP = "off_step"
    TAKEN = "taken"
    BUFFER = "buffer"
    DAY_FULL = "day_full"
    WEEK_FULL = "week_full"


def free_slots(
    schedule: Schedule, rules: OfferRules, busy: Sequence[Busy], now: int, first: date, last: date
) -> list[int]:
    """Start instants (epoch seconds, sorted) on the coach-local dates `first` to `last`, both included.

    `busy` must hold every session within a week around these dates (buffers and the weekly cap look
    outside of them); to move a session, leave it out.
    """
    raise NotImplementedError


def is_free(
    schedule: Schedule, rules: OfferRules, busy: Sequence[Busy], now: int, start: int
) -> SlotRefusal | None:
    """None exactly when `free_slots` offers `start`; otherwise the first reason against it."""
    raise NotImplementedError


def next_free(
    schedule: Schedule, rules: OfferRules, busy: Sequence[Busy], now: int, after: date
) -> int | None:
    """The first free start on a coach-local date later than `after`, up to the horizon."""
    raise NotImplementedError


def count_by_day(slots: Iterable[int], zone: str) -> dict[date, int]:
    """How many slots start on each date of the reader's calendar; dates without any are absent."""
    raise NotImplementedError
