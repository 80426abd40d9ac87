"""What a practice sells and where it takes place."""

from dataclasses import dataclass, field
from enum import StrEnum

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
    """`place` None means the coach's own. `description` is read by clients before they choose."""

    id: int
    name: str
    state: OfferState
    price: Money
    place: Place | None = None
    coach_ids: tuple[int, ...] = field(default=())
    version: int = 1
    description: str | None = None

    @property
    def limited(self) -> bool:
        """Whether what somebody booked before decides if they can book it."""
        return bool(self.once_per_client or self.new_clients_only)
