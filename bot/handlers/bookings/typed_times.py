"""Answers a typed day, stretch of days or time with what is free then.

Words that are typed while days or times are shown belong to what is booked or moved there.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

from bot.chat import tell
from bot.chat.address import READERS, address
from bot.chat.router import Route, show
from bot.chat.screen import Line, Redirect, Screen
from bot.chat.turn import Turn
from bot.chat.words import _
from bot.domain.calendar.local_dates import day_of
from bot.domain.calendar.typed_when import When
from bot.handlers.bookings import time_pages
from bot.handlers.bookings.time_pages import TimePages
from bot.handlers.kit import back_row, offer_buttons
from bot.services.desk import Desk

Beyond = Callable[[TimePages], str]
"""The address of what was typed, among the pages for an offer and a coach."""

BOOKING = ("days", "times", "review", "clock", "soonest")
CHANGING = {"move": time_pages.of_move, "reclock": time_pages.of_move, "propose": time_pages.of_proposal}


@dataclass(frozen=True)
class Spot:
    """`day` is the one shown, on the reader's calendar."""

    day: date | None
    pages: TimePages


def place_here(turn: Turn, when: When) -> str | None:
    """The address that typed words mean on a page of days or times; None on any other page."""
    zone = turn.zone
    spot = spot_of(turn.stands, zone)
    if spot is None:
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


def clock_page(turn: Turn) -> str | None:
    """Where a city that is typed beside days or times is an answer: for whom the clock was asked with them."""
    spot = spot_of(turn.stands, turn.zone) if turn.person.zone is None else None
    return None if spot is None else spot.pages.clock


def spot_of(stands: str, zone: str) -> Spot | None:
    head, *rest = stands.split("/")
    if head in BOOKING and len(rest) >= 2 and rest[0].isdigit() and rest[1].isdigit():
        return Spot(_day(rest[2:], zone), time_pages.of_booking(int(rest[0]), int(rest[1])))
    if head == "to" and len(rest) >= 2 and rest[0].isdigit() and rest[1].isdigit():
        return Spot(_day(rest[2:], zone), time_pages.of_switch(int(rest[0]), int(rest[1])))
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


def place_of(when: When, zone: str, now: datetime) -> str | None:
    """The address for a typed day or time; a time alone means its next occurrence. None when it cannot be read."""
    if when.at is None:
        if when.first is None:
            return None
        return address("when", when.first) if when.day else address("when", "from", when.first)
    if when.first is not None and when.day is None:
        return address("when", when.first)
    return address("when", instant_of(when, zone, now))


def instant_of(when: When, zone: str, now: datetime) -> datetime:
    """The time that was said, on the day that was said, or else its next occurrence."""
    assert when.at is not None
    local = now.astimezone(ZoneInfo(zone))
    day = when.day or (local.date() if when.at > local.time() else date.fromordinal(local.toordinal() + 1))
    return datetime.combine(day, when.at, ZoneInfo(zone))


async def on_day(turn: Turn, desk: Desk, day: date) -> Screen | Redirect:
    return await _of_what(turn, desk, tell.day(day), lambda pages: pages.on(day))


async def from_day(turn: Turn, desk: Desk, day: date) -> Screen | Redirect:
    title = _("From {day} on", day=tell.day(day))
    return await _of_what(turn, desk, title, lambda pages: pages.since(day))


async def at_time(turn: Turn, desk: Desk, at: datetime) -> Screen | Redirect:
    title = tell.moment(at, turn.zone)
    return await _of_what(turn, desk, title, lambda pages: pages.at(at))


async def _of_what(turn: Turn, desk: Desk, title: str, to: Beyond) -> Screen | Redirect:
    """Asks which offer and coach are meant, unless there is only one to book."""
    offers = await desk.offers.open_to(turn.person.id, None, turn.generation)
    coaches = {coach_id for offer in offers for coach_id in offer.coach_ids}
    coach = coaches.pop() if len(coaches) == 1 else 0
    if not offers:
        return Redirect("book")
    if len(offers) == 1:
        return Redirect(to(time_pages.of_booking(offers[0].id, coach)))
    covers = await desk.credits.covering(turn.person.id, offers, turn.now)
    lines, rows = offer_buttons.of_offers(offers, lambda offer: to(time_pages.of_booking(offer.id, coach)), covers)
    return Screen(title, (Line(_("What would you like to book?")), *lines), (*rows, back_row.row("start")))


ROUTES: tuple[Route, ...] = (
    show("when/{day:day}", on_day),
    show("when/from/{day:day}", from_day),
    show("when/{at:instant}", at_time),
)
