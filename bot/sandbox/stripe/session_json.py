"""Checkout sessions as Stripe's API shows them (2026-10-28.endive), ids where nothing was expanded."""

from typing import Any

from bot.sandbox.stripe.objects import OPEN, LineItem, Session

NO_ADDRESS = dict.fromkeys(("city", "country", "line1", "line2", "postal_code", "state"))


def session_json(session: Session) -> dict[str, Any]:
    asked = session.asked
    empty = dict.fromkeys(
        (
            "branding_settings", "client_secret", "collected_information", "consent", "currency_conversion",
            "customer", "customer_account", "integration_identifier", "invoice", "managed_payments",
            "name_collection", "origin_context", "payment_link", "permissions", "recovered_from",
            "return_url", "setup_intent", "shipping_address_collection", "shipping_cost",
            "subscription", "wallet_options",
        )
    )  # fmt: skip
    given = {
        name: asked.get(name)
        for name in (
            "after_expiration", "allow_promotion_codes", "allowed_payment_method_types",
            "billing_address_collection", "cancel_url", "client_reference_id", "consent_collection",
            "customer_email", "excluded_payment_method_types", "locale", "payment_method_collection",
            "submit_type", "success_url",
        )
    }  # fmt: skip
    return empty | given | _session_state(session)


def _session_state(session: Session) -> dict[str, Any]:
    asked = session.asked
    texts = dict.fromkeys(("after_submit", "shipping_address", "submit", "terms_of_service_acceptance"))
    return {
        "id": session.id,
        "object": "checkout.session",
        "adaptive_pricing": {"enabled": False},
        "amount_subtotal": session.amount,
        "amount_total": session.amount,
        "automatic_tax": {"enabled": False, "liability": None, "provider": None, "status": None},
        "created": session.created,
        "currency": session.currency,
        "custom_fields": [],
        "custom_text": texts | asked.get("custom_text", {}),
        "customer_creation": asked.get("customer_creation", "if_required"),
        "customer_details": _customer(session),
        "discounts": [],
        "expires_at": session.expires_at,
        "invoice_creation": {"enabled": False, "invoice_data": _invoice_data()},
        "livemode": False,
        "metadata": asked.get("metadata", {}),
        "mode": "payment",
        "payment_intent": session.payment_intent,
        "payment_method_options": {},
        "payment_method_types": session.methods,
        "payment_status": session.payment_status,
        "phone_number_collection": {"enabled": False},
        "saved_payment_method_options": None,
        "shipping_options": [],
        "status": session.status,
        "total_details": {"amount_discount": 0, "amount_shipping": 0, "amount_tax": 0},
        "ui_mode": "hosted_page",
        "url": session.url if session.status == OPEN else None,
    }


def _invoice_data() -> dict[str, Any]:
    names = ("account_tax_ids", "custom_fields", "description", "footer", "issuer", "rendering_options")
    return dict.fromkeys(names) | {"metadata": {}}


def _customer(session: Session) -> dict[str, Any] | None:
    email = session.email or session.asked.get("customer_email")
    if email is None:
        return None
    names = ("business_name", "individual_name", "name", "phone")
    address = NO_ADDRESS if session.email else None
    return dict.fromkeys(names) | {
        "address": address,
        "email": email,
        "tax_exempt": "none",
        "tax_ids": [] if session.email else None,
    }


def line_item_json(item: LineItem, session: Session) -> dict[str, Any]:
    price = dict.fromkeys(("lookup_key", "nickname", "recurring", "tiers_mode", "transform_quantity"))
    return {
        "id": item.id,
        "object": "item",
        "adjustable_quantity": None,
        "amount_discount": 0,
        "amount_subtotal": item.amount,
        "amount_tax": 0,
        "amount_total": item.amount,
        "currency": session.currency,
        "description": item.name,
        "metadata": {},
        "price": price
        | {
            "id": item.price_id,
            "object": "price",
            "active": False,
            "billing_scheme": "per_unit",
            "created": session.created,
            "currency": session.currency,
            "custom_unit_amount": None,
            "livemode": False,
            "metadata": {},
            "product": item.product_id,
            "tax_behavior": "unspecified",
            "type": "one_time",
            "unit_amount": item.unit_amount,
            "unit_amount_decimal": str(item.unit_amount),
        },
        "quantity": item.quantity,
    }
