"""Completes a session's page: pays with a test card or a kept one, or keeps a card without a payment."""

from bot.sandbox.stripe import charging
from bot.sandbox.stripe.account import Account
from bot.sandbox.stripe.cards import APPROVED, CARDS, CHECK
from bot.sandbox.stripe.customers import customers, methods, setups
from bot.sandbox.stripe.objects import COMPLETE, DELAYED_METHOD, OPEN, PaymentIntent, PaymentMethod, Session, new_id
from bot.sandbox.stripe.payments import settle
from bot.sandbox.stripe.refusals import Refused
from bot.sandbox.stripe.tax import sessions as session_tax
from bot.sandbox.stripe.tax.objects import Place


def pay(
    account: Account,
    session: Session,
    way: str,
    email: str | None,
    place: Place | None = None,
    keep: bool = False,
) -> PaymentIntent | None:
    """One try on the page. `way` is a key of CARDS, a kept card's id or the delayed method, `place` the address that
    was entered, `keep` a tick at "save for next time". Only an open session changes.

    A challenge leaves the payment in `requires_action` until `answer_challenge`.
    """
    if session.status != OPEN:
        return account.intent_of(session)
    session.email = email or session.asked.get("customer_email") or session.email
    session_tax.enter_place(account, session, place)
    session_tax.require_place(session)
    if session.mode == "setup":
        setups.try_card(account, session, way)
        return None
    if not session.amount:
        _complete(account, session, "no_payment_required")
        return None
    method = _method(account, session, way)
    intent = account.intent_of(session) or _start(account, session)
    intent.amount, intent.method, intent.email = session.amount, method.id, session.email
    if keep and session.customer:
        methods.keep(account, method, session.customer, "always")
    if method.card is None:
        _await_money(account, session, intent, method)
        return intent
    says = method.says if method.customer and way == method.id else method.card.now
    if says == CHECK:
        charging.ask_check(account, intent)
    elif says == APPROVED:
        _succeed(account, session, intent, method)
    else:
        charging.decline(account, intent, method, says)
    return intent


def answer_challenge(account: Account, session: Session, approved: bool) -> None:
    """The bank's page was answered; without an open challenge nothing happens."""
    if session.mode == "setup":
        setups.answer(account, session, approved)
        return
    intent = account.intent_of(session)
    if session.status != OPEN or intent is None or intent.status != "requires_action" or intent.method is None:
        return
    if approved:
        _succeed(account, session, intent, account.methods[intent.method], authenticated=True)
    else:
        charging.check_failed(account, intent)


def challenged(account: Account, session: Session) -> bool:
    """Whether the bank's page waits for an answer."""
    setup, intent = account.setups.get(session.setup_intent or ""), account.intent_of(session)
    return session.status == OPEN and "requires_action" in (setup and setup.status, intent and intent.status)


def _method(account: Account, session: Session, way: str) -> PaymentMethod:
    kept = account.methods.get(way)
    if kept is not None and kept.customer is not None and kept.customer == session.customer:
        return kept
    if (way not in CARDS or "card" not in session.methods) and (way != DELAYED_METHOD or way not in session.methods):
        raise Refused("This payment method is not offered.", param="way")
    return methods.make(account, CARDS.get(way), session.email)


def _start(account: Account, session: Session) -> PaymentIntent:
    asked = session.asked.get("payment_intent_data", {})
    if session.customer is None and asked.get("setup_future_usage"):
        session.customer = customers.of_page(account, session).id
    intent = PaymentIntent(
        new_id("pi_3"), session.id, account.now(), session.amount, session.currency, asked, session.methods,
        customer=session.customer,
    )  # fmt: skip
    account.intents[intent.id] = intent
    session.attempt = intent.id
    account.emit("payment_intent.created", intent)
    return intent


def _succeed(
    account: Account, session: Session, intent: PaymentIntent, method: PaymentMethod, authenticated: bool = False
) -> None:
    charge = charging.approve(account, intent, method, authenticated)
    session.payment_intent = intent.id
    _complete(account, session, "unpaid" if intent.manual else "paid")
    charging.finish(account, charge)


def _complete(account: Account, session: Session, payment_status: str) -> None:
    if session.customer is None and session.asked.get("customer_creation") == "always":
        session.customer = customers.of_page(account, session).id
    customers.learn_of_page(account, session)
    session.status, session.payment_status = COMPLETE, payment_status
    account.emit("checkout.session.completed", session)


def _await_money(account: Account, session: Session, intent: PaymentIntent, method: PaymentMethod) -> None:
    charge = charging.charged(account, intent, method, "pending")
    intent.status, intent.last_error = "processing", None
    session.status, session.payment_intent = COMPLETE, intent.id
    account.emit("charge.pending", charge)
    account.emit("payment_intent.processing", intent)
    account.emit("checkout.session.completed", session)


def settle_delayed(account: Account, session: Session, arrived: bool) -> None:
    """The delayed method's money arrived or failed to. Refused unless it is awaited."""
    intent = account.intent_of(session)
    if intent is None or intent.status != "processing" or intent.latest_charge is None:
        raise Refused("This session awaits no money.", param="session")
    settle(account, intent, account.charges[intent.latest_charge], arrived)
    session.payment_status = "paid" if arrived else "unpaid"
    account.emit(f"checkout.session.async_payment_{'succeeded' if arrived else 'failed'}", session)
