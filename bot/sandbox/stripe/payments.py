"""Moves money after it was paid: delayed arrival, refunds and their failures."""

from typing import Any

from bot.sandbox.stripe import money
from bot.sandbox.stripe.account import Account
from bot.sandbox.stripe.balance import book, enter
from bot.sandbox.stripe.disputes import disputes, warnings
from bot.sandbox.stripe.objects import Charge, PaymentIntent, Refund, new_id
from bot.sandbox.stripe.refusals import InvalidParams, Refused, missing
from bot.sandbox.stripe.tax import calculations

FINAL_WITHOUT_MONEY = ("failed", "canceled")


def settle(account: Account, intent: PaymentIntent, charge: Charge, arrived: bool) -> None:
    if arrived:
        charge.status = intent.status = "succeeded"
        charge.captured = intent.received = intent.amount
        account.emit("charge.succeeded", charge)
        account.emit("payment_intent.succeeded", intent)
        book(account, charge)
        return
    error = {"code": "insufficient_funds", "message": "The bank account has insufficient funds."}
    charge.status, charge.failure = "failed", error
    intent.status, intent.last_error = "requires_payment_method", error | {"type": "invalid_request_error"}
    account.emit("charge.failed", charge)
    account.emit("payment_intent.payment_failed", intent)


def refund(account: Account, asked: dict[str, Any], status: str = "succeeded") -> Refund:
    """Give back all that is left, or `amount`; `status` is succeeded or pending. Raises Refused."""
    charge = _refundable(account, asked)
    left = charge.captured - charge.amount_refunded
    amount = asked.get("amount", left)
    if amount <= 0 and left:
        raise InvalidParams("Invalid positive integer", "parameter_invalid_integer", "amount")
    if disputes.keeps_from_refund(account, charge):
        raise Refused(f"Charge {charge.id} has been charged back; cannot issue a refund.", "charge_disputed")
    if not left:
        raise Refused(f"Charge {charge.id} has already been refunded.", "charge_already_refunded")
    if amount > left:
        raise Refused(
            f"Refund amount ({money.shown(amount, charge.currency)}) is greater than unrefunded amount on "
            f"charge ({money.shown(left, charge.currency)})",
            param="amount",
        )
    made = Refund(
        new_id("re_3"),
        charge.id,
        charge.payment_intent,
        account.now(),
        amount,
        charge.currency,
        status,
        asked.get("metadata", {}),
        asked.get("reason"),
    )
    account.refunds[made.id] = made
    made.balance_transaction = enter(account, made.id, "refund", charge, -amount)
    before = {"amount_refunded": charge.amount_refunded, "refunded": False}
    charge.amount_refunded += amount
    account.emit("refund.created", made)
    account.emit("charge.refunded", charge, previous=before)
    calculations.reverse(account, made.payment_intent, made.id)
    if charge.amount_refunded == charge.captured:
        warnings.lift(account, charge)
    return made


def _refundable(account: Account, asked: dict[str, Any]) -> Charge:
    if ("charge" in asked) == ("payment_intent" in asked):
        said = "You must provide exactly one of these parameters: charge, payment_intent."
        raise InvalidParams(said, "parameter_missing", "charge")
    for name in ("currency", "customer", "origin", "refund_application_fee", "reverse_transfer"):
        if name in asked:
            raise InvalidParams(f"The sandbox's charges have nothing to do with {name}.", param=name)
    identifier = asked.get("charge")
    if identifier is None:
        intent = account.intents.get(asked["payment_intent"])
        if intent is None:
            raise missing("payment_intent", asked["payment_intent"], "payment_intent", 400)
        identifier = intent.latest_charge
    charge = account.charges.get(identifier or "")
    if charge is None and "charge" in asked:
        raise missing("charge", asked["charge"], "charge", 400)
    if charge is None or charge.status != "succeeded" or not charge.captured:
        owner = asked.get("payment_intent") or identifier
        raise Refused(f"This payment ({owner}) does not have a successful charge to refund.")
    return charge


def decide(account: Account, made: Refund, status: str, reason: str | None) -> None:
    """A refund's later fate: succeeded, failed or canceled. Refused once it has failed or was cancelled."""
    if status not in ("succeeded", *FINAL_WITHOUT_MONEY) or made.status in (status, *FINAL_WITHOUT_MONEY):
        raise Refused(f"A refund that is {made.status} cannot become {status}.", param="status")
    previous: dict[str, Any] = {"status": made.status}
    made.status = status
    if status in FINAL_WITHOUT_MONEY:
        charge = account.charges[made.charge]
        charge.amount_refunded -= made.amount
        made.failure_reason = reason or "unknown"
        made.failure_balance_transaction = enter(account, made.id, "refund_failure", charge, made.amount)
    account.emit("refund.updated", made, previous=previous)
    account.emit("charge.refund.updated", made, previous=previous)
    if status == "failed":
        account.emit("refund.failed", made)
