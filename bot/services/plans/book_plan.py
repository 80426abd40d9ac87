"""Books all dates of a plan inside a transaction, or none of them."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime

from bot.domain.acts import Act
from bot.domain.bookings.bookings import Booking
from bot.domain.bookings.changes import Confirmed
from bot.domain.payments.orders import LineKind, OrderLine
from bot.domain.plans.plans import Plan
from bot.domain.practice.client_limits import Limit, full
from bot.domain.practice.coaches import Coach
from bot.domain.practice.offers import Offer
from bot.domain.refusals import Code, Refusal
from bot.domain.subjects import Subject
from bot.services.bookings import booking_changes, take_hold
from bot.services.bookings.take_hold import Seat
from bot.services.calendar import free_times
from bot.services.kit import limits
from bot.services.kit.audit_note import note
from bot.services.kit.reaction import Reaction
from bot.services.payments import orders_tx, tell_money
from bot.services.plans import plan_dates
from bot.services.plans.plan_dates import Judged
from storage.bookings import sessions, standing
from storage.bookings.standing import InTheWay
from storage.engine import Tx
from storage.payments import orders, payments
from storage.practice import catalogue, coaches, offers, practice


@dataclass(frozen=True)
class Wish:
    """`stated` says whether the facts of an `Outlook` are what was shown. The others as for a `HoldRequest`."""

    plan: Plan
    stated: Callable[..., bool]
    hold_ends: datetime
    payments_on: bool
    phone: str | None = None


def offered(tx: Tx, offer_id: int, coach_id: int) -> tuple[Offer, Coach] | Refusal:
    """The offer and its coach, where several sessions of it can be booked."""
    offer, coach = offers.find(tx, offer_id), coaches.find(tx, coach_id)
    those = [] if offer is None else free_times.candidates(tx, offer, coach_id)
    refusal = free_times.closed(offer, those, coach_id)
    if refusal is not None or offer is None or coach is None:
        return refusal or Refusal(Code.NOT_FOUND)
    if offer.limited:  # nobody can have a second one
        return Refusal(Code.ONCE_PER_CLIENT if offer.once_per_client else Code.NEW_CLIENTS_ONLY)
    if offer.fees and not offer.price:  # they are agreed to for each session alone
        return Refusal(Code.ONE_BY_ONE)
    return offer, coach


def held_already(held: Booking | None, now: datetime) -> Refusal | None:
    """Who holds a time pays for it, or lets it go, before several are asked for."""
    return Refusal(Code.YOURS, missing=(held.id,)) if held is not None and held.is_held(now) else None


def book(tx: Tx, react: Reaction, act: Act, wish: Wish) -> int | Refusal:
    """The first booking, or the order that asks for all of them. The locks of coach and client are held."""
    plan = wish.plan
    there = standing.in_the_way(tx, plan.coach_id, act.person.id, plan.offer_id, act.now)
    catalogue.see(tx, there.generation)
    found = offered(tx, plan.offer_id, plan.coach_id)
    if isinstance(found, Refusal):
        return found
    offer, coach = found
    refusal = held_already(there.own, act.now)
    if refusal is not None:
        return refusal
    judged = plan_dates.judge(tx, act.person.id, plan, offer, coach, act.now, lock=True)
    more = len(judged.quotes) or 1
    refusal = full(offer, there.standing, practice.get(tx).limits, more) or _against(tx, act, wish, judged)
    if refusal is not None:
        return refusal
    booking_changes.expire(tx, react, there.over, act.now)
    if there.own is not None:
        take_hold.let_go(tx, react, there.own, act)
    made = _seats(tx, act, wish, judged, there)
    return _asked(tx, react, act, wish, made, there) if made[0].order_id else _confirmed(tx, react, act, made, there)


def _against(tx: Tx, act: Act, wish: Wish, judged: Judged) -> Refusal | None:
    seen = judged.outlook
    asks_number = bool(judged.quotes) and judged.quotes[0].terms.place.asks_number
    if not seen.is_bookable or not wish.stated(*seen.facts) or (asks_number and wish.phone is None):
        return Refusal(Code.CHANGED)
    if not seen.price or seen.uses_credit:
        return None
    return limits.refusal(tx, act, Limit.HOLDS) if wish.payments_on else Refusal(Code.PAYMENTS_OFF)


def _seats(tx: Tx, act: Act, wish: Wish, judged: Judged, there: InTheWay) -> list[Booking]:
    first = there.drawn
    made: list[Booking] = []
    for quoted, choice in zip(judged.quotes, judged.choices, strict=True):
        drawn = sessions.draw(tx) if made else first
        seat = Seat(wish.hold_ends, wish.phone, choice, first.order_id, first.booking_id)
        made.append(take_hold.take_seat(tx, act, quoted, drawn, seat))
    return made


def _confirmed(tx: Tx, react: Reaction, act: Act, made: list[Booking], there: InTheWay) -> int:
    for booking in made:
        react(tx, Confirmed(None, booking, act.cause, tuple(there.both)))
    note(tx, act, "plan.booked", Subject("plan", made[0].id), after={"sessions": len(made)})
    return made[0].id


def _asked(tx: Tx, react: Reaction, act: Act, wish: Wish, made: list[Booking], there: InTheWay) -> int:
    """One order asks for all of them, and its payment confirms them."""
    order_id = there.drawn.order_id
    if there.other_order is not None and (before := orders.find(tx, there.other_order)) is not None:
        orders_tx.end(tx, react, before, act.cause)
    lines = [OrderLine(LineKind.SESSION, each.terms.price, each.subject) for each in made]
    order = orders.open_drawn(tx, order_id, act.person.id, lines, act.now)
    payments.intend(tx, order, wish.hold_ends, act.now)
    tell_money.say_order(tx, order, act.now)
    asked = {"sessions": len(made), "order": order_id, "price": order.amount.amount, "currency": order.amount.currency}
    note(tx, act, "plan.held", Subject("plan", made[0].id), after=asked)
    return order_id
