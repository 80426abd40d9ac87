"""Every kind of notice about a booking, and the screen that tells it."""

from collections.abc import Awaitable, Callable

from bot.chat.router import Route, show
from bot.chat.screen import Redirect, Screen
from bot.chat.turn import Turn
from bot.domain.bookings.bookings import Booking
from bot.domain.notices.notices import Kind
from bot.handlers.bookings import notices
from bot.handlers.kit import failures
from bot.handlers.payments import money_notices
from bot.services.desk import Desk

Teller = Callable[[Turn, Desk, Booking], Awaitable[Screen | Redirect]]


async def notice(turn: Turn, desk: Desk, kind: str, booking: int) -> Screen | Redirect:
    found = await desk.bookings.find(turn.person, booking)
    teller = TELLERS.get(kind)
    if found is None or teller is None:
        return failures.missing()
    return await teller(turn, desk, found)


TELLERS: dict[str, Teller] = {
    Kind.BOOKED: notices.booked,
    Kind.MOVED: notices.moved,
    Kind.CANCELLED: notices.cancelled,
    Kind.HOLD: notices.held,
    Kind.UNDELIVERABLE: notices.undeliverable,
    Kind.SETTLE: notices.settle,
    Kind.PAID_LATE: money_notices.paid_late,
    Kind.PAID_TWICE: money_notices.paid_twice,
    Kind.REFUNDED: money_notices.refunded,
    Kind.REFUND_FAILED: money_notices.refund_failed,
}

ROUTES: tuple[Route, ...] = (show("notice/{kind:word}/{booking:id}", notice),)
