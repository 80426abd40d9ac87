"""What a first word is answered with: what the person has here, and the shortest ways to a session."""

from collections.abc import Sequence
from dataclasses import replace

from bot.chat.address import address
from bot.chat.screen import Button, Line, Row, Screen, Style, Tone
from bot.chat.turn import Turn
from bot.chat.words import _
from bot.domain.bookings.bookings import Booking, BookingState
from bot.domain.practice.offers import Offer
from bot.handlers.bookings import my_bookings
from bot.handlers.conversation import choose, same_again
from bot.handlers.kit import offer_buttons, phrases
from bot.services.desk import Desk
from bot.services.people.people import Met

OFFERS_AT_ONCE = 4


async def of(turn: Turn, desk: Desk) -> tuple[list[Line], list[Row]]:
    """An open hold, the next session, then ways to book."""
    upcoming, last = await desk.bookings.standing(turn.person, turn.now)
    lines, rows = _standing(turn, upcoming)
    urgent = any(each.state is BookingState.HELD for each in upcoming)
    more, ways = await ways_to_book(turn, desk, last, primary=not urgent)
    return [*lines, *more], [*rows, *ways]


async def before_others(_turn: Turn, _desk: Desk) -> tuple[list[Line], list[Row]]:
    """In a channel or a group, where nothing of the person may be read."""
    return [], [(Button(_("Book a session"), "book", Style.PRIMARY),)]


def _standing(turn: Turn, upcoming: Sequence[Booking]) -> tuple[list[Line], list[Row]]:
    lines: list[Line] = []
    rows: list[Row] = []
    held = next((each for each in upcoming if each.state is BookingState.HELD), None)
    if held is not None and held.hold_ends is not None:
        zone = turn.person.zone or held.client_zone
        words = _("Not paid yet: {what}") if held.terms.price else _("Not booked yet: {what}")
        lines.append(Line(words.format(what=phrases.with_coach(held)), Tone.STRONG))
        lines.append(Line(phrases.when_for_client(held, zone)))
        lines.append(Line(phrases.held_until(held.hold_ends, zone)))
        rows.append((my_bookings.to_hold(held),))
    following = next((each for each in upcoming if each.state is BookingState.CONFIRMED), None)
    if following is not None:
        zone = turn.person.zone or following.client_zone
        lines.append(Line(_("Your next session: {what}", what=phrases.with_coach(following)), Tone.STRONG))
        lines.append(Line(phrases.when_for_client(following, zone)))
        more = _("Details of {when}", when=my_bookings.short(following, zone))
        rows.append((Button(more, address("booking", following.id)),))
    return lines, rows


async def ways_to_book(turn: Turn, desk: Desk, last: Booking | None, *, primary: bool) -> tuple[list[Line], list[Row]]:
    """For a known client the same again, and all else behind one button; for others what there is, with prices.

    `primary`: nothing more urgent stands above.
    """
    style = Style.PRIMARY if primary else Style.PLAIN
    again = None if last is None else await same_again.button(turn, desk, last, style)
    if last is not None and again is not None:
        return [Line(same_again.what_it_was(last), Tone.QUIET)], [(again,), (Button(_("Book a session"), "book"),)]
    offers = await desk.offers.open_to(turn.person.id, None, turn.generation)
    if len(offers) == 1:
        lines = [Line(phrases.offer(offers[0])), *offer_buttons.described(offers)]
    elif 1 < len(offers) <= OFFERS_AT_ONCE:
        lines, rows = offer_buttons.of_offers(offers, choose.to_offer)
        return [*lines, *await _who(turn, desk, offers)], rows
    else:
        lines = []
    return [*lines, *await _who(turn, desk, offers)], [(Button(_("Book a session"), "book", style),)]


async def _who(turn: Turn, desk: Desk, offers: Sequence[Offer]) -> list[Line]:
    return choose.coach_lines(await choose.serving(desk, offers, turn.generation))


async def greeted(desk: Desk, met: Met, screen: Screen) -> Screen:
    """Add a line that says who speaks, for a person whose first step is a link."""
    if not met.new or screen.note or screen.address == "start":
        return screen
    practice = await desk.practice.get()
    name = practice.name or _("this practice")
    return replace(screen, note=_("Hello, I am the booking assistant of {name}, a bot.", name=name))
