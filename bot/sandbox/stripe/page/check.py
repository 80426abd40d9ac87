"""The bank's page of a payment with a kept card: the customer approves it or not, and is led back."""

from html import escape
from urllib.parse import urlencode

from aiohttp import web

from bot.sandbox.stripe import money
from bot.sandbox.stripe.account import Account
from bot.sandbox.stripe.intents.intents import answer_check
from bot.sandbox.stripe.objects import PaymentIntent
from bot.sandbox.stripe.page.html import challenge, html


class CheckPages:
    def __init__(self, account: Account) -> None:
        self._account = account

    def add_to(self, app: web.Application) -> None:
        app.router.add_get("/pay/check/{id}", self.show)
        app.router.add_post("/pay/check/{id}", self.answer)

    async def show(self, request: web.Request) -> web.Response:
        intent = self._intent(request)
        if intent.status != "requires_action":
            raise web.HTTPSeeOther(_back(intent))
        total = escape(money.shown(intent.amount, intent.currency))
        said = f"Your bank asks you to approve the payment of {total} (3-D Secure)."
        return html(challenge(f"/pay/check/{intent.id}", said), "Confirm it is you")

    async def answer(self, request: web.Request) -> web.Response:
        intent = self._intent(request)
        answer_check(self._account, intent, (await request.post()).get("outcome") == "approve")
        raise web.HTTPSeeOther(_back(intent))

    def _intent(self, request: web.Request) -> PaymentIntent:
        intent = self._account.intents.get(request.match_info["id"])
        if intent is None or intent.return_url is None:
            raise web.HTTPNotFound(text="There is no such payment.")
        return intent


def _back(intent: PaymentIntent) -> str:
    outcome = {"succeeded": "succeeded", "requires_capture": "succeeded"}.get(intent.status, "failed")
    told = {
        "payment_intent": intent.id,
        "payment_intent_client_secret": intent.id + intent.secret,
        "redirect_status": outcome,
    }
    return f"{intent.return_url}{'&' if '?' in (intent.return_url or '') else '?'}{urlencode(told)}"
