"""Stripe Tax: tax of payments without a page, tax numbers and exemptions."""

from collections.abc import Sequence
from typing import Any

from bot.integrations.payments.stripe.amounts import to_stripe
from bot.integrations.payments.stripe.client import Client
from bot.integrations.payments.stripe.tax_objects import reckoned, tax_number
from bot.integrations.payments.tax import Exemption, Reckoned, TaxLine, TaxNumber


class StripeTax:
    """See `TaxReckoner`."""

    def __init__(self, client: Client) -> None:
        self._ask, self._find, self._v1 = client.ask, client.find, client.v1

    async def faults(self) -> list[str]:
        settings = await self._ask(self._v1.tax.settings.retrieve_async())
        if settings.get("status") != "active":
            return ["Stripe Tax is not set up: enter the practice's head office in Stripe's dashboard, Settings, Tax"]
        found = await self._ask(self._v1.tax.registrations.list_async({"status": "active", "limit": 1}))
        if not found["data"]:
            return ["Stripe Tax has no registration, so it collects no tax: add one in Stripe's dashboard, Tax"]
        return []

    async def reckon(self, customer_ref: str, lines: Sequence[TaxLine], key: str) -> Reckoned:
        asked: Any = {
            "currency": lines[0].amount.currency.lower(),
            "customer": customer_ref,
            "line_items": [_line(line) for line in lines],
        }
        return reckoned(await self._ask(self._v1.tax.calculations.create_async(asked, {"idempotency_key": key})))

    async def add_number(self, customer_ref: str, kind: str, value: str, key: str) -> TaxNumber:
        asked: Any = {"type": kind, "value": value}
        made = self._v1.customers.tax_ids.create_async(customer_ref, asked, {"idempotency_key": key})
        return tax_number(await self._ask(made))

    async def numbers_of(self, customer_ref: str) -> list[TaxNumber]:
        found = await self._ask(self._v1.customers.tax_ids.list_async(customer_ref, {"limit": 100}))
        return [tax_number(each) for each in found["data"]]

    async def remove_number(self, ref: str) -> None:
        await self._find(self._v1.tax_ids.delete_async(ref))

    async def exempt(self, customer_ref: str, exemption: Exemption) -> None:
        await self._ask(self._v1.customers.update_async(customer_ref, {"tax_exempt": exemption.value}))


def _line(line: TaxLine) -> dict[str, Any]:
    asked = {"amount": to_stripe(line.amount), "reference": line.ref, "tax_behavior": line.tax.behavior.value}
    return asked | ({"tax_code": line.tax.code} if line.tax.code else {})
