"""The changes of a booking, and of an order: one frozen value for each kind, with what it was and what it is."""

from dataclasses import dataclass

from bot.domain.bookings.bookings import Booking, BookingState
from bot.domain.bookings.policy import CancelOutcome
from bot.domain.bookings.proposals import ProposalState
from bot.domain.bookings.reasons import Reason
from bot.domain.payments.orders import OrderClosed, OrderPaid
from bot.domain.people.people import Person
from bot.domain.records import Cause
from bot.domain.subjects import Subject


@dataclass(frozen=True)
class Held:
    """A time is kept for a client until it is paid for, by `booking.order_id`.

    `instead_of`: the client's open order until now, which the new one takes the place of.
    """

    booking: Booking
    cause: Cause
    instead_of: int | None = None


@dataclass(frozen=True)
class HoldOver:
    """The time to pay is over. The hold still keeps its slot: somebody may be paying at this moment."""

    subject: Subject
    cause: Cause


@dataclass(frozen=True)
class Confirmed:
    """The session takes place. `before` is the hold, None for a booking that was confirmed when it was made.

    `both` are its client and its coach where they were read already, with what they wish to be reminded of.
    """

    before: Booking | None
    after: Booking
    cause: Cause
    both: tuple[Person, ...] = ()


@dataclass(frozen=True)
class Moved:
    """A confirmed session has another start. `answers`: what became of the coach's proposal that asked for it,
    None when the client chose the time. `both` as for `Confirmed`."""

    before: Booking
    after: Booking
    cause: Cause
    answers: ProposalState | None = None
    both: tuple[Person, ...] = ()


@dataclass(frozen=True)
class Ending:
    """How a booking ends. `by` is client, coach, owner or time; `signed` who of the practice did it, and gave `reason`.

    `outcome` is what a cancel gives back and keeps, None where no money can have come in. `refund_for` is the
    refund's reason (see `Refund`), `told` the ids of the persons who hear of it.
    """

    state: BookingState
    by: str
    cause: Cause
    signed: Person | None = None
    reason: Reason | None = None
    outcome: CancelOutcome | None = None
    refund_for: str = "policy"
    told: tuple[int, ...] = ()


@dataclass(frozen=True)
class Ended:
    """The slot is free again."""

    before: Booking
    after: Booking
    ending: Ending


@dataclass(frozen=True)
class Settled:
    """The coach said how the session went, or took it back (`after.outcome` None)."""

    before: Booking
    after: Booking
    cause: Cause


Change = Held | HoldOver | Confirmed | Moved | Ended | Settled | OrderPaid | OrderClosed
