"""What a practice sells and where it takes place."""

from dataclasses import dataclass, field
from enum import StrEnum

from bot.domain.payments.fees import Fees, asked
from bot.domain.payments.money import Money
from bot.domain.practice.offer_settings import OfferNumbers


class PlaceKind(StrEnum):
    """Where a session happens. Zoom is going to be one more kind."""

    VIDEO = "video"  # the coach's own link
    PHONE_CLIENT_CALLS = "phone_in"  # the client calls this number
    PHONE_COACH_CALLS = "phone_out"  # the coach calls; details say from which number
    ADDRESS = "address"


@dataclass(frozen=True)
class Place:
    kind: PlaceKind
    details: str

    @property
    def asks_number(self) -> bool:
        """Whether a client has to give the number at which they are called."""
        return self.kind is PlaceKind.PHONE_COACH_CALLS


class OfferState(StrEnum):
    DRAFT = "draft"
    OPEN = "open"
    PAUSED = "paused"
    ARCHIVED = "archived"


@dataclass(frozen=True)
class Offer(OfferNumbers):
    """`place` None means the coach's own. `description` is read by clients before they choose. The fees are in
    the currency of the price; see `domain.payments.fees`."""

    id: int
    name: str
    state: OfferState
    price: Money
    place: Place | None = None
    coach_ids: tuple[int, ...] = field(default=())
    version: int = 1
    description: str | None = None
    late_cancel_fee: Money | None = None
    no_show_fee: Money | None = None

    @property
    def fees(self) -> Fees:
        return Fees(self.late_cancel_fee, self.no_show_fee)

    def fees_for(self, to_pay: Money) -> Fees:
        """What a client agrees to who is to pay this for a session of it, and has no credit for it."""
        late = self.late_cancel_fee if self.cancel_cutoff_min else None  # until it starts, no cancel is late
        return asked(Fees(late, self.no_show_fee), self.price, to_pay)

    @property
    def limited(self) -> bool:
        """Whether what somebody booked before decides if they can book it."""
        return bool(self.once_per_client or self.new_clients_only)
