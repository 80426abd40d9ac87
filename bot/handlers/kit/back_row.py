"""Back and Cancel: the last row of every step of a booking. Back leads to the nearest step that was a choice."""

from bot.chat.address import address
from bot.chat.screen import Button, Row
from bot.chat.turn import Turn
from bot.chat.words import _
from bot.services.desk import Desk

NOTHING_BOOKED = "start/cancelled"


def row(back: str) -> Row:
    return (Button(_("Back"), back), Button(_("Cancel"), NOTHING_BOOKED))


async def from_coaches(turn: Turn, desk: Desk) -> str:
    """Back leads to the choice of an offer, or past it if there was none."""
    return "book" if len(await desk.offers.open_to(turn.person.id, None, turn.generation)) > 1 else "start"


async def from_days(turn: Turn, desk: Desk, offer: int) -> str:
    """Back leads to the choice of a coach, or past it if there was none."""
    found = await desk.offers.find(offer, turn.generation)
    serving = () if found is None else found.coach_ids
    if len([coach for coach in await desk.coaches.active(turn.generation) if coach.id in serving]) > 1:
        return address("offer-of", offer)
    return await from_coaches(turn, desk)
