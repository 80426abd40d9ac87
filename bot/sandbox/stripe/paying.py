"""Pays on a session's page: with success, a declined card, a challenge, or money that arrives later."""

from typing import Any

from bot.sandbox.stripe.account import Account
from bot.sandbox.stripe.objects import (
    CARDS,
    COMPLETE,
    DELAYED_METHOD,
    OPEN,
    Card,
    Charge,
    PaymentIntent,
    Session,
    new_id,
)
from bot.sandbox.stripe.payments import book, settle
from bot.sandbox.stripe.refusals import Refused

DECLINED = {
    "advice_code": "try_again_later",
    "code": "card_declined",
    "decline_code": "generic_decline",
    "message": "Your card was declined.",
    "type": "card_error",
}
NOT_AUTHENTICATED = {
    "code": "payment_intent_authentication_failure",
    "message": "We are unable to authenticate your payment method. "
    "Please choose a different payment method and try again.",
    "type": "invalid_request_error",
}


def pay(account: Account, session: Session, way: str, email: str | None) -> PaymentIntent | None:
    """One try on the page: `way` is a key of CARDS or the delayed method. Only an open session changes.

    A challenge leaves the payment in `requires_action` until `answer_challenge`.
    """
    if session.status != OPEN:
        return account.intent_of(session)
    session.email = email or session.asked.get("customer_email")
    if not session.amount:
        session.status, session.payment_status = COMPLETE, "no_payment_required"
        account.emit("checkout.session.completed", session)
        return None
    intent = account.intent_of(session) or _start(account, session)
    card = CARDS.get(way)
    intent.method, intent.card, intent.email = new_id("pm_1"), card, session.email
    if card is None:
        if DELAYED_METHOD not in session.methods:
            raise Refused("This payment method is not offered.", param="way")
        _await_money(account, session, intent)
    elif card.outcome == "challenge":
        intent.status = "requires_action"
        account.emit("payment_intent.requires_action", intent)
    elif card.outcome == "declined":
        fail(account, intent, card, DECLINED)
    else:
        _succeed(account, session, intent, card)
    return intent


def answer_challenge(account: Account, session: Session, approved: bool) -> None:
    """The bank's page was answered; without an open challenge nothing happens."""
    intent = account.intent_of(session)
    if session.status != OPEN or intent is None or intent.status != "requires_action" or intent.card is None:
        return
    if approved:
        _succeed(account, session, intent, intent.card, authenticated=True)
        return
    intent.status, intent.last_error = "requires_payment_method", dict(NOT_AUTHENTICATED)
    account.emit("payment_intent.payment_failed", intent)


def _start(account: Account, session: Session) -> PaymentIntent:
    intent = PaymentIntent(
        new_id("pi_3"),
        session.id,
        account.now(),
        session.amount,
        session.currency,
        session.asked.get("payment_intent_data", {}),
        session.methods,
    )
    account.intents[intent.id] = intent
    session.attempt = intent.id
    account.emit("payment_intent.created", intent)
    return intent


def _charge(account: Account, intent: PaymentIntent, status: str, card: Card | None) -> Charge:
    charge = Charge(
        new_id("ch_3" if card else "py_3"),
        intent.id,
        account.now(),
        intent.amount,
        intent.currency,
        status,
        intent.asked,
        intent.method or "",
        card,
        intent.email,
    )
    account.charges[charge.id] = charge
    intent.latest_charge = charge.id
    return charge


def fail(account: Account, intent: PaymentIntent, card: Card, error: dict[str, Any]) -> None:
    charge = _charge(account, intent, "failed", card)
    charge.failure = error
    intent.status, intent.last_error = "requires_payment_method", error | {"charge": charge.id}
    account.emit("charge.failed", charge)
    account.emit("payment_intent.payment_failed", intent)


def _succeed(
    account: Account, session: Session, intent: PaymentIntent, card: Card, authenticated: bool = False
) -> None:
    charge = _charge(account, intent, "succeeded", card)
    charge.authenticated = authenticated
    intent.status, intent.last_error = "succeeded", None
    session.status, session.payment_status, session.payment_intent = COMPLETE, "paid", intent.id
    account.emit("charge.succeeded", charge)
    account.emit("payment_intent.succeeded", intent)
    account.emit("checkout.session.completed", session)
    book(account, charge)


def _await_money(account: Account, session: Session, intent: PaymentIntent) -> None:
    charge = _charge(account, intent, "pending", None)
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
