"""Why a stretch of time has no free start, by asking again with one hindrance after the other taken away."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import date

from bot.domain.calendar.offsets import DAY_S, local_day
from bot.domain.calendar.schedule import Schedule
from bot.domain.calendar.slots import Busy, OfferRules, Reason, free_slots

NEAREST_FIRST = (
    Reason.TAKEN, Reason.DAY_FULL, Reason.WEEK_FULL, Reason.NOTICE, Reason.PAST, Reason.HORIZON,
    Reason.OUTSIDE_HOURS, Reason.DAY_OFF,
)  # fmt: skip
"""Of several coaches' reasons the first one here is told: it was nearest to a free time."""

NO_HORIZON = 100_000


def why_none(schedule: Schedule, rules: OfferRules, busy: Sequence[Busy], now: int, since: int, until: int) -> Reason:
    """Why nothing is free in [since, until), epoch seconds; ask only then. `busy` and `now` as for `free_slots`."""
    # A clock that goes back over midnight gives instants of one day the date of the day before.
    first, last = local_day(schedule.zone, since), local_day(schedule.zone, until - 1) + 1

    def some(those: OfferRules, busy: Sequence[Busy] = (), now: int = now) -> bool:
        found = free_slots(schedule, those, busy, now, date.fromordinal(first), date.fromordinal(last))
        return any(since <= start < until for start in found)

    uncapped = replace(rules, daily_cap=None, weekly_cap=None)
    if some(uncapped):
        if some(replace(rules, daily_cap=None), busy):
            return Reason.DAY_FULL
        return Reason.WEEK_FULL if some(uncapped, busy) else Reason.TAKEN
    if until <= now:
        return Reason.PAST
    if some(replace(uncapped, notice_min=0)):
        return Reason.NOTICE
    if some(replace(uncapped, notice_min=0, horizon_days=NO_HORIZON), now=since - DAY_S):
        return Reason.HORIZON if since > now else Reason.PAST
    hours = any(schedule.on(date.fromordinal(day)) for day in range(first, last))
    return Reason.OUTSIDE_HOURS if hours else Reason.DAY_OFF
