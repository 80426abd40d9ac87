"""Back and Cancel: the last row of every step of a booking. Back leads to the nearest step that was a choice."""

from bot.chat.address import address
from bot.chat.screen import Button, Row
from bot.chat.words import _
from bot.services.desk import Desk

NOTHING_BOOKED = "start/cancelled"


def row(back: str) -> Row:
    return (Button(_("Back"), back), Button(_("Cancel"), NOTHING_BOOKED))


async def from_coaches(desk: Desk, generation: int | None = None) -> str:
    """Back leads to the choice of an offer, or past it if there was none."""
    return "book" if len(await desk.offers.open_for(None, generation)) > 1 else "start"


async def from_days(desk: Desk, offer: int, generation: int | None = None) -> str:
    """Back leads to the choice of a coach, or past it if there was none."""
    found = await desk.offers.find(offer, generation)
    serving = () if found is None else found.coach_ids
    if len([coach for coach in await desk.coaches.active(generation) if coach.id in serving]) > 1:
        return address("offer-of", offer)
    return await from_coaches(desk, generation)
