"""Tax numbers of customers: taken when they look right, and then checked with the state that gave them."""

import re
from typing import Any

from bot.sandbox.stripe.account import Account
from bot.sandbox.stripe.customers import customers
from bot.sandbox.stripe.customers.objects import TaxId
from bot.sandbox.stripe.objects import new_id
from bot.sandbox.stripe.refusals import InvalidParams, Refused

FORMS = {
    "au_abn": r"\d{11}",
    "ch_vat": r"CHE-?\d{3}\.?\d{3}\.?\d{3} ?(MWST|TVA|IVA)",
    "eu_vat": r"[A-Z]{2}[0-9A-Z+*]{2,12}",
    "gb_vat": r"GB(\d{9}|\d{12})",
    "ua_vat": r"\d{9,12}",
    "us_ein": r"\d{2}-\d{7}",
}
CHECKED = ("au_abn", "eu_vat", "gb_vat")
"""Of these Stripe asks the state; others are `unavailable`."""

# https://docs.stripe.com/billing/customer/tax-ids#test-tax-ids: what a check says to these digits.
PRETENDED = {"111111111": "unverified", "222222222": "pending"}


def create(account: Account, customer: str, asked: dict[str, Any]) -> TaxId:
    customers.alive(account, customer)
    for name in ("type", "value"):
        if name not in asked:
            raise InvalidParams(f"Missing required param: {name}.", "parameter_missing", name)
    kind, value = asked["type"], asked["value"].strip().upper()
    if not re.fullmatch(FORMS.get(kind, r".{4,}"), value):
        raise Refused(f"Invalid value for {kind}.", "tax_id_invalid", "value")
    country = value[:2] if kind in ("eu_vat", "gb_vat") else kind[:2].upper()
    made = TaxId(new_id("txi_1"), account.now(), customer, kind, value, country, "unavailable")
    if kind in CHECKED:
        said = next((word for digits, word in PRETENDED.items() if digits in value), "verified")
        made.verification, made.becomes = "pending", None if said == "pending" else said
    account.tax_ids[made.id] = made
    account.emit("customer.tax_id.created", made)
    return made


def delete(account: Account, made: TaxId) -> dict[str, Any]:
    del account.tax_ids[made.id]
    account.emit("customer.tax_id.deleted", made)
    return {"id": made.id, "object": "tax_id", "deleted": True}


def let_verify(account: Account) -> None:
    """The state's answers come a moment after the number was entered."""
    for made in account.tax_ids.values():
        if made.becomes is not None and made.created + account.verify_delay <= account.now():
            decide(account, made, made.becomes)


def decide(account: Account, made: TaxId, verification: str) -> TaxId:
    previous = {"verification": {"status": made.verification}}
    made.verification, made.becomes = verification, None
    account.emit("customer.tax_id.updated", made, previous=previous)
    return made
