"""Stripe: customers, the cards that it keeps for them, and payments with a kept card."""

from collections.abc import Mapping
from typing import Any

from bot.integrations.payments.cards import (
    CardOrder,
    CardPage,
    CardPageOrder,
    CardPayment,
    Customer,
    KeptCard,
)
from bot.integrations.payments.stripe.amounts import to_stripe
from bot.integrations.payments.stripe.card_objects import CARD_KEY, PERSON_KEY, card_page, card_payment, customer, kept
from bot.integrations.payments.stripe.client import Client, Declined
from bot.integrations.payments.stripe.values import PAYMENT_KEY, ours, subject_key
from bot.integrations.payments.stripe.words import NAME_LENGTH, locale
from bot.integrations.vendor import VendorRefused

_CHARGE = "latest_charge.balance_transaction"
_MOST = 100


class StripeCards:
    """See `CardKeeper`."""

    def __init__(self, client: Client, mode: str) -> None:
        self.mode = mode
        self._ask, self._find, self._v1 = client.ask, client.find, client.v1

    async def make_customer(self, person_id: int, language: str, key: str) -> Customer:
        """Nothing of the person goes to Stripe but our number and their language."""
        asked: Any = {"metadata": {PERSON_KEY: str(person_id)}, "preferred_locales": [language]}
        return customer(await self._ask(self._v1.customers.create_async(asked, {"idempotency_key": key})))

    async def customers_of(self, person_id: int) -> list[Customer]:
        query = f"metadata['{PERSON_KEY}']:'{person_id}'"
        found = await self._ask(self._v1.customers.search_async({"query": query, "limit": _MOST}))
        return [customer(each) for each in found["data"]]

    async def customer(self, customer_ref: str) -> Customer | None:
        found = await self._find(self._v1.customers.retrieve_async(customer_ref))
        return customer(found) if found is not None else None

    async def forget_customer(self, customer_ref: str) -> None:
        await self._find(self._v1.customers.delete_async(customer_ref))

    async def cards_of(self, customer_ref: str) -> list[KeptCard]:
        asked: Any = {"customer": customer_ref, "type": "card", "limit": _MOST}
        found = await self._ask(self._v1.payment_methods.list_async(asked))
        return [kept(each) for each in found["data"]]

    async def remove_card(self, card_ref: str) -> None:
        found = await self._find(self._v1.payment_methods.retrieve_async(card_ref))
        if found is None or found.get("customer") is None:
            return
        try:
            await self._ask(self._v1.payment_methods.detach_async(card_ref))
        except VendorRefused:  # another tap may have been quicker: what stands now decides
            left = await self._find(self._v1.payment_methods.retrieve_async(card_ref))
            if left is not None and left.get("customer") is not None:
                raise

    async def make_default(self, customer_ref: str, card_ref: str) -> Customer:
        asked: Any = {"invoice_settings": {"default_payment_method": card_ref}}
        return customer(await self._ask(self._v1.customers.update_async(customer_ref, asked)))

    def draft_card_page(self, order: CardPageOrder) -> dict[str, Any]:
        mark = {PERSON_KEY: str(order.person_id)}
        return {
            "mode": "setup",
            "customer": order.customer_ref,
            "currency": order.currency.lower(),
            "allowed_payment_method_types": ["card"],
            "locale": locale(order.language),
            "expires_at": int(order.expires_at.timestamp()),
            "metadata": mark,
            "setup_intent_data": {"metadata": mark},
            "success_url": order.success_url,
            "cancel_url": order.cancel_url,
        }

    async def open_card_page(self, parameters: Mapping[str, Any], key: str) -> CardPage:
        asked: Any = dict(parameters)
        return card_page(await self._ask(self._v1.checkout.sessions.create_async(asked, {"idempotency_key": key})))

    async def find_card_page(self, page_ref: str) -> CardPage | None:
        asked = self._v1.checkout.sessions.retrieve_async(page_ref, {"expand": ["setup_intent"]})
        found = await self._find(asked)
        return card_page(found) if found is not None else None

    def draft_charge(self, order: CardOrder) -> dict[str, Any]:
        """With the client there, a needed check is this very payment's own link; else it fails at once."""
        mark = {
            PAYMENT_KEY: str(order.payment_id),
            CARD_KEY: "1",
            subject_key(order.subject.kind): str(order.subject.id),
        }
        presence = {"return_url": order.return_url} if order.return_url is not None else {"off_session": True}
        asked: dict[str, Any] = {
            "amount": to_stripe(order.amount),
            "currency": order.amount.currency.lower(),
            "customer": order.customer_ref,
            "payment_method": order.card_ref,
            "allowed_payment_method_types": ["card"],
            "confirm": True,
            "description": order.name[:NAME_LENGTH],
            "metadata": mark,
            "expand": [_CHARGE],
        }
        if order.tax_ref is not None:
            asked["hooks"] = {"inputs": {"tax": {"calculation": order.tax_ref}}}
        if order.hold:
            asked["capture_method"] = "manual"
        return asked | presence

    async def charge(self, parameters: Mapping[str, Any], key: str) -> CardPayment:
        asked: Any = dict(parameters)
        try:
            made = await self._ask(self._v1.payment_intents.create_async(asked, {"idempotency_key": key}))
        except Declined as declined:
            made = dict(declined.payment)
        return card_payment(made)

    async def card_payment(self, ref: str) -> CardPayment | None:
        found = await self._find(self._v1.payment_intents.retrieve_async(ref, {"expand": [_CHARGE]}))
        return card_payment(found) if found is not None else None

    async def payments_of(self, customer_ref: str) -> list[CardPayment]:
        asked: Any = {"customer": customer_ref, "limit": _MOST}
        found = await self._ask(self._v1.payment_intents.list_async(asked))
        return [card_payment(each) for each in found["data"] if ours(each.get("metadata"), CARD_KEY)]

    async def drop(self, ref: str) -> CardPayment | None:
        try:
            return card_payment(await self._ask(self._v1.payment_intents.cancel_async(ref)))
        except VendorRefused:  # only what took no money can be ended: read what became of it
            return await self.card_payment(ref)

    async def take(self, ref: str, key: str) -> CardPayment:
        asked = self._v1.payment_intents.capture_async(ref, {"expand": [_CHARGE]}, {"idempotency_key": key})
        return card_payment(await self._ask(asked))
