"""Stripe: reads the lists of an account to their end, a hundred at a time."""

from collections.abc import AsyncIterator, Awaitable, Callable, Mapping
from datetime import datetime
from typing import Any, TypeVar

from bot.integrations.payments.books import Unmarked
from bot.integrations.payments.cards import CardPayment
from bot.integrations.payments.disputes import Dispute, FraudWarning
from bot.integrations.payments.port import Checkout, Returned
from bot.integrations.payments.stripe.card_objects import CARD_KEY, card_payment
from bot.integrations.payments.stripe.client import Client
from bot.integrations.payments.stripe.disputes import dispute, fraud_warning
from bot.integrations.payments.stripe.objects import checkout, returned, unmarked
from bot.integrations.payments.stripe.values import PAYMENT_KEY, ours
from bot.integrations.vendor import VendorRefused

PART = 100
_PAGE = ["data.payment_intent.latest_charge.balance_transaction", "data.total_details.breakdown"]
_CHARGE, _FEE = "data.latest_charge.balance_transaction", "data.balance_transaction"
Read = TypeVar("Read")
List = Callable[[Any], Awaitable[Any]]


class StripeBooks:
    """See `Books`."""

    def __init__(self, client: Client) -> None:
        self._ask, self._v1 = client.ask, client.v1

    async def pages(self, since: datetime) -> AsyncIterator[Checkout]:
        asked = {"expand": _PAGE}
        async for found in self._all(self._v1.checkout.sessions.list_async, since, asked):
            if found.get("mode", "payment") == "payment":
                yield _read(checkout, found)

    async def card_payments(self, since: datetime) -> AsyncIterator[CardPayment]:
        asked = {"expand": [_CHARGE]}
        async for found in self._all(self._v1.payment_intents.list_async, since, asked):
            if ours(found.get("metadata"), CARD_KEY):
                yield _read(card_payment, found)

    async def unmarked(self, since: datetime) -> AsyncIterator[Unmarked]:
        """Stripe gives a charge the metadata of its payment."""
        asked = {"expand": [_FEE]}
        async for found in self._all(self._v1.charges.list_async, since, asked):
            taken = found.get("status") == "succeeded" and found.get("captured", True)
            if taken and ours(found.get("metadata"), PAYMENT_KEY) is None:
                yield _read(unmarked, found)

    async def refunds(self, since: datetime) -> AsyncIterator[Returned]:
        async for found in self._all(self._v1.refunds.list_async, since):
            yield _read(returned, found)

    async def disputes(self, since: datetime) -> AsyncIterator[Dispute]:
        async for found in self._all(self._v1.disputes.list_async, since):
            yield _read(dispute, found)

    async def warnings(self, since: datetime) -> AsyncIterator[FraudWarning]:
        async for found in self._all(self._v1.radar.early_fraud_warnings.list_async, since):
            yield _read(fraud_warning, found)

    async def _all(
        self, listed: List, since: datetime, asked: Mapping[str, Any] | None = None
    ) -> AsyncIterator[dict[str, Any]]:
        words = {"limit": PART, "created": {"gte": int(since.timestamp())}, **(asked or {})}
        while True:
            part = await self._ask(listed(words))
            for each in part["data"]:
                yield each
            if not part["has_more"] or not part["data"]:
                return
            words["starting_after"] = part["data"][-1]["id"]


def _read(read: Callable[[Mapping[str, Any]], Read], found: Mapping[str, Any]) -> Read:
    try:
        return read(found)
    except (ArithmeticError, AttributeError, KeyError, TypeError, ValueError) as error:
        raise VendorRefused("unreadable") from error
