"""What pages and payments leave in the stand-in's account. Amounts in minor units, instants in epoch seconds."""

import secrets
import string
from dataclasses import dataclass, field
from typing import Any

from bot.sandbox.stripe.cards import APPROVED, Card
from bot.sandbox.stripe.tax.objects import LineTax, Place

ALPHABET = string.ascii_letters + string.digits
OPEN, COMPLETE, EXPIRED = "open", "complete", "expired"
# Methods whose money arrives, or fails to, days after the customer is done.
DELAYED_METHOD = "sepa_debit"


def new_id(prefix: str, length: int = 24) -> str:
    return prefix + "".join(secrets.choice(ALPHABET) for _ in range(length))


@dataclass(frozen=True)
class LineItem:
    """`behavior`: whether tax is inside its amount (inclusive) or comes on top (exclusive)."""

    id: str
    price_id: str
    product_id: str
    name: str
    description: str | None
    unit_amount: int
    quantity: int
    behavior: str = "unspecified"
    tax_code: str | None = None

    @property
    def amount(self) -> int:
        return self.unit_amount * self.quantity


@dataclass
class Session:
    """`asked` are the checked parameters of its creation; `taxes` one for each line, empty without automatic tax.

    In mode setup nothing is paid: a card is kept.
    """

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
    customer: str | None = None
    setup_intent: str | None = None
    taxes: list[LineTax] = field(default_factory=list)
    place: Place | None = None
    tax_exempt: str = "none"
    tax_ids: list[dict[str, str]] = field(default_factory=list)

    @property
    def mode(self) -> str:
        return str(self.asked["mode"])

    @property
    def subtotal(self) -> int:
        return sum(item.amount for item in self.line_items)

    @property
    def tax(self) -> int:
        return sum(one.amount for one in self.taxes)

    @property
    def amount(self) -> int:
        return self.subtotal + sum(one.amount for one in self.taxes if not one.inclusive)

    @property
    def taxed(self) -> bool:
        return bool(self.asked.get("automatic_tax", {}).get("enabled"))

    @property
    def manual(self) -> bool:
        """Whether its payment is authorised only, and captured later."""
        return bool(self.asked.get("payment_intent_data", {}).get("capture_method") == "manual")

    @property
    def methods(self) -> list[str]:
        """What the customer may pay with: cards and one delayed method, unless filtered."""
        allowed = self.asked.get("allowed_payment_method_types") or ["card", DELAYED_METHOD]
        excluded = self.asked.get("excluded_payment_method_types") or []
        delayed = self.currency == "eur" and not self.manual and self.mode == "payment"
        return [
            method
            for method in ("card", DELAYED_METHOD)
            if method in allowed and method not in excluded and (method == "card" or delayed)
        ]


@dataclass
class PaymentMethod:
    """`says` is what the bank will say to the next charge of a kept card: see `cards`."""

    id: str
    created: int
    card: Card | None
    email: str | None = None
    customer: str | None = None
    allow_redisplay: str = "unspecified"
    exp_month: int = 12
    exp_year: int = 2034
    last4: str = ""
    says: str = APPROVED
    metadata: dict[str, str] = field(default_factory=dict)
    used: bool = False


@dataclass
class PaymentIntent:
    """`session` is empty for one that was made by the API."""

    id: str
    session: str
    created: int
    amount: int
    currency: str
    asked: dict[str, Any]
    methods: list[str]
    status: str = "requires_payment_method"
    method: str | None = None
    customer: str | None = None
    latest_charge: str | None = None
    last_error: dict[str, Any] | None = None
    email: str | None = None
    received: int = 0
    check_url: str | None = None
    return_url: str | None = None
    canceled_at: int | None = None
    cancellation_reason: str | None = None
    secret: str = field(default_factory=lambda: new_id("_secret_", 25))

    @property
    def manual(self) -> bool:
        return self.asked.get("capture_method") == "manual"


@dataclass
class Charge:
    """`paid_with` is the method as it was then. `captured` is what was taken of an authorised amount."""

    id: str
    payment_intent: str
    created: int
    amount: int
    currency: str
    status: str
    asked: dict[str, Any]
    paid_with: PaymentMethod
    customer: str | None = None
    authenticated: bool = False
    failure: dict[str, Any] | None = None
    balance_transaction: str | None = None
    amount_refunded: int = 0
    captured: int = 0
    capture_before: int | None = None
    released: bool = False
    disputed: bool = False


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
    """`kind` is Stripe's type: charge, refund, refund_failure or adjustment. Net is amount less fee."""

    id: str
    source: str
    created: int
    amount: int
    fee: int
    currency: str
    kind: str
    description: str | None = None
    category: str | None = None
