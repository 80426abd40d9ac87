"""What is booked, and with whom: prices and coaches stand before the choice.

A screen with one choice skips itself.
"""

from collections.abc import Sequence

from bot.chat.address import address
from bot.chat.links import with_links
from bot.chat.router import Route, show
from bot.chat.screen import Button, Line, Redirect, Row, Screen, Style, Tone
from bot.chat.turn import Turn
from bot.chat.words import _
from bot.domain.practice.coaches import Coach
from bot.domain.practice.offers import Offer
from bot.handlers.bookings import no_times
from bot.handlers.bookings.pick_time import shared_offer
from bot.handlers.kit import back_row, failures, not_open, offer_buttons, phrases, plan_button
from bot.services.desk import Desk

ANY = 0
"""The coach's id in an address that means: whichever coach is free."""

LEAVE = back_row.NOTHING_BOOKED


async def choose_offer(turn: Turn, desk: Desk) -> Screen | Redirect:
    practice = await desk.practice.get(turn.generation)
    if practice.opened_at is None:
        return await not_open.screen(turn, desk)
    offers = await desk.offers.open_to(turn.person.id, None, turn.generation)
    if not offers:
        return await no_times.nothing_on_offer(turn, desk)
    if len(offers) == 1:
        return Redirect(to_offer(offers[0]))
    covers = await desk.credits.covering(turn.person.id, offers, turn.now)
    lines, rows = offer_buttons.of_offers(offers, to_offer, covers)
    about = coach_lines(await serving(desk, offers, turn.generation))
    several = [] if all(each.limited for each in offers) else [(plan_button.several(),)]
    last = back_row.row("start")
    return Screen(_("What would you like to book?"), (*lines, *about), (*rows, *several, last), leave=LEAVE)


def to_offer(offer: Offer) -> str:
    """The page on which a coach is chosen for it, and which skips itself where only one does it."""
    return address("offer-of", offer.id)


async def choose_coach(turn: Turn, desk: Desk, offer: int) -> Screen | Redirect:
    found = await shared_offer(desk, offer, turn.generation)
    if found is None or not found.coach_ids:
        return failures.missing()
    if closed := await no_times.closed(turn, desk, found):
        return closed
    coaches = await serving(desk, [found], turn.generation)
    if len(coaches) <= 1:
        return Redirect(address("days", offer, coaches[0].id if coaches else ANY))
    rows: list[Row] = [(Button(_("Anyone who is free"), address("days", offer, ANY), Style.PRIMARY),)]
    rows += [
        (Button(coach.name, address("days", offer, coach.id), label=_("Book with {name}", name=coach.name)),)
        for coach in coaches
    ]
    covers = await desk.credits.covering(turn.person.id, [found], turn.now)
    what = Line(phrases.offer(found, covers.get(found.id)), Tone.STRONG)
    lines = (what, *offer_buttons.described([found]), *coach_lines(coaches))
    back = back_row.row(await back_row.from_coaches(turn, desk))
    return Screen(_("Who would you like to meet?"), lines, (*rows, back), leave=LEAVE)


async def offers_with(turn: Turn, desk: Desk, coach: int) -> Screen | Redirect:
    """Opens a shared link to a coach: asks for an offer unless there is only one."""
    chosen = await desk.coaches.find(coach, turn.generation) if coach else None
    if coach and chosen is None:
        return failures.missing()
    offers = await desk.offers.open_to(turn.person.id, coach or None, turn.generation)
    if not offers:
        return await no_times.nothing_on_offer(turn, desk, coach)
    if len(offers) == 1:
        return Redirect(address("days", offers[0].id, coach))
    covers = await desk.credits.covering(turn.person.id, offers, turn.now)
    lines, rows = offer_buttons.of_offers(offers, lambda offer: address("days", offer.id, coach), covers)
    title = (
        _("What would you like to book?") if chosen is None else _("What would you like with {name}?", name=chosen.name)
    )
    about = [] if chosen is None else coach_lines([chosen])
    return Screen(title, (*about, *lines), (*rows, back_row.row("start")), leave=LEAVE)


async def serving(desk: Desk, offers: Sequence[Offer], generation: int | None = None) -> list[Coach]:
    """The coaches who do any of these now."""
    doing = {coach_id for offer in offers for coach_id in offer.coach_ids}
    return [coach for coach in await desk.coaches.active(generation) if coach.id in doing]


def coach_lines(coaches: Sequence[Coach]) -> list[Line]:
    """Who they are, in their own words; nothing of those who said nothing."""
    said = [(each.name, with_links(each.about)) for each in coaches if each.about]
    return [Line(_("{name}: {about}", name=name, about=about), Tone.QUIET) for name, about in said]


ROUTES: tuple[Route, ...] = (
    show("book", choose_offer, command="/book"),
    show("offer-of/{offer:id}", choose_coach),
    show("with/{coach:id}", offers_with),
)
