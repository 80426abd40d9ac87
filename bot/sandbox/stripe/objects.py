"""What the stand-in's account holds. Amounts in minor units, instants in epoch seconds of its clock."""

import secrets
import string
from dataclasses import dataclass, field
from typing import Any

ALPHABET = string.ascii_letters + string.digits
OPEN, COMPLETE, EXPIRED = "open", "complete", "expired"
# Methods whose money arrives, or fails to, days after the customer is done.
DELAYED_METHOD = "sepa_debit"


def new_id(prefix: str, length: int = 24) -> str:
    return prefix + "".join(secrets.choice(ALPHABET) for _ in range(length))


@dataclass(frozen=True)
class Card:
    """A test card of Stripe's list; `outcome` is what the bank says to it."""

    number: str
    outcome: str
    label: str

    @property
    def last4(self) -> str:
        return self.number[-4:]


CARDS = {
    "success": Card("4242424242424242", "success", "succeeds"),
    "declined": Card("4000000000000002", "declined", "is declined"),
    "challenge": Card("4000000000003220", "challenge", "needs a challenge (3-D Secure)"),
}


@dataclass(frozen=True)
class LineItem:
    id: str
    price_id: str
    product_id: str
    name: str
    description: str | None
    unit_amount: int
    quantity: int

    @property
    def amount(self) -> int:
        return self.unit_amount * self.quantity


@dataclass
class Session:
    """`asked` are the checked parameters of its creation."""

    id: str
    created: int
    expires_at: int
    currency: str
    line_items: list[LineItem]
    asked: dict[str, Any]
    url: str
    status: str = OPEN
    payment_status: str = "unpaid"
    payment_intent: str | None = None
    attempt: str | None = None
    email: str | None = None

    @property
    def amount(self) -> int:
        return sum(item.amount for item in self.line_items)

    @property
    def methods(self) -> list[str]:
        """What the customer may pay with: cards and one delayed method, unless filtered."""
        allowed = self.asked.get("allowed_payment_method_types") or ["card", DELAYED_METHOD]
        excluded = self.asked.get("excluded_payment_method_types") or []
        euro = self.currency == "eur"
        return [
            method
            for method in ("card", DELAYED_METHOD)
            if method in allowed and method not in excluded and (method == "card" or euro)
        ]


@dataclass
class PaymentIntent:
    id: str
    session: str
    created: int
    amount: int
    currency: str
    asked: dict[str, Any]
    methods: list[str]
    status: str = "requires_payment_method"
    method: str | None = None
    card: Card | None = None
    latest_charge: str | None = None
    last_error: dict[str, Any] | None = None
    email: str | None = None
    secret: str = field(default_factory=lambda: new_id("_secret_", 25))


@dataclass
class Charge:
    id: str
    payment_intent: str
    created: int
    amount: int
    currency: str
    status: str
    asked: dict[str, Any]
    method: str
    card: Card | None
    email: str | None
    authenticated: bool = False
    failure: dict[str, Any] | None = None
    balance_transaction: str | None = None
    amount_refunded: int = 0


@dataclass
class Refund:
    id: str
    charge: str
    payment_intent: str
    created: int
    amount: int
    currency: str
    status: str
    metadata: dict[str, str]
    reason: str | None = None
    balance_transaction: str | None = None
    failure_balance_transaction: str | None = None
    failure_reason: str | None = None


@dataclass(frozen=True)
class BalanceTransaction:
    """`kind` is Stripe's type: charge, refund or refund_failure. Net is amount less fee."""

    id: str
    source: str
    created: int
    amount: int
    fee: int
    currency: str
    kind: str
    description: str | None = None
