"""A grant: credits for sessions that a person bought or was given, and the ledger of what became of them."""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from bot.domain.credits.freezes import FreezeState
from bot.domain.payments.money import Money
from bot.domain.subjects import Subject


class EntryKind(StrEnum):
    GRANTED = "granted"
    RESERVED = "reserved"  # a booking took it; or took it again, since how its session went was taken back
    SPENT = "spent"  # the session took place, or was missed, or was cancelled late
    RETURNED = "returned"
    EXPIRED = "expired"
    ADJUSTED = "adjusted"  # by the owner, with a reason
    FROZEN = "frozen"  # the payment is disputed, or a part of it went back
    THAWED = "thawed"
    LOST = "lost"  # what was frozen, with the money


@dataclass(frozen=True)
class Grant:
    """`person_id` owns it. It pays for sessions of the offers `offer_ids`, at most `weekly_cap` of one person a week.

    `price` is what was paid for all of it, `single_price` what one session cost on that day. A session must start
    before `expires_at`, None: whenever it is. `extended_at`: when its one extension was given.
    """

    id: int
    person_id: int
    name: str
    sessions: int
    price: Money
    single_price: Money
    bought_at: datetime
    expires_at: datetime | None = None
    offer_ids: frozenset[int] = frozenset()
    weekly_cap: int | None = None
    order_id: int | None = None
    package_id: int | None = None
    extended_at: datetime | None = None
    version: int = 1

    @property
    def subject(self) -> Subject:
        return Subject("grant", self.id)


@dataclass(frozen=True)
class Entry:
    """One line of the ledger: entry `number` of its grant.

    `amount` is what it adds to the credits that are available, `balance` and `reserved` are those available and those
    taken by bookings after it. `until`: of a credit with days of grace, the moment before which its session must
    start. `person_id`: who acted, None: time, or the news of a payment.
    """

    grant_id: int
    number: int
    kind: EntryKind
    amount: int
    balance: int
    reserved: int
    at: datetime
    booking_id: int | None = None
    order_id: int | None = None
    person_id: int | None = None
    why: str | None = None
    until: datetime | None = None


@dataclass(frozen=True)
class Credits:
    """What a grant holds after its entry `number`: credits that are available, and those that bookings took.

    `grace`: of those available that have days of grace, the moments until when, the soonest first.
    """

    available: int = 0
    reserved: int = 0
    number: int = 0
    grace: tuple[datetime, ...] = ()


def later_end(expires_at: datetime | None, until: datetime | None) -> datetime | None:
    """When a credit is over: with its grant, or with its own days of grace where these go on for longer."""
    if until is None or expires_at is None:
        return expires_at
    return max(until, expires_at)  # a grant that was extended may outlast them


@dataclass(frozen=True)
class Credit:
    """One credit of a grant, available or taken by a booking. `until` as in `Entry`."""

    grant: Grant
    until: datetime | None = None

    @property
    def ends(self) -> datetime | None:
        """The moment before which its session must start; None: whenever it is."""
        return later_end(self.grant.expires_at, self.until)


@dataclass(frozen=True)
class Holding:
    """A grant with what it holds. `this_week`: sessions that the person who asks has on it in the week asked for."""

    grant: Grant
    credits: Credits
    this_week: int = 0


@dataclass(frozen=True)
class BookedCredit:
    """The credit of a booking: `kind` says what last became of it, `until` is as in `Entry`.

    `name` and `expires_at` are its grant's. `others`: how many credits beside it the client has in that grant, None
    where it belongs to somebody else, who alone is told. `bound`: what a dispute of its payment does with credits that
    come back, FROZEN or TAKEN; None where there is none.
    """

    grant_id: int
    name: str
    kind: EntryKind
    expires_at: datetime | None = None
    until: datetime | None = None
    others: int | None = None
    bound: FreezeState | None = None

    @property
    def ends(self) -> datetime | None:
        """As for `Credit`."""
        return later_end(self.expires_at, self.until)

    @property
    def is_taken(self) -> bool:
        """Whether the booking has it still: reserved, or used up."""
        return self.kind in (EntryKind.RESERVED, EntryKind.SPENT)

    def left(self, now: datetime) -> int | None:
        """How many others can be used now; None where the client is not told, or once their grant is over."""
        return None if self.expires_at is not None and self.expires_at <= now else self.others
