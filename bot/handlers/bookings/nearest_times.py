"""Offers free times near one that was lost, and tells people who wait when times are free."""

from dataclasses import dataclass
from datetime import datetime

from bot.chat import tell
from bot.chat.address import address
from bot.chat.screen import Button, Line, Redirect, Row, Screen, Style
from bot.chat.turn import Turn
from bot.chat.words import _
from bot.domain.bookings.bookings import Booking
from bot.domain.calendar.local_dates import day_of, end_of_day
from bot.domain.calendar.slots import FreeTime
from bot.domain.practice.offers import Offer, OfferState
from bot.services.desk import Desk

COUNT = 3


@dataclass(frozen=True)
class Near:
    """`coach` 0 is any."""

    offer: Offer
    coach: int
    times: list[FreeTime]


async def find(desk: Desk, booking: Booking, now: datetime) -> Near | None:
    """Up to three free times near the booking's: of its offer, or else of another open offer of its coach.

    For a coach who is gone the others of the same offer step in; one who is ill is offered from the next day on.
    """
    own = await desk.offers.find(booking.offer_id)
    those = [] if own is None or own.state is not OfferState.OPEN else [own]
    coach = 0 if booking.coach_gone else booking.coach_id
    if coach:
        those += [each for each in await desk.offers.open_for(coach) if each.id != booking.offer_id]
    for each in those:
        if await desk.offers.closed_to(booking.person_id, each, now):
            continue
        around, since = max(booking.starts, now), well_again(booking)
        times = await desk.times.nearest(each, coach or None, around, now, COUNT, since=since)
        if times:
            return Near(each, coach, times)
    return None


def well_again(booking: Booking) -> datetime | None:
    """When the day is over for which its coach cancelled it as ill; None when it was not that."""
    if not booking.coach_is_ill:
        return None
    return end_of_day(day_of(booking.starts, booking.coach_zone), booking.coach_zone)


async def offer(turn: Turn, desk: Desk, booking: Booking) -> tuple[list[Line], list[Row]]:
    """The times of `find` with a button for each; nothing when there are none."""
    near = await find(desk, booking, turn.now)
    if near is None:
        return [], []
    zone = turn.person.zone or booking.client_zone
    if near.offer.id != booking.offer_id:
        words = _("Free times near it, for {offer}:", offer=near.offer.name)
    elif not near.coach:
        words = _("Free times near it, with another coach:")
    else:
        words = _("Free times near it:")
    return [Line(words)], rows(near.offer.id, near.coach, near.times, zone)


def rows(offer_id: int, coach: int, times: list[FreeTime], zone: str) -> list[Row]:
    """A button for each time, straight to its review; `coach` 0 is any."""
    return [
        (Button(tell.moment(time.starts, zone), address("review", offer_id, coach, time.starts)),) for time in times
    ]


async def times_free(turn: Turn, desk: Desk, offer: int) -> Screen | Redirect:
    """Tells a person who asked for it that times are free."""
    found = await desk.offers.find(offer, turn.generation)
    if found is None or found.state is not OfferState.OPEN:
        return Redirect("gone")
    first = await desk.times.next_free(found, None, turn.now, turn.now)
    if first is None or await desk.offers.closed_to(turn.person.id, found, turn.now):
        return Redirect("gone")
    shown = rows(offer, 0, [first], turn.zone)
    return Screen(
        _("Free times: {offer}", offer=found.name),
        (Line(_("You asked me to let you know. Whoever books first gets them.")),),
        (
            *shown,
            (Button(_("See all times"), address("days", offer, 0), Style.PRIMARY), Button(_("Start"), "start")),
        ),
    )
