"""The protocol of a payment provider, in our own terms. A folder beside this file implements it for each vendor."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import TYPE_CHECKING, Any, Protocol

from bot.domain.payments.money import Money
from bot.domain.payments.payments import RefundFailure, RefundState
from bot.domain.payments.provider import ChargeLimits
from bot.domain.payments.tax import TaxChoice
from bot.domain.subjects import Subject
from bot.integrations.payments.cards import CardKeeper, CardNews, CardPage, CardPayment
from bot.integrations.payments.charge import Charge, PageState
from bot.integrations.payments.disputes import Dispute, Disputes, FraudWarning
from bot.integrations.payments.tax import TaxNumber, TaxPart, TaxReckoner
from bot.integrations.vendor import EventSource

if TYPE_CHECKING:
    from bot.integrations.payments.books import Books


@dataclass(frozen=True)
class Line:
    """One thing of an order."""

    name: str
    description: str
    amount: Money


@dataclass(frozen=True)
class Order:
    """What is to be paid for. `expires_at`: when the provider closes its page by itself, at least 30 minutes ahead.

    `success_url` may hold `{CHECKOUT_SESSION_ID}`, which the provider fills in. `lines` add up to `amount`; without
    any, the order is one line of its own name. `keep_card` needs `customer_ref`. `hold`: only hold the money, to take
    it later by `CardKeeper.take`.
    """

    payment_id: int
    subject: Subject
    amount: Money
    name: str
    description: str
    language: str
    expires_at: datetime
    success_url: str
    cancel_url: str
    lines: tuple[Line, ...] = ()
    customer_ref: str | None = None
    keep_card: bool = False
    tax: TaxChoice | None = None
    hold: bool = False


@dataclass(frozen=True)
class Payer:
    """Who paid, as they entered themselves on the page. `exempt`: exempt or reverse, where no tax was to be taken."""

    name: str | None = field(default=None, repr=False)
    address: str | None = field(default=None, repr=False)
    exempt: str | None = None


@dataclass(frozen=True)
class Checkout:
    """A page to pay on, as it stood when it was read. `payment_id` and `subject` are ours, if it is ours.

    `pending`: complete, and its money is still on its way. `held`: complete, and its money waits to be taken.
    `by_card`: no page, but a payment with a kept card; `url` is then the bank's, and `declined` its reason for a no.
    `asked` is what we asked for; `amount` may hold tax on top of it. `tax_parts` are known where the page itself was
    asked. `returns_to`: where the page leads back to.
    """

    ref: str
    state: PageState
    paid: bool
    pending: bool
    amount: Money
    url: str | None = None
    payment_id: int | None = None
    subject: Subject | None = None
    intent_ref: str | None = None
    charge: Charge | None = None
    tax_amount: int | None = None
    tax_location: Mapping[str, str] | None = None
    returns_to: str | None = None
    asked: Money | None = None
    tax_parts: tuple[TaxPart, ...] = ()
    customer_ref: str | None = None
    held: bool = False
    payer: Payer | None = None
    by_card: bool = False
    declined: str | None = None


@dataclass(frozen=True)
class Returned:
    """A refund as it stood when it was read. `refund_id` is our own id, None for one that was made without us.

    `failure`: why a failed one failed. `charge_ref` is the payment itself, `intent_ref` the way that it came.
    """

    ref: str
    amount: Money
    state: RefundState
    intent_ref: str | None
    refund_id: int | None = None
    failure: RefundFailure | None = None
    charge_ref: str | None = None


@dataclass(frozen=True)
class Reversed:
    """A part or all of a payment was refunded; `refunds_of` tells how. `payment_id` is ours, if it is ours."""

    intent_ref: str
    payment_id: int | None = None
    charge_ref: str | None = None


News = Checkout | Returned | Reversed | CardPage | CardPayment | CardNews | TaxNumber | Dispute | FraudWarning
"""What an event can be about."""


class PaymentProvider(EventSource, Protocol):
    """All calls raise `VendorAway` and `VendorRefused`; a repeated `key` does a thing once.

    `title` is how people call it; `settings` names the settings that an operator mends when `check` fails.
    """

    title: str
    settings: tuple[str, ...]

    @property
    def cards(self) -> CardKeeper | None:
        """None for a provider that keeps no cards."""

    @property
    def taxes(self) -> TaxReckoner | None:
        """None for a provider that reckons no tax."""

    @property
    def disputes(self) -> Disputes | None:
        """None for a provider that tells of no disputes."""

    @property
    def books(self) -> "Books | None":
        """None for a provider that does not show what its account holds."""

    def limits(self, currency: str) -> ChargeLimits | None:
        """Which amounts can ever be charged in this currency (three capitals); None: none. Asks nobody."""

    def draft(self, order: Order) -> dict[str, Any]:
        """The exact parameters for `open`, to be kept before it is called."""

    async def open(self, parameters: Mapping[str, Any], key: str) -> Checkout:
        """Make the page. A `VendorRefused` means that there is none under this key."""

    async def find(self, checkout_ref: str) -> Checkout | None:
        """The page as it stands; None for one that the provider does not know."""

    async def close(self, checkout_ref: str) -> Checkout | None:
        """Close the page unless it has ended, and return its state: it may just have been paid."""

    async def charge_of(self, intent_ref: str) -> Charge | None:
        """The charge of a payment intent, with its fee once that is known."""

    async def give_back(self, intent_ref: str, amount: Money, refund_id: int, reason: str, key: str) -> Returned:
        """Refund `amount`: a part or all of what was paid."""

    async def refund(self, ref: str) -> Returned | None:
        """One refund as it stands."""

    async def refunds_of(self, intent_ref: str) -> list[Returned]:
        """All refunds of a payment, whoever made them."""

    async def check(self) -> None:
        """Make a harmless call, which fails when the key is bad."""

    def read(self, kind: str, body: Mapping[str, Any]) -> News | None:
        """What an event is about; None for events that are of no concern."""

    async def aclose(self) -> None:
        """Close the connections."""
