"""Calculations of tax for a payment without a page, and what became of their tax."""

from typing import Any

from bot.sandbox.stripe.account import Account
from bot.sandbox.stripe.customers import customers
from bot.sandbox.stripe.objects import PaymentIntent, new_id
from bot.sandbox.stripe.refusals import InvalidParams, Refused, missing
from bot.sandbox.stripe.tax.objects import Association, Calculation, Place
from bot.sandbox.stripe.tax.reckon import behavior_of, line_tax

VALID_SECONDS = 90 * 86400


def create(account: Account, asked: dict[str, Any]) -> Calculation:
    """By the customer's own address and numbers, or those given. Refused without an address."""
    for name in ("currency", "line_items"):
        if name not in asked:
            raise InvalidParams(f"Missing required param: {name}.", "parameter_missing", name)
    if account.tax.head_office is None:
        raise Refused("You must set a head office address before you can calculate tax.", "tax_settings_inactive")
    place, numbers, override, customer = _of_whom(account, asked)
    exempt = {"customer_exempt": "exempt", "reverse_charge": "reverse"}.get(override, override)
    kinds, currency = frozenset(number["type"] for number in numbers), asked["currency"].lower()
    lines = [{"quantity": 1, "tax_code": account.tax.tax_code} | line for line in asked["line_items"]]
    for at, line in enumerate(lines):
        line["id"], line["reference"] = new_id("tax_li_", 14), line.get("reference", f"L{at + 1}")
        line["tax_behavior"] = line.get("tax_behavior", "exclusive")
    taxes = [
        line_tax(
            line["amount"], behavior_of(line["tax_behavior"], account.tax, currency), place, account.tax, exempt, kinds
        )
        for line in lines
    ]
    made = Calculation(
        new_id("taxcalc_1"), account.now(), currency, customer, place, numbers, override, lines, taxes,
        asked.get("tax_date", account.now()),
    )  # fmt: skip
    account.calculations[made.id] = made
    return made


def _of_whom(account: Account, asked: dict[str, Any]) -> tuple[Place, list[dict[str, str]], str, str | None]:
    """Where the customer is, the tax numbers, what overrides the tax, and the customer's id."""
    if ("customer" in asked) == ("customer_details" in asked):
        raise InvalidParams("You must provide exactly one of `customer` and `customer_details`.", param="customer")
    if "customer" in asked:
        customer = customers.find(account, asked["customer"], 400)
        override = {"exempt": "customer_exempt", "reverse": "reverse_charge"}.get(customer.tax_exempt, "none")
        numbers = [
            {"type": one.kind, "value": one.value} for one in account.tax_ids.values() if one.customer == customer.id
        ]
        return _known(customer.place), numbers, override, customer.id
    details = asked["customer_details"]
    place = customers.place_of(details["address"]) if "address" in details else None
    return _known(place), details.get("tax_ids", []), details.get("taxability_override", "none"), None


def _known(place: Place | None) -> Place:
    if place is None or not place.country:
        said = "We could not determine the customer's tax location based on the provided customer address."
        raise Refused(said, "customer_tax_location_invalid", "customer_details[address]")
    return place


def find(account: Account, identifier: str, status: int = 404) -> Calculation:
    made = account.calculations.get(identifier)
    if made is None:
        raise missing("tax calculation", identifier, "calculation", status)
    return made


def _named(intent: PaymentIntent) -> str | None:
    found = intent.asked.get("hooks", {}).get("inputs", {}).get("tax", {}).get("calculation")
    return str(found) if found else None


def check(account: Account, intent: PaymentIntent) -> None:
    """The amount of a payment is that of the calculation that it names."""
    identifier = _named(intent)
    if identifier is None:
        return
    made, param = find(account, identifier, 400), "hooks[inputs][tax][calculation]"
    if account.now() - made.created >= VALID_SECONDS:
        raise Refused("This tax calculation has expired.", "tax_calculation_expired", param)
    if (made.total, made.currency) != (intent.amount, intent.currency):
        said = "The PaymentIntent's amount and currency must match the tax calculation's amount_total and currency."
        raise Refused(said, None, param)


def commit(account: Account, intent: PaymentIntent) -> None:
    """The payment was made: its tax is written down as due."""
    identifier = _named(intent)
    if identifier is not None:
        association = Association(new_id("taxa_1"), identifier, intent.id)
        account.associations[intent.id] = association
        _add(association, intent.id)


def reverse(account: Account, intent: str, refund: str) -> None:
    """A refund takes its share of the tax back."""
    association = account.associations.get(intent)
    if association is not None:
        _add(association, refund)


def _add(association: Association, source: str) -> None:
    transaction = {"transaction": new_id("tax_1")}
    association.attempts.append({"committed": transaction, "source": source, "status": "committed"})
