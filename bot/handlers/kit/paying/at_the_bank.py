"""While a bank has the money of a session, what a cancel gives back waits until that is decided: told beside it."""

from bot.chat.screen import Line
from bot.chat.words import _
from bot.domain.bookings.bookings import Booking
from bot.services.desk import Desk


async def has(desk: Desk, booking: Booking) -> bool:
    """Whether nobody knows yet whose the money is that was paid for it."""
    return await desk.payments.at_the_bank(booking)


def lines(at_bank: bool) -> tuple[Line, ...]:
    """Of what goes back, to both sides; none where the money is with the practice. Of what would be kept, the sentence
    that says so tells it: see `policy_lines`."""
    words = _("Its payment is disputed: the bank has this money, and it goes back once the practice has it again.")
    return (Line(words),) if at_bank else ()
