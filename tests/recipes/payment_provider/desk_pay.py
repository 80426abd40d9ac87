"""DeskPay: a payment provider that keeps its pages in memory."""

import hmac
import json
from collections.abc import Mapping
from datetime import datetime
from typing import Any

from bot.domain.payments.money import Money
from bot.domain.payments.payments import RefundState
from bot.domain.payments.provider import ChargeLimits
from bot.integrations.payments.charge import Charge, PageState
from bot.integrations.payments.port import (
    Checkout,
    Order,
    PaymentProvider,
    Returned,
    Reversed,
)
from bot.integrations.vendor import Event, NotAuthentic, VendorRefused


class DeskPay:
    """See `PaymentProvider`. It keeps no cards, reckons no tax, knows no disputes and shows no books."""

    cards = taxes = disputes = books = None
    name = "deskpay"
    title = "DeskPay"
    guard = "the secret of its settings, compared in constant time"
    settings: tuple[str, ...] = ("DESKPAY_SECRET",)

    def __init__(self, secret: str) -> None:
        self._secret = secret
        self._pages: dict[str, Checkout] = {}

    def limits(self, currency: str) -> ChargeLimits | None:
        return ChargeLimits(1, 10**6)

    def draft(self, order: Order) -> dict[str, Any]:
        return {
            "payment": order.payment_id,
            "amount": order.amount.amount,
            "currency": order.amount.currency,
        }

    async def open(self, parameters: Mapping[str, Any], key: str) -> Checkout:
        ref = f"page-{parameters['payment']}"
        return self._pages.setdefault(
            key,
            Checkout(
                ref,
                PageState.OPEN,
                paid=False,
                pending=False,
                amount=Money(parameters["amount"], parameters["currency"]),
                url=f"https://pay.example/{ref}",
                payment_id=parameters["payment"],
            ),
        )

    async def find(self, checkout_ref: str) -> Checkout | None:
        return next((page for page in self._pages.values() if page.ref == checkout_ref), None)

    async def close(self, checkout_ref: str) -> Checkout | None:
        return await self.find(checkout_ref)

    async def charge_of(self, intent_ref: str) -> Charge | None:
        return Charge(intent_ref)

    async def give_back(self, intent_ref: str, amount: Money, refund_id: int, reason: str, key: str) -> Returned:
        return Returned(key, amount, RefundState.SUCCEEDED, intent_ref, refund_id)

    async def refund(self, ref: str) -> Returned | None:
        raise VendorRefused("unknown")

    async def refunds_of(self, intent_ref: str) -> list[Returned]:
        return []

    async def check(self) -> None:
        return None

    def check_headers(self, headers: Mapping[str, str], real_now: datetime) -> None:
        if not hmac.compare_digest(headers.get("DeskPay-Secret", "").encode(), self._secret.encode()):
            raise NotAuthentic("secret")

    def verify(self, body: bytes, headers: Mapping[str, str]) -> Event:
        """The secret is in a header, where `check_headers` has judged it: nothing signs the body."""
        event = json.loads(body)
        return Event(event["id"], event["kind"], event)

    def read(self, kind: str, body: Mapping[str, Any]) -> Checkout | Returned | Reversed | None:
        return None

    async def aclose(self) -> None:
        self._pages.clear()


_IMPLEMENTS: type[PaymentProvider] = DeskPay
