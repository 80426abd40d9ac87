"""The whole bot on one page: what can be reached, by whom, from which file."""

from bot.chat.router import Route
from bot.handlers import booking, clocks, days, hold, start

ROUTES: tuple[Route, ...] = (
    *start.ROUTES,
    *booking.ROUTES,
    *days.ROUTES,
    *clocks.ROUTES,
    *hold.ROUTES,
)
