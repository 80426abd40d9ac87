"""216 practices around every change of the clocks of nine zones, and what their clients should read."""

from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime, timedelta
from itertools import product
from zoneinfo import ZoneInfo

from bot.domain.calendar.offsets import clocks, local_day
from bot.domain.calendar.schedule import Schedule
from bot.domain.calendar.slots import Busy, OfferRules, by_day, free_slots
from bot.domain.calendar.spans import Spans, week
from tests.domain.calendar.oracle import slow_slots

HOUR = 3600
VIEWERS = ("Europe/Berlin", "America/New_York", "Asia/Kolkata", "Australia/Lord_Howe", "Pacific/Kiritimati")

CHANGES = {
    "America/New_York": ("2026-03-08T07:00Z", "2026-11-01T06:00Z"),
    "Europe/Berlin": ("2026-03-29T01:00Z", "2026-10-25T01:00Z"),
    "Australia/Lord_Howe": ("2026-04-04T15:00Z", "2026-10-03T15:30Z"),  # by half an hour
    "Asia/Kathmandu": ("2026-03-29T01:00Z", "2026-10-25T01:00Z"),  # the viewers' changes; it has none
    "Africa/Casablanca": ("2026-02-15T02:00Z", "2026-03-22T02:00Z"),  # back for Ramadan
    "Africa/Cairo": ("2026-04-23T22:00Z", "2026-10-29T21:00Z"),  # at midnight
    "America/Santiago": ("2026-04-05T03:00Z", "2026-09-06T04:00Z"),  # at midnight
    "America/Havana": ("2026-03-08T05:00Z", "2026-11-01T05:00Z"),  # over midnight
    "Pacific/Chatham": ("2026-04-04T14:00Z", "2026-09-26T14:00Z"),  # at 2:45
}
"""Of 2026: when the clocks go forward or back, whichever comes first."""

NIGHT: Spans = ((0, 75), (90, 105), (110, 150), (155, 310), (1380, 1440))
OFFICE: Spans = ((540, 720), (780, 1020))
HOURS: tuple[tuple[Spans, ...], ...] = (
    (OFFICE,) * 5 + ((), ()),
    (NIGHT,) * 7,
    (((0, 1440),),) * 7,
    (((30, 150),), ((150, 180), (1410, 1440)), OFFICE, (), ((0, 30), (125, 175)), ((60, 180),), ((145, 600),)),
)
"""Among them spans that begin, end or lie inside of what a change skips or repeats."""

RULES = (
    OfferRules(50, 15, 10, 10, notice_min=240),
    OfferRules(30, 30, 0, 15, notice_min=0, daily_cap=3),
    OfferRules(60, 25, 20, 5, notice_min=720, weekly_cap=8),
)
NOWS = (timedelta(hours=-31, minutes=7), timedelta(minutes=-20))
"""The day before a change, and a moment before it."""


@dataclass(frozen=True)
class Workload:
    name: str
    schedule: Schedule
    rules: OfferRules
    busy: list[Busy]
    now: int

    def found(self, days: int) -> tuple[list[int], dict[str, dict[date, list[str]]]]:
        """The product's starts of today and `days` more, and how each viewer reads them."""
        first = date.fromordinal(local_day(self.schedule.zone, self.now))
        rules = replace(self.rules, horizon_days=days)
        slots = free_slots(self.schedule, rules, self.busy, self.now, first, first + timedelta(days=days))
        read = {
            viewer: {day: clocks(viewer, starts) for day, starts in by_day(slots, viewer).items()} for viewer in VIEWERS
        }
        return slots, read

    def expected(self, days: int) -> tuple[list[int], dict[str, dict[date, list[str]]]]:
        """The same, minute by minute."""
        first = datetime.fromtimestamp(self.now, ZoneInfo(self.schedule.zone)).date()
        rules = replace(self.rules, horizon_days=days)
        slots = slow_slots(self.schedule, rules, self.busy, self.now, first, first + timedelta(days=days))
        return slots, {viewer: _read(slots, viewer) for viewer in VIEWERS}


def workloads() -> Iterator[Workload]:
    for number, ((zone, changes), weekly, rules) in enumerate(product(CHANGES.items(), HOURS, RULES)):
        for change in changes:
            at = datetime.fromisoformat(change)
            yield _workload(zone, weekly, rules, at, int((at + NOWS[number % 2]).timestamp()))


def _workload(zone: str, weekly: tuple[Spans, ...], rules: OfferRules, change: datetime, now: int) -> Workload:
    day = change.astimezone(ZoneInfo(zone)).date()
    days: dict[date, Spans] = {
        day + timedelta(days=1): (),
        day + timedelta(days=2): ((0, 180), (600, 660)),
        day + timedelta(days=40): NIGHT,
    }
    at = int(change.timestamp()) // 300 * 300
    busy = [
        Busy(at - 2 * HOUR, at - 2 * HOUR + 1800, True, 600, 900),
        Busy(at + 1800, at + 3 * HOUR, False),
        *(
            Busy(at + number * 37 * HOUR, at + number * 37 * HOUR + 3000, True, 600, number % 3 * 300)
            for number in range(1, 90)
        ),
    ]
    name = f"{zone} {HOURS.index(weekly)} {RULES.index(rules)} {datetime.fromtimestamp(now, UTC):%m-%d %H:%M}"
    return Workload(name, Schedule(zone, week(weekly), days), rules, busy, now)


def _read(slots: list[int], viewer: str) -> dict[date, list[str]]:
    zone = ZoneInfo(viewer)
    days: dict[date, list[str]] = {}
    for slot in slots:
        shown = datetime.fromtimestamp(slot, zone)
        days.setdefault(shown.date(), []).append(f"{shown:%H:%M}")
    return days
