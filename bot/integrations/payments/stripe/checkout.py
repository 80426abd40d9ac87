"""Stripe: Checkout pages, refunds and signed events."""

import re
from collections.abc import Mapping
from dataclasses import replace
from datetime import datetime
from typing import Any

from bot.domain.payments.money import Money
from bot.domain.payments.provider import ChargeLimits
from bot.domain.payments.tax import TaxChoice
from bot.integrations.payments.charge import Charge
from bot.integrations.payments.port import Checkout, Line, News, Order, Returned
from bot.integrations.payments.stripe import amounts, endpoints, events
from bot.integrations.payments.stripe.amounts import to_stripe
from bot.integrations.payments.stripe.books import StripeBooks
from bot.integrations.payments.stripe.cards import StripeCards
from bot.integrations.payments.stripe.client import NAME, TOLERANCE_S, Client, verified
from bot.integrations.payments.stripe.disputes import StripeDisputes
from bot.integrations.payments.stripe.objects import charge, charge_with_fee, checkout, returned
from bot.integrations.payments.stripe.tax import StripeTax
from bot.integrations.payments.stripe.values import PAYMENT_KEY, REFUND_KEY, is_charge, money_by, subject_key
from bot.integrations.payments.stripe.words import DESCRIPTION_LENGTH, NAME_LENGTH, locale
from bot.integrations.vendor import Event, NotAuthentic, VendorAway, VendorRefused

_SIGNED_AT, _SIGNATURE = re.compile(r"(?:^|,)t=([0-9]{1,12})(?:,|$)"), re.compile(r"(?:^|,)v1=[0-9a-f]{64}(?:,|$)")
_CHARGE = "latest_charge.balance_transaction"
_PAGE = [f"payment_intent.{_CHARGE}", "total_details.breakdown"]
_REASONS = {"second": "duplicate"}


class StripeCheckout:
    """See `PaymentProvider`. `api_url` is the root, without `/v1`."""

    name = NAME
    title = "Stripe"
    guard = "Stripe's signature (HMAC-SHA256 over time and body), at most five minutes old"
    settings: tuple[str, ...] = ("STRIPE_SECRET_KEY", "STRIPE_API_URL")

    def __init__(self, secret_key: str, webhook_secret: str, api_url: str) -> None:
        self._secret = webhook_secret
        self._client = Client(secret_key, api_url)
        self._ask, self._find, self._v1 = self._client.ask, self._client.find, self._client.v1
        self.cards = StripeCards(self._client, "live" if "_live_" in secret_key else "test")
        self.taxes = StripeTax(self._client)
        self.disputes = StripeDisputes(self._client)
        self.books = StripeBooks(self._client)

    def limits(self, currency: str) -> ChargeLimits | None:
        return amounts.limits(currency)

    def draft(self, order: Order) -> dict[str, Any]:
        """Only cards are allowed: a hold lasts a quarter of an hour, and other money arrives days later."""
        ours = {PAYMENT_KEY: str(order.payment_id), subject_key(order.subject.kind): str(order.subject.id)}
        lines = order.lines or (Line(order.name, order.description, order.amount),)
        payment: dict[str, Any] = {"metadata": ours, "description": order.name[:NAME_LENGTH]}
        if order.keep_card:
            payment["setup_future_usage"] = "off_session"
        if order.hold:
            payment["capture_method"] = "manual"
        return {
            "mode": "payment",
            "line_items": [{"price_data": _price(line, order.tax), "quantity": 1} for line in lines],
            "allowed_payment_method_types": ["card"],
            "submit_type": "book",
            **_payer(order),
            "locale": locale(order.language),
            "expires_at": int(order.expires_at.timestamp()),
            "client_reference_id": f"{order.subject.kind}-{order.subject.id}",
            "metadata": ours,
            "payment_intent_data": payment,
            "success_url": order.success_url,
            "cancel_url": order.cancel_url,
        }

    async def open(self, parameters: Mapping[str, Any], key: str) -> Checkout:
        asked: Any = dict(parameters)
        return checkout(await self._ask(self._v1.checkout.sessions.create_async(asked, {"idempotency_key": key})))

    async def find(self, checkout_ref: str) -> Checkout | None:
        answer = await self._find(self._v1.checkout.sessions.retrieve_async(checkout_ref, {"expand": _PAGE}))
        if answer is None:
            return None
        found = checkout(answer)
        if found.paid and found.charge is None and found.intent_ref is not None:
            try:
                return replace(found, charge=await self.charge_of(found.intent_ref))
            except (VendorAway, VendorRefused):
                return found  # the page is paid: the id of its charge can follow
        return found

    async def close(self, checkout_ref: str) -> Checkout | None:
        try:
            return checkout(await self._ask(self._v1.checkout.sessions.expire_async(checkout_ref)))
        except VendorRefused:  # only an open page can be closed: read what became of it
            return await self.find(checkout_ref)

    async def charge_of(self, intent_ref: str) -> Charge | None:
        if is_charge(intent_ref):
            found = await self._find(self._v1.charges.retrieve_async(intent_ref, {"expand": ["balance_transaction"]}))
            return charge_with_fee(found)
        found = await self._find(self._v1.payment_intents.retrieve_async(intent_ref, {"expand": [_CHARGE]}))
        return charge(found) if found is not None else None

    async def give_back(self, intent_ref: str, amount: Money, refund_id: int, reason: str, key: str) -> Returned:
        asked: Any = {
            **money_by(intent_ref),
            "amount": to_stripe(amount),
            "reason": _REASONS.get(reason, "requested_by_customer"),
            "metadata": {REFUND_KEY: str(refund_id)},
        }
        return returned(await self._ask(self._v1.refunds.create_async(asked, {"idempotency_key": key})))

    async def refund(self, ref: str) -> Returned | None:
        found = await self._find(self._v1.refunds.retrieve_async(ref))
        return returned(found) if found is not None else None

    async def refunds_of(self, intent_ref: str) -> list[Returned]:
        asked: Any = {**money_by(intent_ref), "limit": 100}
        found = await self._ask(self._v1.refunds.list_async(asked))
        return [returned(each) for each in found["data"]]

    async def check(self) -> None:
        await self._ask(self._v1.accounts.retrieve_current_async())

    async def webhook_faults(self, public_url: str) -> list[str]:
        """What keeps Stripe from telling us what happens, each with what to do."""
        asked = self._v1.webhook_endpoints.list_async({"limit": 100})
        return endpoints.faults(await self._ask(asked), f"{public_url}/webhooks/stripe")

    def check_headers(self, headers: Mapping[str, str], real_now: datetime) -> None:
        signature = headers.get("Stripe-Signature", "")
        signed_at = _SIGNED_AT.search(signature)
        if signed_at is None or not _SIGNATURE.search(signature):
            raise NotAuthentic("not signed")
        if int(signed_at[1]) < real_now.timestamp() - TOLERANCE_S:
            raise NotAuthentic("stale")

    def verify(self, body: bytes, headers: Mapping[str, str]) -> Event:
        return verified(body, headers.get("Stripe-Signature", ""), self._secret)

    def read(self, kind: str, body: Mapping[str, Any]) -> News | None:
        return events.read(kind, body)

    async def aclose(self) -> None:
        await self._client.aclose()


def _price(line: Line, tax: TaxChoice | None) -> dict[str, Any]:
    product = {"name": line.name[:NAME_LENGTH], "description": line.description[:DESCRIPTION_LENGTH]}
    price = {"currency": line.amount.currency.lower(), "unit_amount": to_stripe(line.amount), "product_data": product}
    if tax is None:
        return price
    if tax.code is not None:
        product["tax_code"] = tax.code
    return price | {"tax_behavior": tax.behavior.value}


def _payer(order: Order) -> dict[str, Any]:
    """Who pays, as far as Stripe is to know, and what the page asks for so that tax can be reckoned."""
    known = order.customer_ref is not None
    payer: dict[str, Any] = {"customer": order.customer_ref} if known else {"customer_creation": "if_required"}
    if order.tax is not None:
        payer["automatic_tax"] = {"enabled": True}
        if known:
            payer["customer_update"] = {"address": "auto"}
    return payer
