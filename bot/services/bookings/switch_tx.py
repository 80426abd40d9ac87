"""Moves a session to another offer inside a transaction: whether it may, what it costs, the time kept meanwhile."""

from collections.abc import Mapping
from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any

from bot.domain.bookings import switch
from bot.domain.bookings.bookings import Booking, SessionState, Terms
from bot.domain.bookings.changes import Moved
from bot.domain.bookings.cover import Cover
from bot.domain.bookings.switch import Switch
from bot.domain.payments.orders import LIFE
from bot.domain.payments.provider import ChargeLimits
from bot.domain.practice.coaches import Coach
from bot.domain.practice.offers import Offer, OfferState
from bot.domain.pricing.discounts import PriceDifference, difference
from bot.domain.pricing.rounding import with_tax_on_top, without_tax_on_top
from bot.domain.records import Cause
from bot.domain.refusals import Code, Refusal
from bot.services.bookings import booking_changes, reschedule_tx, take_hold
from bot.services.calendar import free_times
from bot.services.calendar.free_times import Moving
from bot.services.credits import choosing
from bot.services.kit.reaction import Reaction
from bot.services.offers import eligibility
from storage.bookings import changing, sessions, standing
from storage.credits import holdings
from storage.engine import Tx
from storage.instants import to_epoch
from storage.journal import audit
from storage.practice import catalogue, coaches, offers
from storage.tables import sessions as sessions_table

FREE = ChargeLimits(1, 0)
"""Where nobody charges anything, nothing can be too little."""


def look(
    tx: Tx, booking: Booking, offer_id: int, at: datetime, now: datetime, limits: ChargeLimits | None, *,
    lock: bool = False,
) -> Switch | Refusal:  # fmt: skip
    """What moving a session of its client to this offer, at this time, would come to.

    As for a move of the time alone; also OFFER_CLOSED, CURRENCY, and what speaks against booking the offer. `limits`:
    of the currency, None while nobody charges anything. `lock`: it is about to move, and its coach's lock is held.
    """
    offer, coach = offers.find(tx, offer_id), coaches.find(tx, booking.coach_id)
    refusal = reschedule_tx.forbidden(booking, now) or _closed(tx, booking, offer, coach)
    if refusal is not None or offer is None or coach is None:
        return refusal or Refusal(Code.NOT_FOUND)
    refusal = _not_for(tx, booking, offer, now, lock=lock) or _of_credit(tx, booking, at, lock=lock)
    if refusal is None:
        refusal = time_taken(tx, booking, offer, coach, at, now)
    return refusal or _switch(booking, offer, coach, at, now, limits)


def can_be(tx: Tx, booking: Booking, offer: Offer, now: datetime) -> bool:
    """Whether the session could become one of this offer, at some time."""
    coach = coaches.find(tx, booking.coach_id)
    return _closed(tx, booking, offer, coach) is None and _not_for(tx, booking, offer, now) is None


def _closed(tx: Tx, booking: Booking, offer: Offer | None, coach: Coach | None) -> Refusal | None:
    """Its coach gives the other offer, in the same currency; a credit is only for offers of its package."""
    if offer is None or coach is None or offer.id == booking.offer_id:
        return Refusal(Code.NOT_FOUND)
    place = coach.place_for(offer)
    unreachable = place is None or (place.asks_number and booking.phone is None)
    if offer.state is not OfferState.OPEN or not coach.can_do(offer) or unreachable:
        return Refusal(Code.OFFER_CLOSED)
    if booking.credit is not None:
        held = holdings.find(tx, booking.credit.grant_id)
        covered = held is not None and booking.credit.is_taken and offer.id in held.grant.offer_ids
        return None if covered else Refusal(Code.OFFER_CLOSED)
    if booking.owed:
        return Refusal(Code.UNRETURNABLE, reason="under_way")
    return None if offer.price.currency == booking.terms.price.currency else Refusal(Code.CURRENCY)


def _not_for(tx: Tx, booking: Booking, offer: Offer, now: datetime, *, lock: bool = False) -> Refusal | None:
    if lock:
        return eligibility.refusal_alone(tx, offer, booking, now)
    return eligibility.refusal_but(tx, offer, booking, now)


def _of_credit(tx: Tx, booking: Booking, at: datetime, *, lock: bool) -> Refusal | None:
    credit = booking.credit
    if credit is None:
        return None
    if credit.ends is not None and at >= credit.ends:
        return Refusal(Code.CREDIT_ENDS, at=credit.ends)
    cap = choosing.cap_against(tx, booking, at, lock=lock)
    return None if cap is None else Refusal(Code.CREDIT_WEEK, most=cap)


def time_taken(
    tx: Tx, booking: Booking, offer: Offer, coach: Coach, at: datetime, now: datetime
) -> Refusal | None:  # fmt: skip
    """Why the offer is not free then, as if the session itself were not there."""
    moving, start = Moving(booking, elsewhere=True), to_epoch(at)
    reason = free_times.load(tx, offer, coach, start, start + 1, now, moving).reason_against(start)
    if reason is None:
        return None
    return free_times.refuse(reason, free_times.nearest(tx, offer, [coach], at, now, moving=moving), at)


def _switch(
    booking: Booking, offer: Offer, coach: Coach, at: datetime, now: datetime, limits: ChargeLimits | None
) -> Switch:
    outcome = reschedule_tx.outcome(booking, now)
    found = difference_of(booking, offer, limits)
    terms = take_hold.terms_with(offer, coach)
    terms = replace(terms, price=switch.agreed(terms.price, found))
    after = switch.switched(booking, offer.id, terms, at, outcome)
    if booking.tax_on_top and found is not None and not found.effect.pay:
        after = switch.with_less_tax(after, booking, found.effect.back)
    return Switch(booking, after, outcome, found)


def difference_of(booking: Booking, offer: Offer, limits: ChargeLimits | None) -> PriceDifference | None:
    """What the other offer costs more, or less, than what was paid; None on a credit. Prices are compared without tax
    that comes on top: what is paid has its own then, and what goes back has its share of what was paid."""
    if booking.credit is not None:
        return None
    price, charged, on_top = booking.terms.price, booking.charged, bool(booking.tax_on_top)
    paid = without_tax_on_top(booking.paid, price, charged) if on_top else booking.paid
    found = difference(paid, offer.price, limits or FREE)
    if not on_top or not found.effect.back:
        return found
    back = with_tax_on_top(found.effect.back, price, charged, charged - booking.paid)
    return replace(found, effect=replace(found.effect, back=back, kept=booking.paid - back))


def keep_time(tx: Tx, react: Reaction, found: Switch, now: datetime) -> list[int]:
    """Keep the new time beside the old, where that does not keep it already; ids of the sessions that do.

    `Overlap` when somebody else has it.
    """
    before, after = found.before, found.after
    _reap(tx, react, before, now)
    kept = []
    for since, until in switch.outside((before.starts, before.ends), (after.starts, after.ends)):
        session_id = tx.next_id(sessions_table)
        sessions.insert(
            tx, session_id, coach_id=before.coach_id, starts=since, length_min=(until - since) // timedelta(minutes=1),
            state=SessionState.HELD, buffers_min=_buffers(tx, after.offer_id), kept_until=now + LIFE,
        )  # fmt: skip
        kept.append(session_id)
    return kept


def let_time_go(tx: Tx, held: tuple[int, ...]) -> None:
    """Nobody is to move there any more."""
    for session_id in held:
        sessions.set_state(tx, session_id, SessionState.ENDED)


def let_left_go(tx: Tx, before: datetime, most: int) -> int:
    """Times that were to be kept until `before`, and still are, be it that the order which asks for their price cannot
    be read: then nobody else lets them go. How many."""
    late = sessions.kept_too_long(tx, before, most)
    for coach_id in sorted({coach_id for _session_id, coach_id in late}):
        tx.lock_coach(coach_id)
    let_time_go(tx, tuple(session_id for session_id, _coach_id in late))
    return len(late)


def apply_paid(
    tx: Tx, react: Reaction, booking: Booking, name: str, kept: Mapping[str, Any], order_id: int, cause: Cause, *,
    is_open: bool,
) -> bool:  # fmt: skip
    """Move it, since the difference was paid. False when it cannot move any more, and everything stays as it is.

    `is_open`: its order asked for the money until now. A new time that was let go may be another's.
    """
    if not switch.is_as_told(booking, kept, cause.now):
        return False
    found = switch.promised(booking, name, kept)
    offer, coach = offers.find(tx, found.after.offer_id), coaches.find(tx, booking.coach_id)
    if offer is None or coach is None:
        return False
    is_kept = is_open and sessions.are_kept(tx, switch.held_by(kept))
    if not is_kept and time_taken(tx, booking, offer, coach, found.after.starts, cause.now) is not None:
        return False
    place = coach.place_for(offer) or booking.terms.place
    terms: Terms = replace(found.after.terms, place=place)
    paid_by = booking.order_id if booking.cover is not Cover.FREE else order_id
    apply(tx, react, replace(found, after=replace(found.after, terms=terms, order_id=paid_by)), cause,
          switch.held_by(kept))  # fmt: skip
    return True


def apply(tx: Tx, react: Reaction, found: Switch, cause: Cause, held: tuple[int, ...] = ()) -> None:
    """Let the session be another from now on, under the coach's lock. `held`: what kept its new time until now."""
    before, after = found.before, found.after
    both = _reap(tx, react, before, cause.now)
    let_time_go(tx, held)
    changing.switch(tx, before, after)
    sessions.switch(tx, before.session_id, after.starts, after.terms.length_min, _buffers(tx, after.offer_id))
    react(tx, Moved(before, after, cause, None, both))
    audit.write(
        tx, person_id=cause.person_id, via=cause.via, act="booking.switched", subject=before.subject,
        before=_trail(before), after=_trail(after), now=cause.now,
    )  # fmt: skip


def _reap(tx: Tx, react: Reaction, booking: Booking, now: datetime) -> tuple[Any, ...]:
    around = standing.around(tx, booking.coach_id, booking, now)
    catalogue.see(tx, around.generation)
    booking_changes.expire(tx, react, around.over, now)
    return around.both


def _buffers(tx: Tx, offer_id: int) -> tuple[int, int]:
    offer = offers.find(tx, offer_id)
    return (0, 0) if offer is None else (offer.buffer_before_min, offer.buffer_after_min)


def _trail(booking: Booking) -> dict[str, object]:
    return {"offer": booking.offer_id, "starts": to_epoch(booking.starts), "price": booking.terms.price.amount}
