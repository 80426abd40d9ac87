"""The control routes: what an account's owner does in the dashboard, a customer's bank, or a test."""

from collections.abc import Awaitable, Callable
from dataclasses import asdict, replace
from typing import Any

from aiohttp import web

from bot.sandbox.standin import CONTROL
from bot.sandbox.stripe import paying, payments
from bot.sandbox.stripe.account import Account, Thing, shown
from bot.sandbox.stripe.objects import CARDS
from bot.sandbox.stripe.refusals import Refused, missing
from bot.sandbox.stripe.webhooks import Webhooks

DISTURBANCES = {"duplicates", "drop", "reverse", "delay", "hold"}
Act = Callable[[dict[str, Any]], dict[str, Any]]


class Dashboard:
    """Each route takes a JSON object and answers with the changed object, or with 400 and Stripe's error."""

    def __init__(self, account: Account, webhooks: Webhooks, tick: Callable[[], Awaitable[None]]) -> None:
        self._account = account
        self._webhooks = webhooks
        self._tick = tick

    def add_to(self, app: web.Application) -> None:
        acts: dict[str, Act] = {
            "pay": self.pay,
            "settle": self.settle,
            "refund": self.refund,
            "refund_outcome": self.refund_outcome,
            "resend": self.resend,
            "options": self.options,
        }
        for name, act in acts.items():
            app.router.add_post(CONTROL + name, _route(act))
        app.router.add_get(f"{CONTROL}state", self._state)

    def pay(self, asked: dict[str, Any]) -> dict[str, Any]:
        """`{session, card: success|declined|challenge}`; a challenge is approved unless `approve` is false."""
        session = self._account.session(asked["session"])
        card = asked.get("card", "success")
        if card not in CARDS:
            raise Refused(f"No such card: {card}", param="card")
        paying.pay(self._account, session, card, asked.get("email", "client@example.com"))
        if card == "challenge":
            paying.answer_challenge(self._account, session, asked.get("approve", True))
        return shown(session)

    def settle(self, asked: dict[str, Any]) -> dict[str, Any]:
        """`{session, arrived}`: the money of a delayed method came, or did not."""
        session = self._account.session(asked["session"])
        paying.settle_delayed(self._account, session, asked.get("arrived", True))
        return shown(session)

    def refund(self, asked: dict[str, Any]) -> dict[str, Any]:
        """`{payment_intent | charge, amount?, reason?, metadata?}`, as made in Stripe's dashboard."""
        return shown(payments.refund(self._account, asked, self._account.refund_status))

    def refund_outcome(self, asked: dict[str, Any]) -> dict[str, Any]:
        """`{refund, status: succeeded|failed|canceled, failure_reason?}`."""
        refund = self._account.refunds.get(asked["refund"])
        if refund is None:
            raise missing("refund", asked["refund"], "refund", 400)
        payments.decide(self._account, refund, asked.get("status", "failed"), asked.get("failure_reason"))
        return shown(refund)

    def resend(self, asked: dict[str, Any]) -> dict[str, Any]:
        """`{event}`: deliver it once more."""
        event = self._account.events.all.get(asked["event"])
        if event is None:
            raise missing("event", asked["event"], "event", 400)
        self._webhooks.add(event)
        return event

    def options(self, asked: dict[str, Any]) -> dict[str, Any]:
        """Any of: the disturbances of deliveries, `webhook_url`, `webhook_secrets`, `fee_delay` (seconds until
        a charge's fee is known), `refund_status` (succeeded or pending), `latency`."""
        known = {*DISTURBANCES, "webhook_url", "webhook_secrets", "fee_delay", "refund_status", "latency"}
        unknown = set(asked) - known
        if unknown:
            raise Refused(f"Unknown options: {', '.join(sorted(unknown))}")
        hooks = self._webhooks
        hooks.options = replace(hooks.options, **{name: asked[name] for name in DISTURBANCES & set(asked)})
        hooks.url = asked.get("webhook_url", hooks.url)
        hooks.secrets = asked.get("webhook_secrets", hooks.secrets)
        self._account.fee_delay = asked.get("fee_delay", self._account.fee_delay)
        self._account.refund_status = asked.get("refund_status", self._account.refund_status)
        self._account.latency = asked.get("latency", self._account.latency)
        hooks.release()
        return {"ok": True}

    async def _state(self, _request: web.Request) -> web.Response:
        """Everything in the account, for the simulator and for tests in another process."""
        await self._tick()
        found = self._account
        tables: dict[str, list[Thing]] = {
            "sessions": [*found.sessions.values()],
            "payment_intents": [*found.intents.values()],
            "charges": [*found.charges.values()],
            "refunds": [*found.refunds.values()],
        }
        state: dict[str, Any] = {name: [shown(one) for one in table] for name, table in tables.items()}
        state["events"] = list(found.events.all.values())
        state["deliveries"] = [asdict(attempt) for attempt in self._webhooks.attempts]
        return web.json_response(state)


def _route(act: Act) -> Callable[[web.Request], Awaitable[web.Response]]:
    async def handler(request: web.Request) -> web.Response:
        try:
            return web.json_response(act(await request.json()))
        except Refused as refused:
            return web.json_response(refused.body(), status=400)
        except KeyError as absent:
            missed = Refused(f"Missing: {absent}", "parameter_missing")
            return web.json_response(missed.body(), status=400)

    return handler
