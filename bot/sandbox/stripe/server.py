"""The stand-in for Stripe: its API over HTTP, its hosted payment page, its webhooks and its dashboard."""

import asyncio
import json
from collections.abc import AsyncIterator
from dataclasses import dataclass, field
from typing import Any

from aiohttp import web

from bot.sandbox.faults import Fault
from bot.sandbox.standin import StandIn
from bot.sandbox.stripe import api, balance, params
from bot.sandbox.stripe.account import Account
from bot.sandbox.stripe.checkout import sessions
from bot.sandbox.stripe.control import Dashboard
from bot.sandbox.stripe.customers import tax_ids
from bot.sandbox.stripe.disputes import disputes
from bot.sandbox.stripe.events import API_VERSION, Events
from bot.sandbox.stripe.idempotency import Answer, Idempotency
from bot.sandbox.stripe.intents import intents
from bot.sandbox.stripe.objects import new_id
from bot.sandbox.stripe.page.check import CheckPages
from bot.sandbox.stripe.page.pages import Pages
from bot.sandbox.stripe.refusals import InvalidParams, Refused
from bot.sandbox.stripe.webhooks import Webhooks


@dataclass
class StripeSandbox(StandIn):
    """`webhook_url` is where the product listens, `poll` how often (real seconds) the clock is looked at,
    `latency` what each call of the API takes, `public_url` the page's address when it is not the API's own."""

    secret_key: str = field(default="sk_test_sandbox")
    webhook_url: str | None = None
    webhook_secret: str = field(default="whsec_of_the_sandbox")
    public_url: str | None = None
    retry_delays: tuple[float, ...] = (0.5, 1.0, 2.0, 4.0, 8.0, 15.0, 30.0)
    poll: float = 1.0
    latency: float = 0.0

    def __post_init__(self) -> None:
        super().__post_init__()
        self.webhooks = Webhooks(self.clock, lambda: self.session, self.spawn, self.retry_delays)
        self.webhooks.url, self.webhooks.secrets = self.webhook_url, [self.webhook_secret]
        self.account = Account(self.clock, Events(self.webhooks.add))
        self.account.latency = self.latency
        self.account.endpoints = self.webhooks.endpoints
        self.idempotency = Idempotency(self.clock)
        router = self.app.router
        for route in api.ROUTES:
            verb, path = route.split(" ")
            router.add_route(verb, path, self._serve_api, expect_handler=None)
        router.add_route("*", "/v1/{rest:.*}", self._unknown)
        Pages(self.account).add_to(self.app)
        CheckPages(self.account).add_to(self.app)
        Dashboard(self.account, self.webhooks, self.tick).add_to(self.app)
        self.app.cleanup_ctx.append(self._work)

    async def tick(self) -> None:
        """What falls due by the sandbox's clock: pages, fees, authorised money, tax numbers, disputes."""
        sessions.let_expire(self.account)
        balance.book_due(self.account)
        intents.let_lapse(self.account)
        tax_ids.let_verify(self.account)
        disputes.let_fall_due(self.account)

    async def _work(self, _app: web.Application) -> AsyncIterator[None]:
        self.spawn(self.webhooks.run())
        self.spawn(self._watch_clock())
        yield

    async def _watch_clock(self) -> None:
        while True:
            await asyncio.sleep(self.poll)
            await self.tick()

    def call_name(self, request: web.Request) -> str:
        """`POST /v1/checkout/sessions/{id}/expire`."""
        resource = request.match_info.route.resource
        return f"{request.method} {resource.canonical if resource else request.path}"

    def fault_answer(self, request: web.Request, fault: Fault) -> web.Response:
        if fault.kind == "rate_limit":
            refused = Refused("Request rate limit exceeded.", "rate_limit", status=429)
            return self._json(429, refused.body(), {"Retry-After": str(fault.retry_after)})
        refused = Refused("An unknown error occurred.", status=fault.status, type="api_error")
        return self._json(fault.status, refused.body(), {})

    async def _serve_api(self, request: web.Request) -> web.Response:
        request_id = new_id("req_", 14)
        key = request.headers.get("Idempotency-Key")
        try:
            self._authenticate(request)
            route = self.call_name(request)
            asked = params.check(route, params.decode(await _pairs(request)))
            answer = await self._answer(request, route, asked, request_id, key)
        except Refused as refused:
            answer = Answer(refused.status, refused.body(), request_id)
        headers = {"Request-Id": request_id}
        if key is not None and request.method == "POST":
            headers["Idempotency-Key"] = key
        if answer.original is not None:
            headers |= {"Idempotent-Replayed": "true", "Original-Request": answer.original}
        return self._json(answer.status, answer.body, headers)

    async def _answer(
        self, request: web.Request, route: str, asked: dict[str, Any], request_id: str, key: str | None
    ) -> Answer:
        identifier = request.match_info.get("id", "")
        origin = self.public_url or str(request.url.origin())

        async def work() -> Answer:
            await asyncio.sleep(self.account.latency)
            await self.tick()
            try:
                with self.account.events.caused_by(request_id, key):
                    body = api.answer(route, self.account, identifier, asked, origin)
            except InvalidParams:
                raise
            except Refused as refused:
                return Answer(refused.status, refused.body(), request_id)
            return Answer(200, body, request_id)

        if request.method != "POST":
            return await work()
        return await self.idempotency.run(key, (request.path, asked), work)

    def _authenticate(self, request: web.Request) -> None:
        scheme, _, given = request.headers.get("Authorization", "").partition(" ")
        if scheme != "Bearer" or not given:
            raise InvalidParams("You did not provide an API key.", status=401)
        if given != self.secret_key:
            masked = given[:8] + "*" * max(0, len(given) - 12) + given[-4:]
            raise InvalidParams(f"Invalid API Key provided: {masked}", status=401)

    async def _unknown(self, request: web.Request) -> web.Response:
        said = f"Unrecognized request URL ({request.method}: {request.path})."
        return self._json(404, Refused(said, status=404).body(), {})

    def _json(self, status: int, body: dict[str, Any], headers: dict[str, str]) -> web.Response:
        sent = {"Request-Id": new_id("req_", 14), "Stripe-Version": API_VERSION} | headers
        return web.Response(
            status=status,
            body=json.dumps(body, indent=2).encode(),
            headers=sent,
            content_type="application/json",
        )


async def _pairs(request: web.Request) -> list[tuple[str, str]]:
    if request.method != "POST":
        return list(request.query.items())
    if request.body_exists and request.content_type != "application/x-www-form-urlencoded":
        said = "Invalid request: the body must be form-encoded (application/x-www-form-urlencoded)."
        raise InvalidParams(said)
    return [(name, str(value)) for name, value in (await request.post()).items()]
