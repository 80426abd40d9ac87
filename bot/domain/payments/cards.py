"""Kept cards: what may be shown of one, and the customer under which the provider keeps it. Never a card's number."""

from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from enum import StrEnum

from bot.domain.payments.tax_numbers import ToldTax

BRANDS = {
    "visa": "Visa", "mastercard": "Mastercard", "amex": "American Express", "discover": "Discover",
    "diners": "Diners Club", "jcb": "JCB", "unionpay": "UnionPay", "cartes_bancaires": "Cartes Bancaires",
}  # fmt: skip
"""What people call the kinds of cards, by the provider's word; any other is just a card."""


SOON = timedelta(days=30)
"""So long before its end somebody hears that the card which is offered first ends."""


class CustomerState(StrEnum):
    INTENDED = "intended"  # written, the provider was not asked yet or did not answer
    MADE = "made"


class CardState(StrEnum):
    KEPT = "kept"
    LEAVING = "leaving"  # its client removed it; the provider is still to be told
    REMOVED = "removed"


@dataclass(frozen=True)
class Customer:
    """A person as the provider knows them. `ref` is None until they do, which may be since `created_at`.

    `words` are those under which they agreed, at `agreed_at`, that a card is kept. `page_ref`: of a page on which they
    keep one without paying, `page_url` its address, open until `page_ends`. `tax` is what the provider was told.
    """

    id: int
    person_id: int
    mode: str
    state: CustomerState
    ref: str | None
    created_at: datetime
    words: str | None = None
    agreed_at: datetime | None = None
    page_ref: str | None = None
    page_url: str | None = None
    page_ends: datetime | None = None
    failures: int = 0
    version: int = 1
    tax: ToldTax = field(default_factory=ToldTax)


@dataclass(frozen=True)
class Card:
    """`ref` and `customer_ref` are the provider's. The card with the latest `chosen_at` is offered first.

    `words` are those under which it was kept, None for one that was kept without us.
    """

    id: int
    person_id: int
    customer_id: int
    customer_ref: str
    ref: str
    state: CardState
    brand: str
    last4: str
    exp_month: int
    exp_year: int
    chosen_at: datetime
    fingerprint: str | None = None
    words: str | None = None
    agreed_at: datetime | None = None
    failures: int = 0
    version: int = 1

    @property
    def shown(self) -> tuple[str, str, int, int]:
        """Brand, last four digits, month and year of its end."""
        return self.brand, self.last4, self.exp_month, self.exp_year

    @property
    def ends(self) -> datetime:
        """From then on it is no good: cards are good to the end of their month."""
        year, month = (self.exp_year + 1, 1) if self.exp_month == 12 else (self.exp_year, self.exp_month + 1)
        return datetime(year, month, 1, tzinfo=UTC)

    @property
    def last_month(self) -> int:
        """Of its end: `203412`."""
        return self.exp_year * 100 + self.exp_month

    def is_good(self, now: datetime) -> bool:
        return self.state is CardState.KEPT and now < self.ends

    def ends_too_soon(self, session: datetime | None, now: datetime) -> bool:
        """Whether its client is to hear that it ends: soon, or before `session`, which is their next one."""
        return self.is_good(now) and (self.ends - now <= SOON or (session is not None and self.ends <= session))
