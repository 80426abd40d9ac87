"""Customers of the stand-in's account, how a card is kept without a payment, and tax numbers."""

from dataclasses import dataclass, field
from typing import Any

from bot.sandbox.stripe.objects import new_id
from bot.sandbox.stripe.tax.objects import Place


@dataclass
class Customer:
    """`findable_at`: from when on a search finds it, some time after it was made."""

    id: str
    created: int
    metadata: dict[str, str]
    email: str | None = None
    name: str | None = None
    description: str | None = None
    phone: str | None = None
    locales: list[str] = field(default_factory=list)
    place: Place | None = None
    tax_exempt: str = "none"
    default_method: str | None = None
    findable_at: int = 0
    deleted: bool = False


@dataclass
class SetupIntent:
    """`session` is its page."""

    id: str
    session: str
    created: int
    asked: dict[str, Any]
    methods: list[str]
    customer: str | None
    status: str = "requires_payment_method"
    method: str | None = None
    last_error: dict[str, Any] | None = None
    secret: str = field(default_factory=lambda: new_id("_secret_", 25))


@dataclass
class TaxId:
    """`verification`: pending, verified, unverified or unavailable; `becomes` what a check will find."""

    id: str
    created: int
    customer: str
    kind: str
    value: str
    country: str | None
    verification: str = "pending"
    becomes: str | None = None
