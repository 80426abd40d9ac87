"""Reads a day or a time typed while days or times are shown: it belongs to what is booked or moved there."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

from bot.chat.address import READERS
from bot.chat.turn import Turn
from bot.domain.calendar.local_dates import day_of
from bot.domain.calendar.typed_when import When
from bot.handlers.bookings import time_pages
from bot.handlers.bookings.time_pages import TimePages

BOOKING = ("days", "times", "review", "clock", "soonest")
CHANGING = {"move": time_pages.of_move, "reclock": time_pages.of_move, "propose": time_pages.of_proposal}


@dataclass(frozen=True)
class Spot:
    """`day` is the one shown, on the reader's calendar."""

    day: date | None
    pages: TimePages


def lead(turn: Turn, when: When) -> str | None:
    """The address that typed words mean on a page of days or times; None on any other page."""
    zone = turn.person.zone
    spot = None if zone is None else spot_of(turn.stands, zone)
    if spot is None or zone is None:
        return None
    if when.at is None:
        if when.first is None:
            return None
        return spot.pages.on(when.first) if when.day else spot.pages.since(when.first)
    if when.first is not None and when.day is None:
        return spot.pages.since(when.first)
    day = when.day or spot.day or day_of(turn.now, zone)
    at = datetime.combine(day, when.at, ZoneInfo(zone))
    if when.day is None and at <= turn.now:
        at += timedelta(days=1)
    return spot.pages.at(at)


def spot_of(stands: str, zone: str) -> Spot | None:
    head, *rest = stands.split("/")
    if head in BOOKING and len(rest) >= 2 and rest[0].isdigit() and rest[1].isdigit():
        return Spot(_day(rest[2:], zone), time_pages.of_booking(int(rest[0]), int(rest[1])))
    if head in CHANGING and rest and rest[0].isdigit():
        return Spot(_day(rest[1:], zone), CHANGING[head](int(rest[0])))
    return None


def _day(segments: Sequence[str], zone: str) -> date | None:
    for segment in segments:
        day, at = READERS["day"](segment), READERS["instant"](segment)
        if isinstance(day, date):
            return day
        if isinstance(at, datetime):
            return day_of(at, zone)
    return None
