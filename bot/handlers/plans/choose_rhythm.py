"""What is planned, with whom, on which weekday and at what time: a step with one choice skips itself."""

from collections.abc import Sequence

from bot.chat.address import address
from bot.chat.router import Route, show
from bot.chat.screen import Button, Line, Redirect, Row, Screen
from bot.chat.turn import Turn
from bot.chat.words import _
from bot.domain.plans.rhythm import FEWEST, MOST, USUAL, Rhythm, read
from bot.domain.practice.coaches import Coach
from bot.domain.practice.offers import Offer
from bot.domain.refusals import Refusal
from bot.handlers.bookings import no_times
from bot.handlers.bookings.pick_time import shared_offer
from bot.handlers.kit import back_row, clock, failures, offer_buttons, paging, phrases, refusals
from bot.handlers.plans import dates_page, plan_words
from bot.services.desk import Desk

NUMBERS = ((2, 3, 4, 5, 6), (8, 10, 12, 15, 20))
MOST_TIMES = 48
"""More buttons than that are no choice: then only half hours are offered, or only hours."""


async def choose_offer(turn: Turn, desk: Desk, wish: str = "n") -> Screen | Redirect:
    wished = read(wish)
    if wished is None:
        return failures.missing()
    if (await desk.practice.get(turn.generation)).opened_at is None:
        return Redirect("book")
    offers = await _offers(turn, desk)
    if not offers:
        return await no_times.nothing_on_offer(turn, desk)
    if wished.weekday is not None:  # typed as a whole: what the client has paid ahead is meant
        credited = [each for each in offers if await desk.credits.has_any(turn.person.id, each.id, turn.now)]
        offers = credited if len(credited) == 1 else offers
    if len(offers) == 1:
        return Redirect(address("plan", offers[0].id, wished.code))
    lines, rows = offer_buttons.of_offers(offers, lambda offer: address("plan", offer.id, wished.code))
    title = _("What would you like to plan?")
    return Screen(title, tuple(lines), (*rows, back_row.row("start")), leave=back_row.NOTHING_BOOKED)


async def choose_coach(turn: Turn, desk: Desk, offer: int, wish: str = "n") -> Screen | Redirect:
    found, wished = await shared_offer(desk, offer, turn.generation), read(wish)
    if found is None or wished is None or not found.coach_ids:
        return failures.missing()
    if closed := await no_times.closed(turn, desk, found):
        return closed
    coaches = await _coaches(turn, desk, found)
    if not coaches:
        return await no_times.no_times(turn, desk, found, 0)
    if len(coaches) == 1:
        return Redirect(address("plan", offer, coaches[0].id, wished.code))
    rows: list[Row] = [
        (
            Button(
                each.name,
                address("plan", offer, each.id, wished.code),
                label=_("Plan with {name}", name=each.name),
            ),
        )
        for each in coaches
    ]
    lines = (Line(phrases.offer(found)), *offer_buttons.described([found]))
    title, back = _("Who would you like to meet?"), back_row.row(await _before_coach(turn, desk, wished))
    return Screen(title, lines, (*rows, back), leave=back_row.NOTHING_BOOKED)


async def choose(turn: Turn, desk: Desk, offer: int, coach: int, wish: str) -> Screen | Redirect:
    """The next thing that is not known yet; the dates, once all is."""
    found, wished = await shared_offer(desk, offer, turn.generation), read(wish)
    if found is None or wished is None:
        return failures.missing()
    if wished.sessions is None:
        left = await desk.credits.left(turn.person.id, offer, turn.now)
        return Redirect(_at(found, coach, wished.of(min(left, MOST) if left >= FEWEST else USUAL)))
    if wished.weekday is not None and wished.minute is not None:
        if wished.weeks is None:
            return Redirect(_at(found, coach, Rhythm(wished.sessions, wished.weekday, wished.minute, 1)))
        return await dates_page.of_rhythm(turn, desk, offer, coach, wish)
    usual = await desk.plans.usual(offer, coach, turn.zone, turn.now)
    if isinstance(usual, Refusal):
        return refusals.screen(turn, usual, "plan")
    if not usual:
        return await no_times.no_times(turn, desk, found, coach)
    if wished.weekday is None:
        back = await _before_day(turn, desk, found, Rhythm(wished.sessions))
        return _weekdays(turn, found, coach, wished, sorted(usual), back)
    if wished.weekday not in usual:
        note = _("Nothing is free on that weekday. These have free times:")
        return Redirect(_at(found, coach, Rhythm(wished.sessions)), note)
    return _times(turn, found, coach, wished, usual[wished.weekday])


async def _offers(turn: Turn, desk: Desk) -> list[Offer]:
    """What can be planned: offers that nobody may book only once."""
    return [each for each in await desk.offers.open_to(turn.person.id, None, turn.generation) if not each.limited]


async def _coaches(turn: Turn, desk: Desk, offer: Offer) -> list[Coach]:
    return [each for each in await desk.coaches.active(turn.generation) if each.can_do(offer)]


async def _before_coach(turn: Turn, desk: Desk, wished: Rhythm) -> str:
    """Back leads to the choice of an offer, or past it if there was none."""
    return address("plan", wished.code) if len(await _offers(turn, desk)) > 1 else "start"


async def _before_day(turn: Turn, desk: Desk, offer: Offer, wished: Rhythm) -> str:
    """Back leads to the choice of a coach, or past it if there was none."""
    if len(await _coaches(turn, desk, offer)) > 1:
        return address("plan", offer.id, wished.code)
    return await _before_coach(turn, desk, wished)


def _weekdays(turn: Turn, offer: Offer, coach: int, wished: Rhythm, days: Sequence[int], back: str) -> Screen:
    number = wished.sessions or USUAL
    buttons = [Button(plan_words.weekday(day), _at(offer, coach, Rhythm(number, day))) for day in days]
    rows = paging.in_rows(buttons, 2)
    for row in NUMBERS:
        others = [each for each in row if each != number]
        rows.append(tuple(_number(offer, coach, each) for each in others))
    lines = (*clock.asked(turn), Line(phrases.offer(offer)), Line(_("Another number of sessions is below.")))
    title = _("Plan {sessions}: which day?", sessions=plan_words.sessions(number))
    rows.append(back_row.row(back))
    return Screen(title, lines, tuple(rows), leave=back_row.NOTHING_BOOKED)


def _number(offer: Offer, coach: int, number: int) -> Button:
    words = _("Plan {sessions}", sessions=plan_words.sessions(number))
    return Button(str(number), _at(offer, coach, Rhythm(number)), label=words)


def _times(turn: Turn, offer: Offer, coach: int, wished: Rhythm, minutes: Sequence[int]) -> Screen:
    shown = list(minutes)
    for step in (30, 60):
        if len(shown) > MOST_TIMES:
            shown = [each for each in shown if each % step == 0] or shown
    day = plan_words.weekday(wished.weekday or 1)
    buttons = [
        Button(
            plan_words.clock(each),
            _at(offer, coach, Rhythm(wished.sessions, wished.weekday, each, 1)),
            label=_("{day} at {time}", day=day, time=plan_words.clock(each)),
        )
        for each in shown[:MOST_TIMES]
    ]
    rows = [*paging.in_rows(buttons, 4), back_row.row(_at(offer, coach, Rhythm(wished.sessions)))]
    title = _("{sessions}, {day}: what time?", sessions=plan_words.sessions(wished.sessions or USUAL), day=day)
    lines = (*clock.asked(turn), dates_page.all_times(turn), Line(_("How often is chosen on the next page.")))
    return Screen(title, lines, tuple(rows), leave=back_row.NOTHING_BOOKED)


def _at(offer: Offer, coach: int, wished: Rhythm) -> str:
    return address("plan", offer.id, coach, wished.code)


ROUTES: tuple[Route, ...] = (
    show("plan", choose_offer),
    show("plan/{wish:word}", choose_offer),
    show("plan/{offer:id}", choose_coach),
    show("plan/{offer:id}/{wish:word}", choose_coach),
    show("plan/{offer:id}/{coach:id}/{wish:word}", choose),
)
