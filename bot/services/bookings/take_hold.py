"""Checks, quotes, holds and releases a time inside a transaction."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from bot.domain.acts import Act
from bot.domain.bookings.bookings import Booking, BookingState, SessionState, Terms
from bot.domain.bookings.changes import Confirmed, Ending, Held
from bot.domain.bookings.cover import Cover, of_price
from bot.domain.bookings.policy import Policy
from bot.domain.credits.grants import BookedCredit
from bot.domain.credits.rules import ChosenCredit, Unusable
from bot.domain.payments.money import Money
from bot.domain.practice.client_limits import Limit, full
from bot.domain.practice.coaches import Coach
from bot.domain.practice.offers import Offer
from bot.domain.refusals import TOGETHER, Code, Refusal
from bot.services.bookings import booking_changes
from bot.services.bookings.client_numbers import TYPED
from bot.services.calendar import free_times
from bot.services.credits import choosing, ledger
from bot.services.kit import limits
from bot.services.kit.audit_note import note
from bot.services.kit.reaction import Reaction
from bot.services.offers import eligibility
from storage.bookings import bookings, client_numbers, on_order, sessions, standing
from storage.bookings.sessions import Drawn
from storage.bookings.standing import InTheWay
from storage.engine import Tx
from storage.instants import to_epoch
from storage.journal import drafts
from storage.practice import catalogue, coaches, offers, practice


@dataclass(frozen=True)
class Quote:
    """The terms of a booking before it is made. `coach` would take it.

    `facts` are what the button must state: `turn.do(..., stated=quote.facts)`, `turn.require(*quote.facts)`.
    """

    offer: Offer
    coach: Coach
    at: datetime
    terms: Terms
    facts: tuple[object, ...]


@dataclass(frozen=True)
class HoldRequest:
    """A request for a hold. `asked` is the coach that the client asked for (None: any), `facts` what was stated.

    `phone`: the number that the client gave, for a place that asks for one. `on_credit`: a credit covers it, and not
    money; the function says whether the facts of `take_hold.on_credit` are what was stated. `fees_on`: a free session
    is held until its fees are agreed to.
    """

    offer_id: int
    asked: int | None
    at: datetime
    facts: tuple[object, ...]
    hold_ends: datetime
    payments_on: bool
    phone: str | None = None
    on_credit: Callable[..., bool] | None = None
    fees_on: bool = False

    def asks_for_fees(self, offer: Offer) -> bool:
        return self.fees_on and self.on_credit is None and bool(offer.fees_for(offer.price))


def shut(offer: Offer | None, those: Sequence[Coach], payments_on: bool, coach_id: int | None = None) -> Refusal | None:
    """Why nothing of this offer can be booked at all, with these coaches. `coach_id`: who was asked for."""
    refusal = free_times.closed(offer, those, coach_id)
    if refusal is None and offer is not None and offer.price.amount and not payments_on:
        return Refusal(Code.PAYMENTS_OFF)
    return refusal


def quote(offer: Offer, coach: Coach, asked: int | None, at: datetime) -> Quote:
    terms = terms_with(offer, coach)
    return Quote(offer, coach, at, terms, facts_of(terms, asked))


def terms_with(offer: Offer, coach: Coach) -> Terms:
    """The terms of a booking with this coach, who can do the offer, whenever it is."""
    place = coach.place_for(offer)
    assert place is not None
    policy = Policy(offer.cancel_cutoff_min, offer.move_cutoff_min, offer.max_moves)
    return Terms(offer.name, offer.length_min, offer.price, place, policy)


def facts_of(terms: Terms, asked: int | None) -> tuple[object, ...]:
    price, policy = terms.price, terms.policy
    return (
        price.amount, price.currency, terms.length_min, terms.place.kind.value, asked or 0,
        policy.cancel_cutoff_min, policy.move_cutoff_min, policy.max_moves,
    )  # fmt: skip


def place_hold(tx: Tx, react: Reaction, act: Act, wish: HoldRequest, coach_id: int) -> Booking | Refusal:
    """Hold the time with this coach, or confirm it at once when it is free; the booking as it is then.

    The transaction began with the locks of the coach, who may be leaving the practice at this moment, and of the
    client, whose sessions are counted.
    """
    there = standing.in_the_way(tx, coach_id, act.person.id, wish.offer_id, act.now)
    catalogue.see(tx, there.generation)
    offer, coach = offers.find(tx, wish.offer_id), coaches.find(tx, coach_id)
    those = [] if offer is None else free_times.candidates(tx, offer, coach_id)
    refusal = shut(offer, those, wish.payments_on or wish.on_credit is not None)
    if refusal is not None or offer is None or coach is None:
        return refusal or Refusal(Code.NOT_FOUND)
    refusal = eligibility.closed_alone(tx, offer, act.person.id)
    if refusal is not None:
        return refusal
    before = there.own
    together = held_together(tx, before, offer, wish.asked, wish.at)
    if together is not None:
        return together
    if before is not None and wish.on_credit is None and _is_wished(before, wish, offer):
        booking_changes.expire(tx, react, there.over, act.now)
        return _as_wished(tx, before, wish)
    refusal = full(offer, there.standing, practice.get(tx).limits)
    if refusal is None and (offer.price or wish.asks_for_fees(offer)) and wish.on_credit is None:
        refusal = limits.refusal(tx, act, Limit.HOLDS)
    if refusal is not None:
        return refusal
    start = to_epoch(wish.at)
    without = None if before is None else before.session_id
    [calendar] = free_times.load_all(tx, offer, [coach], start, start + 1, act.now, without=without)
    reason = calendar.reason_against(start)
    if reason is not None:
        return free_times.refuse(reason, (), wish.at)
    quoted = quote(offer, coach, wish.asked, wish.at)
    if quoted.facts != wish.facts or (quoted.terms.place.asks_number and wish.phone is None):
        return Refusal(Code.CHANGED)
    choice = None if wish.on_credit is None else _credit(tx, act, quoted, wish.on_credit)
    if isinstance(choice, Refusal):
        return choice
    # All is read by now: what is in the way goes in the statement that takes its place.
    booking_changes.expire(tx, react, there.over, act.now)
    if before is not None:
        let_go(tx, react, before, act)
    return _seat(tx, react, act, quoted, wish, there, choice)


def on_credit(quoted: Quote, credit: BookedCredit) -> tuple[object, ...]:
    """What the button must state that takes this time on this credit."""
    return (*quoted.facts, *choosing.facts_of(credit))


def _credit(tx: Tx, act: Act, quoted: Quote, stated: Callable[..., bool]) -> ChosenCredit | Refusal:
    """The credit that the booking takes, of grants that are held until the transaction ends."""
    found = choosing.choose(tx, act.person.id, quoted.offer.id, quoted.at, quoted.coach.zone, lock=True)
    match found:
        case ChosenCredit():
            same = stated(*on_credit(quoted, choosing.booked(found, act.person.id)))
            return found if same else Refusal(Code.CHANGED)
        case Unusable(why=why, ends=ends, cap=cap):
            return Refusal(Code.NO_CREDIT, reason=why.value, at=ends, most=cap)
    return Refusal(Code.NO_CREDIT)


def held_together(tx: Tx, own: Booking | None, offer: Offer, asked: int | None, at: datetime) -> Refusal | None:
    """YOURS, where their hold `own` is one of several that are paid together, and one of those has this time. They pay
    for all, or let all go, before one is booked alone."""
    if own is None or own.plan_id is None:
        return None
    until = at + timedelta(minutes=offer.length_min)
    for each in on_order.held_with(tx, own):
        if each.starts < until and at < each.ends and asked in (None, each.coach_id):
            return Refusal(Code.YOURS, TOGETHER, missing=(each.id,))
    return None


def _is_wished(held: Booking, wish: HoldRequest, offer: Offer) -> bool:
    """Whether this hold is the one asked for, at today's price or, with a coupon, at less."""
    same_coach, price = wish.asked in (None, held.coach_id), held.terms.price
    no_dearer = price.currency == offer.price.currency and price <= offer.price
    return same_coach and no_dearer and (held.offer_id, held.starts) == (offer.id, wish.at)


def _as_wished(tx: Tx, held: Booking, wish: HoldRequest) -> Booking:
    """The hold that stands, for who asks for it a second time, perhaps to be called at another number."""
    if wish.phone is None or wish.phone == held.phone or not held.terms.place.asks_number:
        return held
    client_numbers.put(tx, held.id, wish.phone)
    return replace(held, phone=wish.phone)


def let_go(tx: Tx, react: Reaction, booking: Booking, act: Act) -> int:
    """End an own hold, and with it all dates of a plan that is held; the id of the booking."""
    ending = Ending(BookingState.CANCELLED, "client", act.cause)
    for each in [booking] if booking.plan_id is None else on_order.held_with(tx, booking):
        booking_changes.end(tx, react, each, ending)
    return booking.id


def _seat(
    tx: Tx, react: Reaction, act: Act, quoted: Quote, wish: HoldRequest, there: InTheWay, choice: ChosenCredit | None
) -> Booking:
    seat = Seat(wish.hold_ends, wish.phone, choice, waits=wish.asks_for_fees(quoted.offer))
    booking = take_seat(tx, act, quoted, there.drawn, seat)
    held = Held(booking, act.cause, there.other_order if booking.order_id is not None else None)
    is_held = booking.state is BookingState.HELD
    react(tx, held if is_held else Confirmed(None, booking, act.cause, tuple(there.both)))
    return booking


@dataclass(frozen=True)
class Seat:
    """How a time is taken. `hold_ends`: until when it can be paid, where it is. `order_id`: where that is not its own.

    `phone`: see `HoldRequest`. `plan_id`: see `Booking`. `waits`: it is held although nothing is to be paid.
    """

    hold_ends: datetime
    phone: str | None = None
    choice: ChosenCredit | None = None
    order_id: int | None = None
    plan_id: int | None = None
    waits: bool = False


def take_seat(tx: Tx, act: Act, quoted: Quote, drawn: Drawn, seat: Seat) -> Booking:
    """Write session and booking, and take the credit; others are yet to react."""
    offer, coach, terms, choice = quoted.offer, quoted.coach, quoted.terms, seat.choice
    cover = of_price(terms.price) if choice is None else Cover.CREDIT
    to_pay = cover is Cover.ORDER
    is_held = to_pay or seat.waits
    new = bookings.NewBooking(
        id=drawn.booking_id,
        session_id=drawn.session_id,
        person_id=act.person.id,
        coach_id=coach.id,
        offer_id=offer.id,
        terms=terms,
        client_zone=act.person.zone or practice.get(tx).zone or coach.zone,
        coach_zone=coach.zone,
        hold_ends=seat.hold_ends if is_held else None,
        phone=seat.phone if terms.place.asks_number else None,
        cover=cover,
        order_id=(seat.order_id or drawn.order_id) if to_pay else None,
        grant_id=None if choice is None else choice.held.grant.id,
        plan_id=seat.plan_id,
    )
    booking = _as_inserted(new, quoted, act, choice)
    if new.phone is not None:
        drafts.drop(tx, act.person.id, TYPED)  # the number stands with the booking
    sessions.insert(
        tx,
        drawn.session_id,
        coach_id=coach.id,
        starts=quoted.at,
        length_min=terms.length_min,
        state=SessionState.HELD if is_held else SessionState.CONFIRMED,
        buffers_min=(offer.buffer_before_min, offer.buffer_after_min),
    )
    bookings.insert(tx, new, act.now)
    if choice is not None:
        ledger.reserve(tx, choice, booking.id, act.cause)
    what = {"coach": coach.id, "offer": offer.id, "starts": to_epoch(quoted.at), "price": terms.price.amount}
    note(tx, act, "booking.held" if is_held else "booking.confirmed", booking.subject, after=what)
    return booking


def _as_inserted(new: bookings.NewBooking, quoted: Quote, act: Act, choice: ChosenCredit | None) -> Booking:
    """The booking as a read would return it, without one."""
    return Booking(
        id=new.id,
        session_id=new.session_id,
        person_id=new.person_id,
        client_name=act.person.name,
        coach_id=new.coach_id,
        coach_name=quoted.coach.name,
        coach_person_id=quoted.coach.person_id,
        offer_id=new.offer_id,
        state=BookingState.CONFIRMED if new.hold_ends is None else BookingState.HELD,
        starts=quoted.at,
        terms=new.terms,
        client_zone=new.client_zone,
        coach_zone=new.coach_zone,
        paid=Money(0, new.terms.price.currency),
        owed=Money(0, new.terms.price.currency),
        made_at=act.now,
        hold_ends=new.hold_ends,
        cover=new.cover,
        order_id=new.order_id,
        credit=None if choice is None else choosing.booked(choice, act.person.id),
        plan_id=new.plan_id,
        phone=new.phone,
    )
