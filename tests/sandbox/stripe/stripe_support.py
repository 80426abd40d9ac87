"""A stand-in for Stripe that runs, the real SDK pointed at it, and an endpoint that hears its webhooks."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from typing import Any

import aiohttp
import stripe
from aiohttp import web

from bot.sandbox.standin import Served, serve
from bot.sandbox.stripe.server import StripeSandbox

KEY, SECRET = "sk_test_practice", "whsec_practice"
SLOT = "2026-12-01 10:00"


@dataclass
class Hears:
    """The product's endpoint: keeps what arrived; `answers` are the statuses to give first, then 200."""

    requests: list[tuple[bytes, str]] = field(default_factory=list)
    changed: asyncio.Condition = field(default_factory=asyncio.Condition)
    answers: list[int] = field(default_factory=list)

    async def receive(self, request: web.Request) -> web.Response:
        self.requests.append((await request.read(), request.headers["Stripe-Signature"]))
        async with self.changed:
            self.changed.notify_all()
        return web.Response(status=self.answers.pop(0) if self.answers else 200)

    def events(self) -> list[stripe.Event]:
        """Verified by the SDK, in the order of arrival."""
        return [stripe.Webhook.construct_event(body, header, SECRET, api_key=KEY) for body, header in self.requests]

    def types(self) -> list[str]:
        return [event.type for event in self.events()]

    async def until(self, kind: str, times: int = 1) -> None:
        async with asyncio.timeout(30), self.changed:
            await self.changed.wait_for(lambda: self.types().count(kind) >= times)


@dataclass
class Bench:
    sandbox: StripeSandbox
    url: str
    client: stripe.StripeClient
    browser: aiohttp.ClientSession
    hears: Hears

    async def session(self, key: str | None = None, **changes: Any) -> stripe.checkout.Session:
        return await self.client.v1.checkout.sessions.create_async(
            asked(self, **changes), {"idempotency_key": key} if key else {}
        )

    async def setup(self, customer: str) -> stripe.checkout.Session:
        """A page on which a card is kept."""
        asked: Any = {
            "mode": "setup",
            "customer": customer,
            "currency": "usd",
            "success_url": "https://practice.example/cards/kept",
        }
        return await self.client.v1.checkout.sessions.create_async(asked)

    async def kept(self, card: str = "success") -> tuple[str, str]:
        """A new customer with a test card kept: both ids."""
        customer = await self.client.v1.customers.create_async({"email": "ana@example.com"})
        await self.control("pay", session=(await self.setup(customer.id)).id, card=card)
        [method] = (await self.client.v1.payment_methods.list_async({"customer": customer.id})).data
        return customer.id, method.id

    async def charges(self, customer: str, method: str, key: str | None = None, **changes: Any) -> stripe.PaymentIntent:
        """A payment with a kept card, at once."""
        asked: Any = {"amount": 6000, "currency": "usd", "customer": customer, "payment_method": method}
        options: Any = {"idempotency_key": key} if key else {}
        asked |= {"confirm": True} | changes
        return await self.client.v1.payment_intents.create_async(asked, options)

    async def control(self, door: str, **body: Any) -> dict[str, Any]:
        async with self.browser.post(f"{self.url}/_sandbox/{door}", json=body) as answer:
            found: dict[str, Any] = await answer.json()
        return found

    async def state(self) -> dict[str, Any]:
        async with self.browser.get(f"{self.url}/_sandbox/state") as answer:
            found: dict[str, Any] = await answer.json()
        return found

    async def submits(self, url: str | None, **form: str) -> tuple[int, str]:
        """Post a page's form: the status and where it leads, or the text of an answer that leads nowhere."""
        assert url is not None
        async with self.browser.post(url, data=form, allow_redirects=False) as answer:
            return answer.status, answer.headers.get("Location") or await answer.text()

    async def reads(self, url: str | None) -> str:
        assert url is not None
        async with self.browser.get(url) as answer:
            assert answer.status == 200
            return await answer.text()


def asked(bench: Bench, **changes: Any) -> Any:
    """Parameters of a session as a practice creates it; None leaves one out."""
    now = int(bench.sandbox.clock.now().timestamp())
    product = {"name": "Career session", "description": SLOT}
    price = {"currency": "usd", "unit_amount": 6000, "product_data": product}
    params: dict[str, Any] = {
        "mode": "payment",
        "line_items": [{"price_data": price, "quantity": 1}],
        "success_url": "https://practice.example/pay/return?session={CHECKOUT_SESSION_ID}",
        "cancel_url": "https://practice.example/pay/return?left=1",
        "expires_at": now + 35 * 60,
        "allowed_payment_method_types": ["card"],
        "metadata": {"booking": "42"},
        "payment_intent_data": {"metadata": {"booking": "42"}, "description": "Career session"},
    }
    return {name: value for name, value in (params | changes).items() if value is not None}


def priced(amount: int, currency: str = "usd") -> list[dict[str, Any]]:
    price = {"currency": currency, "unit_amount": amount, "product_data": {"name": "Career session"}}
    return [{"price_data": price, "quantity": 1}]


@asynccontextmanager
async def running(**options: Any) -> AsyncIterator[Bench]:
    hears = Hears()
    endpoint = web.Application()
    endpoint.router.add_post("/webhooks/stripe", hears.receive)
    served: list[Served] = [await serve(endpoint)]
    sandbox = StripeSandbox(
        secret_key=KEY,
        webhook_url=f"{served[0].url}/webhooks/stripe",
        webhook_secret=SECRET,
        retry_delays=(0.02, 0.04),
        **({"poll": 0.02} | options),
    )
    served.append(await serve(sandbox.app))
    url = served[1].url
    http = stripe.HTTPXClient(timeout=5)
    client = stripe.StripeClient(
        KEY,
        base_addresses={"api": url, "connect": url, "files": url, "meter_events": url},
        http_client=http,
        max_network_retries=0,
    )
    try:
        async with aiohttp.ClientSession() as browser:
            yield Bench(sandbox, url, client, browser, hears)
    finally:
        await http.close_async()  # type: ignore[no-untyped-call]
        for one in reversed(served):
            await one.close()
