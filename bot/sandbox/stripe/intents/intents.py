"""Payment intents of the API: made, confirmed with a kept card, captured and cancelled."""

from typing import Any

from bot.sandbox.stripe import charging, money
from bot.sandbox.stripe.account import Account, shown
from bot.sandbox.stripe.cards import APPROVED, CHECK
from bot.sandbox.stripe.customers import customers, methods
from bot.sandbox.stripe.objects import PaymentIntent, PaymentMethod, new_id
from bot.sandbox.stripe.refusals import InvalidParams, Refused
from bot.sandbox.stripe.tax import calculations

CONFIRMABLE = ("requires_payment_method", "requires_confirmation", "requires_action")
CANCELABLE = (*CONFIRMABLE, "requires_capture", "processing")
CONFIRMING = frozenset(("error_on_requires_action", "mandate_data", "off_session", "return_url"))


def create(account: Account, asked: dict[str, Any], origin: str) -> PaymentIntent:
    for name in ("amount", "currency"):
        if name not in asked:
            raise InvalidParams(f"Missing required param: {name}.", "parameter_missing", name)
    currency = asked["currency"].lower()
    _check_amount(asked["amount"], currency)
    if not asked.get("confirm") and CONFIRMING & set(asked):
        name = sorted(CONFIRMING & set(asked))[0]
        raise InvalidParams(f"You can only set `{name}` when `confirm` is true.", param=name)
    _check_presence(asked)
    if "customer" in asked:
        customers.find(account, asked["customer"], 400)
    intent = PaymentIntent(
        new_id("pi_3"), "", account.now(), asked["amount"], currency, dict(asked), ["card"],
        customer=asked.get("customer"),
    )  # fmt: skip
    _take_method(account, intent, asked)
    calculations.check(account, intent)
    account.intents[intent.id] = intent
    account.emit("payment_intent.created", intent)
    if asked.get("confirm"):
        confirm(account, intent, asked, origin)
    return intent


def confirm(account: Account, intent: PaymentIntent, asked: dict[str, Any], origin: str) -> PaymentIntent:
    """Charge the card. Raises a Refused of 402 when the bank declines it, or wants a check that nobody can answer."""
    if intent.status not in CONFIRMABLE or intent.session:
        raise _unexpected(intent, "confirmed", CONFIRMABLE)
    intent.asked |= {name: value for name, value in asked.items() if name in ("hooks", "receipt_email")}
    _take_method(account, intent, asked)
    if intent.method is None:
        raise Refused(
            "You cannot confirm this PaymentIntent because it's missing a payment method.",
            "payment_intent_unexpected_state",
            extra={"payment_intent": shown(intent)},
        )
    calculations.check(account, intent)
    method, off_session = account.methods[intent.method], _check_presence(asked)
    if method.says == CHECK and not off_session and not asked.get("error_on_requires_action"):
        intent.return_url = asked.get("return_url")
        intent.check_url = f"{origin}/pay/check/{intent.id}" if intent.return_url else None
        charging.ask_check(account, intent)
    elif method.says == APPROVED:
        _approve(account, intent, method)
    else:
        why = "authentication_required" if method.says == CHECK else method.says
        error = charging.decline(account, intent, method, why)
        raise _card_error(error | {"payment_intent": shown(intent)})
    return intent


def answer_check(account: Account, intent: PaymentIntent, approved: bool) -> None:
    """The customer answered the bank's page; once."""
    if intent.status != "requires_action" or intent.method is None:
        return
    if approved:
        _approve(account, intent, account.methods[intent.method], authenticated=True)
    else:
        charging.check_failed(account, intent)


def capture(account: Account, intent: PaymentIntent, asked: dict[str, Any]) -> PaymentIntent:
    """Take what the bank holds, or a part of it; the rest is let go."""
    if intent.status != "requires_capture" or intent.latest_charge is None:
        raise _unexpected(intent, "captured", ("requires_capture",))
    amount = asked.get("amount_to_capture", intent.amount)
    if not 0 < amount <= intent.amount:
        raise Refused(
            f"The amount to capture ({money.shown(amount, intent.currency)}) must be positive and not more than the "
            f"authorised amount ({money.shown(intent.amount, intent.currency)}).",
            "amount_too_large" if amount > 0 else "parameter_invalid_integer",
            "amount_to_capture",
        )
    charge = account.charges[intent.latest_charge]
    charge.captured = intent.received = amount
    charge.balance_transaction, intent.status = None, "succeeded"
    account.emit("charge.captured", charge)
    account.emit("payment_intent.succeeded", intent)
    if intent.session:
        account.sessions[intent.session].payment_status = "paid"
    calculations.commit(account, intent)
    charging.finish(account, charge)
    return intent


def cancel(account: Account, intent: PaymentIntent, reason: str | None) -> PaymentIntent:
    """End it before money moved; what a bank holds is let go, without a refund."""
    if intent.session and intent.status != "requires_capture":
        raise Refused("You cannot cancel this PaymentIntent because it belongs to a Checkout Session: expire that.")
    if intent.status not in CANCELABLE:
        raise _unexpected(intent, "canceled", CANCELABLE)
    _cancel(account, intent, reason, account.now())
    return intent


def let_lapse(account: Account) -> None:
    """What nobody captured in time goes back to the card."""
    for charge in account.charges.values():
        intent = account.intents[charge.payment_intent]
        due = charge.capture_before
        if due is not None and due <= account.now() and intent.status == "requires_capture":
            account.emit("charge.expired", charge, due)
            _cancel(account, intent, "automatic", due)


def _cancel(account: Account, intent: PaymentIntent, reason: str | None, at: int) -> None:
    held = account.charges.get(intent.latest_charge or "")
    if held is not None and intent.status == "requires_capture":
        held.released = True
    intent.status, intent.canceled_at, intent.cancellation_reason, intent.check_url = "canceled", at, reason, None
    account.emit("payment_intent.canceled", intent, at)


def _approve(account: Account, intent: PaymentIntent, method: PaymentMethod, authenticated: bool = False) -> None:
    charge = charging.approve(account, intent, method, authenticated)
    if not intent.manual:
        calculations.commit(account, intent)
    charging.finish(account, charge)


def _take_method(account: Account, intent: PaymentIntent, asked: dict[str, Any]) -> None:
    """The card must be the customer's own."""
    if "payment_method" not in asked:
        return
    method = methods.find(account, asked["payment_method"])
    if method.customer != intent.customer or method.customer is None:
        raise Refused(
            f"The customer does not have a payment method with the ID {method.id}. The payment method must be attached "
            "to the customer.",
            "resource_missing",
            "payment_method",
        )
    intent.method = method.id
    if intent.status == "requires_payment_method":
        intent.status = "requires_confirmation"


def _check_presence(asked: dict[str, Any]) -> bool:
    """Whether the customer is away, and can answer no page of the bank's."""
    away = asked.get("off_session") not in (None, False)
    if away and "return_url" in asked:
        raise InvalidParams("You cannot set both `off_session` and `return_url`.", param="off_session")
    return away


def _check_amount(amount: int, currency: str) -> None:
    if not money.known(currency):
        raise InvalidParams(f"Invalid currency: {currency}", param="currency")
    least = money.MINIMUM.get(currency, 50)
    if amount < least:
        said = f"Amount must be at least {money.shown(least, currency)}"
        raise InvalidParams(said, "amount_too_small", "amount")
    if amount > money.LARGEST:
        said = f"Amount must be no more than {money.shown(money.LARGEST, currency)}"
        raise InvalidParams(said, "amount_too_large", "amount")


def _unexpected(intent: PaymentIntent, done: str, states: tuple[str, ...]) -> Refused:
    return Refused(
        f"This PaymentIntent could not be {done} because it has a status of {intent.status}. Only a PaymentIntent with "
        f"one of the following statuses may be {done}: {', '.join(states)}.",
        "payment_intent_unexpected_state",
        extra={"payment_intent": shown(intent)},
    )


def _card_error(error: dict[str, Any]) -> Refused:
    told = {name: value for name, value in error.items() if name not in ("code", "message", "type")}
    return Refused(error["message"], error["code"], status=402, type=error["type"], extra=told)
