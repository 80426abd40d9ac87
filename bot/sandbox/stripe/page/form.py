"""The form of the hosted page: email, address where tax needs it, kept cards, test cards, "save for next time"."""

from html import escape

from bot.sandbox.stripe import money
from bot.sandbox.stripe.cards import CARDS, USUAL
from bot.sandbox.stripe.objects import DELAYED_METHOD, PaymentMethod, Session
from bot.sandbox.stripe.tax.objects import Place
from bot.sandbox.stripe.tax.reckon import PERCENT

EMAIL = "client@example.com"


def form(session: Session, kept: list[PaymentMethod], error: str | None, now: int) -> str:
    alert = f'<p class="alert" role="alert">{escape(error)}</p>' if error else ""
    title, act = "Nothing to pay", "Complete"
    if session.mode == "setup":
        title, act = "Keep a card", "Save card"
    elif session.amount:
        title, act = "Pay with card", f"Pay {money.shown(session.amount, session.currency)}"
    asks_card = bool(session.amount) or session.mode == "setup"
    note = session.asked.get("custom_text", {}).get("submit", {}).get("message")
    return (
        f'<section class="panel"><h2>{title}</h2>{alert}<form method="post">{_email(session)}'
        + (_address(session) if asks_address(session) else "")
        + (_cards(session, kept) if asks_card else "")
        + (_save() if _saving(session) and asks_card else "")
        + f'<button type="submit">{escape(act)}</button></form>'
        + (f"<p><small>{escape(note)}</small></p>" if note else "")
        + f"<p><small>{_time_left(session.expires_at - now)}</small></p></section>"
    )


def _email(session: Session) -> str:
    email = session.asked.get("customer_email") or (session.email if session.customer else None)
    if email:
        return f'<p class="label">Email</p><p>{escape(email)}</p>'
    return (
        '<label class="label" for="email">Email</label>'
        f'<input type="email" id="email" name="email" value="{EMAIL}" autocomplete="email" required>'
    )


def asks_address(session: Session) -> bool:
    return session.taxed or session.asked.get("billing_address_collection") == "required"


def _address(session: Session) -> str:
    here = f"{session.place.country}-{session.place.state}" if session.place else ""
    options = "".join(
        f'<option value="{region}"{" selected" if region in (here, here.partition("-")[0]) else ""}>{region}</option>'
        for region in sorted(PERCENT)
    )
    return (
        '<label class="label" for="region">Country or state</label>'
        f'<select id="region" name="region" required><option value="">Choose</option>{options}</select>'
    )


def place_of(region: str) -> Place | None:
    """`US-CA` as it was chosen; None for what is not on the list."""
    if region not in PERCENT:
        return None
    country, _, state = region.partition("-")
    return Place(country, state or None, "10115" if country == "DE" else "00000", "Sandbox", "1 Sandbox Street")


def shown_kept(session: Session, kept: list[PaymentMethod]) -> list[PaymentMethod]:
    """The customer's cards that a page may show: only those that were agreed to, unless the session says otherwise."""
    options = session.asked.get("saved_payment_method_options", {})
    filters = options.get("allow_redisplay_filters", ["always"])
    return [method for method in kept if method.card and method.allow_redisplay in filters]


def _saving(session: Session) -> bool:
    wish = session.asked.get("saved_payment_method_options", {}).get("payment_method_save")
    return session.mode == "payment" and wish == "enabled"


def _save() -> str:
    """Never ticked for the customer."""
    return (
        '<label class="choice"><input type="checkbox" name="keep" value="yes"><span>Save this card for next time</span>'
        "</label>"
    )


def _cards(session: Session, kept: list[PaymentMethod]) -> str:
    mine = [
        (method.id, f"{method.card.brand.title()} ··{method.last4}", "kept")
        for method in kept
        if method.card is not None
    ]
    offered = CARDS if "card" in session.methods else {}
    cards = {name: (name, _digits(card.number), card.label) for name, card in offered.items()}
    usual = mine + [cards[name] for name in USUAL if name in cards]
    if DELAYED_METHOD in session.methods:
        usual.append((DELAYED_METHOD, "SEPA Direct Debit", "the money arrives days later"))
    others = [row for name, row in cards.items() if name not in USUAL]
    more = f"<details><summary>More test cards</summary>{_choices(others, False)}</details>" if others else ""
    return f"<fieldset><legend>Test card</legend>{_choices(usual, True)}{more}</fieldset>"


def _choices(choices: list[tuple[str, str, str]], first: bool) -> str:
    return "".join(
        f'<label class="choice"><input type="radio" name="card" value="{name}"'
        f'{" checked" if first and not at else ""} required><span><span class="number">{title}</span>'
        f'<span class="soft">{label}</span></span></label>'
        for at, (name, title, label) in enumerate(choices)
    )


def _digits(number: str) -> str:
    return " ".join(number[at : at + 4] for at in range(0, 16, 4))


def _time_left(seconds: int) -> str:
    hours, minutes = divmod(max(1, seconds // 60), 60)
    parts = [f"{hours} h"] if hours else []
    parts += [f"{minutes} min"] if minutes or not hours else []
    return f"This page closes in {' '.join(parts)}."
