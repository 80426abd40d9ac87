"""Confirms, cancels and ends a booking inside a transaction, with everything that follows from it."""

from collections.abc import Iterable
from datetime import datetime

from bot.domain.bookings.bookings import Booking, BookingState, SessionState
from bot.domain.bookings.policy import Actor, CancelOutcome, cancel_outcome
from bot.domain.bookings.proposals import ProposalState
from bot.domain.notices.notices import NoticeKind
from bot.domain.payments.money import Money
from bot.domain.people.people import Person
from bot.domain.people.permissions import Permission, may
from bot.services.notices.notice_planning import forget, tell, tell_confirmed
from storage.bookings import bookings, proposals, sessions
from storage.engine import Overlap, Tx
from storage.instants import to_epoch
from storage.journal import audit
from storage.notices import outbox
from storage.payments import payments


def side(person: Person, booking: Booking) -> Actor | None:
    """As whom a person deals with a booking; owners count as its coach, others have no part in it."""
    if person.id == booking.person_id:
        return Actor.CLIENT
    if person.id == booking.coach_person_id or may(person, Permission.KEEP_EVERY_BOOKING):
        return Actor.COACH
    return None


def confirm(
    tx: Tx, booking_id: int, via: str, now: datetime, person_id: int | None = None
) -> Booking | None:
    """The session takes place: paid, or free. None when its time was lost to somebody else, or is past.

    A hold that ended unpaid comes back if nobody took its time; what was confirmed before and then
    cancelled does not. Confirming twice is confirming once.
    """
    booking = bookings.find(tx, booking_id)
    if booking is None or booking.state is BookingState.CONFIRMED:
        return booking
    if booking.hold_ends is None or booking.starts <= now:
        return None
    tx.lock_coach(booking.coach_id)
    reap(tx, booking.coach_id, now, keep=booking.id)
    try:
        with tx.savepoint():
            confirmed = bookings.confirm(tx, booking)
            if confirmed is not None:
                sessions.set_state(tx, booking.session_id, SessionState.CONFIRMED)
    except Overlap:
        return None
    if confirmed is None:  # somebody else changed it since it was read: look again
        return confirm(tx, booking_id, via, now, person_id)
    audit.write(
        tx, person_id=person_id, via=via, act="booking.confirmed", subject=booking.subject,
        before={"state": booking.state}, after={"state": confirmed.state}, now=now,
    )  # fmt: skip
    outbox.cancel(tx, subject=booking.subject, kinds={NoticeKind.HOLD}, note="confirmed")
    outbox.ask_correction(tx, booking.subject, now, {NoticeKind.HOLD})
    tell_confirmed(tx, confirmed, now, person_id)
    return confirmed


def end(
    tx: Tx, booking: Booking, state: BookingState, by: str, now: datetime, reason: str | None = None,
    *, via: str = "worker", person_id: int | None = None,
) -> bool:  # fmt: skip
    """The seat is free again; False when the booking changed since it was read. Tells nobody, gives nothing back.

    `by` is client, coach, owner or time; `reason` are somebody's own words.
    """
    if not bookings.end(tx, booking, state, by, reason, now):
        return False
    sessions.set_state(tx, booking.session_id, SessionState.ENDED)
    if booking.state is BookingState.HELD:
        payments.close(tx, booking.subject, now)
    proposals.close(tx, booking.id, ProposalState.WITHDRAWN)
    forget(tx, booking, state.value, now)
    audit.write(
        tx, person_id=person_id, via=via, act=f"booking.{state}", subject=booking.subject,
        before={"state": booking.state}, after={"state": state, "by": by}, now=now,
    )  # fmt: skip
    return True


def reap(tx: Tx, coach_id: int, now: datetime, *, keep: int | None = None) -> None:
    """End the coach's holds that are over and can no longer be paid, under the coach's lock."""
    expire(tx, [booking for booking in bookings.over_holds(tx, now, coach_id=coach_id) if booking.id != keep], now)


def expire(tx: Tx, over: Iterable[Booking], now: datetime) -> None:
    """Their time has run out."""
    for booking in over:
        end(tx, booking, BookingState.EXPIRED, "time", now)


def outcome_of(booking: Booking, actor: Actor, now: datetime) -> CancelOutcome:
    """What a cancel would give back and keep."""
    paid = booking.paid if booking.paid.amount > 0 else None
    return cancel_outcome(booking.terms.policy, paid, to_epoch(booking.starts), to_epoch(now), actor)


def cancel(
    tx: Tx, booking: Booking, outcome: CancelOutcome, now: datetime,
    *, by: str, via: str, person_id: int | None, reason: str | None = None, why: str = "policy",
    tell_whom: tuple[int, ...],
) -> bool:  # fmt: skip
    """Carry the outcome out: the seat ends, the refund is intended, `tell_whom` hear of it; False as for `end`.

    `why` is the refund's reason: policy, coach or declined.
    """
    if not end(tx, booking, BookingState.CANCELLED, by, now, reason, via=via, person_id=person_id):
        return False
    if outcome.refund is not None and outcome.refund.amount > 0:
        payments.give_back(tx, booking.subject, outcome.refund, why, now)
    _audit_money(tx, booking, outcome.refund, via, person_id, why, now)
    for told in dict.fromkeys(tell_whom):
        tell(tx, NoticeKind.CANCELLED, booking, told, booking.version + 1, now)
    return True


def cancel_by_practice(
    tx: Tx, booking: Booking, by: Person, now: datetime, reason: str | None = None, *, via: str = "web"
) -> bool:
    """The practice takes it back: everything paid goes back, client and coach are told, `by` is not."""
    outcome = outcome_of(booking, Actor.COACH, now)
    told = tuple(each for each in (booking.person_id, booking.coach_person_id) if each != by.id)
    role = "coach" if by.id == booking.coach_person_id else "owner"
    return cancel(
        tx, booking, outcome, now,
        by=role, via=via, person_id=by.id, reason=reason, why="coach", tell_whom=told,
    )  # fmt: skip


def _audit_money(
    tx: Tx, booking: Booking, refund: Money | None, via: str, person_id: int | None, why: str, now: datetime
) -> None:
    if refund is None:
        return
    audit.write(
        tx, person_id=person_id, via=via, act="booking.refund_intended", subject=booking.subject,
        before={"paid": booking.paid.amount}, after={"refund": refund.amount, "currency": refund.currency},
        why=why, now=now,
    )  # fmt: skip
