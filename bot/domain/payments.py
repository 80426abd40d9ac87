"""Intents to charge and to give back, and what came of them."""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from bot.domain.money import Money


class PaymentState(StrEnum):
    INTENDED = "intended"  # written, the provider was not asked yet or did not answer
    OPEN = "open"  # there is a page to pay on
    CLOSING = "closing"  # its hold is over; the page is to be closed before the slot is free
    CLOSED = "closed"
    ACCEPTED = "accepted"
    REFUSED = "refused"  # money came, and goes back


class RefundState(StrEnum):
    INTENDED = "intended"
    PENDING = "pending"
    SUCCEEDED = "succeeded"
    FAILED = "failed"


@dataclass(frozen=True)
class Payment:
    id: int
    booking_id: int
    attempt: int
    state: PaymentState
    amount: Money
    checkout_ref: str | None
    checkout_url: str | None
    intent_ref: str | None
    expires_at: datetime
    version: int = 1

    @property
    def idempotency_key(self) -> str:
        """Ours: a retry replays the frozen parameters of this very row."""
        return f"rapport:payment:{self.id}"


@dataclass(frozen=True)
class Refund:
    id: int
    payment_id: int
    amount: Money
    reason: str
    state: RefundState
    intent_ref: str
    refund_ref: str | None = None

    @property
    def idempotency_key(self) -> str:
        return f"rapport:refund:{self.id}"
