"""Tax as Stripe's API shows it: rates, calculations, settings, registrations and what became of a payment's tax."""

from typing import Any

from bot.sandbox.stripe.tax.objects import Association, Calculation, LineTax, Rate, TaxSetup

CALCULATION_SECONDS = 90 * 86400


def rate_json(tax: LineTax) -> dict[str, Any]:
    rate = tax.rate
    return {
        "id": f"{rate.id}_{'inside' if tax.inclusive else 'on_top'}",
        "object": "tax_rate",
        "active": False,
        "country": rate.country,
        "created": 1767225600,
        "description": None,
        "display_name": rate.name,
        "effective_percentage": float(rate.percent),
        "flat_amount": None,
        "inclusive": tax.inclusive,
        "jurisdiction": rate.state or rate.country,
        "jurisdiction_level": "state" if rate.state else "country",
        "livemode": False,
        "metadata": {},
        "percentage": float(rate.percent),
        "rate_type": "percentage",
        "state": rate.state,
        "tax_type": rate.kind,
    }


def tax_line_json(tax: LineTax) -> dict[str, Any]:
    return {
        "amount": tax.amount,
        "rate": rate_json(tax),
        "taxability_reason": tax.reason,
        "taxable_amount": tax.taxable,
    }


def calculation_json(made: Calculation) -> dict[str, Any]:
    address = made.place.json()
    return {
        "id": made.id,
        "object": "tax.calculation",
        "amount_total": made.total,
        "currency": made.currency,
        "customer": made.customer,
        "customer_details": {
            "address": address,
            "address_source": "billing",
            "ip_address": None,
            "tax_ids": made.tax_ids,
            "taxability_override": made.override,
        },
        "expires_at": made.created + CALCULATION_SECONDS,
        "livemode": False,
        "ship_from_details": None,
        "shipping_cost": None,
        "tax_amount_exclusive": sum(tax.amount for tax in made.taxes if not tax.inclusive),
        "tax_amount_inclusive": sum(tax.amount for tax in made.taxes if tax.inclusive),
        "tax_breakdown": [_breakdown_json(tax) for tax in made.taxes],
        "tax_date": made.tax_date,
    }


def _breakdown_json(tax: LineTax) -> dict[str, Any]:
    return {
        "amount": tax.amount,
        "inclusive": tax.inclusive,
        "tax_rate_details": _details_json(tax.rate),
        "taxability_reason": tax.reason,
        "taxable_amount": tax.taxable,
    }


def _details_json(rate: Rate) -> dict[str, Any]:
    return {
        "country": rate.country,
        "flat_amount": None,
        "percentage_decimal": rate.percent,
        "rate_type": "percentage",
        "state": rate.state,
        "tax_type": rate.kind,
    }


def line_items_json(made: Calculation) -> list[dict[str, Any]]:
    return [
        {
            "id": line["id"],
            "object": "tax.calculation_line_item",
            "amount": line["amount"],
            "amount_tax": tax.amount,
            "livemode": False,
            "metadata": line.get("metadata", {}),
            "performance_location": None,
            "product": None,
            "quantity": line["quantity"],
            "reference": line["reference"],
            "tax_behavior": "inclusive" if tax.inclusive else "exclusive",
            "tax_breakdown": None,
            "tax_code": line["tax_code"],
        }
        for line, tax in zip(made.lines, made.taxes, strict=True)
    ]


def association_json(found: Association) -> dict[str, Any]:
    return {
        "id": found.id,
        "object": "tax.association",
        "calculation": found.calculation,
        "payment_intent": found.payment_intent,
        "tax_transaction_attempts": found.attempts,
    }


def settings_json(setup: TaxSetup) -> dict[str, Any]:
    """`pending` until the head office is entered."""
    office = setup.head_office
    missing = None if office else ["head_office"]
    return {
        "object": "tax.settings",
        "defaults": {"provider": "stripe", "tax_behavior": setup.behavior, "tax_code": setup.tax_code},
        "head_office": {"address": office.json()} if office else None,
        "livemode": False,
        "status": "active" if office else "pending",
        "status_details": {"active": {}} if office else {"pending": {"missing_fields": missing}},
    }


def registration_json(region: str) -> dict[str, Any]:
    """`DE`, `US-CA`, or `EU-OSS`: one registration for sales into all countries of the Union."""
    country, _, state = region.partition("-")
    place = {"state": state, "type": "state_sales_tax"} if country == "US" else {"type": "standard"}
    if region == "EU-OSS":
        country, place = "AT", {"type": "oss_union"}
    return {
        "id": f"taxreg_{region.replace('-', '_')}",
        "object": "tax.registration",
        "active_from": 1767225600,
        "country": country,
        "country_options": {country.lower(): place},
        "created": 1767225600,
        "expires_at": None,
        "livemode": False,
        "status": "active",
    }
