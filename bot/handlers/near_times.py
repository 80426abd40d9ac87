"""Free times near one that was lost, and the message that tells whoever waited for times."""

from bot.chat import tell
from bot.chat.address import address
from bot.chat.router import Route, show
from bot.chat.screen import Button, Line, Redirect, Row, Screen, Style
from bot.chat.turn import Turn
from bot.chat.words import _
from bot.domain.bookings import Booking
from bot.domain.offers import OfferState
from bot.services.calendars import FreeTime
from bot.services.desk import Desk

COUNT = 3


async def offer(turn: Turn, desk: Desk, booking: Booking) -> tuple[list[Line], list[Row]]:
    """Three free times of the same offer and coach near the booking's, if it can still be booked."""
    found = await desk.offers.find(booking.offer_id)
    if found is None or found.state is not OfferState.OPEN:
        return [], []
    near = max(booking.starts, turn.now)
    times = await desk.times.nearest(found, booking.coach_id, near, turn.now, COUNT)
    if not times:
        return [], []
    zone = turn.person.zone or booking.client_zone
    return [Line(_("Free times near it:"))], rows(booking.offer_id, booking.coach_id, times, zone)


def rows(offer_id: int, coach: int, times: list[FreeTime], zone: str) -> list[Row]:
    """A button for each time, straight to its review; `coach` 0 is any."""
    return [
        (Button(tell.moment(time.starts, zone), address("review", offer_id, coach, time.starts)),) for time in times
    ]


async def times_free(turn: Turn, desk: Desk, offer: int) -> Screen | Redirect:
    """For whoever asked to be told."""
    found = await desk.offers.find(offer)
    if found is None or found.state is not OfferState.OPEN:
        return Redirect("gone")
    first = await desk.times.next_free(found, None, turn.now, turn.now)
    if first is None:
        return Redirect("gone")
    shown: list[Row] = []
    if turn.person.zone is not None:
        shown = rows(offer, 0, [first], turn.person.zone)
    return Screen(
        _("Times are free: {offer}", offer=found.name),
        (Line(_("You asked me to tell you. They go to whoever books first.")),),
        (
            *shown,
            (Button(_("See all times"), address("days", offer, 0), Style.PRIMARY), Button(_("Start"), "start")),
        ),
    )


ROUTES: tuple[Route, ...] = (show("free/{offer:id}", times_free),)
