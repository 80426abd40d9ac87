"""The control routes: what an account's owner does in the dashboard, a customer's bank, or a test."""

from collections.abc import Awaitable, Callable
from dataclasses import asdict, replace
from typing import Any

from aiohttp import web

from bot.sandbox.standin import CONTROL
from bot.sandbox.stripe import paying, payments
from bot.sandbox.stripe.account import Account, shown
from bot.sandbox.stripe.bank import Act, bank_acts
from bot.sandbox.stripe.cards import CARDS
from bot.sandbox.stripe.page.form import EMAIL, place_of
from bot.sandbox.stripe.refusals import Refused, missing
from bot.sandbox.stripe.webhooks import Webhooks
from bot.sandbox.webhooks import DISTURBANCES

ACCOUNT = {"fee_delay", "refund_status", "latency", "search_lag", "verify_delay"}


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
            **bank_acts(self._account),
        }
        for name, act in acts.items():
            app.router.add_post(CONTROL + name, _route(act))
        app.router.add_get(f"{CONTROL}state", self._state)

    def pay(self, asked: dict[str, Any]) -> dict[str, Any]:
        """`{session, card}`, a key of CARDS or a kept card's id; `region` is the address (`DE`, `US-CA`), `keep` a tick
        at "save for next time". A challenge is approved unless `approve` is false."""
        account, session = self._account, self._account.session(asked["session"])
        card, place = asked.get("card", "success"), place_of(asked.get("region", ""))
        if card not in CARDS and card not in account.methods:
            raise Refused(f"No such card: {card}", param="card")
        paying.pay(account, session, card, asked.get("email", session.email or EMAIL), place, asked.get("keep", False))
        paying.answer_challenge(account, session, asked.get("approve", True))
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
        a charge's fee is known), `refund_status` (succeeded or pending), `latency`, `search_lag` and `verify_delay`
        (seconds until a search finds a new customer, and a tax number is checked)."""
        known = {*DISTURBANCES, "webhook_url", "webhook_secrets", *ACCOUNT}
        unknown = set(asked) - known
        if unknown:
            raise Refused(f"Unknown options: {', '.join(sorted(unknown))}")
        hooks = self._webhooks
        hooks.options = replace(hooks.options, **{name: asked[name] for name in DISTURBANCES & set(asked)})
        hooks.url = asked.get("webhook_url", hooks.url)
        hooks.secrets = asked.get("webhook_secrets", hooks.secrets)
        for name in ACCOUNT & set(asked):
            setattr(self._account, name, asked[name])
        hooks.release()
        return {"ok": True}

    async def _state(self, _request: web.Request) -> web.Response:
        """Everything in the account, for the simulator and for tests in another process."""
        await self._tick()
        found = self._account
        tables = {name: [*table.values()] for name, table in found.tables().items()}
        state: dict[str, Any] = {name: [shown(one) for one in table] for name, table in tables.items()}
        state["says"] = {one.id: one.says for one in found.methods.values()}
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
