"""Customers, their tax numbers and the keeping of cards as Stripe's API shows them."""

from typing import Any

from bot.sandbox.stripe.customers.objects import Customer, SetupIntent, TaxId


def customer_json(customer: Customer) -> dict[str, Any]:
    if customer.deleted:
        return {"id": customer.id, "object": "customer", "deleted": True}
    empty = dict.fromkeys(("currency", "customer_account", "default_source", "discount", "shipping", "test_clock"))
    settings = dict.fromkeys(("custom_fields", "footer", "rendering_options"))
    return empty | {
        "id": customer.id,
        "object": "customer",
        "address": customer.place.json() if customer.place else None,
        "balance": 0,
        "created": customer.created,
        "delinquent": False,
        "description": customer.description,
        "email": customer.email,
        "invoice_prefix": customer.id[-8:].upper(),
        "invoice_settings": settings | {"default_payment_method": customer.default_method},
        "livemode": False,
        "metadata": customer.metadata,
        "name": customer.name,
        "next_invoice_sequence": 1,
        "phone": customer.phone,
        "preferred_locales": customer.locales,
        "tax_exempt": customer.tax_exempt,
    }


def setup_intent_json(setup: SetupIntent) -> dict[str, Any]:
    empty = dict.fromkeys(
        (
            "application", "automatic_payment_methods", "cancellation_reason", "customer_account",
            "excluded_payment_method_types", "flow_directions", "latest_attempt", "mandate", "on_behalf_of",
            "payment_method_configuration_details", "single_use_mandate",
        )
    )  # fmt: skip
    check = {"type": "use_stripe_sdk", "use_stripe_sdk": {}} if setup.status == "requires_action" else None
    return empty | {
        "id": setup.id,
        "object": "setup_intent",
        "client_secret": setup.id + setup.secret,
        "created": setup.created,
        "customer": setup.customer,
        "description": setup.asked.get("description"),
        "last_setup_error": setup.last_error,
        "livemode": False,
        "metadata": setup.asked.get("metadata", {}),
        "next_action": check,
        "payment_method": setup.method,
        "payment_method_options": {"card": {"request_three_d_secure": "automatic"}},
        "payment_method_types": setup.methods,
        "status": setup.status,
        "usage": "off_session",
    }


def tax_id_json(made: TaxId) -> dict[str, Any]:
    verified = made.verification == "verified"
    return {
        "id": made.id,
        "object": "tax_id",
        "country": made.country,
        "created": made.created,
        "customer": made.customer,
        "livemode": False,
        "owner": {"customer": made.customer, "type": "customer"},
        "type": made.kind,
        "value": made.value,
        "verification": {
            "status": made.verification,
            "verified_address": "1 Sandbox Street" if verified else None,
            "verified_name": "Sandbox Client Ltd" if verified else None,
        },
    }
