"""Back and Cancel: the last row of every step of a booking. Back leads to the nearest step that was a choice."""

from bot.chat.address import address
from bot.chat.screen import Button, Row
from bot.chat.words import _
from bot.services.desk import Desk

NOTHING_BOOKED = "start/cancelled"


def row(back: str) -> Row:
    return (Button(_("Back"), back), Button(_("Cancel"), NOTHING_BOOKED))


async def from_offers(desk: Desk, generation: int | None = None) -> str:
    """Back leads to the choice of a coach, or past it if there was none."""
    serving = {coach_id for offer in await desk.offers.open_for(None, generation) for coach_id in offer.coach_ids}
    active = [coach for coach in await desk.coaches.active(generation) if coach.id in serving]
    return "book" if len(active) > 1 else "start"


async def from_days(desk: Desk, coach: int, generation: int | None = None) -> str:
    """Back leads to the choice of an offer, or past it if there was none. `coach` 0 means any."""
    if len(await desk.offers.open_for(coach or None, generation)) > 1:
        return address("with", coach)
    return await from_offers(desk, generation)
