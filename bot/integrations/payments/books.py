"""What a provider's account holds, for whoever compares it with our own books."""

from collections.abc import AsyncIterator
from dataclasses import dataclass
from datetime import datetime
from typing import Protocol

from bot.domain.payments.money import Money
from bot.integrations.payments.cards import CardPayment
from bot.integrations.payments.charge import Charge
from bot.integrations.payments.disputes import Dispute, FraudWarning
from bot.integrations.payments.port import Checkout, Returned


@dataclass(frozen=True)
class Unmarked:
    """Money that came without our mark, as where a chat platform collects it. `intent_ref`: the way that it came."""

    charge: Charge
    amount: Money
    intent_ref: str | None = None


class Books(Protocol):
    """All that was made since then, the newest first, each as it stands now. Raises `VendorAway`, `VendorRefused`."""

    def pages(self, since: datetime) -> AsyncIterator[Checkout]: ...

    def card_payments(self, since: datetime) -> AsyncIterator[CardPayment]:
        """Those that were made with a kept card of ours, and so without a page."""

    def unmarked(self, since: datetime) -> AsyncIterator[Unmarked]: ...

    def refunds(self, since: datetime) -> AsyncIterator[Returned]: ...

    def disputes(self, since: datetime) -> AsyncIterator[Dispute]: ...

    def warnings(self, since: datetime) -> AsyncIterator[FraudWarning]: ...
