"""What pages and payments without one have in common."""

from dataclasses import dataclass
from enum import StrEnum

from bot.domain.payments.money import Money


class PageState(StrEnum):
    OPEN = "open"
    COMPLETE = "complete"
    EXPIRED = "expired"


@dataclass(frozen=True)
class Charge:
    """Money that arrived. `fee` is what the provider keeps, in the currency of its account, None until known."""

    ref: str
    fee: Money | None = None
    fee_ref: str | None = None

    @property
    def is_booked(self) -> bool:
        """Whether the fee is known."""
        return self.fee is not None and self.fee_ref is not None
