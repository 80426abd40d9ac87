"""While a bank has the money of a session, what a cancel gives back waits until that is decided: told beside it."""

from bot.chat.screen import Line
from bot.chat.words import _
from bot.domain.bookings.bookings import Booking
from bot.services.desk import Desk


async def lines(desk: Desk, booking: Booking) -> tuple[Line, ...]:
    """To both sides; none where the money is with the practice."""
    if not await desk.payments.at_the_bank(booking):
        return ()
    words = _("Its payment is disputed: the bank has this money, and it goes back once the practice has it again.")
    return (Line(words),)
