"""Reads what Stripe reckoned of tax, and what it says to tax numbers. Raises ValueError, KeyError or the like."""

from collections.abc import Mapping
from typing import Any

from bot.domain.payments.money import Money
from bot.domain.payments.tax_numbers import NumberState
from bot.integrations.payments.stripe.values import instant, money_of, own_id, ref_of, words
from bot.integrations.payments.tax import Reckoned, TaxNumber, TaxPart

_OVERRIDES = {"customer_exempt": "exempt", "reverse_charge": "reverse"}


def page_parts(session: Mapping[str, Any]) -> tuple[TaxPart, ...]:
    """Of a page; empty unless its breakdown was asked for."""
    found = ((session.get("total_details") or {}).get("breakdown") or {}).get("taxes") or []
    return tuple(_page_part(part, session["currency"]) for part in found)


def _page_part(part: Mapping[str, Any], currency: object) -> TaxPart:
    rate = part["rate"]
    return TaxPart(
        amount=money_of(part["amount"], currency),
        taxable=money_of(part.get("taxable_amount") or 0, currency),
        percent=_percent(rate["percentage"]),
        inclusive=rate["inclusive"] is True,
        reason=words(part.get("taxability_reason")) or "",
        country=words(rate.get("country")),
        state=words(rate.get("state")),
    )


def reckoned(calculation: Mapping[str, Any]) -> Reckoned:
    currency, told = calculation["currency"], calculation.get("customer_details") or {}
    on_top = money_of(calculation["tax_amount_exclusive"], currency)
    inside = money_of(calculation["tax_amount_inclusive"], currency)
    return Reckoned(
        ref=own_id(calculation),
        total=money_of(calculation["amount_total"], currency),
        tax=Money(on_top.amount + inside.amount, on_top.currency),
        parts=tuple(_reckoned_part(part, currency) for part in calculation["tax_breakdown"]),
        expires_at=instant(calculation.get("expires_at")),
        location=location(told.get("address") or {}),
        exempt=_OVERRIDES.get(str(told.get("taxability_override"))),
    )


def location(address: Mapping[str, Any]) -> dict[str, str] | None:
    return {name: str(address[name]) for name in ("country", "state") if address.get(name)} or None


def _reckoned_part(part: Mapping[str, Any], currency: object) -> TaxPart:
    rate = part.get("tax_rate_details") or {}
    return TaxPart(
        amount=money_of(part["amount"], currency),
        taxable=money_of(part.get("taxable_amount") or 0, currency),
        percent=_percent(rate.get("percentage_decimal") or 0),
        inclusive=part["inclusive"] is True,
        reason=words(part.get("taxability_reason")) or "",
        country=words(rate.get("country")),
        state=words(rate.get("state")),
    )


def _percent(found: object) -> str:
    """`19`, `7.25`: Stripe writes a number in one place and text in another."""
    return f"{float(str(found)):g}"


def tax_number(found: Mapping[str, Any]) -> TaxNumber:
    customer, verification = ref_of(found.get("customer")), found.get("verification") or {}
    if customer is None:
        raise ValueError("no customer")
    return TaxNumber(
        own_id(found), customer, str(found["type"]), NumberState(verification.get("status") or "unavailable")
    )
