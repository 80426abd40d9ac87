"""What a provider tells when a client's bank wants money back, or thinks that a payment was fraud."""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Protocol

from bot.domain.payments.money import Money


class DisputeState(StrEnum):
    """`ASKED`: the bank only asks, and no money moved. `REVIEW`: it has our answer."""

    ASKED = "asked"
    ASKED_REVIEW = "asked, in review"
    DROPPED = "dropped"
    OPEN = "open"
    REVIEW = "review"
    WON = "won"
    LOST = "lost"


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
