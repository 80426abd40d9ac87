"""The hosted payment page of a checkout session, and the bank's challenge. Works without scripts."""

from html import escape

from aiohttp import web

from bot.sandbox.stripe import money
from bot.sandbox.stripe.account import Account
from bot.sandbox.stripe.checkout.session_json import breakdown
from bot.sandbox.stripe.checkout.sessions import let_expire
from bot.sandbox.stripe.objects import COMPLETE, OPEN, Session
from bot.sandbox.stripe.page.form import EMAIL, asks_address, form, place_of, shown_kept
from bot.sandbox.stripe.page.html import challenge, html
from bot.sandbox.stripe.paying import answer_challenge, challenged, pay
from bot.sandbox.stripe.refusals import Refused


class Pages:
    def __init__(self, account: Account) -> None:
        self._account = account

    def add_to(self, app: web.Application) -> None:
        app.router.add_get("/pay/{id}", self.show)
        app.router.add_post("/pay/{id}", self.submit)
        app.router.add_get("/pay/{id}/challenge", self.show_challenge)
        app.router.add_post("/pay/{id}/challenge", self.answer)

    async def show(self, request: web.Request) -> web.Response:
        session = self._session(request)
        if session.status != OPEN:
            return html(_summary(session) + _ended(session), _ended_title(session))
        return html(_summary(session) + self._form(session), "Checkout")

    def _form(self, session: Session) -> str:
        tried = self._account.intent_of(session) or self._account.setups.get(session.setup_intent or "")
        error = tried.last_error["message"] if tried is not None and tried.last_error else None
        kept = [one for one in self._account.methods.values() if one.customer and one.customer == session.customer]
        return form(session, shown_kept(session, kept), error, self._account.now())

    async def submit(self, request: web.Request) -> web.Response:
        session = self._session(request)
        sent = await request.post()
        email = str(sent.get("email", "")) or session.email or EMAIL
        place = place_of(str(sent.get("region", ""))) if asks_address(session) else None
        try:
            pay(self._account, session, str(sent.get("card", "")), email, place, "keep" in sent)
        except Refused as refused:
            raise web.HTTPBadRequest(text=refused.message) from refused
        if session.status == COMPLETE:
            raise web.HTTPSeeOther(success_url(session))
        raise web.HTTPSeeOther(f"/pay/{session.id}" + ("/challenge" if challenged(self._account, session) else ""))

    async def show_challenge(self, request: web.Request) -> web.Response:
        session = self._session(request)
        if not challenged(self._account, session):
            raise web.HTTPSeeOther(f"/pay/{session.id}")
        return html(_summary(session) + _challenge(session), "Confirm it is you")

    async def answer(self, request: web.Request) -> web.Response:
        session = self._session(request)
        outcome = (await request.post()).get("outcome")
        answer_challenge(self._account, session, outcome == "approve")
        raise web.HTTPSeeOther(success_url(session) if session.status == COMPLETE else f"/pay/{session.id}")

    def _session(self, request: web.Request) -> Session:
        let_expire(self._account)
        session = self._account.sessions.get(request.match_info["id"])
        if session is None:
            raise web.HTTPNotFound(text="There is no such checkout page.")
        return session


def success_url(session: Session) -> str:
    return str(session.asked["success_url"]).replace("{CHECKOUT_SESSION_ID}", session.id)


def _summary(session: Session) -> str:
    back = session.asked.get("cancel_url")
    link = f'<a class="back" href="{escape(back)}">← Back</a>' if back and session.status == OPEN else ""
    rows = "".join(
        f"<li><div><strong>{escape(item.name)}</strong>"
        + (f'<div class="soft">{escape(item.description)}</div>' if item.description else "")
        + (f'<div class="soft">Qty {item.quantity}</div>' if item.quantity > 1 else "")
        + f"</div><span>{escape(money.shown(item.amount, session.currency))}</span></li>"
        for item in session.line_items
    )
    if session.mode == "setup":
        return f'<section aria-label="Card">{link}<br><span class="test">Sandbox: no real card</span></section>'
    return (
        f'<section aria-label="Order">{link}<br><span class="test">Sandbox: no real money</span>'
        f'<h1>Total due</h1><p class="total">{escape(money.shown(session.amount, session.currency))}</p>'
        f'<ul class="items">{rows}{_tax_rows(session)}</ul></section>'
    )


def _tax_rows(session: Session) -> str:
    """Each rate with what it comes to; before the address is known, that it is not known."""
    if not session.taxed:
        return ""
    parts = breakdown(session)["taxes"]
    if not parts:
        return "<li><div>Tax</div><span>by your address</span></li>"
    return "".join(
        f"<li><div>{part['rate']['display_name']} {part['rate']['percentage']:g} %"
        + (" (included)" if part["rate"]["inclusive"] else "")
        + (f'<div class="soft">{part["taxability_reason"].replace("_", " ")}</div>' if not part["amount"] else "")
        + f"</div><span>{escape(money.shown(part['amount'], session.currency))}</span></li>"
        for part in parts
    )


def _challenge(session: Session) -> str:
    act = f"/pay/{session.id}/challenge"
    if session.mode == "setup":
        return challenge(act, "Your bank asks you to approve that this card is kept (3-D Secure).")
    total = escape(money.shown(session.amount, session.currency))
    return challenge(act, f"Your bank asks you to approve the payment of {total} (3-D Secure).")


def _ended_title(session: Session) -> str:
    if session.status != COMPLETE:
        return "This page has expired"
    if session.mode == "setup":
        return "Card saved"
    return "Paid" if session.payment_status != "unpaid" else "Payment on its way"


def _ended(session: Session) -> str:
    back = success_url(session) if session.status == COMPLETE else session.asked.get("cancel_url")
    said = {
        "Paid": "You have already paid. Nothing more is charged.",
        "Card saved": "Your card is kept. Nothing is charged now.",
        "Payment on its way": "Your bank is sending the money. You need not do anything.",
        "This page has expired": "Nothing was charged. Go back to where you came from to get a new link.",
    }[_ended_title(session)]
    link = f'<p><a href="{escape(back)}">Return to the practice</a></p>' if back else ""
    mark = ' class="done"' if session.status == COMPLETE else ""
    return f'<section class="panel"><h2{mark}>{_ended_title(session)}</h2><p>{said}</p>{link}</section>'
