"""Disputes and fraud warnings of the stand-in's account."""

from dataclasses import dataclass, field
from typing import Any

NEEDS, REVIEW, WON, LOST = "needs_response", "under_review", "won", "lost"
INQUIRY, INQUIRY_REVIEW, INQUIRY_CLOSED = "warning_needs_response", "warning_under_review", "warning_closed"
OPEN_STATES = (NEEDS, REVIEW, INQUIRY, INQUIRY_REVIEW)


@dataclass
class Dispute:
    """An inquiry (`warning_…`) takes no money away; `moved` are its balance transactions as the API
    shows them."""

    id: str
    created: int
    charge: str
    payment_intent: str
    amount: int
    currency: str
    reason: str
    due_by: int
    status: str
    evidence: dict[str, Any] = field(default_factory=dict)
    submissions: int = 0
    past_due: bool = False
    metadata: dict[str, str] = field(default_factory=dict)
    moved: list[dict[str, Any]] = field(default_factory=list)

    @property
    def inquiry(self) -> bool:
        return self.status.startswith("warning_")


@dataclass
class FraudWarning:
    id: str
    created: int
    charge: str
    payment_intent: str
    kind: str
    actionable: bool = True
