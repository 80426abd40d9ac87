"""Booking: with whom, what, when, review. Screens with one choice skip themselves."""

from dataclasses import replace
from datetime import datetime
from functools import partial

from bot.chat import tell
from bot.chat.address import address
from bot.chat.router import Route, do, show
from bot.chat.screen import Button, Field, Form, Line, Redirect, Row, Screen, Style, Tone
from bot.chat.turn import Turn
from bot.chat.words import _
from bot.domain.calendar.local_dates import day_of
from bot.domain.calendar.slots import FreeTime
from bot.domain.refusals import Done, Refusal
from bot.handlers.bookings import client_number, double_booking, hold_page, no_times
from bot.handlers.bookings.pick_time import shared_offer
from bot.handlers.kit import back_row, failures, not_open, offer_buttons, phrases, policy_lines, refusals
from bot.services.bookings.bookings import Quote
from bot.services.desk import Desk

ANY = 0
"""The coach's id in an address that means: whichever coach is free."""


async def choose_coach(turn: Turn, desk: Desk) -> Screen | Redirect:
    practice = await desk.practice.get(turn.generation)
    if practice.opened_at is None:
        return await not_open.screen(turn, desk)
    offers = await desk.offers.open_for(None, turn.generation)
    serving = {coach_id for offer in offers for coach_id in offer.coach_ids}
    coaches = [coach for coach in await desk.coaches.active(turn.generation) if coach.id in serving]
    if not coaches:
        return await no_times.nothing_on_offer(desk, turn.generation)
    if len(coaches) == 1:
        return Redirect(address("with", coaches[0].id))
    rows: list[Row] = [(Button(_("Anyone who is free"), address("with", ANY), Style.PRIMARY),)]
    rows += [
        (Button(coach.name, address("with", coach.id), label=_("Book with {name}", name=coach.name)),)
        for coach in coaches
    ]
    title = _("Who would you like to meet?")
    return Screen(title, (), (*rows, back_row.row("start")), leave=back_row.NOTHING_BOOKED)


async def choose_offer(turn: Turn, desk: Desk, coach: int) -> Screen | Redirect:
    if coach and await desk.coaches.find(coach, turn.generation) is None:
        return failures.missing()
    offers = await desk.offers.open_for(coach or None, turn.generation)
    if not offers:
        return await no_times.nothing_on_offer(desk, turn.generation)
    if len(offers) == 1:
        return Redirect(address("days", offers[0].id, coach))
    lines, rows = offer_buttons.of_offers(offers, lambda offer: address("days", offer.id, coach))
    chosen = await desk.coaches.find(coach, turn.generation) if coach else None
    title = (
        _("What would you like to book?") if chosen is None else _("What would you like with {name}?", name=chosen.name)
    )
    back = back_row.row(await back_row.from_offers(desk, turn.generation))
    return Screen(title, tuple(lines), (*rows, back), leave=back_row.NOTHING_BOOKED)


async def one_offer(turn: Turn, desk: Desk, offer: int) -> Screen | Redirect:
    """Opens a shared link to an offer: asks for a coach unless there is only one."""
    found = await shared_offer(desk, offer, turn.generation)
    if found is None or not found.coach_ids:
        return failures.missing()
    coaches = [coach for coach in await desk.coaches.active(turn.generation) if coach.id in found.coach_ids]
    if len(coaches) <= 1:
        return Redirect(address("days", offer, coaches[0].id if coaches else ANY))
    rows = [(Button(coach.name, address("days", offer, coach.id)),) for coach in coaches]
    anyone = (Button(_("Anyone who is free"), address("days", offer, ANY), Style.PRIMARY),)
    asked = Line(_("Who would you like to meet?"))
    return Screen(found.name, (asked,), (anyone, *rows, back_row.row("book")), leave=back_row.NOTHING_BOOKED)


async def review(turn: Turn, desk: Desk, offer: int, coach: int, at: datetime) -> Screen | Redirect:
    """Shows everything that the client agrees to, before the time is held."""
    zone = turn.person.zone
    if zone is None:
        return Redirect(address("clock", offer, coach))
    quote = await desk.bookings.quote(turn.person, offer, coach or None, at, turn.now)
    if isinstance(quote, Refusal):
        mine = await desk.bookings.booked_at(turn.person, offer, at, turn.now)
        if mine is not None:
            return Redirect(address("notice", "booked", mine.id))
        return _refused(turn, quote, offer, coach)
    back = address("times", offer, coach, day_of(at, zone))
    act = turn.do("hold", offer, coach, at, stated=quote.facts)
    go = _("Hold and pay") if quote.terms.price else _("Book it")
    facts = (
        *_facts(quote, zone, turn),
        *await double_booking.of_booking(turn, desk, at, quote.terms.length_min, zone),
        Line(phrases.price(quote.terms), Tone.TERMS),
        *policy_lines.policy(quote.terms, at, zone, turn.now),
    )
    title = _("{offer} with {coach}", offer=quote.terms.offer_name, coach=quote.coach.name)
    if quote.terms.place.asks_number:
        asked = await _number(turn, desk, quote, go)
        form = Form(act, (asked,), go, cancel_to=back_row.NOTHING_BOOKED, back_to=back)
        return Screen(_("Your number"), (Line(title), *facts), (), form=form)
    last = (Button(_("Back"), back), Button(_("Cancel"), back_row.NOTHING_BOOKED))
    return Screen(title, facts, ((Button(go, act, Style.SUCCESS),), last), leave=back_row.NOTHING_BOOKED)


async def _number(turn: Turn, desk: Desk, quote: Quote, go: str) -> Field:
    """The client's number, which is asked for in the place of the tap that books."""
    known = await desk.numbers.known(turn.person, turn.now)
    then = _("With your answer the time is held.") if quote.terms.price else _("With your answer it is booked.")
    keep = None if known is None else _("{act}: {number}", act=go, number=known)
    return await client_number.field(turn, desk, quote.coach.name, known, then=then, keep=keep)


def _refused(turn: Turn, refusal: Refusal, offer: int, coach: int) -> Screen:
    """Why the time cannot be had, and the nearest ones: still a step of the same booking."""
    near = partial(_review_at, offer, coach)
    screen = refusals.screen(turn, refusal, address("days", offer, coach), near=near)
    return replace(screen, leave=back_row.NOTHING_BOOKED)


def _facts(quote: Quote, zone: str, turn: Turn) -> list[Line]:
    return [
        Line(tell.both_clocks(quote.at, zone, quote.coach.zone, quote.coach.name), Tone.STRONG),
        Line(phrases.place_to_come(quote.terms.place)),
        *phrases.clock_shift(zone, quote.coach.zone, quote.coach.name, turn.now, quote.at),
    ]


async def take_hold(turn: Turn, desk: Desk, offer: int, coach: int, at: datetime) -> Screen | Redirect:
    if coach:
        quote = await desk.bookings.terms(offer, coach, at, turn.generation)
    else:
        quote = await desk.bookings.quote(turn.person, offer, None, at, turn.now)
    outcome: Done | Refusal
    if isinstance(quote, Refusal):
        outcome = quote
    else:
        turn.require(*quote.facts)
        act = turn.act("hold/{id}" if quote.terms.price else "notice/booked/{id}")
        phone = _given_number(turn)
        if quote.terms.place.asks_number and phone is None:
            return Redirect(address("review", offer, coach, at))
        outcome = await desk.bookings.hold(act, offer, coach or None, at, quote.facts, phone)
        if isinstance(outcome, Refusal) and phone is not None:
            await desk.numbers.remember(turn.person, phone, turn.now)
    if isinstance(outcome, Refusal):
        mine = await desk.bookings.booked_at(turn.person, offer, at, turn.now)
        if mine is not None:  # the button was tapped twice
            return Redirect(address("notice", "booked", mine.id))
        return _refused(turn, outcome, offer, coach)
    return refusals.or_next(turn, outcome, address("days", offer, coach))


def _given_number(turn: Turn) -> str | None:
    number = turn.values.get(client_number.PHONE)
    return number if isinstance(number, str) else None


async def tell_me(turn: Turn, desk: Desk, offer: int, coach: int) -> Screen | Redirect:
    turn.require(offer, coach)
    outcome = await desk.waits.wait(turn.act("told"), offer, coach or None)
    return refusals.or_next(turn, outcome, "book")


async def told(_turn: Turn, _desk: Desk) -> Screen:
    return Screen(
        _("I will tell you"),
        (Line(_("As soon as a time is free, you get one message here.")),),
        ((Button(_("My sessions"), "sessions"), Button(_("Start"), "start")),),
    )


def _review_at(offer: int, coach: int, time: FreeTime) -> str:
    return address("review", offer, coach, time.starts)


ROUTES: tuple[Route, ...] = (
    show("book", choose_coach, command="/book"),
    show("with/{coach:id}", choose_offer),
    show("offer-of/{offer:id}", one_offer),
    show("review/{offer:id}/{coach:id}/{at:instant}", review),
    do(
        "hold/{offer:id}/{coach:id}/{at:instant}",
        take_hold,
        back="review/{offer:id}/{coach:id}/{at:instant}",
        changes_person=False,
        finish=hold_page.make_card_page,
    ),
    do("tell/{offer:id}/{coach:id}", tell_me, back="days/{offer:id}/{coach:id}"),
    show("told", told),
)
