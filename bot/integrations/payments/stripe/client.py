"""Calls Stripe through its SDK, which no other file imports, and says in our terms how a call failed.

API version 2026-10-28.endive, pinned by stripe 16.
"""

import json
import logging
import ssl
from collections.abc import Awaitable, Mapping
from functools import cache
from typing import Any, NoReturn
from urllib.parse import urlsplit

import httpx
import stripe

from bot.integrations.payments.stripe.values import is_plain
from bot.integrations.vendor import Event, KeyRefused, NotAuthentic, VendorAway, VendorRefused

log = logging.getLogger(__name__)

NAME = "stripe"
TIMEOUT_S = 10
RETRIES = 2  # of connection errors, 409 and 5xx, with the same idempotency key; 429 is ours to wait out
TOLERANCE_S = 300  # https://docs.stripe.com/webhooks#replay-attacks
REFUSED_KEY_S = 60.0
UNREADABLE = "what answers there is not Stripe"

_LOOPBACK = {"127.0.0.1", "localhost", "::1"}


class Missing(VendorRefused):
    """404."""


class Declined(VendorRefused):
    """402: a bank declined. `payment` is the payment intent as it stands now."""

    def __init__(self, code: str, request: str | None, payment: Mapping[str, Any]) -> None:
        super().__init__(code, request)
        self.payment = payment


@cache
def _certificates() -> ssl.SSLContext:
    """Those that the SDK trusts. Reading them takes some 15 ms."""
    return ssl.create_default_context(cafile=stripe.ca_bundle_path)


class _Http(stripe.HTTPXClient):
    """Ignores a proxy set in the environment for calls to this very machine."""

    def __init__(self, host: str) -> None:
        super().__init__(timeout=TIMEOUT_S, verify_ssl_certs=False)  # of a client that the next line replaces
        self._client_async = httpx.AsyncClient(verify=_certificates(), trust_env=host not in _LOOPBACK)


class Client:
    """`api_url` is the root, without `/v1`; `v1` holds the SDK's services."""

    def __init__(self, secret_key: str, api_url: str) -> None:
        self._http = _Http(urlsplit(api_url).hostname or "")
        root = api_url.rstrip("/")
        self.v1 = stripe.StripeClient(
            secret_key,
            base_addresses={"api": root, "connect": root, "files": root, "meter_events": root},
            http_client=self._http,
            max_network_retries=RETRIES,
        ).v1

    async def ask(self, call: Awaitable[stripe.StripeObject]) -> dict[str, Any]:
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

    async def find(self, call: Awaitable[stripe.StripeObject]) -> dict[str, Any] | None:
        """As `ask`; None for what Stripe does not know, or has deleted."""
        try:
            found = await self.ask(call)
        except Missing:
            return None
        return None if found.get("deleted") else found

    async def aclose(self) -> None:
        await self._http.close_async()  # type: ignore[no-untyped-call]


def verified(body: bytes, signature: str, secret: str) -> Event:
    """What a signed message says. Raises `NotAuthentic`."""
    try:
        stripe.WebhookSignature.verify_header(body, signature, secret, TOLERANCE_S)
        event = json.loads(body)
    except (stripe.SignatureVerificationError, TypeError, ValueError, RecursionError) as error:
        raise NotAuthentic(type(error).__name__) from error
    match event:
        case {"id": str(ref), "type": str(kind), "data": {"object": dict(about)}} if is_plain(ref, kind):
            return Event(ref, kind, about)
    raise NotAuthentic("not an event")


def _give_up(error: stripe.StripeError) -> NoReturn:
    status, code = error.http_status or 0, error.code or type(error).__name__
    log.warning("stripe.refused", extra={"ids": {"status": status, "code": code, "request": error.request_id}})
    if status == 404:
        raise Missing(code, error.request_id) from error
    if 200 <= status < 300:
        raise VendorAway(UNREADABLE) from error
    if isinstance(error, stripe.AuthenticationError | stripe.PermissionError):
        raise KeyRefused(NAME, REFUSED_KEY_S) from error
    payment = _payment(error)
    if status == 402 and payment is not None:
        raise Declined(code, error.request_id, payment) from error
    if 400 <= status < 500 and status not in (408, 409, 429):
        raise VendorRefused(code, error.request_id) from error
    raise VendorAway(code, _wait(error)) from error


def _payment(error: stripe.StripeError) -> dict[str, Any] | None:
    body = error.json_body
    told = body.get("error") if isinstance(body, Mapping) else None
    found = told.get("payment_intent") if isinstance(told, Mapping) else None
    return dict(found) if isinstance(found, Mapping) else None


def _wait(error: stripe.StripeError) -> float | None:
    headers = {name.lower(): value for name, value in (error.headers or {}).items()}
    asked = str(headers.get("retry-after", ""))
    return float(asked) if asked.isdigit() else None
