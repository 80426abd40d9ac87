"""Every kind of notice about a booking, and the screen that tells it."""

from collections.abc import Awaitable, Callable

from bot.chat.router import Route, show
from bot.chat.screen import Redirect, Screen
from bot.chat.turn import Turn
from bot.domain.bookings.bookings import Booking
from bot.domain.notices.notices import NoticeKind
from bot.handlers.bookings import notices
from bot.handlers.kit import failures
from bot.handlers.payments import notices as payment_notices
from bot.services.desk import Desk

Teller = Callable[[Turn, Desk, Booking], Awaitable[Screen | Redirect]]


async def notice(turn: Turn, desk: Desk, kind: str, booking: int) -> Screen | Redirect:
    found = await desk.bookings.find(turn.person, booking, turn.written)
    teller = TELLERS.get(kind)
    if found is None or teller is None:
        return failures.missing()
    return await teller(turn, desk, found)


TELLERS: dict[str, Teller] = {
    NoticeKind.BOOKED: notices.booked,
    NoticeKind.MOVED: notices.moved,
    NoticeKind.CANCELLED: notices.cancelled,
    NoticeKind.HOLD: notices.held,
    NoticeKind.UNDELIVERABLE: notices.undeliverable,
    NoticeKind.SETTLE: notices.settle,
    NoticeKind.PAID_LATE: payment_notices.paid_late,
    NoticeKind.PAID_TWICE: payment_notices.paid_twice,
    NoticeKind.REFUNDED: payment_notices.refunded,
    NoticeKind.REFUND_FAILED: payment_notices.refund_failed,
}

ROUTES: tuple[Route, ...] = (show("notice/{kind:word}/{booking:id}", notice),)
