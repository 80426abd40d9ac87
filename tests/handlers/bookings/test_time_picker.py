"""Booking, moving and proposing show free days and times by the same pages."""

from datetime import UTC, date, datetime

import pytest

from bot.chat.address import address
from bot.chat.router import RouteKind
from bot.domain.people.people import Platform, Profile
from bot.handlers.bookings import time_pages
from bot.handlers.bookings.time_pages import TimePages
from bot.handlers.routes import ROUTES
from tests.handlers.bare_chat import BareChat, Somebody
from tests.services.bare_practice import OWNER

IVA = Profile(Platform.SLACK, "T0AAA", "U0IVA", "D0IVA", "Iva", language="en", zone="Europe/Kyiv")
DAY, AT = date(2026, 12, 1), datetime(2026, 12, 1, 9, tzinfo=UTC)


@pytest.mark.parametrize("pages", [time_pages.of_booking(3, 7), time_pages.of_move(5), time_pages.of_proposal(5)])
def test_every_page_of_a_picker_is_a_route(pages: TimePages) -> None:
    leads = [pages.since(DAY), pages.on(DAY), address(pages.on(DAY), 1), pages.at(AT), pages.clock]
    for to in filter(None, leads):
        assert [route for route in ROUTES if route.kind is RouteKind.SHOW and route.pattern.match(to.split("/"))], to


async def test_a_page_beyond_the_last_is_the_last(chat: BareChat) -> None:
    """Times are taken while somebody turns the pages."""
    booking = await chat.booked(IVA)
    day = booking.starts.date()
    places = (
        (IVA, time_pages.of_booking(booking.offer_id, 0)),
        (IVA, time_pages.of_move(booking.id)),
        (OWNER, time_pages.of_proposal(booking.id)),
    )
    for who, pages in places:
        somebody = Somebody(chat, who)
        await somebody.goes(address(pages.on(day), 99))
        assert [button for button in somebody.buttons if button.to.startswith(f"{pages.choice}/")], somebody.text


async def test_a_move_does_not_offer_the_time_that_the_session_has(chat: BareChat) -> None:
    booking = await chat.booked(IVA)
    iva = Somebody(chat, IVA)
    pages = time_pages.of_move(booking.id)
    for to in (f"move/{booking.id}", pages.on(booking.starts.date())):
        await iva.goes(to)
        assert pages.at(booking.starts) not in [button.to for button in iva.buttons]
