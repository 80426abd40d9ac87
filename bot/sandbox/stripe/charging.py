"""Charges a card or another method for a payment intent, on a page or by the API, and says so by events."""

from dataclasses import replace
from typing import Any

from bot.sandbox.stripe import balance
from bot.sandbox.stripe.account import Account, shown
from bot.sandbox.stripe.cards import CARDS, DISPUTE, WARNING, declined
from bot.sandbox.stripe.customers import methods
from bot.sandbox.stripe.disputes import disputes, warnings
from bot.sandbox.stripe.objects import Charge, PaymentIntent, PaymentMethod, new_id

AUTHORISED_SECONDS = 7 * 86400
NOT_AUTHENTICATED = {
    "code": "payment_intent_authentication_failure",
    "message": "We are unable to authenticate your payment method. "
    "Please choose a different payment method and try again.",
    "type": "invalid_request_error",
}


def approve(account: Account, intent: PaymentIntent, method: PaymentMethod, authenticated: bool = False) -> Charge:
    """The bank said yes: the money is taken, or held until it is captured. `finish` follows."""
    if intent.customer and intent.asked.get("setup_future_usage"):
        methods.keep(account, method, intent.customer, "limited")
    charge = charged(account, intent, method, "succeeded")
    charge.authenticated = authenticated
    intent.last_error, intent.check_url = None, None
    if intent.manual:
        charge.capture_before = account.now() + AUTHORISED_SECONDS
        intent.status = "requires_capture"
        account.emit("charge.succeeded", charge)
        account.emit("payment_intent.amount_capturable_updated", intent)
        return charge
    charge.captured = intent.received = intent.amount
    intent.status = "succeeded"
    account.emit("charge.succeeded", charge)
    account.emit("payment_intent.succeeded", intent)
    return charge


def collect(account: Account, amount: int, currency: str) -> str:
    """Money that another service collects for this account, with none of our marks: its charge."""
    method = methods.make(account, CARDS["success"], None)
    intent = PaymentIntent(new_id("pi_3"), "", account.now(), amount, currency.lower(), {}, ["card"], method=method.id)
    account.intents[intent.id] = intent
    account.emit("payment_intent.created", intent)
    charge = approve(account, intent, method)
    finish(account, charge)
    return charge.id


def finish(account: Account, charge: Charge) -> None:
    """What follows once the money is there: its place in the balance, and what the test card promises."""
    if not charge.captured:
        return
    balance.book(account, charge)
    after = charge.paid_with.card.after if charge.paid_with.card else None
    if after == DISPUTE:
        disputes.start(account, charge, "fraudulent")
    elif after == WARNING:
        warnings.warn(account, charge)


def decline(account: Account, intent: PaymentIntent, method: PaymentMethod, why: str) -> dict[str, Any]:
    """The bank said no, for `why` (a word of DECLINES): the error of the payment."""
    charge = charged(account, intent, method, "failed")
    charge.failure = declined(why)
    error = charge.failure | {"charge": charge.id, "payment_method": shown(method)}
    intent.status, intent.last_error, intent.check_url = "requires_payment_method", error, None
    account.emit("charge.failed", charge)
    account.emit("payment_intent.payment_failed", intent)
    return error


def ask_check(account: Account, intent: PaymentIntent) -> None:
    """The bank wants its customer to approve on its own page."""
    intent.status, intent.last_error = "requires_action", None
    account.emit("payment_intent.requires_action", intent)


def check_failed(account: Account, intent: PaymentIntent) -> None:
    method = account.methods.get(intent.method or "")
    named = {"payment_method": shown(method)} if method else {}
    intent.status, intent.last_error, intent.check_url = "requires_payment_method", NOT_AUTHENTICATED | named, None
    account.emit("payment_intent.payment_failed", intent)


def charged(account: Account, intent: PaymentIntent, method: PaymentMethod, status: str) -> Charge:
    method.used = True
    charge = Charge(
        new_id("ch_3" if method.card else "py_3"),
        intent.id,
        account.now(),
        intent.amount,
        intent.currency,
        status,
        intent.asked,
        replace(method),
        intent.customer,
    )
    account.charges[charge.id] = charge
    intent.latest_charge = charge.id
    return charge
