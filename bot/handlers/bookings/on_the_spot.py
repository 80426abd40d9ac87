"""Reads a day or a time typed while days or times are shown: it belongs to what is booked or moved there."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

from bot.chat.address import READERS, address
from bot.chat.turn import Turn
from bot.domain.calendar.local_dates import day_of
from bot.domain.calendar.typed_when import When

BOOKING = ("days", "times", "review", "clock", "soonest")
CHANGING = {"move": "move", "reclock": "move", "propose": "propose"}


@dataclass(frozen=True)
class Spot:
    """`day` is the one shown, on the reader's calendar; `head` names the booking that gets another time."""

    day: date | None
    offer: int = 0
    coach: int = 0
    head: tuple[str, int] | None = None

    def on(self, day: date) -> str:
        return address("times", self.offer, self.coach, day) if self.head is None else address(*self.head, day)

    def since(self, day: date) -> str:
        if self.head is None:
            return address("days", self.offer, self.coach, day)
        return address(*self.head, "from", day)

    def at(self, at: datetime) -> str:
        return address("review", self.offer, self.coach, at) if self.head is None else address(*self.head, at)


def lead(turn: Turn, when: When) -> str | None:
    """The address of what was said, among the days and times that the chat shows; None elsewhere."""
    zone = turn.person.zone
    spot = None if zone is None else spot_of(turn.stands, zone)
    if spot is None or zone is None:
        return None
    if when.at is None:
        if when.first is None:
            return None
        return spot.on(when.first) if when.day else spot.since(when.first)
    if when.first is not None and when.day is None:
        return spot.since(when.first)
    day = when.day or spot.day or day_of(turn.now, zone)
    at = datetime.combine(day, when.at, ZoneInfo(zone))
    if when.day is None and at <= turn.now:
        at += timedelta(days=1)
    return spot.at(at)


def spot_of(stands: str, zone: str) -> Spot | None:
    head, *rest = stands.split("/")
    if head in BOOKING and len(rest) >= 2 and rest[0].isdigit() and rest[1].isdigit():
        return Spot(_day(rest[2:], zone), offer=int(rest[0]), coach=int(rest[1]))
    if head in CHANGING and rest and rest[0].isdigit():
        return Spot(_day(rest[1:], zone), head=(CHANGING[head], int(rest[0])))
    return None


def _day(segments: Sequence[str], zone: str) -> date | None:
    for segment in segments:
        day, at = READERS["day"](segment), READERS["instant"](segment)
        if isinstance(day, date):
            return day
        if isinstance(at, datetime):
            return day_of(at, zone)
    return None
