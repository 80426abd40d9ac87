"""A booking is one client's seat in a session, kept under the terms it was made under."""

from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from enum import StrEnum

from bot.domain.bookings.cover import Cover
from bot.domain.bookings.policy import MoveOutcome, Policy
from bot.domain.bookings.reasons import Reason
from bot.domain.credits.grants import BookedCredit
from bot.domain.payments.fees import NONE, Fees
from bot.domain.payments.money import Money
from bot.domain.practice.offers import Place
from bot.domain.refusals import Done
from bot.domain.subjects import Subject


class BookingState(StrEnum):
    HELD = "held"
    CONFIRMED = "confirmed"
    CANCELLED = "cancelled"
    EXPIRED = "expired"


class SessionState(StrEnum):
    HELD = "held"
    CONFIRMED = "confirmed"
    CONFLICT = "conflict"
    MOVING = "moving"
    ENDED = "ended"


class Outcome(StrEnum):
    """How a past session went, as settled by its coach."""

    TOOK_PLACE = "held"  # the value that is stored
    LATE = "late"
    NO_SHOW = "no_show"


@dataclass(frozen=True)
class Terms:
    """A copy taken when the booking was made: later edits of the offer do not touch it."""

    offer_name: str
    length_min: int
    price: Money
    place: Place
    policy: Policy


@dataclass(frozen=True)
class Booking:
    """`starts`, `made_at` and `hold_ends` are UTC. `paid` is what was accepted minus what was given back.
    `owed` is the part of it that was to go back and did not: a refund failed, and none has taken its place.

    `proposal`: the one that waits for the client's answer. `handed_to`: the id of the coach who would take the session
    over by it from one who left; meanwhile its client cancels free of charge. `chooses`: the coach asked for another
    time and the client wants to choose it.
    `moves` are those that count, `moved_from` is the start before the last move of any kind.
    `cancel_late`: its client moved it after its cut-off for cancelling, which stays at its price.
    `coach_gone`: its coach was removed from the practice, which kept the session.
    `ended_by` is client, coach, owner or time; `ended_by_person_id` and `ended_by_name` say who of the practice it was,
    None where nobody of it did, or where that was not kept yet.
    `cover` is what pays for it, and `order_id` the order that asks for that money, None for one of before there were
    orders and for one that costs none. `credit`: of a package, where that covers it.
    `plan_id`: the id of the first of those that were planned together with it; None for one that was made alone.
    `tax_on_top`: what was paid for it beyond its price.
    `phone`: where the coach calls the client, at a place that asks for it and as long as it is kept.
    `client_filed`, `coach_filed`: they have it as a calendar file, which a change of it does not reach.
    `fees`: those that its client agreed to. `fee`: one of them that was charged, be it paid or still owed.
    """

    id: int
    session_id: int
    person_id: int
    client_name: str
    coach_id: int
    coach_name: str
    coach_person_id: int
    offer_id: int
    state: BookingState
    starts: datetime
    terms: Terms
    client_zone: str
    coach_zone: str
    paid: Money
    owed: Money
    made_at: datetime
    moves: int = 0
    moved_from: datetime | None = None
    cancel_late: bool = False
    hold_ends: datetime | None = None
    outcome: Outcome | None = None
    outcome_at: datetime | None = None
    ended_by: str | None = None
    ended_by_person_id: int | None = None
    ended_by_name: str | None = None
    end_reason: Reason | None = None
    version: int = 1
    proposal: int | None = None
    handed_to: int | None = None
    chooses: bool = False
    coach_gone: bool = False
    cover: Cover = Cover.FREE
    order_id: int | None = None
    credit: BookedCredit | None = None
    plan_id: int | None = None
    phone: str | None = field(default=None, repr=False)
    tax_on_top: int = 0
    fees: Fees = NONE
    fee: Money | None = None
    client_filed: bool = False
    coach_filed: bool = False

    @property
    def charged(self) -> Money:
        """What it costs: its price, and tax that came on top of that."""
        return Money(self.terms.price.amount + self.tax_on_top, self.terms.price.currency)

    @property
    def ends(self) -> datetime:
        return self.starts + timedelta(minutes=self.terms.length_min)

    def is_held(self, now: datetime) -> bool:
        """Whether it is a hold that can still be paid for."""
        return self.state is BookingState.HELD and self.hold_ends is not None and now < self.hold_ends

    def is_hold_over(self, now: datetime) -> bool:
        """Whether it is a hold past its end, even if its time was not freed yet."""
        return self.state is BookingState.HELD and self.hold_ends is not None and now >= self.hold_ends

    def is_given_by(self, person_id: int, now: datetime) -> bool:
        """Whether it is this person's as its coach; whoever was removed has it until it is over."""
        return person_id == self.coach_person_id and not (self.coach_gone and self.ends <= now)

    def is_filed_by(self, person_id: int) -> bool:
        """Whether this person, as its client or its coach, has it as a calendar file."""
        mine = self.client_filed and person_id == self.person_id
        return mine or (self.coach_filed and person_id == self.coach_person_id)

    @property
    def practice_cancelled(self) -> bool:
        return self.ended_by in ("coach", "owner")

    @property
    def coach_is_ill(self) -> bool:
        """Whether it was cancelled since its coach is ill."""
        return self.practice_cancelled and self.end_reason is not None and self.end_reason.is_illness

    @property
    def subject(self) -> Subject:
        return Subject("booking", self.id)

    @property
    def speaks(self) -> bool:
        """Whether what is said of a plan once is said of this date; one that was made alone speaks for itself."""
        return self.plan_id in (None, self.id)


@dataclass(frozen=True)
class Booked(Done):
    """A booking was made or changed: as it was written, for the page that is shown next."""

    booking: Booking


def moved(booking: Booking, starts: datetime, outcome: MoveOutcome) -> Booking:
    """The booking as a move with this `outcome` leaves it: shown beforehand, and written by the move."""
    counted = outcome.free_until is not None
    return replace(
        booking,
        starts=starts,
        moves=booking.moves + int(counted),
        moved_from=booking.starts,
        cancel_late=booking.cancel_late or outcome.cancel_late,
        proposal=None,
        handed_to=None,
        chooses=False,
        version=booking.version + 1,
    )
