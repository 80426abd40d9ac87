"""What a provider that keeps cards can do: customers, their cards, and payments with a kept card."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Any, Protocol

from bot.domain.payments.money import Money
from bot.domain.subjects import Subject
from bot.integrations.payments.charge import Charge, PageState


@dataclass(frozen=True)
class Customer:
    """Somebody whose cards the provider keeps. `person_id` is ours, if it is ours; `card_ref` the default card."""

    ref: str
    person_id: int | None = None
    card_ref: str | None = None


@dataclass(frozen=True)
class KeptCard:
    """A card as it may be shown; never its number. `customer_ref` is None once it was removed.

    `fingerprint` is the same for the same card, kept twice or for two customers.
    """

    ref: str
    customer_ref: str | None
    brand: str
    last4: str
    exp_month: int
    exp_year: int
    fingerprint: str | None = None

    @property
    def shown(self) -> tuple[str, str, int, int]:
        """Brand, last four digits, month and year of its end."""
        return self.brand, self.last4, self.exp_month, self.exp_year


class CardChange(StrEnum):
    KEPT = "kept"
    REMOVED = "removed"
    CHANGED = "changed"
    RENEWED = "renewed"  # by the bank, without anybody's doing here


@dataclass(frozen=True)
class CardNews:
    """What became of a card; `card` as it is now."""

    card: KeptCard
    change: CardChange


@dataclass(frozen=True)
class CardPageOrder:
    """A page on which a client keeps a card and pays nothing. `currency` decides which ways it offers."""

    person_id: int
    customer_ref: str
    currency: str
    language: str
    expires_at: datetime
    success_url: str
    cancel_url: str


@dataclass(frozen=True)
class CardPage:
    """Such a page, as it stood when it was read; `card_ref` once a card is kept."""

    ref: str
    state: PageState
    url: str | None
    person_id: int | None = None
    customer_ref: str | None = None
    card_ref: str | None = None


@dataclass(frozen=True)
class CardOrder:
    """What is to be paid with a kept card.

    `return_url`: where the bank's own page leads back to; None while the client is not there to answer it.
    `tax_ref`: the reckoning of tax that `amount` comes from. `hold`: only hold the money, to take it later.
    """

    payment_id: int
    subject: Subject
    amount: Money
    name: str
    customer_ref: str
    card_ref: str
    return_url: str | None = None
    tax_ref: str | None = None
    hold: bool = False


class CardPaymentState(StrEnum):
    PAID = "paid"
    HELD = "held"  # the bank keeps it for us until `held_until`
    CHECK = "check"  # the client answers the bank at `check_url`
    DECLINED = "declined"
    UNDER_WAY = "under way"
    ENDED = "ended"  # cancelled, by us or by time: nothing was taken and nothing will be


@dataclass(frozen=True)
class Decline:
    """Why a bank said no, in the provider's words. `checked`: it wanted its customer's own yes.

    `final`: it advises never to try this card again.
    """

    code: str
    checked: bool = False
    final: bool = False


@dataclass(frozen=True)
class CardPayment:
    """A payment with a kept card, as it stood when it was read. `payment_id` and `subject` are ours, if it is ours."""

    ref: str
    state: CardPaymentState
    amount: Money
    payment_id: int | None = None
    subject: Subject | None = None
    customer_ref: str | None = None
    card_ref: str | None = None
    charge: Charge | None = None
    check_url: str | None = None
    decline: Decline | None = None
    held_until: datetime | None = None


class CardKeeper(Protocol):
    """All calls raise `VendorAway` and `VendorRefused`; a repeated `key` does a thing once.

    `mode` is live or test: what the one knows, the other does not.
    """

    mode: str

    async def make_customer(self, person_id: int, language: str, key: str) -> Customer:
        """One more customer for this person: look with `customers_of` first when it is not certain that none is."""

    async def customers_of(self, person_id: int) -> list[Customer]:
        """All that were made for this person. A search: one that was made just now may be missing."""

    async def customer(self, customer_ref: str) -> Customer | None:
        """As it stands; None for one that the provider does not know or has deleted."""

    async def forget_customer(self, customer_ref: str) -> None:
        """Delete it with its cards. One that is gone already is no failure."""

    async def cards_of(self, customer_ref: str) -> list[KeptCard]:
        """Its cards, the newest first."""

    async def remove_card(self, card_ref: str) -> None:
        """For good. One that is gone already is no failure."""

    async def make_default(self, customer_ref: str, card_ref: str) -> Customer:
        """Which card is offered first."""

    def draft_card_page(self, order: CardPageOrder) -> dict[str, Any]:
        """The exact parameters for `open_card_page`, to be kept before it is called."""

    async def open_card_page(self, parameters: Mapping[str, Any], key: str) -> CardPage: ...

    async def find_card_page(self, page_ref: str) -> CardPage | None:
        """The page as it stands; None for one that the provider does not know."""

    def draft_charge(self, order: CardOrder) -> dict[str, Any]:
        """The exact parameters for `charge`, to be kept before it is called."""

    async def charge(self, parameters: Mapping[str, Any], key: str) -> CardPayment:
        """Charge a kept card. A decline is an answer; after it only another `key` tries again."""

    async def card_payment(self, ref: str) -> CardPayment | None:
        """As it stands; None for one that the provider does not know."""

    async def payments_of(self, customer_ref: str) -> list[CardPayment]:
        """Its newest payments with a kept card of ours, the newest first."""

    async def drop(self, ref: str) -> CardPayment | None:
        """End it unless money was taken, and return its state: it may just have been paid. Lets go what is held."""

    async def take(self, ref: str, key: str) -> CardPayment:
        """Take the money that is held."""
