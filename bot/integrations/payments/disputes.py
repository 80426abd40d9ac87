"""What a provider tells when a client's bank wants money back, or thinks that a payment was fraud."""

from dataclasses import dataclass
from datetime import datetime
from typing import Protocol

from bot.domain.payments.disputes import DisputeState
from bot.domain.payments.money import Money


@dataclass(frozen=True)
class Dispute:
    """As it stood when it was read. `due_by`: until when an answer counts; None when none is awaited.

    `moved` is what it has changed in our balance so far, and `fee` what the provider charged for it, both None while
    no money moved. `refundable`: whether the payment may still be given back by hand.
    """

    ref: str
    charge_ref: str
    intent_ref: str | None
    amount: Money
    state: DisputeState
    reason: str
    due_by: datetime | None = None
    refundable: bool = False
    moved: Money | None = None
    fee: Money | None = None


@dataclass(frozen=True)
class FraudWarning:
    """A card network thinks that a payment was fraud. `actionable`: a refund may still spare a dispute."""

    ref: str
    charge_ref: str
    intent_ref: str | None
    kind: str
    actionable: bool


class Disputes(Protocol):
    """All calls raise `VendorAway` and `VendorRefused`."""

    async def dispute(self, ref: str) -> Dispute | None:
        """As it stands; None for one that the provider does not know."""

    async def disputes_of(self, intent_ref: str) -> list[Dispute]: ...

    async def warnings_of(self, intent_ref: str) -> list[FraudWarning]: ...
