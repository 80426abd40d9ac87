"""What a client does with bookings: look, hold, let go, cancel."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from bot.domain.acts import Act
from bot.domain.bookings import Booking, Terms
from bot.domain.coaches import Coach
from bot.domain.offers import Offer
from bot.domain.people import Person
from bot.domain.policy import Actor, CancelOutcome, MoveOutcome
from bot.domain.refusals import Done, Refusal
from storage.engine import Storage


@dataclass(frozen=True)
class Quote:
    """What a booking would be. `coach` is who would take it; with `any_coach` another may when they are taken.

    `facts` are what the button must state: `turn.do(..., stated=quote.facts)`, `turn.require(*quote.facts)`.
    """

    offer: Offer
    coach: Coach
    any_coach: bool
    at: datetime
    terms: Terms
    facts: tuple[object, ...]


def cancel_facts(outcome: CancelOutcome) -> tuple[object, ...]:
    """What a cancel button must state of its outcome, beside the booking's version."""
    refund = outcome.refund.amount if outcome.refund is not None else 0
    fee = outcome.fee.amount if outcome.fee is not None else 0
    return (str(outcome.becomes), refund, fee)


class Bookings:
    def __init__(self, storage: Storage, hold_minutes: int = 15) -> None:
        self._storage = storage
        self._hold_minutes = hold_minutes

    async def quote(
        self, person: Person, offer_id: int, coach_id: int | None, at: datetime, now: datetime
    ) -> Quote | Refusal:
        """What holding this time would be. Refusals: NOT_FOUND, OFFER_CLOSED, COACH_AWAY, PAYMENTS_OFF…,
        TAKEN and NOT_BOOKABLE with `near`: up to three `FreeTime`."""
        raise NotImplementedError

    async def hold(
        self, act: Act, offer_id: int, coach_id: int | None, at: datetime, facts: Sequence[object]
    ) -> Done | Refusal:
        """Take the time: held until paid, or confirmed at once when free. `{id}` is the booking.

        An open hold of the same person is let go. CHANGED when `facts` are no longer true; else as `quote`.
        """
        raise NotImplementedError

    async def release(self, act: Act, booking_id: int, version: int) -> Done | Refusal:
        """Let an own hold go."""
        raise NotImplementedError

    async def find(self, person: Person, booking_id: int) -> Booking | None:
        """None also when the person is neither its client, nor its coach, nor an owner."""
        raise NotImplementedError

    async def upcoming(self, person: Person, now: datetime) -> list[Booking]:
        """Confirmed and held sessions of this client that have not ended, in order."""
        raise NotImplementedError

    async def past(
        self, person: Person, now: datetime, before: datetime | None = None, limit: int = 5
    ) -> list[Booking]:
        """Confirmed sessions of this client that have ended (before `before`), latest first."""
        raise NotImplementedError

    async def open_hold(self, person: Person, now: datetime) -> Booking | None:
        """The one hold of this person that has not reached its end."""
        raise NotImplementedError

    def outcomes(self, booking: Booking, actor: Actor, now: datetime) -> tuple[CancelOutcome, MoveOutcome]:
        """What cancelling and moving would come to now."""
        raise NotImplementedError

    async def cancel(
        self, act: Act, booking_id: int, version: int, stated: Sequence[object], reason: str | None = None
    ) -> Done | Refusal:
        """Cancel as client, coach or owner, as the person of the act is. `stated` is `cancel_facts(outcome)`.

        CHANGED when the outcome is another by now; nothing is done then.
        """
        raise NotImplementedError
