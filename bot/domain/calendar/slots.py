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

from bisect import bisect_left, bisect_right
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum

from bot.domain.calendar.offsets import DAY_S, EPOCH_DAY, first_instant, local_day, segment
from bot.domain.calendar.schedule import Schedule
from bot.domain.calendar.spans import Spans


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


@dataclass(frozen=True)
class FreeTime:
    """`coach_id`: who would take it; with any coach, the one with the fewest sessions that week."""

    starts: datetime
    coach_id: int


class Reason(StrEnum):
    PAST = "past"
    NOTICE = "notice"
    HORIZON = "horizon"
    DAY_OFF = "day_off"
    OUTSIDE_HOURS = "outside_hours"
    OFF_STEP = "off_step"
    TAKEN = "taken"
    BUFFER = "buffer"
    DAY_FULL = "day_full"
    WEEK_FULL = "week_full"
    SAME = "same"  # of a move: the session is at that time already


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


def is_free(schedule: Schedule, rules: OfferRules, busy: Sequence[Busy], now: int, start: int) -> Reason | None:
    """None exactly when `free_slots` offers `start`; otherwise the first reason against it."""
    search = _Search.of(schedule, rules, busy, now)
    day = local_day(schedule.zone, start)
    # Clocks that go back over midnight give a day's first instants the date of the day before.
    days = [each for each in (day, day + 1) if search.today <= each <= search.horizon]
    if any(start in search.starts_on(each) for each in days):
        return None
    return search.reason_against(start, day)


def next_free(schedule: Schedule, rules: OfferRules, busy: Sequence[Busy], now: int, since: int) -> int | None:
    """The first free start at or after the instant `since`, up to the horizon; `busy` as for `free_slots`."""
    search = _Search.of(schedule, rules, busy, now)
    for day in range(max(local_day(schedule.zone, since), search.today), search.horizon + 1):
        found = search.starts_on(day)
        if found and found[-1] >= since:
            return found[bisect_left(found, since)]
    return None


def by_day(slots: Sequence[int], zone: str) -> dict[date, list[int]]:
    """Sorted slots under the dates of the reader's calendar on which they start; other dates are absent."""
    days: dict[date, list[int]] = {}
    at = 0
    while at < len(slots):
        _, until, offset = segment(zone, slots[at])
        day = (slots[at] + offset) // DAY_S
        end = bisect_left(slots, min((day + 1) * DAY_S - offset, until), at)
        # A clock that goes back over midnight shows a date twice.
        days.setdefault(date.fromordinal(day + EPOCH_DAY), []).extend(slots[at:end])
        at = end
    return days


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
    days: Mapping[int, Spans]  # of the schedule
    closed: list[tuple[int, int]]  # no session may start between these, bounds excluded; sorted, disjoint
    closed_ends: list[int]
    per_day: Counter[int]
    per_week: Counter[int]
    steady: tuple[int, int, int] = (0, 0, 0)  # first and last midnight a day and more away from a change, offset

    @classmethod
    def of(cls, schedule: Schedule, rules: OfferRules, busy: Sequence[Busy], now: int) -> "_Search":
        today = local_day(schedule.zone, now)
        closed = _closed(rules, busy)
        per_day = Counter[int]()
        if rules.daily_cap is not None or rules.weekly_cap is not None:
            per_day.update(local_day(schedule.zone, each.starts) for each in busy if each.counts)
        per_week = Counter[int]()
        for day, count in per_day.items():
            per_week[_week(day)] += count
        return cls(
            schedule=schedule,
            rules=rules,
            busy=busy,
            now=now,
            earliest=now + rules.notice_min * 60,
            today=today,
            horizon=today + rules.horizon_days,
            days={day.toordinal(): spans for day, spans in schedule.days.items()},
            closed=closed,
            closed_ends=[end for _, end in closed],
            per_day=per_day,
            per_week=per_week,
        )

    def starts_on(self, day: int) -> list[int]:
        """The free starts in one day's spans. Everything that is offered or booked is decided here."""
        spans = self.spans_on(day)
        if not spans or self.cap_reached(day):
            return []
        length, step = self.rules.length_min * 60, self.rules.step_min * 60
        closed, earliest = self.closed, self.earliest
        found: list[int] = []
        for opens, closes in spans:
            last = closes - length
            start = opens if opens >= earliest else _on_step(opens, earliest, step)
            at = bisect_right(self.closed_ends, start)
            while start <= last:
                until, resume = closed[at] if at < len(closed) else (last, last)
                if until >= last:
                    found += range(start, last + 1, step)
                    break
                found += range(start, until + 1, step)
                start = _on_step(opens, resume, step)
                at += 1
        return found

    def spans_on(self, day: int) -> list[tuple[int, int]]:
        """The day's hours as instants."""
        spans = self.days.get(day)
        if spans is None:
            spans = self.schedule.weekly[(day - 1) % 7]
        if not spans:
            return []
        first, last, offset = self.steady
        midnight = (day - EPOCH_DAY) * DAY_S - offset
        if first <= midnight <= last:
            return [(midnight + opens * 60, midnight + closes * 60) for opens, closes in spans]
        zone = self.schedule.zone
        since, until, offset = segment(zone, midnight)
        self.steady = since + DAY_S, until - 2 * DAY_S - 1, offset
        return [(first_instant(zone, day, opens), first_instant(zone, day, closes)) for opens, closes in spans]

    def cap_reached(self, day: int) -> Reason | None:
        daily, weekly = self.rules.daily_cap, self.rules.weekly_cap
        if daily is not None and self.per_day[day] >= daily:
            return Reason.DAY_FULL
        if weekly is not None and self.per_week[_week(day)] >= weekly:
            return Reason.WEEK_FULL
        return None

    def reason_against(self, start: int, day: int) -> Reason:
        """Why `starts_on` leaves `start` out. It only explains: what is free was decided there.

        What will never change comes before what another day may bring.
        """
        if start < self.now:
            return Reason.PAST
        end = start + self.rules.length_min * 60
        spans = [*self.spans_on(day), *self.spans_on(day + 1)]
        if not any(opens <= start and end <= closes for opens, closes in spans):
            return Reason.OUTSIDE_HOURS if self.spans_on(day) else Reason.DAY_OFF
        if start < self.earliest:
            return Reason.NOTICE
        if day > self.horizon:
            return Reason.HORIZON
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
    around = []
    for each in busy:
        pause_before = after if after > each.buffer_before_s else each.buffer_before_s
        pause_after = before if before > each.buffer_after_s else each.buffer_after_s
        around.append((each.starts - pause_before - length, each.ends + pause_after))
    around.sort()
    result: list[tuple[int, int]] = []
    upper = 0
    for bounds in around:
        if result and bounds[0] < upper:
            upper = max(upper, bounds[1])
            result[-1] = (result[-1][0], upper)
        else:
            upper = bounds[1]
            result.append(bounds)
    return result


def _on_step(opens: int, earliest: int, step: int) -> int:
    """The first instant of the grid that begins at `opens` which is not before `earliest`."""
    return opens + max(0, -((opens - earliest) // step)) * step


def _week(day: int) -> int:
    """A number for the ISO week: ordinal 1 is a Monday."""
    return (day - 1) // 7
