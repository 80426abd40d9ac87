"""Confirms, ends and settles a booking inside a transaction. Used wherever bookings change.

Each changes the rows of the booking itself and then lets others react (`Reaction`), who are handed to it.
"""

from collections.abc import Iterable, Mapping
from dataclasses import replace
from datetime import datetime
from functools import partial

from bot.domain.bookings import credit_cover
from bot.domain.bookings.bookings import Booking, BookingState, Outcome, SessionState
from bot.domain.bookings.changes import Confirmed, Ended, Ending, Settled
from bot.domain.bookings.policy import Actor, CancelOutcome, cancel_outcome
from bot.domain.bookings.reasons import Reason
from bot.domain.payments.money import Money
from bot.domain.people.people import Person
from bot.domain.people.permissions import Permission, may
from bot.domain.records import Cause
from bot.services.kit.reaction import Reaction
from bot.services.offers import eligibility
from storage.bookings import changing, hold_marks, sessions, standing
from storage.credits import holdings
from storage.engine import Overlap, Tx
from storage.instants import to_epoch
from storage.journal import audit
from storage.journal.unreadable import each_alone
from storage.practice import catalogue, offers


def side(person: Person, booking: Booking, now: datetime) -> Actor | None:
    """The role of a person in a booking: its client or its coach, which owners count as; None for others, and for who
    was removed once it is over."""
    if person.id == booking.person_id:
        return Actor.CLIENT
    if booking.is_given_by(person.id, now) or may(person, Permission.KEEP_EVERY_BOOKING):
        return Actor.COACH
    return None


def confirm(tx: Tx, react: Reaction, booking: Booking, cause: Cause) -> Booking | None:
    """Confirm a booking that is paid or free. None when its time was lost to somebody else, or is past.

    A hold that ended unpaid comes back if nobody took its time; what was confirmed before and then
    cancelled does not, and neither does a hold that the practice cancelled. Confirming twice is confirming once.
    `booking` was read under the coach's lock.
    """
    if booking.state is BookingState.CONFIRMED:
        return booking
    if booking.hold_ends is None or booking.starts <= cause.now or booking.practice_cancelled:
        return None
    if booking.state is not BookingState.HELD and not _may_come_back(tx, booking, cause.now):
        return None
    around = standing.around(tx, booking.coach_id, booking, cause.now)
    catalogue.see(tx, around.generation)
    along = booking.order_id  # what is paid with it is confirmed after it, and did not end before
    expire(tx, react, [each for each in around.over if along is None or each.order_id != along], cause.now)
    try:
        with tx.part() if booking.state is BookingState.HELD else tx.savepoint():
            confirmed = changing.confirm(tx, booking)
            sessions.set_state(tx, booking.session_id, SessionState.CONFIRMED)
    except Overlap:
        return None
    react(tx, Confirmed(booking, confirmed, cause, around.both))
    _write_down(tx, booking, "confirmed", cause, {"state": booking.state}, {"state": confirmed.state})
    return confirmed


def _may_come_back(tx: Tx, booking: Booking, now: datetime) -> bool:
    """Whether its client can still book what they let go; they may have booked it another way meanwhile."""
    offer = offers.find(tx, booking.offer_id)
    return offer is None or eligibility.refusal_alone(tx, offer, booking, now, again=True) is None


def end(tx: Tx, react: Reaction, booking: Booking, ending: Ending) -> None:
    """The slot is free again."""
    after = changing.end(tx, booking, ending)
    sessions.set_state(tx, booking.session_id, SessionState.ENDED)
    react(tx, Ended(booking, after, ending))
    was: dict[str, object] = {"state": booking.state}
    becomes: dict[str, object] = {"state": ending.state, "by": ending.by}
    if booking.outcome is not None:
        was, becomes = {**was, "outcome": booking.outcome}, {**becomes, "outcome": None}
    _write_down(tx, booking, ending.state.value, ending.cause, was, becomes)
    refund = None if ending.outcome is None else ending.outcome.refund
    if refund is not None:
        money = {"paid": booking.paid.amount}, {"refund": refund.amount, "currency": refund.currency}
        _write_down(tx, booking, "refund_intended", ending.cause, *money, why=ending.refund_for)


def expire(tx: Tx, react: Reaction, over: Iterable[Booking], now: datetime) -> int:
    """End bookings whose time to pay is over; how many ended. Those stay of which a payment cannot be read."""
    by_time = Ending(BookingState.EXPIRED, "time", Cause(None, "worker", now))

    def one(booking: Booking) -> bool:
        end(tx, react, booking, by_time)
        return True

    known = [booking for booking in over if hold_marks.payment_is_known(tx, booking)]
    return sum(bool(each_alone(tx, partial(one, booking))) for booking in known)


def outcome_of(booking: Booking, actor: Actor, now: datetime) -> CancelOutcome:
    """What a cancel would give back and keep."""
    coverage = credit_cover.of_booking(booking, now, by_practice=actor is Actor.COACH)
    starts, at, policy = to_epoch(booking.starts), to_epoch(now), booking.terms.policy
    if booking.handed_to is not None:  # its coach left, and nobody has to take another
        return cancel_outcome(replace(policy, cancel_cutoff_min=0), coverage, starts, at, actor)
    return cancel_outcome(policy, coverage, starts, at, actor, late=booking.cancel_late)


def cancel_by_practice(
    tx: Tx, react: Reaction, booking: Booking, by: Person, cause: Cause, reason: Reason | None = None,
    *, tell_coach: bool = True,
) -> None:  # fmt: skip
    """Cancel for the practice: refund everything paid, tell client and coach, except for `by`."""
    both = (booking.person_id, booking.coach_person_id) if tell_coach else (booking.person_id,)
    ending = Ending(
        BookingState.CANCELLED,
        "coach" if by.id == booking.coach_person_id else "owner",
        cause,
        signed=by,
        reason=reason,
        outcome=outcome_of(booking, Actor.COACH, cause.now),
        refund_for="coach",
        told=tuple(each for each in both if each != by.id),
    )
    end(tx, react, booking, ending)


def hold_credits(tx: Tx, those: Iterable[Booking]) -> None:
    """Before several bookings end in one transaction: the locks of all grants whose credits they have, in order."""
    holdings.lock(tx, [each.credit.grant_id for each in those if each.credit is not None])


def settle(
    tx: Tx, react: Reaction, booking: Booking, outcome: Outcome | None, cause: Cause, fee: Money | None = None
) -> None:
    """How a past session went, None: not said any more. `fee`: what is charged for that."""
    after = changing.set_outcome(tx, booking, outcome, cause.now, fee)
    react(tx, Settled(booking, after, cause))
    _write_down(tx, booking, "settled", cause, {"outcome": booking.outcome}, {"outcome": outcome})


def _write_down(
    tx: Tx, booking: Booking, act: str, cause: Cause, before: Mapping[str, object], after: Mapping[str, object],
    *, why: str | None = None,
) -> None:  # fmt: skip
    audit.write(
        tx, person_id=cause.person_id, via=cause.via, act=f"booking.{act}", subject=booking.subject,
        before=before, after=after, why=why, now=cause.now,
    )  # fmt: skip
