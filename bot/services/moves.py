"""Another time for a confirmed session: by the client at once, by the coach as a proposal."""

from dataclasses import dataclass
from datetime import datetime

from bot.domain.acts import Act
from bot.domain.bookings import Booking
from bot.domain.people import Person
from bot.domain.policy import MoveOutcome
from bot.domain.proposals import Proposal
from bot.domain.refusals import Done, Refusal
from storage.engine import Storage


@dataclass(frozen=True)
class MoveQuote:
    """What moving would be. `facts` are what the button states, beside what `booking.version` guards."""

    booking: Booking
    at: datetime
    outcome: MoveOutcome
    facts: tuple[object, ...]


@dataclass(frozen=True)
class OpenProposal:
    """A proposal and the booking that it is about, as the person may see them."""

    proposal: Proposal
    booking: Booking


class Moves:
    def __init__(self, storage: Storage) -> None:
        self._storage = storage

    async def quote(self, person: Person, booking_id: int, at: datetime, now: datetime) -> MoveQuote | Refusal:
        """NOT_FOUND, ALREADY_OVER, TOO_LATE_TO_MOVE, NO_MOVES_LEFT; TAKEN, NOT_BOOKABLE with `near`."""
        raise NotImplementedError

    async def move(self, act: Act, booking_id: int, version: int, at: datetime) -> Done | Refusal:
        """Move as its client: the old time stands until this commits. Never touches money."""
        raise NotImplementedError

    async def last_move(self, booking_id: int) -> datetime | None:
        """The start before the last move; None for a booking that never moved."""
        raise NotImplementedError

    async def propose(self, act: Act, booking_id: int, version: int, at: datetime) -> Done | Refusal:
        """As its coach (or owner) ask the client. `{id}` is the proposal; an earlier open one is withdrawn."""
        raise NotImplementedError

    async def proposal(self, person: Person, proposal_id: int, now: datetime) -> OpenProposal | None:
        """In any state, for the client, the coach and owners."""
        raise NotImplementedError

    async def accept(self, act: Act, proposal_id: int, version: int) -> Done | Refusal:
        """As its client. `{id}` is the booking. TAKEN with `near` when the time was lost meanwhile."""
        raise NotImplementedError

    async def decline(self, act: Act, proposal_id: int, version: int) -> Done | Refusal:
        """As its client: the session is cancelled and everything paid goes back. `{id}` is the booking."""
        raise NotImplementedError

    async def other_times(self, act: Act, proposal_id: int, version: int) -> Done | Refusal:
        """As its client: the next move of this booking is outside of limits and cut-offs. `{id}`: the booking."""
        raise NotImplementedError
