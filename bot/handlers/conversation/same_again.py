"""The session of last time once more: the same offer and coach, at the same hour of the same weekday."""

from bot.chat import tell
from bot.chat.address import address
from bot.chat.screen import Button, Style
from bot.chat.turn import Turn
from bot.chat.words import _
from bot.domain.bookings.bookings import Booking
from bot.domain.calendar.local_dates import next_week_of
from bot.domain.practice.offers import OfferState
from bot.domain.refusals import Refusal
from bot.handlers.kit import phrases
from bot.services.desk import Desk


async def button(turn: Turn, desk: Desk, last: Booking, style: Style = Style.PRIMARY) -> Button | None:
    """Leads to the same time of a week, or to the nearest that is free; None when it cannot be booked any more."""
    offer, coach = await desk.offers.find(last.offer_id), await desk.coaches.find(last.coach_id)
    if offer is None or offer.state is not OfferState.OPEN or coach is None or not coach.can_do(offer):
        return None
    wish = next_week_of(last.starts, turn.zone, max(turn.now, last.starts))
    quote = await desk.bookings.quote(turn.person, offer.id, coach.id, wish, turn.now)
    at = wish
    if isinstance(quote, Refusal):
        if not quote.near:
            return None
        at = min((time.starts for time in quote.near), key=lambda starts: abs(starts - wish))
    when = tell.short_moment(at, turn.zone)
    words = _("Same as last time: {when}", when=when) if at == wish else _("Nearest to last time: {when}", when=when)
    facts = await desk.bookings.holding(offer.id, coach.id)
    to = address("review", offer.id, coach.id, at)
    if facts is not None and not await desk.credits.has_any(turn.person.id, offer.id, turn.now):
        to = turn.do("hold", offer.id, coach.id, at, stated=facts)
    what = _("{offer} with {coach}", offer=offer.name, coach=coach.name)
    return Button(words, to, style, label=_("{what}: {when}", what=what, when=tell.moment(at, turn.zone)))


def what_it_was(last: Booking) -> str:
    return _("Last time: {what} · {price}", what=phrases.with_coach(last), price=phrases.price(last.terms))
