"""The hosted payment page of a checkout session, and the bank's challenge. Works without scripts."""

from html import escape
from pathlib import Path

from aiohttp import web

from bot.sandbox.stripe import money
from bot.sandbox.stripe.account import Account
from bot.sandbox.stripe.checkout import let_expire
from bot.sandbox.stripe.objects import CARDS, COMPLETE, DELAYED_METHOD, OPEN, Session
from bot.sandbox.stripe.paying import answer_challenge, pay
from bot.sandbox.stripe.refusals import Refused

STYLE = Path(__file__).with_name("page.css").read_text()
EMAIL = "client@example.com"


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
            return _html(_summary(session) + _ended(session), _ended_title(session))
        intent = self._account.intent_of(session)
        error = intent.last_error if intent is not None else None
        form = _form(session, error["message"] if error else None, self._account.now())
        return _html(_summary(session) + form, "Checkout")

    async def submit(self, request: web.Request) -> web.Response:
        session = self._session(request)
        sent = await request.post()
        try:
            intent = pay(self._account, session, str(sent.get("card", "")), str(sent.get("email", "")) or EMAIL)
        except Refused as refused:
            raise web.HTTPBadRequest(text=refused.message) from refused
        if session.status == COMPLETE:
            raise web.HTTPSeeOther(success_url(session))
        challenged = intent is not None and intent.status == "requires_action"
        raise web.HTTPSeeOther(f"/pay/{session.id}" + ("/challenge" if challenged else ""))

    async def show_challenge(self, request: web.Request) -> web.Response:
        session = self._session(request)
        intent = self._account.intent_of(session)
        if session.status != OPEN or intent is None or intent.status != "requires_action":
            raise web.HTTPSeeOther(f"/pay/{session.id}")
        return _html(_summary(session) + _challenge(session), "Confirm it is you")

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
    return (
        f'<section aria-label="Order">{link}<br><span class="test">Sandbox: no real money</span>'
        f'<h1>Total due</h1><p class="total">{escape(money.shown(session.amount, session.currency))}</p>'
        f'<ul class="items">{rows}</ul></section>'
    )


def _form(session: Session, error: str | None, now: int) -> str:
    alert = f'<p class="alert" role="alert">{escape(error)}</p>' if error else ""
    title, act = "Nothing to pay", "Complete"
    if session.amount:
        title, act = "Pay with card", f"Pay {money.shown(session.amount, session.currency)}"
    email = session.asked.get("customer_email")
    field = (
        f'<p class="label">Email</p><p>{escape(email)}</p>'
        if email
        else '<label class="label" for="email">Email</label>'
        f'<input type="email" id="email" name="email" value="{EMAIL}" autocomplete="email" required>'
    )
    note = session.asked.get("custom_text", {}).get("submit", {}).get("message")
    return (
        f'<section class="panel"><h2>{title}</h2>{alert}<form method="post">{field}'
        + (_cards(session) if session.amount else "")
        + f'<button type="submit">{escape(act)}</button></form>'
        + (f"<p><small>{escape(note)}</small></p>" if note else "")
        + f"<p><small>{_time_left(session.expires_at - now)}</small></p></section>"
    )


def _cards(session: Session) -> str:
    choices = [
        (name, f"{' '.join(card.number[at : at + 4] for at in range(0, 16, 4))}", card.label)
        for name, card in CARDS.items()
        if "card" in session.methods
    ]
    if DELAYED_METHOD in session.methods:
        choices.append((DELAYED_METHOD, "SEPA Direct Debit", "the money arrives days later"))
    rows = "".join(
        f'<label class="choice"><input type="radio" name="card" value="{name}"{" checked" if not at else ""} '
        f'required><span><span class="number">{title}</span><span class="soft">{label}</span></span></label>'
        for at, (name, title, label) in enumerate(choices)
    )
    return f"<fieldset><legend>Test card</legend>{rows}</fieldset>"


def _time_left(seconds: int) -> str:
    hours, minutes = divmod(max(1, seconds // 60), 60)
    parts = [f"{hours} h"] if hours else []
    parts += [f"{minutes} min"] if minutes or not hours else []
    return f"This page closes in {' '.join(parts)}."


def _challenge(session: Session) -> str:
    total = escape(money.shown(session.amount, session.currency))
    return (
        '<section class="panel"><h2>Confirm it is you</h2>'
        f"<p>Your bank asks you to approve the payment of {total} (3-D Secure).</p>"
        f'<form method="post" action="/pay/{session.id}/challenge">'
        '<button type="submit" name="outcome" value="approve">Approve</button>'
        '<button type="submit" name="outcome" value="fail" class="plain">Fail</button></form></section>'
    )


def _ended_title(session: Session) -> str:
    if session.status != COMPLETE:
        return "This page has expired"
    return "Paid" if session.payment_status != "unpaid" else "Payment on its way"


def _ended(session: Session) -> str:
    back = success_url(session) if session.status == COMPLETE else session.asked.get("cancel_url")
    said = {
        "Paid": "You have already paid. Nothing more is charged.",
        "Payment on its way": "Your bank is sending the money. You need not do anything.",
        "This page has expired": "Nothing was charged. Go back to where you came from to get a new link.",
    }[_ended_title(session)]
    link = f'<p><a href="{escape(back)}">Return to the practice</a></p>' if back else ""
    mark = ' class="done"' if session.status == COMPLETE else ""
    return f'<section class="panel"><h2{mark}>{_ended_title(session)}</h2><p>{said}</p>{link}</section>'


def _html(body: str, title: str) -> web.Response:
    page = (
        f'<!doctype html><html lang="en"><head><meta charset="utf-8"><title>{title}</title>'
        '<meta name="viewport" content="width=device-width, initial-scale=1">'
        f'<meta name="robots" content="noindex"><link rel="icon" href="data:,"><style>{STYLE}</style></head>'
        f"<body><main>{body}</main></body></html>"
    )
    return web.Response(text=page, content_type="text/html", headers={"Cache-Control": "no-store"})
