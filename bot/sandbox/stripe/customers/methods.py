"""Payment methods: kept for a customer, taken away, renewed by the bank."""

from typing import Any

from bot.sandbox.stripe.account import Account
from bot.sandbox.stripe.cards import APPROVED, Card
from bot.sandbox.stripe.customers import customers
from bot.sandbox.stripe.objects import PaymentMethod, new_id
from bot.sandbox.stripe.refusals import InvalidParams, Refused, missing


def make(account: Account, card: Card | None, email: str | None) -> PaymentMethod:
    last4 = card.last4 if card else "3000"
    says = card.later if card else APPROVED
    method = PaymentMethod(new_id("pm_1"), account.now(), card, email, last4=last4, says=says)
    account.methods[method.id] = method
    return method


def find(account: Account, identifier: str, status: int = 400) -> PaymentMethod:
    method = account.methods.get(identifier)
    if method is None:
        raise missing("PaymentMethod", identifier, "payment_method", status)
    return method


def keep(account: Account, method: PaymentMethod, customer: str, redisplay: str) -> None:
    """Attach it unless it is attached, and let pages show it as widely as its owner agreed to."""
    if redisplay == "always" or method.allow_redisplay == "unspecified":
        method.allow_redisplay = redisplay
    if method.customer is None:
        method.customer = customer
        account.emit("payment_method.attached", method)


def attach(account: Account, method: PaymentMethod, customer: str) -> PaymentMethod:
    if method.used and method.customer is None:
        raise Refused(
            "This PaymentMethod was previously used without being attached to a Customer or was detached from a "
            "Customer, and may not be used again."
        )
    if method.customer is not None:
        raise Refused("The payment method you provided has already been attached to a customer.")
    keep(account, method, customers.find(account, customer, 400).id, "unspecified")
    return method


def detach(account: Account, method: PaymentMethod) -> PaymentMethod:
    """For good: it cannot be attached again, and is nobody's default any more."""
    if method.customer is None:
        raise Refused("The payment method you provided is not attached to a customer so detachment is impossible.")
    owner = account.customers[method.customer]
    method.customer, method.used = None, True
    if owner.default_method == method.id:
        owner.default_method = None
    account.emit("payment_method.detached", method, previous={"customer": owner.id})
    return method


def update(account: Account, method: PaymentMethod, asked: dict[str, Any]) -> PaymentMethod:
    if method.customer is None:
        raise Refused("You must save this PaymentMethod to a customer before you can update it.")
    unknown = set(asked) - {"allow_redisplay", "card", "metadata", "expand"}
    if unknown:
        raise InvalidParams(f"The sandbox does not change a method's {', '.join(sorted(unknown))}.")
    card = asked.get("card", {})
    method.exp_month, method.exp_year = card.get("exp_month", method.exp_month), card.get("exp_year", method.exp_year)
    method.allow_redisplay = asked.get("allow_redisplay", method.allow_redisplay)
    method.metadata |= asked.get("metadata", {})
    account.emit("payment_method.updated", method)
    return method


def renew(account: Account, method: PaymentMethod, month: int, year: int, last4: str | None) -> PaymentMethod:
    """The bank sent a new card, and the network told Stripe of it."""
    before = {"exp_month": method.exp_month, "exp_year": method.exp_year, "last4": method.last4}
    method.exp_month, method.exp_year, method.last4 = month, year, last4 or method.last4
    after = {"exp_month": method.exp_month, "exp_year": method.exp_year, "last4": method.last4}
    changed = {name: value for name, value in before.items() if after[name] != value}
    account.emit("payment_method.automatically_updated", method, previous={"card": changed})
    return method


def of_customer(account: Account, customer: str, asked: dict[str, Any]) -> list[PaymentMethod]:
    customers.find(account, customer, 400)
    return [
        method
        for method in account.methods.values()
        if method.customer == customer
        and asked.get("type", kind(method)) == kind(method)
        and asked.get("allow_redisplay", method.allow_redisplay) == method.allow_redisplay
    ]


def kind(method: PaymentMethod) -> str:
    return "card" if method.card else "sepa_debit"
