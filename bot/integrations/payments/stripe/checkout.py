"""Stripe: Checkout pages, refunds and signed events, through its SDK, which no other file imports.

API version 2026-10-28.endive, pinned by stripe 16. `objects` reads what comes back.
"""

import json
import logging
import re
from collections.abc import Awaitable, Mapping
from dataclasses import replace
from datetime import datetime
from typing import Any, NoReturn
from urllib.parse import urlsplit

import httpx
import stripe

from bot.domain.payments.money import Money
from bot.domain.payments.provider import ChargeLimits
from bot.integrations.payments.port import (
    Charge,
    Checkout,
    Order,
    Returned,
    Reversed,
)
from bot.integrations.payments.stripe import amounts, endpoints
from bot.integrations.payments.stripe.amounts import to_stripe
from bot.integrations.payments.stripe.objects import (
    PAYMENT_KEY,
    REFUND_KEY,
    charge,
    checkout,
    is_plain,
    ours,
    ref_of,
    returned,
    subject_key,
)
from bot.integrations.vendor import Event, KeyRefused, NotAuthentic, VendorAway, VendorRefused

log = logging.getLogger(__name__)

TIMEOUT_S = 10
RETRIES = 2  # of connection errors, 409 and 5xx, with the same idempotency key; 429 is ours to wait out
TOLERANCE_S = 300  # https://docs.stripe.com/webhooks#replay-attacks
REFUSED_KEY_S = 60.0
UNREADABLE = "what answers there is not Stripe"
NAME_LENGTH, DESCRIPTION_LENGTH = 250, 1000

_SIGNED_AT, _SIGNATURE = re.compile(r"(?:^|,)t=([0-9]{1,12})(?:,|$)"), re.compile(r"(?:^|,)v1=[0-9a-f]{64}(?:,|$)")
_CHARGE = "latest_charge.balance_transaction"
_PAGE = f"payment_intent.{_CHARGE}"
_REASONS = {"second": "duplicate"}
_LOCALES = {"en", "de"}
_LOOPBACK = {"127.0.0.1", "localhost", "::1"}


class _Http(stripe.HTTPXClient):
    """Ignores a proxy set in the environment for calls to this very machine."""

    def __init__(self, host: str) -> None:
        super().__init__(timeout=TIMEOUT_S)
        if host in _LOOPBACK:
            self._client_async = httpx.AsyncClient(trust_env=False)


class StripeCheckout:
    """See `PaymentProvider`. `api_url` is the root, without `/v1`."""

    name = "stripe"
    title = "Stripe"
    guard = "Stripe's signature (HMAC-SHA256 over time and body), at most five minutes old"
    settings: tuple[str, ...] = ("STRIPE_SECRET_KEY", "STRIPE_API_URL")

    def __init__(self, secret_key: str, webhook_secret: str, api_url: str) -> None:
        self._http = _Http(urlsplit(api_url).hostname or "")
        self._secret = webhook_secret
        root = api_url.rstrip("/")
        self._client = stripe.StripeClient(
            secret_key,
            base_addresses={"api": root, "connect": root, "files": root, "meter_events": root},
            http_client=self._http,
            max_network_retries=RETRIES,
        ).v1

    def limits(self, currency: str) -> ChargeLimits | None:
        return amounts.limits(currency)

    def draft(self, order: Order) -> dict[str, Any]:
        """Only cards are allowed: a hold lasts a quarter of an hour, and other money arrives days later."""
        ours = {PAYMENT_KEY: str(order.payment_id), subject_key(order.subject.kind): str(order.subject.id)}
        product = {"name": order.name[:NAME_LENGTH], "description": order.description[:DESCRIPTION_LENGTH]}
        price = {
            "currency": order.amount.currency.lower(),
            "unit_amount": to_stripe(order.amount),
            "product_data": product,
        }
        return {
            "mode": "payment",
            "line_items": [{"price_data": price, "quantity": 1}],
            "allowed_payment_method_types": ["card"],
            "submit_type": "book",
            "customer_creation": "if_required",
            "locale": order.language if order.language in _LOCALES else "auto",
            "expires_at": int(order.expires_at.timestamp()),
            "client_reference_id": f"{order.subject.kind}-{order.subject.id}",
            "metadata": ours,
            "payment_intent_data": {"metadata": ours, "description": order.name[:NAME_LENGTH]},
            "success_url": order.success_url,
            "cancel_url": order.cancel_url,
        }

    async def open(self, parameters: Mapping[str, Any], key: str) -> Checkout:
        asked: Any = dict(parameters)
        return checkout(await _ask(self._client.checkout.sessions.create_async(asked, {"idempotency_key": key})))

    async def find(self, checkout_ref: str) -> Checkout | None:
        try:
            asked = self._client.checkout.sessions.retrieve_async(checkout_ref, {"expand": [_PAGE]})
            found = checkout(await _ask(asked))
        except _Missing:
            return None
        if found.paid and found.charge is None and found.intent_ref is not None:
            try:
                return replace(found, charge=await self.charge_of(found.intent_ref))
            except (VendorAway, VendorRefused):
                return found  # the page is paid: the id of its charge can follow
        return found

    async def close(self, checkout_ref: str) -> Checkout | None:
        try:
            return checkout(await _ask(self._client.checkout.sessions.expire_async(checkout_ref)))
        except VendorRefused:  # only an open page can be closed: read what became of it
            return await self.find(checkout_ref)

    async def charge_of(self, intent_ref: str) -> Charge | None:
        try:
            asked = self._client.payment_intents.retrieve_async(intent_ref, {"expand": [_CHARGE]})
            return charge(await _ask(asked))
        except _Missing:
            return None

    async def give_back(self, intent_ref: str, amount: Money, refund_id: int, reason: str, key: str) -> Returned:
        asked: Any = {
            "payment_intent": intent_ref,
            "amount": to_stripe(amount),
            "reason": _REASONS.get(reason, "requested_by_customer"),
            "metadata": {REFUND_KEY: str(refund_id)},
        }
        return returned(await _ask(self._client.refunds.create_async(asked, {"idempotency_key": key})))

    async def refund(self, ref: str) -> Returned | None:
        try:
            return returned(await _ask(self._client.refunds.retrieve_async(ref)))
        except _Missing:
            return None

    async def refunds_of(self, intent_ref: str) -> list[Returned]:
        found = await _ask(self._client.refunds.list_async({"payment_intent": intent_ref, "limit": 100}))
        return [returned(each) for each in found["data"]]

    async def check(self) -> None:
        await _ask(self._client.accounts.retrieve_current_async())

    async def webhook_faults(self, public_url: str) -> list[str]:
        """What keeps Stripe from telling us what happens, each with what to do."""
        asked = self._client.webhook_endpoints.list_async({"limit": 100})
        return endpoints.faults(await _ask(asked), f"{public_url}/webhooks/stripe")

    def check_headers(self, headers: Mapping[str, str], real_now: datetime) -> None:
        signature = headers.get("Stripe-Signature", "")
        signed_at = _SIGNED_AT.search(signature)
        if signed_at is None or not _SIGNATURE.search(signature):
            raise NotAuthentic("not signed")
        if int(signed_at[1]) < real_now.timestamp() - TOLERANCE_S:
            raise NotAuthentic("stale")

    def verify(self, body: bytes, headers: Mapping[str, str]) -> Event:
        try:
            stripe.WebhookSignature.verify_header(body, headers.get("Stripe-Signature", ""), self._secret, TOLERANCE_S)
            event = json.loads(body)
        except (stripe.SignatureVerificationError, TypeError, ValueError, RecursionError) as error:
            raise NotAuthentic(type(error).__name__) from error
        match event:
            case {"id": str(ref), "type": str(kind), "data": {"object": dict(about)}} if is_plain(ref, kind):
                return Event(ref, kind, about)
        raise NotAuthentic("not an event")

    def read(self, kind: str, body: Mapping[str, Any]) -> Checkout | Returned | Reversed | None:
        try:
            if kind.startswith("checkout.session.") and body.get("mode", "payment") == "payment":
                return checkout(body)
            if kind in ("refund.created", "refund.updated", "refund.failed"):
                return returned(body)
        except (ArithmeticError, AttributeError, KeyError, TypeError, ValueError) as error:
            raise VendorRefused("unreadable") from error
        intent = ref_of(body.get("payment_intent"))
        if kind != "charge.refunded" or intent is None:
            return None
        return Reversed(intent, ours(body.get("metadata"), PAYMENT_KEY))

    async def aclose(self) -> None:
        await self._http.close_async()  # type: ignore[no-untyped-call]


class _Missing(VendorRefused):
    """404."""


async def _ask(call: Awaitable[stripe.StripeObject]) -> dict[str, Any]:
    """The answer as plain data. Raises `VendorAway`, `VendorRefused`."""
    try:
        answer = await call
        found: dict[str, Any] = answer.to_dict()
    except stripe.StripeError as error:
        _give_up(error)
    except (AttributeError, LookupError, RecursionError, TypeError, ValueError) as error:
        raise VendorAway(UNREADABLE) from error  # the library reads what it was promised
    if not isinstance(found.get("object"), str):
        raise VendorAway(UNREADABLE)
    log.info("stripe.called", extra={"ids": {"object": found.get("object"), "id": found.get("id")}})
    return found


def _give_up(error: stripe.StripeError) -> NoReturn:
    status, code = error.http_status or 0, error.code or type(error).__name__
    log.warning("stripe.refused", extra={"ids": {"status": status, "code": code, "request": error.request_id}})
    if status == 404:
        raise _Missing(code, error.request_id) from error
    if 200 <= status < 300:
        raise VendorAway(UNREADABLE) from error
    if isinstance(error, stripe.AuthenticationError | stripe.PermissionError):
        raise KeyRefused(StripeCheckout.name, REFUSED_KEY_S) from error
    if 400 <= status < 500 and status not in (408, 409, 429):
        raise VendorRefused(code, error.request_id) from error
    raise VendorAway(code, _wait(error)) from error


def _wait(error: stripe.StripeError) -> float | None:
    headers = {name.lower(): value for name, value in (error.headers or {}).items()}
    asked = str(headers.get("retry-after", ""))
    return float(asked) if asked.isdigit() else None
