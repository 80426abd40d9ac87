"""What a client's bank says against a payment: it wants the money back, only asks, or thinks that it was fraud.

While a dispute is open the money is away, and what is unspent of what was bought with it is frozen. One that is won is
as if it had never been; of one that is lost the money is gone for good, and what was frozen with it.
"""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from bot.domain.payments.money import Money
from bot.domain.subjects import Subject


class DisputeState(StrEnum):
    """`ASKED`: the bank only asks, and no money moved. `REVIEW`: it has our answer."""

    WARNED = "warned"  # the card network thinks that it was fraud; a refund may spare a dispute
    SPARED = "spared"  # such a warning that needs nothing more
    ASKED = "asked"
    ASKED_REVIEW = "asked-review"
    DROPPED = "dropped"
    OPEN = "open"
    REVIEW = "review"
    WON = "won"
    LOST = "lost"


FREEZE = (DisputeState.OPEN, DisputeState.REVIEW)
ENDED = (DisputeState.SPARED, DisputeState.DROPPED, DisputeState.WON, DisputeState.LOST)


@dataclass(frozen=True)
class Dispute:
    """`subject`: what was paid for. `reason`: in the provider's own word. `due_by`: until when an answer counts, None
    where none is awaited. `fee`: what the provider charged for it.
    """

    id: int
    payment_id: int
    order_id: int | None
    subject: Subject
    ref: str
    state: DisputeState
    amount: Money
    reason: str
    opened_at: datetime
    due_by: datetime | None = None
    fee: Money | None = None
    version: int = 1

    @property
    def is_open(self) -> bool:
        return self.state not in ENDED


def follows(before: DisputeState, told: DisputeState) -> bool:
    """Whether a dispute that stood so now stands otherwise. What has ended is not open again, whoever says so late: an
    appeal that is under way changes nothing before it is decided."""
    return told is not before and not (before in ENDED and told not in ENDED)


def given_twice(paid: Money, returned: Money, disputed: Money) -> Money:
    """How much the client got twice: by refunds, and by the bank that took `disputed` back.

    Of €225.00 that were paid €100.00 were given back, and €225.00 were taken: €100.00 went twice.
    """
    return Money(max(0, returned.amount + disputed.amount - paid.amount), paid.currency)
