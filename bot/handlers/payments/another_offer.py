"""A client moves a session to another offer: which one, what time, and what it costs or gives back, before the tap."""

from datetime import date, datetime

from bot.chat import tell
from bot.chat.address import address
from bot.chat.router import Route, do, show
from bot.chat.screen import Button, Line, Redirect, Row, Screen, Style, Tone
from bot.chat.turn import Turn
from bot.chat.words import _, ngettext
from bot.domain.bookings.bookings import Booking
from bot.domain.bookings.switch import Switch
from bot.domain.calendar.slots import FreeTime
from bot.domain.payments.orders import LIFE
from bot.domain.practice.offers import Offer
from bot.domain.pricing.discounts import PriceDifference
from bot.domain.refusals import Code, Refusal
from bot.handlers.bookings import double_booking, move, no_times, time_pages, time_picker
from bot.handlers.bookings.move_options import Move, movable
from bot.handlers.bookings.time_picker import TimeSearch
from bot.handlers.kit import offer_buttons, phrases, policy_lines, refusals
from bot.handlers.kit.paying import at_the_bank
from bot.handlers.payments import orders
from bot.services.calendar.free_times import Moving
from bot.services.desk import Desk

HEAD = "to"


async def choose(turn: Turn, desk: Desk, booking: int) -> Screen | Redirect:
    found = await movable(turn, desk, booking)
    if not isinstance(found, Move):
        return found
    others = await move.others(turn, desk, found.booking)
    choices = await desk.exchanges.offer_moves.choices(found.booking, others, turn.now)
    whole = [_choice(*each) for each in choices]
    said, rows = offer_buttons.of_words(
        [offer for offer, _costs in choices], whole, lambda offer: address(HEAD, booking, offer.id)
    )
    lines = [*move.told(found), *said]
    if not choices:
        lines.append(Line(_nothing(found.booking)))
    return Screen(_("Move to which offer?"), tuple(lines), (*rows, _ways_back(booking, address("move", booking))))


def _choice(offer: Offer, costs: PriceDifference | None) -> str:
    length = tell.minutes(offer.length_min)
    return _("{name} · {length} · {difference}", name=offer.name, length=length, difference=_in_short(costs))


def _in_short(costs: PriceDifference | None) -> str:
    if costs is None:
        return _("on your credit")
    if costs.effect.pay:
        return _("{amount} more", amount=tell.amount(costs.effect.pay))
    if costs.effect.back:
        return _("{amount} back", amount=tell.amount(costs.effect.back))
    return _("no difference")


def _nothing(booking: Booking) -> str:
    if booking.credit is not None:
        return _("Your package is for no other offer, so this session cannot become another.")
    return _("There is no other offer that this session could become.")


async def first_times(turn: Turn, desk: Desk, booking: int, offer: int) -> Screen | Redirect:
    """The nearest day with free times, from the session's own on."""
    found = await _search(turn, desk, booking, offer)
    if not isinstance(found, TimeSearch):
        return found
    assert found.moving is not None
    day = await time_picker.next_day(turn, desk, found, found.day_of(found.moving.booking.starts))
    if day is None:
        day = await time_picker.next_day(turn, desk, found, found.day_of(turn.now))
    if day is None:
        words = Line(_("No time is free for it. Your session stays as it is."))
        return Screen(_("No time"), (words,), (_ways_back(booking, address(HEAD, booking)),))
    return Redirect(found.pages.on(day))


async def choose_day(turn: Turn, desk: Desk, booking: int, offer: int, first: date) -> Screen | Redirect:
    found = await _search(turn, desk, booking, offer)
    if not isinstance(found, TimeSearch):
        return found
    week = await time_picker.week(turn, desk, found, first)
    lines = _facts(found)
    if not week.free:
        lines = (*lines, Line(await no_times.why_not_on(turn, desk, found, week.first, len(week.days))))
    title = _("{offer}: which day?", offer=found.offer.name)
    return time_picker.days_screen(found, week, title, lines, _ways_back(booking, address(HEAD, booking)))


async def choose_time(
    turn: Turn, desk: Desk, booking: int, offer: int, day: date, page: int = 0
) -> Screen | Redirect:  # fmt: skip
    found = await _search(turn, desk, booking, offer)
    if not isinstance(found, TimeSearch):
        return found
    times, days = await time_picker.day_and_around(turn, desk, found, day)
    if not times:
        return Redirect(found.pages.since(day))
    title, back = _("{offer}: {day}", offer=found.offer.name, day=tell.day(day)), found.pages.since(day)
    return time_picker.times_screen(found, day, times, page, title, _facts(found), *days, _ways_back(booking, back))


async def _search(turn: Turn, desk: Desk, booking: int, offer: int) -> TimeSearch | Screen | Redirect:
    found = await movable(turn, desk, booking)
    if not isinstance(found, Move):
        return found
    other = await desk.offers.find(offer, turn.generation)
    if other is None or not await desk.exchanges.offer_moves.choices(found.booking, [other], turn.now):
        return Redirect(address(HEAD, booking))
    pages, moving = time_pages.of_switch(booking, offer), Moving(found.booking, elsewhere=True)
    leave = address("booking", booking)
    return TimeSearch(other, None, found.search.zone, pages, leave, moving=moving, label=_move_to)


def _move_to(when: str) -> str:
    return _("Move to {when}", when=when)


def _facts(search: TimeSearch) -> tuple[Line, ...]:
    assert search.moving is not None
    now = phrases.when_for_client(search.moving.booking, search.zone)
    return (Line(_("Now: {when}", when=now), Tone.STRONG), *policy_lines.in_general(search.offer))


async def review(turn: Turn, desk: Desk, booking: int, offer: int, at: datetime) -> Screen | Redirect:
    quote = await desk.exchanges.offer_moves.quote(turn.person, booking, offer, at, turn.now)
    if isinstance(quote, Refusal):
        return _refused(turn, quote, booking, offer, asked=True)
    switch = quote.switch
    before, after = switch.before, switch.after
    zone = turn.person.zone or before.client_zone
    new = _("{what}, {when}", what=phrases.with_coach(after), when=phrases.when_for_client(after, zone))
    lines = (
        Line(phrases.with_coach(before)),
        Line(_("From: {when}", when=phrases.when_for_client(before, zone))),
        Line(_("To: {when}", when=new), Tone.STRONG),
        *phrases.clock_shift(zone, after.coach_zone, after.coach_name, turn.now, at),
        *await double_booking.of_move(turn, desk, after, zone),
        *(Line(words) for words in costs(switch)),
        *at_the_bank.lines(bool(switch.back) and await at_the_bank.has(desk, before)),
        *(await phrases.tax_on_prices(turn, desk) if switch.pay else ()),
        Line(_moves_left(desk.moves.outcome(after, turn.now).left), Tone.TERMS),
        *policy_lines.cancel_until(after, quote.cancel_then, zone),
    )
    yes = turn.do(HEAD, booking, offer, at, "yes", stated=switch.facts)
    go = Button(_("Move it"), yes, Style.SUCCESS)
    if switch.pay:
        go = Button(_("Pay {price}", price=tell.amount(switch.pay)), yes, Style.SUCCESS)
    back = _ways_back(booking, address(HEAD, booking, offer))
    return Screen(_("Move to another offer?"), lines, ((go,), back), leave=address("booking", booking))


def costs(switch: Switch) -> list[str]:
    """Length and price, and what is to be paid, or goes back."""
    terms = switch.after.terms
    if switch.difference is None:
        return [tell.minutes(terms.length_min), _("It stays on the credit of your package: nothing is to be paid.")]
    lines = [phrases.price(terms)]
    if switch.pay:
        amount = tell.amount(switch.pay)
        lines.append(_("{amount} more is to be paid. Until then your session stays as it is.", amount=amount))
        kept = tell.minutes(int(LIFE.total_seconds()) // 60)
        lines.append(_("The new time is kept for you for {length}.", length=kept))
    elif switch.back:
        lines.append(_("{amount} goes back to the card; that can take some days.", amount=tell.amount(switch.back)))
    elif switch.waived:
        waived = tell.amount(switch.waived)
        lines.append(_("The difference of {amount} is too little to be charged: you pay nothing more.", amount=waived))
    else:
        lines.append(_("It costs the same: nothing is to be paid."))
    return lines


def _moves_left(left: int) -> str:
    if not left:
        return _("After this, the session cannot be moved again.")
    return ngettext(
        "After this it can be moved {n} more time.", "After this it can be moved {n} more times.", left
    )  # fmt: skip


async def move_it(turn: Turn, desk: Desk, booking: int, offer: int, at: datetime) -> Screen | Redirect:
    quote = await desk.exchanges.offer_moves.quote(turn.person, booking, offer, at, turn.now)
    if isinstance(quote, Refusal):
        return _refused(turn, quote, booking, offer)
    switch = quote.switch
    turn.require(*switch.facts)
    act = turn.act("order/{id}" if switch.pay else address("booking", booking))
    outcome = await desk.exchanges.offer_moves.move(act, booking, offer, at, switch.facts)
    if isinstance(outcome, Refusal):
        return _refused(turn, outcome, booking, offer)
    said = None
    if not switch.pay:
        said = _("Moved, and I am letting {name} know.", name=switch.before.coach_name)
    return Redirect(outcome.next, said)


def _refused(turn: Turn, refusal: Refusal, booking: int, offer: int, *, asked: bool = False) -> Screen:
    back = address("booking", booking)
    if refusal.code in (Code.CURRENCY, Code.OFFER_CLOSED):
        words = _("This session cannot become one of that offer. It stays as it is.")
        return Screen(_("Not done"), (Line(words),), (_ways_back(booking, address(HEAD, booking)),))
    return refusals.screen(turn, refusal, back, lambda time: _review(booking, offer, time), asked=asked)


def _review(booking: int, offer: int, time: FreeTime) -> str:
    return address(HEAD, booking, offer, time.starts)


def _ways_back(booking: int, back: str) -> Row:
    keep = Button(_("Keep it"), address("booking", booking), label=_("Keep this session as it is"))
    return Button(_("Back"), back), keep


ROUTES: tuple[Route, ...] = (
    show("to/{booking:id}", choose),
    show("to/{booking:id}/{offer:id}", first_times),
    show("to/{booking:id}/{offer:id}/from/{first:day}", choose_day),
    show("to/{booking:id}/{offer:id}/{day:day}", choose_time),
    show("to/{booking:id}/{offer:id}/{day:day}/{page:id}", choose_time),
    show("to/{booking:id}/{offer:id}/{at:instant}", review),
    do(
        "to/{booking:id}/{offer:id}/{at:instant}/yes",
        move_it,
        back="to/{booking:id}/{offer:id}/{at:instant}",
        changes_person=False,
        finish=orders.make_card_page,
    ),
)
