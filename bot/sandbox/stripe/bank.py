"""What banks, card networks and the state do on request: a card's next answer, checks, disputes, warnings, tax."""

from collections.abc import Callable
from typing import Any

from bot.sandbox.stripe.account import Account, shown
from bot.sandbox.stripe.cards import APPROVED, CHECK, DECLINES
from bot.sandbox.stripe.customers import methods, tax_ids
from bot.sandbox.stripe.customers.customers import place_of
from bot.sandbox.stripe.disputes import disputes, warnings
from bot.sandbox.stripe.disputes.objects import NEEDS
from bot.sandbox.stripe.intents import intents
from bot.sandbox.stripe.objects import Charge
from bot.sandbox.stripe.refusals import Refused, missing
from bot.sandbox.stripe.tax.objects import TaxSetup
from bot.sandbox.stripe.tax.tax_json import settings_json

Act = Callable[[dict[str, Any]], dict[str, Any]]
Asked = dict[str, Any]


def bank_acts(account: Account) -> dict[str, Act]:
    """By the name of their control route."""
    acts = {
        "card": _card,
        "renew": _renew,
        "check": _check,
        "dispute": _dispute,
        "dispute_outcome": _dispute_outcome,
        "fraud_warning": _warn,
        "tax": _tax,
        "tax_id": _tax_id,
    }
    return {name: lambda asked, act=act: act(account, asked) for name, act in acts.items()}  # type: ignore[misc]


def _card(account: Account, asked: Asked) -> dict[str, Any]:
    """`{payment_method, says}`: approved, check or a decline code, from now on."""
    method, says = methods.find(account, asked["payment_method"]), asked["says"]
    if says not in (APPROVED, CHECK, *DECLINES):
        raise Refused(f"No bank says {says}.", param="says")
    method.says = says
    return shown(method)


def _renew(account: Account, asked: Asked) -> dict[str, Any]:
    """`{payment_method, exp_month, exp_year, last4?}`: the bank sent a new card."""
    method = methods.find(account, asked["payment_method"])
    return shown(methods.renew(account, method, asked["exp_month"], asked["exp_year"], asked.get("last4")))


def _check(account: Account, asked: Asked) -> dict[str, Any]:
    """`{payment_intent, approve?}`: the customer answers the bank's page."""
    intent = account.intents.get(asked["payment_intent"])
    if intent is None:
        raise missing("payment_intent", asked["payment_intent"], "payment_intent", 400)
    intents.answer_check(account, intent, asked.get("approve", True))
    return shown(intent)


def _dispute(account: Account, asked: Asked) -> dict[str, Any]:
    """`{charge, reason?, amount?, inquiry?}`: the client's bank wants the money back, or only asks."""
    reason, amount = asked.get("reason", "fraudulent"), asked.get("amount")
    return shown(disputes.start(account, _charge(account, asked), reason, amount, asked.get("inquiry", False)))


def _dispute_outcome(account: Account, asked: Asked) -> dict[str, Any]:
    """`{dispute, status}`: won or lost; for an inquiry warning_closed, or needs_response when it becomes a dispute."""
    dispute = disputes.find(account, asked["dispute"], 400)
    if asked["status"] == NEEDS:
        return shown(disputes.escalate(account, dispute))
    return shown(disputes.close(account, dispute, asked["status"]))


def _warn(account: Account, asked: Asked) -> dict[str, Any]:
    """`{charge}`: the card network thinks that it was fraud."""
    return shown(warnings.warn(account, _charge(account, asked)))


def _charge(account: Account, asked: Asked) -> Charge:
    charge = account.charges.get(asked["charge"])
    if charge is None:
        raise missing("charge", asked["charge"], "charge", 400)
    return charge


def _tax(account: Account, asked: Asked) -> dict[str, Any]:
    """`{head_office?: {country, …}, registrations?: ["DE", "EU-OSS", "US-CA"], behavior?}`, as entered by the owner."""
    office = asked.get("head_office")
    account.tax = TaxSetup(
        place_of(office) if office else None,
        asked.get("registrations", []),
        behavior=asked.get("behavior", "inferred_by_currency"),
    )
    return settings_json(account.tax)


def _tax_id(account: Account, asked: Asked) -> dict[str, Any]:
    """`{tax_id, status: verified|unverified|unavailable}`: what the state says to a number."""
    made = account.tax_ids.get(asked["tax_id"])
    if made is None:
        raise missing("tax_id", asked["tax_id"], "tax_id", 400)
    return shown(tax_ids.decide(account, made, asked["status"]))
