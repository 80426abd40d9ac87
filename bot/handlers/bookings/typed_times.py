"""Answers a typed day, stretch of days or time with what is free then."""

from collections.abc import Callable
from datetime import date, datetime
from zoneinfo import ZoneInfo

from bot.chat import tell
from bot.chat.address import address
from bot.chat.router import Route, show
from bot.chat.screen import Line, Redirect, Screen
from bot.chat.turn import Turn
from bot.chat.words import _
from bot.domain.calendar.typed_when import When
from bot.handlers.bookings import time_pages
from bot.handlers.bookings.time_pages import TimePages
from bot.handlers.kit import back_row, offer_buttons
from bot.services.desk import Desk

Beyond = Callable[[TimePages], str]
"""The address of what was typed, among the pages for an offer and a coach."""


def place_of(when: When, zone: str | None, now: datetime) -> str | None:
    """The address for a typed day or time; a time alone means its next occurrence. None when it cannot be read."""
    if when.at is None:
        if when.first is None:
            return None
        return address("when", when.first) if when.day else address("when", "from", when.first)
    if when.first is None and zone is None:
        return None
    if zone is None or (when.first is not None and when.day is None):
        return None if when.first is None else address("when", when.first)
    local = now.astimezone(ZoneInfo(zone))
    day = when.day or (local.date() if when.at > local.time() else date.fromordinal(local.toordinal() + 1))
    return address("when", datetime.combine(day, when.at, ZoneInfo(zone)))


async def on_day(turn: Turn, desk: Desk, day: date) -> Screen | Redirect:
    return await _of_what(turn, desk, tell.day(day), lambda pages: pages.on(day))


async def from_day(turn: Turn, desk: Desk, day: date) -> Screen | Redirect:
    title = _("From {day} on", day=tell.day(day))
    return await _of_what(turn, desk, title, lambda pages: pages.since(day))


async def at_time(turn: Turn, desk: Desk, at: datetime) -> Screen | Redirect:
    title = tell.moment(at, turn.person.zone or "UTC")
    return await _of_what(turn, desk, title, lambda pages: pages.at(at))


async def _of_what(turn: Turn, desk: Desk, title: str, to: Beyond) -> Screen | Redirect:
    """Asks which offer and coach are meant, unless there is only one to book."""
    offers = await desk.offers.open_for(None, turn.generation)
    coaches = {coach_id for offer in offers for coach_id in offer.coach_ids}
    coach = coaches.pop() if len(coaches) == 1 else 0
    if not offers:
        return Redirect("book")
    if len(offers) == 1:
        return Redirect(to(time_pages.of_booking(offers[0].id, coach)))
    lines, rows = offer_buttons.of_offers(offers, lambda offer: to(time_pages.of_booking(offer.id, coach)))
    return Screen(title, (Line(_("What would you like to book?")), *lines), (*rows, back_row.row("start")))


ROUTES: tuple[Route, ...] = (
    show("when/{day:day}", on_day),
    show("when/from/{day:day}", from_day),
    show("when/{at:instant}", at_time),
)
