"""Moves a confirmed session to another time. A move never touches money."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import partial

from bot.domain.acts import Act
from bot.domain.bookings.bookings import Booking, moved
from bot.domain.bookings.policy import Actor, CancelOutcome, MoveOutcome
from bot.domain.people.people import Person
from bot.domain.refusals import Code, Done, Refusal
from bot.services.bookings import booking_changes, proposals_tx, reschedule_tx
from bot.services.bookings.proposals_tx import OpenProposal as OpenProposal
from bot.services.calendar.free_times import Moving
from bot.services.kit.idempotent import once
from bot.services.kit.reaction import Reaction
from storage.bookings import bookings
from storage.engine import Storage, Tx


@dataclass(frozen=True)
class MoveQuote:
    """The result of a move before it is made: `turn.do(..., stated=quote.facts)`, `turn.require(*quote.facts)`.

    `then` is the booking as the move would leave it; `cancel_then` and `move_then` what cancelling and moving it
    again would come to at once.
    """

    booking: Booking
    then: Booking
    outcome: MoveOutcome
    cancel_then: CancelOutcome
    move_then: MoveOutcome
    facts: tuple[object, ...]


class Moves:
    """The client moves at once, within policy; the coach proposes, and until an answer the old time stands."""

    def __init__(self, storage: Storage, react: Reaction) -> None:
        self._storage = storage
        self._react = react

    def outcome(self, booking: Booking, now: datetime) -> MoveOutcome:
        """What a move by the client would cost now. After a coach's proposal was answered with a wish for other
        times, neither cut-off nor limit binds the client."""
        return reschedule_tx.outcome(booking, now)

    async def quote(self, person: Person, booking_id: int, at: datetime, now: datetime) -> MoveQuote | Refusal:
        """As its client: NOT_FOUND, ALREADY_OVER, TOO_LATE_TO_MOVE, NO_MOVES_LEFT; TAKEN, NOT_BOOKABLE and
        COACH_AWAY as for a booking, with `near`."""

        def work(tx: Tx) -> MoveQuote | Refusal:
            booking = bookings.find(tx, booking_id)
            if booking is None or booking.person_id != person.id:
                return Refusal(Code.NOT_FOUND)
            refusal = reschedule_tx.forbidden(booking, now) or reschedule_tx.hindrance(tx, Moving(booking), at, now)
            if refusal is not None:
                return refusal
            return _quote(booking, at, reschedule_tx.outcome(booking, now), now)

        return await self._storage.read(work)

    async def move(self, act: Act, booking_id: int, at: datetime, stated: Sequence[object]) -> Done | Refusal:
        """As its client: the old time stands until this commits. `{id}` is the booking.

        `stated` are the facts of a quote: CHANGED when a move comes to something else by now.
        """

        def work(tx: Tx) -> int | Refusal:
            booking = bookings.find_locked(tx, booking_id)
            if booking is None or booking.person_id != act.person.id:
                return Refusal(Code.NOT_FOUND)
            outcome = reschedule_tx.outcome(booking, act.now)
            if reschedule_tx.stated_facts(booking, outcome) != tuple(stated):
                return Refusal(Code.CHANGED)
            refusal = reschedule_tx.forbidden(booking, act.now)
            return refusal or reschedule_tx.relocate(tx, self._react, act, Moving(booking), at, outcome)

        return await once(self._storage, act, work)

    async def last_move(self, booking: Booking) -> datetime | None:
        """The start before the last move; None for a booking that never moved."""
        if booking.moved_from is not None or booking.version == 1:  # the first version was never moved
            return booking.moved_from
        return await self._storage.read_one(lambda tx: reschedule_tx.last_move_by_trail(tx, booking.id))

    async def against(self, booking: Booking, at: datetime, now: datetime) -> Refusal | None:
        """Why its coach cannot propose this time, as for `quote`; None when it is free."""
        moving = Moving(booking, by_coach=True)
        return await self._storage.read(lambda tx: reschedule_tx.hindrance(tx, moving, at, now))

    async def propose(self, act: Act, booking_id: int, version: int, at: datetime) -> Done | Refusal:
        """As its coach (or owner) ask the client. `{id}` is the proposal; an earlier open one is withdrawn."""
        return await once(self._storage, act, lambda tx: proposals_tx.propose(tx, act, booking_id, version, at))

    async def proposal(self, person: Person, proposal_id: int, now: datetime) -> OpenProposal | None:
        """The proposal in any state, for the client, the coach and owners."""
        return await self._storage.read(lambda tx: proposals_tx.find(tx, person, proposal_id, now))

    async def withdraw(self, act: Act, proposal_id: int, version: int) -> Done | Refusal:
        """As its coach (or owner): the client need not answer any more. `{id}`: the booking. CHANGED when answered."""
        return await once(self._storage, act, lambda tx: proposals_tx.withdraw(tx, act, proposal_id, version))

    async def withdrawn_by(self, found: OpenProposal) -> tuple[int, str] | None:
        """The id and the name of who withdrew a proposal; None where that was not kept."""
        return await self._storage.read(lambda tx: proposals_tx.withdrawn_by(tx, found))

    async def accept(self, act: Act, proposal_id: int, version: int) -> Done | Refusal:
        """As its client. `{id}` is the booking. TAKEN with `near` when the time was lost meanwhile."""
        accept = partial(proposals_tx.accept, react=self._react, act=act, proposal_id=proposal_id, version=version)
        return await once(self._storage, act, accept)

    async def decline(self, act: Act, proposal_id: int, version: int) -> Done | Refusal:
        """As its client: the session is cancelled and everything paid goes back. `{id}` is the booking."""
        decline = partial(proposals_tx.decline, react=self._react, act=act, proposal_id=proposal_id, version=version)
        return await once(self._storage, act, decline)

    async def other_times(self, act: Act, proposal_id: int, version: int) -> Done | Refusal:
        """As its client: the next move of this booking is outside of limits and cut-offs. `{id}`: the booking."""
        return await once(self._storage, act, lambda tx: proposals_tx.other_times(tx, act, proposal_id, version))

    async def lapse(self, now: datetime) -> int:
        """End the proposals that nobody answered in time, and tell their coaches; how many."""
        return await self._storage.write(lambda tx: proposals_tx.lapse(tx, now))


def _quote(booking: Booking, at: datetime, outcome: MoveOutcome, now: datetime) -> MoveQuote:
    then = moved(booking, at, outcome)
    cancel_then = booking_changes.outcome_of(then, Actor.CLIENT, now)
    move_then = reschedule_tx.outcome_of(then, Actor.CLIENT, now)
    return MoveQuote(booking, then, outcome, cancel_then, move_then, reschedule_tx.stated_facts(booking, outcome))
