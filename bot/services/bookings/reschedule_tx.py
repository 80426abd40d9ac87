"""Reschedules a session inside a transaction: checks that it may move and the time is free, plans what follows."""

from datetime import datetime

from bot.domain.acts import Act
from bot.domain.bookings.bookings import Booking, BookingState, moved
from bot.domain.bookings.changes import Moved
from bot.domain.bookings.policy import Actor, MoveOutcome, MoveRefusal, move_outcome
from bot.domain.bookings.proposals import ProposalState
from bot.domain.calendar.slots import Reason
from bot.domain.practice.coaches import CoachState
from bot.domain.refusals import Code, Refusal
from bot.domain.subjects import Subject
from bot.services.bookings import booking_changes
from bot.services.calendar import free_times
from bot.services.calendar.free_times import Moving
from bot.services.credits import choosing
from bot.services.kit.audit_note import note
from bot.services.kit.reaction import Reaction
from storage.bookings import changing, sessions, standing
from storage.engine import Tx
from storage.instants import from_epoch, to_epoch
from storage.journal import audit
from storage.practice import catalogue, coaches, offers

MOVED = "booking.moved"

_CODES = {
    MoveRefusal.STARTED: Code.ALREADY_OVER,
    MoveRefusal.TOO_LATE: Code.TOO_LATE_TO_MOVE,
    MoveRefusal.NO_MOVES_LEFT: Code.NO_MOVES_LEFT,
    MoveRefusal.COACH_GONE: Code.COACH_AWAY,
}


def outcome(booking: Booking, now: datetime) -> MoveOutcome:
    """What a move by the client costs. One that the coach asked for costs none of their moves."""
    if booking.coach_gone and booking.starts > now:
        return MoveOutcome(MoveRefusal.COACH_GONE, None, 0)
    return outcome_of(booking, Actor.COACH if booking.chooses else Actor.CLIENT, now)


def outcome_of(booking: Booking, actor: Actor, now: datetime) -> MoveOutcome:
    return move_outcome(booking.terms.policy, booking.moves, to_epoch(booking.starts), to_epoch(now), actor)


def stated_facts(booking: Booking, outcome: MoveOutcome) -> tuple[object, ...]:
    """The facts that a move button states: the booking's version, whether the move counts, and whether cancelling
    stays at its price."""
    return (booking.version, outcome.left, outcome.free_until is None, outcome.cancel_late)


def forbidden(booking: Booking, now: datetime) -> Refusal | None:
    """Why the client may not move it to any time."""
    if booking.state is not BookingState.CONFIRMED:
        return Refusal(Code.ALREADY_OVER)
    refusal = outcome(booking, now).refusal
    return None if refusal is None else Refusal(_CODES[refusal])


def hindrance(tx: Tx, moving: Moving, at: datetime, now: datetime, *, lock: bool = False) -> Refusal | None:
    """Why it cannot be moved to `at`: TAKEN, NOT_BOOKABLE with `reason` and `near`, COACH_AWAY; CREDIT_ENDS and
    CREDIT_WEEK, which bind the client alone. `lock`: it is about to move."""
    booking = moving.booking
    offer, coach = offers.find(tx, booking.offer_id), coaches.find(tx, booking.coach_id)
    if offer is None or coach is None or coach.state is not CoachState.ACTIVE:
        return Refusal(Code.COACH_AWAY)
    if at == booking.starts:
        near = free_times.nearest(tx, offer, [coach], at, now, moving=moving)
        return free_times.refuse(Reason.SAME, near, at)
    refusal = _of_credit(tx, moving, at, lock=lock)
    if refusal is not None:
        return refusal
    start = to_epoch(at)
    calendar = free_times.load(tx, offer, coach, start, start + 1, now, moving)
    reason = calendar.reason_against(start)
    if reason is None:
        return None
    return free_times.refuse(reason, free_times.nearest(tx, offer, [coach], at, now, moving=moving), at)


def _of_credit(tx: Tx, moving: Moving, at: datetime, *, lock: bool) -> Refusal | None:
    """What its package says against a time that its client chose."""
    credit = moving.booking.credit
    if moving.by_coach or moving.booking.chooses or credit is None or not credit.is_taken:
        return None
    if credit.ends is not None and at >= credit.ends:
        return Refusal(Code.CREDIT_ENDS, at=credit.ends)
    cap = choosing.cap_against(tx, moving.booking, at, lock=lock)
    return None if cap is None else Refusal(Code.CREDIT_WEEK, most=cap)


def relocate(
    tx: Tx, react: Reaction, act: Act, moving: Moving, at: datetime, outcome: MoveOutcome,
    answers: ProposalState | None = None,
) -> int | Refusal:  # fmt: skip
    """Move the session under the coach's lock, which is held, as `outcome` says; the id of the booking. `answers`: see
    `Moved`."""
    booking = moving.booking
    around = standing.around(tx, booking.coach_id, booking, act.now)
    catalogue.see(tx, around.generation)
    refusal = hindrance(tx, moving, at, act.now, lock=True)
    if refusal is not None:
        return refusal
    after = moved(booking, at, outcome)
    booking_changes.expire(tx, react, around.over, act.now)
    changing.move(tx, booking, after)
    sessions.place(tx, booking.session_id, at, booking.terms.length_min)
    react(tx, Moved(booking, after, act.cause, answers, around.both))
    note(tx, act, MOVED, booking.subject, _trail(booking), _trail(after))
    return booking.id


def last_move_by_trail(tx: Tx, booking_id: int) -> datetime | None:
    """The start before the last move, of a booking that was moved before its row kept that."""
    for entry in audit.of_subject(tx, Subject("booking", booking_id)):
        if entry.act == MOVED and entry.before is not None:
            return from_epoch(int(str(entry.before["starts"])))
    return None


def _trail(booking: Booking) -> dict[str, object]:
    return {"starts": to_epoch(booking.starts)}
