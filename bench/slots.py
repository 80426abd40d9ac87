"""Free times of 90 and 365 days, grouped by the viewer's dates as HH:MM, beside the tight reference.

Pure computation in this very process, so its own CPU clock measures it; the two take turns within every round.
"""

import time
from collections.abc import Callable
from datetime import date, timedelta
from functools import partial

from bench import reference_slots
from bench.figures import Figure
from bench.reference_slots import Work
from bot.domain.calendar.offsets import clocks, local_day
from bot.domain.calendar.schedule import Schedule
from bot.domain.calendar.slots import Busy, OfferRules, by_day, free_slots
from bot.domain.calendar.spans import week

REPEATS = 21
VIEWER = "Europe/Berlin"
LIMIT = 3.0


async def measure(rounds: int) -> list[Figure]:
    figures = []
    for days in (90, 365):
        for name, dense in (("dense", True), ("sparse", False)):
            work = reference_slots.workload(dense=dense)
            product = prepare(work, days, VIEWER)
            reference = partial(reference_slots.search, work, days, VIEWER)
            if product() != reference():
                raise AssertionError(f"the product and the reference differ over {days} days, {name}")
            mine, theirs = [], []
            for _round in range(rounds):
                mine.append(_cpu_ms(product))
                theirs.append(_cpu_ms(reference))
            words = f"free times of {days} days, {name}, beside the tight reference"
            figures.append(Figure("12", words, mine, theirs, "ms CPU", LIMIT))
    return figures


def search(work: Work, days: int, viewer: str) -> dict[int, list[str]]:
    """What `reference_slots.search` gives, found by the product."""
    return prepare(work, days, viewer)()


def prepare(work: Work, days: int, viewer: str) -> Callable[[], dict[int, list[str]]]:
    """The product's search; the values it starts from are made before, as storage makes them."""
    days_of_own = {date.fromordinal(day): spans for day, spans in work.days.items()}
    schedule = Schedule(work.zone, week(work.weekly), days_of_own)
    rules = OfferRules(work.length, work.step, work.buffer, work.buffer, work.notice, horizon_days=days)
    busy = [Busy(starts, ends, True, work.buffer * 60, work.buffer * 60) for starts, ends in work.busy]
    first = date.fromordinal(local_day(work.zone, work.now))

    def run() -> dict[int, list[str]]:
        slots = free_slots(schedule, rules, busy, work.now, first, first + timedelta(days=days))
        return {day.toordinal(): clocks(viewer, starts) for day, starts in by_day(slots, viewer).items()}

    return run


def _cpu_ms(run: Callable[[], object]) -> float:
    """The median of some runs, after one to warm up."""
    run()
    spent = []
    for _each in range(REPEATS):
        began = time.process_time_ns()
        run()
        spent.append((time.process_time_ns() - began) / 1e6)
    return sorted(spent)[REPEATS // 2]
