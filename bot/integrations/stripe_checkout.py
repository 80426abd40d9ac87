"""Stripe: Checkout pages, refunds and signed events, through its SDK. The only file that knows it.

API version 2026-10-28.endive, pinned by stripe 16. Amounts are Stripe's; see `_SCALE` for where they differ from ours.
"""

import json
import logging
from collections.abc import Awaitable, Mapping
from dataclasses import replace
from typing import Any, NoReturn
from urllib.parse import urlsplit

import httpx
import stripe

from bot.domain.money import Money
from bot.domain.payments import RefundState
from bot.integrations.payments import (
    Charge,
    Checkout,
    Event,
    NotAuthentic,
    Order,
    PageState,
    PaymentsAway,
    PaymentsRefused,
    Returned,
    Reversed,
)

log = logging.getLogger(__name__)

TIMEOUT_S = 10
RETRIES = 2  # of connection errors, 409 and 5xx, with the same idempotency key; 429 is ours to wait out
TOLERANCE_S = 300  # https://docs.stripe.com/webhooks#replay-attacks
REFUSED_KEY_S = 60.0
NAME_LENGTH, DESCRIPTION_LENGTH = 250, 1000

PAYMENT_KEY, BOOKING_KEY, REFUND_KEY = "rapport_payment", "rapport_booking", "rapport_refund"
"""Our ids in Stripe's metadata."""

_CHARGE = "latest_charge.balance_transaction"
_PAGE = f"payment_intent.{_CHARGE}"
_REASONS = {"second": "duplicate"}
_LOCALES = {"en", "de"}

# Minor units of Stripe for one of ours (https://docs.stripe.com/currencies#special-cases): Stripe writes krónur and
# shillings with two decimals that must be zero, and ariary without any.
_SCALE = {"ISK": (100, 1), "UGX": (100, 1), "MGA": (1, 100)}

_REFUND_STATES = {
    "succeeded": RefundState.SUCCEEDED,
    "failed": RefundState.FAILED,
    "canceled": RefundState.FAILED,
}
_LOOPBACK = {"127.0.0.1", "localhost", "::1"}


class _Http(stripe.HTTPXClient):
    """A proxy of the environment is for the world outside, not for this very machine."""

    def __init__(self, host: str) -> None:
        super().__init__(timeout=TIMEOUT_S)
        if host in _LOOPBACK:
            self._client_async = httpx.AsyncClient(trust_env=False)


class StripeCheckout:
    """See `PaymentProvider`. `api_url` is the root, without `/v1`."""

    name = "stripe"

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

    def draft(self, order: Order) -> dict[str, Any]:
        """Cards alone: money that arrives days later cannot hold a time for a quarter of an hour."""
        ours = {PAYMENT_KEY: str(order.payment_id), BOOKING_KEY: str(order.booking_id)}
        product = {"name": order.name[:NAME_LENGTH], "description": order.description[:DESCRIPTION_LENGTH]}
        price = {
            "currency": order.amount.currency.lower(),
            "unit_amount": _to_stripe(order.amount),
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
            "client_reference_id": f"booking-{order.booking_id}",
            "metadata": ours,
            "payment_intent_data": {"metadata": ours, "description": order.name[:NAME_LENGTH]},
            "success_url": order.success_url,
            "cancel_url": order.cancel_url,
        }

    async def open(self, parameters: Mapping[str, Any], key: str) -> Checkout:
        asked: Any = dict(parameters)
        return _checkout(await _ask(self._client.checkout.sessions.create_async(asked, {"idempotency_key": key})))

    async def find(self, checkout_ref: str) -> Checkout | None:
        try:
            asked = self._client.checkout.sessions.retrieve_async(checkout_ref, {"expand": [_PAGE]})
            found = _checkout(await _ask(asked))
        except _Missing:
            return None
        if found.paid and found.charge is None and found.intent_ref is not None:
            try:
                return replace(found, charge=await self.charge_of(found.intent_ref))
            except (PaymentsAway, PaymentsRefused):
                return found  # that it is paid is worth more than the charge's name
        return found

    async def close(self, checkout_ref: str) -> Checkout | None:
        try:
            return _checkout(await _ask(self._client.checkout.sessions.expire_async(checkout_ref)))
        except PaymentsRefused:  # only an open page can be closed: whatever it is now, it says so itself
            return await self.find(checkout_ref)

    async def charge_of(self, intent_ref: str) -> Charge | None:
        try:
            asked = self._client.payment_intents.retrieve_async(intent_ref, {"expand": [_CHARGE]})
            return _charge(await _ask(asked))
        except _Missing:
            return None

    async def give_back(self, intent_ref: str, amount: Money, refund_id: int, reason: str, key: str) -> Returned:
        asked: Any = {
            "payment_intent": intent_ref,
            "amount": _to_stripe(amount),
            "reason": _REASONS.get(reason, "requested_by_customer"),
            "metadata": {REFUND_KEY: str(refund_id)},
        }
        return _returned(await _ask(self._client.refunds.create_async(asked, {"idempotency_key": key})))

    async def refund(self, ref: str) -> Returned | None:
        try:
            return _returned(await _ask(self._client.refunds.retrieve_async(ref)))
        except _Missing:
            return None

    async def refunds_of(self, intent_ref: str) -> list[Returned]:
        found = await _ask(self._client.refunds.list_async({"payment_intent": intent_ref, "limit": 100}))
        return [_returned(each) for each in found["data"]]

    async def check(self) -> None:
        await _ask(self._client.accounts.retrieve_current_async())

    def verify(self, body: bytes, signature: str | None) -> Event:
        try:
            stripe.WebhookSignature.verify_header(body, signature or "", self._secret, TOLERANCE_S)
            event = json.loads(body)
        except (stripe.SignatureVerificationError, TypeError, ValueError, RecursionError) as error:
            raise NotAuthentic(type(error).__name__) from error
        match event:
            case {"id": str(identifier), "type": str(kind), "data": {"object": dict(about)}} if identifier:
                return Event(identifier, kind, about)
        raise NotAuthentic("not an event")

    def read(self, kind: str, body: Mapping[str, Any]) -> Checkout | Returned | Reversed | None:
        try:
            if kind.startswith("checkout.session.") and body.get("mode", "payment") == "payment":
                return _checkout(body)
            if kind in ("refund.created", "refund.updated", "refund.failed"):
                return _returned(body)
        except (KeyError, TypeError, ValueError) as error:
            raise PaymentsRefused("unreadable") from error
        intent = _ref(body.get("payment_intent"))
        if kind != "charge.refunded" or intent is None:
            return None
        return Reversed(intent, _ours(body.get("metadata"), PAYMENT_KEY))

    async def aclose(self) -> None:
        await self._http.close_async()  # type: ignore[no-untyped-call]


class _Missing(PaymentsRefused):
    """404."""


async def _ask(call: Awaitable[stripe.StripeObject]) -> dict[str, Any]:
    """The answer as plain data. Raises `PaymentsAway`, `PaymentsRefused`."""
    try:
        answer = await call
    except stripe.StripeError as error:
        _give_up(error)
    found: dict[str, Any] = answer.to_dict()
    log.info("stripe.called", extra={"ids": {"object": found.get("object"), "id": found.get("id")}})
    return found


def _give_up(error: stripe.StripeError) -> NoReturn:
    status, code = error.http_status or 0, error.code or type(error).__name__
    log.warning("stripe.refused", extra={"ids": {"status": status, "code": code, "request": error.request_id}})
    if status == 404:
        raise _Missing(code) from error
    if isinstance(error, stripe.AuthenticationError | stripe.PermissionError):
        raise PaymentsAway("key", REFUSED_KEY_S) from error  # the owner can mend the key while we wait
    if 400 <= status < 500 and status not in (408, 409, 429):
        raise PaymentsRefused(code) from error
    raise PaymentsAway(code, _wait(error)) from error


def _wait(error: stripe.StripeError) -> float | None:
    headers = {name.lower(): value for name, value in (error.headers or {}).items()}
    asked = str(headers.get("retry-after", ""))
    return float(asked) if asked.isdigit() else None


def _to_stripe(money: Money) -> int:
    times, parts = _SCALE.get(money.currency, (1, 1))
    return money.amount * times // parts


def _money(amount: int, currency: str) -> Money:
    times, parts = _SCALE.get(currency.upper(), (1, 1))
    return Money(int(amount) * parts // times, currency.upper())


def _ref(found: object) -> str | None:
    """The id of something that may have been expanded."""
    if isinstance(found, Mapping):
        found = found.get("id")
    return found if isinstance(found, str) else None


def _ours(metadata: object, key: str) -> int | None:
    found = metadata.get(key) if isinstance(metadata, Mapping) else None
    return int(found) if isinstance(found, str) and found.isascii() and found.isdigit() and len(found) < 19 else None


def _checkout(session: Mapping[str, Any]) -> Checkout:
    metadata, intent = session.get("metadata"), session.get("payment_intent")
    state, settled = PageState(session.get("status") or "open"), session.get("payment_status")
    paid = settled == "paid" or (settled == "no_payment_required" and state is PageState.COMPLETE)
    progress = intent.get("status") if isinstance(intent, Mapping) else None
    tax = (session.get("total_details") or {}).get("amount_tax") or None
    return Checkout(
        ref=session["id"],
        state=state,
        paid=paid,
        pending=state is PageState.COMPLETE and not paid and progress in (None, "processing"),
        amount=_money(session.get("amount_total") or 0, session.get("currency") or ""),
        url=session.get("url"),
        payment_id=_ours(metadata, PAYMENT_KEY),
        booking_id=_ours(metadata, BOOKING_KEY),
        intent_ref=_ref(intent),
        charge=_charge(intent) if isinstance(intent, Mapping) else None,
        tax_amount=tax,
        tax_location=_location(session) if tax else None,
        returns_to=session.get("success_url"),
    )


def _location(session: Mapping[str, Any]) -> dict[str, str] | None:
    """Where tax was reckoned: no more of the address than a tax report needs."""
    address = (session.get("customer_details") or {}).get("address") or {}
    return {name: address[name] for name in ("country", "state") if address.get(name)} or None


def _charge(intent: Mapping[str, Any]) -> Charge | None:
    found = intent.get("latest_charge")
    ref = _ref(found)
    if ref is None:
        return None
    booked = found.get("balance_transaction") if isinstance(found, Mapping) else None
    if not isinstance(booked, Mapping):
        return Charge(ref)
    return Charge(ref, _money(booked["fee"], booked["currency"]), booked["id"])


def _returned(refund: Mapping[str, Any]) -> Returned:
    return Returned(
        ref=refund["id"],
        amount=_money(refund["amount"], refund["currency"]),
        state=_REFUND_STATES.get(refund.get("status") or "", RefundState.PENDING),
        intent_ref=_ref(refund.get("payment_intent")),
        refund_id=_ours(refund.get("metadata"), REFUND_KEY),
    )
