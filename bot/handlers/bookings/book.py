"""A time before it is booked, and the act that holds or books it."""

from dataclasses import replace
from datetime import datetime
from functools import partial

from bot.chat import tell
from bot.chat.address import address
from bot.chat.router import Route, do, show
from bot.chat.screen import Button, Field, Form, Line, Redirect, Screen, Style, Tone
from bot.chat.turn import Stale, Turn
from bot.chat.words import _
from bot.domain.calendar.local_dates import day_of
from bot.domain.calendar.slots import FreeTime
from bot.domain.credits.grants import BookedCredit
from bot.domain.credits.rules import Unusable
from bot.domain.payments.fees import NONE
from bot.domain.refusals import TOGETHER, Code, Done, Refusal
from bot.handlers.bookings import client_number, double_booking, hold_page
from bot.handlers.kit import back_row, clock, credit_words, package_words, phrases, policy_lines, refusals
from bot.services.bookings.bookings import Quote
from bot.services.bookings.take_hold import on_credit
from bot.services.desk import Desk

PAY, CREDIT = "pay", "credit"
"""How somebody who has a credit covers the session, where they chose."""


async def review(
    turn: Turn, desk: Desk, offer: int, coach: int, at: datetime, cover: str | None = None
) -> Screen | Redirect:
    """Shows everything that the client agrees to, before the time is held."""
    zone = turn.zone
    packages, tax = await package_words.for_time(turn, desk, offer, at), await phrases.tax_on_prices(turn, desk)
    quote = await desk.bookings.quote(turn.person, offer, coach or None, at, turn.now)
    if isinstance(quote, Refusal):
        return await _own(turn, desk, quote, offer, at) or _refused(turn, quote, offer, coach, asked=True)
    found = await _credit(turn, desk, quote)
    credit = found if isinstance(found, BookedCredit) and cover != PAY else None
    back = address("times", offer, coach, day_of(at, zone))
    if credit is not None:
        act = turn.do("on-credit", offer, coach, at, stated=on_credit(quote, credit))
    else:
        act = turn.do("hold", offer, coach, at, stated=quote.facts)
    fees = NONE if credit is not None else desk.fees.asked(quote.offer, quote.terms.price)
    go = _("Hold and pay") if quote.terms.price and credit is None else _("Hold it") if fees else _("Book it")
    facts = (
        *_facts(quote, zone, turn),
        *await double_booking.of_booking(turn, desk, at, quote.terms.length_min, zone),
        *_price(quote, found, credit, zone),
        *(tax if quote.terms.price and credit is None else ()),
        *(Line(package_words.beside(each)) for each in packages if not isinstance(found, BookedCredit)),
        *policy_lines.policy(quote.terms, at, zone, turn.now, credit, fees),
        *([Line(_("In the next step you agree to these fees. Then it is booked."))] if fees else ()),
        *clock.taken_for_yours(turn),
    )
    title = _("{offer} with {coach}", offer=quote.terms.offer_name, coach=quote.coach.name)
    last = (Button(_("Back"), back), Button(_("Cancel"), back_row.NOTHING_BOOKED))
    other = _other_cover(quote, found, credit, coach)
    if quote.terms.place.asks_number:
        if isinstance(found, BookedCredit) and cover is None:  # which of both, before the number is asked for
            first = Button(_("Use a credit"), address("review", offer, coach, at, CREDIT), Style.PRIMARY)
            return Screen(title, facts, ((first, *other), last), leave=back_row.NOTHING_BOOKED)
        asked = await _number(turn, desk, quote, go, held=credit is None and bool(quote.terms.price or fees))
        form = Form(act, (asked,), go, cancel_to=back_row.NOTHING_BOOKED, back_to=back)
        return Screen(_("Your number"), (Line(title), *facts), (), form=form)
    return Screen(title, facts, ((Button(go, act, Style.SUCCESS), *other), last), leave=back_row.NOTHING_BOOKED)


async def review_to_pay(turn: Turn, desk: Desk, offer: int, coach: int, at: datetime) -> Screen | Redirect:
    """For who chose to pay although they have a credit."""
    return await review(turn, desk, offer, coach, at, PAY)


async def review_on_credit(turn: Turn, desk: Desk, offer: int, coach: int, at: datetime) -> Screen | Redirect:
    """For who chose to use it, before they are asked for their number."""
    return await review(turn, desk, offer, coach, at, CREDIT)


async def _credit(turn: Turn, desk: Desk, quote: Quote) -> BookedCredit | Unusable | None:
    """The client's credit for this time. Who needs none is not asked."""
    if not quote.terms.price:
        return None
    return await desk.credits.for_session(turn.person.id, quote.offer.id, quote.at, quote.coach.zone)


def _price(quote: Quote, found: BookedCredit | Unusable | None, credit: BookedCredit | None, zone: str) -> list[Line]:
    if credit is not None:
        length = Line(tell.minutes(quote.terms.length_min), Tone.TERMS)
        return [length, Line(credit_words.uses(credit, zone), Tone.TERMS)]
    lines = [Line(phrases.price(quote.terms), Tone.TERMS)]
    return [*lines, Line(credit_words.unusable(found, zone))] if isinstance(found, Unusable) else lines


def _other_cover(
    quote: Quote, found: BookedCredit | Unusable | None, credit: BookedCredit | None, coach: int
) -> tuple[Button, ...]:
    """The way to pay instead of using a credit, and back."""
    if not isinstance(found, BookedCredit):
        return ()
    here = ("review", quote.offer.id, coach, quote.at)
    if credit is None:
        return (Button(_("Use a credit"), address(*here)),)
    return (Button(_("Pay instead"), address(*here, PAY)),)


async def _number(turn: Turn, desk: Desk, quote: Quote, go: str, *, held: bool) -> Field:
    """The client's number, which is asked for in the place of the tap that books."""
    known = await desk.numbers.known(turn.person, turn.now)
    then = _("With your answer the time is held.") if held else _("With your answer it is booked.")
    keep = None if known is None else _("{act}: {number}", act=go, number=known)
    return await client_number.field(turn, desk, quote.coach.name, known, then=then, keep=keep)


async def _own(turn: Turn, desk: Desk, refusal: Refusal, offer: int, at: datetime) -> Redirect | None:
    """Where the time leads that this person has already: a tap on it was a second one. Of one that is to be paid with
    others it was none."""
    if refusal.code is Code.YOURS and refusal.reason != TOGETHER:
        return Redirect(address("hold", *refusal.missing))
    mine = await desk.bookings.booked_at(turn.person, offer, at, turn.now)
    return None if mine is None else Redirect(address("notice", "booked", mine.id))


def _refused(turn: Turn, refusal: Refusal, offer: int, coach: int, *, asked: bool = False) -> Screen:
    """Why the time cannot be had, and the nearest ones: still a step of the same booking."""
    near = partial(_review_at, offer, coach)
    screen = refusals.screen(turn, refusal, address("days", offer, coach), near, asked=asked)
    return replace(screen, leave=back_row.NOTHING_BOOKED)


def _facts(quote: Quote, zone: str, turn: Turn) -> list[Line]:
    return [
        Line(tell.both_clocks(quote.at, zone, quote.coach.zone, quote.coach.name), Tone.STRONG),
        Line(phrases.place_to_come(quote.terms.place)),
        *phrases.clock_shift(zone, quote.coach.zone, quote.coach.name, turn.now, quote.at),
    ]


async def take_hold(turn: Turn, desk: Desk, offer: int, coach: int, at: datetime) -> Screen | Redirect:
    return await _take(turn, desk, offer, coach, at)


async def take_on_credit(turn: Turn, desk: Desk, offer: int, coach: int, at: datetime) -> Screen | Redirect:
    return await _take(turn, desk, offer, coach, at, with_credit=True)


async def _take(
    turn: Turn, desk: Desk, offer: int, coach: int, at: datetime, *, with_credit: bool = False
) -> Screen | Redirect:
    if coach:
        quote = await desk.bookings.terms(offer, coach, at, turn.generation)
    else:
        quote = await desk.bookings.quote(turn.person, offer, None, at, turn.now)
    outcome: Done | Refusal
    if isinstance(quote, Refusal):
        outcome = quote
    else:
        if not with_credit:
            turn.require(*quote.facts)
        waits = quote.terms.price or desk.fees.asked(quote.offer, quote.terms.price)
        act = turn.act("hold/{id}" if waits and not with_credit else "notice/booked/{id}")
        phone = _given_number(turn)
        if quote.terms.place.asks_number and phone is None:
            return Redirect(address("review", offer, coach, at))
        on = turn.states if with_credit else None
        outcome = await desk.bookings.hold(act, offer, coach or None, at, quote.facts, phone, on_credit=on)
        if with_credit and isinstance(outcome, Refusal) and outcome.code is Code.CHANGED:
            raise Stale  # what the button said of the credit is looked at where it is taken
        if isinstance(outcome, Refusal) and phone is not None:
            await desk.numbers.remember(turn.person, phone, turn.now)
    if isinstance(outcome, Refusal):
        return await _own(turn, desk, outcome, offer, at) or _refused(turn, outcome, offer, coach)
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
        _("I will let you know"),
        (Line(_("As soon as a time opens up, I send you one message here.")),),
        ((Button(_("My sessions"), "sessions"), Button(_("Start"), "start")),),
    )


def _review_at(offer: int, coach: int, time: FreeTime) -> str:
    return address("review", offer, coach, time.starts)


ROUTES: tuple[Route, ...] = (
    show("review/{offer:id}/{coach:id}/{at:instant}", review),
    show("review/{offer:id}/{coach:id}/{at:instant}/pay", review_to_pay),
    show("review/{offer:id}/{coach:id}/{at:instant}/credit", review_on_credit),
    do(
        "on-credit/{offer:id}/{coach:id}/{at:instant}",
        take_on_credit,
        back="review/{offer:id}/{coach:id}/{at:instant}",
        changes_person=False,
    ),
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
