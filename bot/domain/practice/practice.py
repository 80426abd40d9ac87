"""The practice: one deployment, one database, one practice."""

from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum

from bot.domain.payments.provider import ProviderTerms
from bot.domain.payments.tax import TaxChoice
from bot.domain.people.people import Platform
from bot.domain.practice.client_limits import ClientLimits


class Question(StrEnum):
    """The six questions of `/setup`, in the order they are asked; the answer to each may be changed later."""

    NAME = "name"
    CURRENCY = "currency"
    ZONE = "zone"
    HOURS = "hours"
    OFFER = "offer"
    PLACE = "place"


@dataclass(frozen=True)
class Practice:
    """Quiet hours are minutes after local midnight; `opened_at` is the first moment with a bookable hour.

    `address` and `tax_number` stand on receipts. `tax`: how the payment provider reckons it for what is sold from now
    on, None: not at all.
    """

    name: str | None
    currency: str | None
    zone: str | None
    contact: str | None
    quiet: tuple[int, int]
    opened_at: datetime | None
    answered: frozenset[Question]
    version: int = 1
    limits: ClientLimits = field(default_factory=ClientLimits)
    address: str | None = None
    tax_number: str | None = None
    tax: TaxChoice | None = None


@dataclass(frozen=True)
class Deployment:
    """What this installation can do, as far as conversations speak of it. Read from the settings once.

    `provider`: who takes the payments; known where they are on. `addresses`: the kinds of addresses, beside chats, that
    can be written to.
    """

    public_url: str
    payments_on: bool
    has_owner: bool
    slack_install: bool = False
    slack_on: bool = False
    telegram_on: bool = False
    provider: ProviderTerms | None = None
    addresses: frozenset[Platform] = frozenset()
