"""Slots found the slow way: minute by minute, by `zoneinfo` alone, from the rules as they are written down."""

from array import array
from collections.abc import Sequence
from datetime import UTC, date, datetime, timedelta
from functools import lru_cache
from zoneinfo import ZoneInfo

from bot.domain.calendar.schedule import Schedule
from bot.domain.calendar.slots import Busy, OfferRules

_MINUTE = timedelta(minutes=1)
_EPOCH = datetime(1970, 1, 1)


@lru_cache(maxsize=256)
def clock_readings(zone: str, day: date) -> tuple[int, Sequence[int]]:
    """An instant, and what the zone's clock shows at each minute from there: a day before `day` to two days after.

    Readings are minutes since the beginning of 1970 on that clock.
    """
    info = ZoneInfo(zone)
    first = at = datetime(day.year, day.month, day.day, tzinfo=UTC) - timedelta(days=1)
    readings = array("q")
    for _ in range(4 * 1440):
        readings.append((at.astimezone(info).replace(tzinfo=None) - _EPOCH) // _MINUTE)
        at += _MINUTE
    return int(first.timestamp()), readings


def reached(zone: str, day: date, minute: int) -> int:
    """The first instant at which the clock shows the time of day, or a later one."""
    wanted = (datetime(day.year, day.month, day.day) - _EPOCH) // _MINUTE + minute
    first, readings = clock_readings(zone, day)
    return first + 60 * next(number for number, shown in enumerate(readings) if shown >= wanted)


def local_date(zone: str, instant: int) -> date:
    return datetime.fromtimestamp(instant, ZoneInfo(zone)).date()


def slow_slots(
    schedule: Schedule, rules: OfferRules, busy: Sequence[Busy], now: int, first: date, last: date
) -> list[int]:
    found = set()
    today = local_date(schedule.zone, now)
    starts = [local_date(schedule.zone, each.starts) for each in busy if each.counts]
    day = first
    while day <= last:
        in_week = sum(each.isocalendar()[:2] == day.isocalendar()[:2] for each in starts)
        full = (rules.daily_cap is not None and starts.count(day) >= rules.daily_cap) or (
            rules.weekly_cap is not None and in_week >= rules.weekly_cap
        )
        if not full and today <= day <= today + timedelta(days=rules.horizon_days):
            for opens, closes in schedule.days.get(day, schedule.weekly[day.weekday()]):
                begin, end = reached(schedule.zone, day, opens), reached(schedule.zone, day, closes)
                for at in range(begin, end, 60):
                    on_step = (at - begin) // 60 % rules.step_min == 0
                    if on_step and at + rules.length_min * 60 <= end and _fits(at, rules, busy, now):
                        found.add(at)
        day += timedelta(days=1)
    return sorted(found)


def _fits(at: int, rules: OfferRules, busy: Sequence[Busy], now: int) -> bool:
    end = at + rules.length_min * 60
    for each in busy:
        if each.starts >= end:
            gap, needed = each.starts - end, max(rules.buffer_after_min * 60, each.buffer_before_s)
        elif each.ends <= at:
            gap, needed = at - each.ends, max(rules.buffer_before_min * 60, each.buffer_after_s)
        else:
            return False
        if gap < needed:
            return False
    return at - now >= rules.notice_min * 60
