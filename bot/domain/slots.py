"""Free slots. What is offered and what may be booked come from the same function, `_Search.starts_on`.

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

from bisect import bisect_right
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from bot.domain.offsets import DAY_S, EPOCH_DAY, first_instant, local_day, segment
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


class Reason(StrEnum):
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
    search = _Search.of(schedule, rules, busy, now)
    found: list[int] = []
    for day in range(max(first.toordinal(), search.today), min(last.toordinal(), search.horizon) + 1):
        found += search.starts_on(day)
    return found


def is_free(
    schedule: Schedule, rules: OfferRules, busy: Sequence[Busy], now: int, start: int
) -> Reason | None:
    """None exactly when `free_slots` offers `start`; otherwise the first reason against it."""
    search = _Search.of(schedule, rules, busy, now)
    day = local_day(schedule.zone, start)
    # Clocks that go back over midnight give a day's first instants the date of the day before.
    days = [each for each in (day, day + 1) if search.today <= each <= search.horizon]
    if any(start in search.starts_on(each) for each in days):
        return None
    return search.reason_against(start, day)


def next_free(
    schedule: Schedule, rules: OfferRules, busy: Sequence[Busy], now: int, after: date
) -> int | None:
    """The first free start on a coach-local date later than `after`, up to the horizon."""
    search = _Search.of(schedule, rules, busy, now)
    for day in range(max(after.toordinal() + 1, search.today), search.horizon + 1):
        if starts := search.starts_on(day):
            return starts[0]
    return None


def count_by_day(slots: Iterable[int], zone: str) -> dict[date, int]:
    """How many slots start on each date of the reader's calendar, in order; other dates are absent."""
    counts = Counter(local_day(zone, slot) for slot in slots)
    return {date.fromordinal(day): counts[day] for day in sorted(counts)}


@dataclass(slots=True)
class _Search:
    """One question, prepared: days are ordinals, everything else epoch seconds."""

    schedule: Schedule
    rules: OfferRules
    busy: Sequence[Busy]
    now: int
    earliest: int
    today: int
    horizon: int
    closed: list[tuple[int, int]]  # no session may start between these, bounds excluded; sorted, disjoint
    closed_ends: list[int]
    per_day: Counter[int]
    per_week: Counter[int]
    steady: tuple[int, int, int] = (0, 0, 0)  # the stretch of one offset that the last day lay in

    @classmethod
    def of(cls, schedule: Schedule, rules: OfferRules, busy: Sequence[Busy], now: int) -> "_Search":
        today = local_day(schedule.zone, now)
        closed = _closed(rules, busy)
        days = [local_day(schedule.zone, each.starts) for each in busy if each.counts]
        return cls(
            schedule=schedule,
            rules=rules,
            busy=busy,
            now=now,
            earliest=now + rules.notice_min * 60,
            today=today,
            horizon=today + rules.horizon_days,
            closed=closed,
            closed_ends=[end for _, end in closed],
            per_day=Counter(days),
            per_week=Counter(map(_week, days)),
        )

    def starts_on(self, day: int) -> list[int]:
        """The free starts of one day's spans: the function behind everything that is offered or booked."""
        if self.cap_reached(day):
            return []
        length, step = self.rules.length_min * 60, self.rules.step_min * 60
        found: list[int] = []
        for opens, closes in self.spans_on(day):
            last = closes - length
            start = _on_step(opens, self.earliest, step)
            at = bisect_right(self.closed_ends, start)
            while start <= last:
                until, resume = self.closed[at] if at < len(self.closed) else (last, last)
                found += range(start, min(until, last) + 1, step)
                if until >= last:
                    break
                start = _on_step(opens, resume, step)
                at += 1
        return found

    def spans_on(self, day: int) -> list[tuple[int, int]]:
        """The day's hours as instants."""
        zone = self.schedule.zone
        spans = self.schedule.on(date.fromordinal(day))
        if not spans:
            return []
        since, until, offset = self.steady
        midnight = (day - EPOCH_DAY) * DAY_S - offset
        # A day and more away from any change, every bound lies at the same offset.
        if since + DAY_S <= midnight < until - 2 * DAY_S:
            return [(midnight + opens * 60, midnight + closes * 60) for opens, closes in spans]
        self.steady = segment(zone, midnight)
        return [
            (first_instant(zone, day, opens), first_instant(zone, day, closes)) for opens, closes in spans
        ]

    def cap_reached(self, day: int) -> Reason | None:
        daily, weekly = self.rules.daily_cap, self.rules.weekly_cap
        if daily is not None and self.per_day[day] >= daily:
            return Reason.DAY_FULL
        if weekly is not None and self.per_week[_week(day)] >= weekly:
            return Reason.WEEK_FULL
        return None

    def reason_against(self, start: int, day: int) -> Reason:
        """Why `starts_on` leaves `start` out. It only explains: what is free was decided there."""
        if start < self.earliest:
            return Reason.PAST if start < self.now else Reason.NOTICE
        if day > self.horizon:
            return Reason.HORIZON
        end = start + self.rules.length_min * 60
        spans = [*self.spans_on(day), *self.spans_on(day + 1)]
        if not any(opens <= start and end <= closes for opens, closes in spans):
            return Reason.OUTSIDE_HOURS
        return self.clash(start, end) or self.cap_reached(day) or Reason.OFF_STEP

    def clash(self, start: int, end: int) -> Reason | None:
        if any(each.starts < end and start < each.ends for each in self.busy):
            return Reason.TAKEN
        if any(lower < start < upper for lower, upper in self.closed):
            return Reason.BUFFER
        return None


def _closed(rules: OfferRules, busy: Sequence[Busy]) -> list[tuple[int, int]]:
    """Between which instants, themselves excluded, a session under `rules` may not start."""
    length, before, after = rules.length_min * 60, rules.buffer_before_min * 60, rules.buffer_after_min * 60
    around = sorted(
        (
            each.starts - max(after, each.buffer_before_s) - length,
            each.ends + max(before, each.buffer_after_s),
        )
        for each in busy
    )
    result: list[tuple[int, int]] = []
    for lower, upper in around:
        if result and lower < result[-1][1]:
            result[-1] = (result[-1][0], max(upper, result[-1][1]))
        else:
            result.append((lower, upper))
    return result


def _on_step(opens: int, earliest: int, step: int) -> int:
    """The first instant of the grid that begins at `opens` which is not before `earliest`."""
    return opens + max(0, -((opens - earliest) // step)) * step


def _week(day: int) -> int:
    """A number for the ISO week: ordinal 1 is a Monday."""
    return (day - 1) // 7
