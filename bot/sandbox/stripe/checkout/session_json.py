"""Checkout sessions as Stripe's API shows them (2026-10-28.endive), ids where nothing was expanded."""

from typing import Any

from bot.sandbox.stripe.customers.method_json import NO_ADDRESS
from bot.sandbox.stripe.objects import OPEN, Session
from bot.sandbox.stripe.tax.tax_json import tax_line_json


def session_json(session: Session) -> dict[str, Any]:
    asked = session.asked
    empty = dict.fromkeys(
        (
            "branding_settings", "client_secret", "collected_information", "consent", "currency_conversion",
            "customer_account", "integration_identifier", "invoice", "managed_payments",
            "name_collection", "origin_context", "payment_link", "permissions", "recovered_from",
            "return_url", "shipping_address_collection", "shipping_cost",
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
    paying, totals = session.mode == "payment", {"amount_discount": 0, "amount_shipping": 0, "amount_tax": session.tax}
    texts = dict.fromkeys(("after_submit", "shipping_address", "submit", "terms_of_service_acceptance"))
    return {
        "id": session.id,
        "object": "checkout.session",
        "adaptive_pricing": {"enabled": False},
        "amount_subtotal": session.subtotal if paying else None,
        "amount_total": session.amount if paying else None,
        "automatic_tax": _automatic_tax(session),
        "created": session.created,
        "currency": session.currency or None,
        "custom_fields": [],
        "custom_text": texts | asked.get("custom_text", {}),
        "customer": session.customer,
        "customer_creation": None if "customer" in asked else asked.get("customer_creation", "if_required"),
        "customer_details": _customer(session),
        "discounts": [],
        "expires_at": session.expires_at,
        "invoice_creation": {"enabled": False, "invoice_data": _invoice_data()},
        "livemode": False,
        "metadata": asked.get("metadata", {}),
        "mode": session.mode,
        "payment_intent": session.payment_intent,
        "payment_method_options": {},
        "payment_method_types": session.methods,
        "payment_status": session.payment_status,
        "phone_number_collection": {"enabled": False},
        "saved_payment_method_options": _saved(asked) if session.customer else None,
        "setup_intent": session.setup_intent,
        "shipping_options": [],
        "status": session.status,
        "total_details": totals if paying else None,
        "ui_mode": "hosted_page",
        "url": session.url if session.status == OPEN else None,
    }


def _automatic_tax(session: Session) -> dict[str, Any]:
    if not session.taxed:
        return {"enabled": False, "liability": None, "provider": None, "status": None}
    status = "complete" if session.place else "requires_location_inputs"
    return {"enabled": True, "liability": {"type": "self"}, "provider": "stripe", "status": status}


def _saved(asked: dict[str, Any]) -> dict[str, Any]:
    """Kept cards are shown where their owner agreed to that."""
    given = asked.get("saved_payment_method_options", {})
    return {
        "allow_redisplay_filters": given.get("allow_redisplay_filters", ["always"]),
        "payment_method_remove": given.get("payment_method_remove"),
        "payment_method_save": given.get("payment_method_save"),
    }


def _invoice_data() -> dict[str, Any]:
    names = ("account_tax_ids", "custom_fields", "description", "footer", "issuer", "rendering_options")
    return dict.fromkeys(names) | {"metadata": {}}


def _customer(session: Session) -> dict[str, Any] | None:
    email = session.email or session.asked.get("customer_email")
    if email is None and session.customer is None:
        return None
    names = ("business_name", "individual_name", "name", "phone")
    known = bool(session.email or session.customer)
    address = session.place.json() if session.place else NO_ADDRESS
    return dict.fromkeys(names) | {
        "address": address if known else None,
        "email": email,
        "tax_exempt": session.tax_exempt,
        "tax_ids": session.tax_ids if known else None,
    }


def breakdown(session: Session) -> dict[str, Any]:
    """What each rate came to, over all lines."""
    parts: dict[tuple[str, bool, str], dict[str, Any]] = {}
    for tax in session.taxes:
        one = tax_line_json(tax)
        known = parts.setdefault((tax.rate.id, tax.inclusive, tax.reason), one)
        if known is not one:
            known["amount"] += one["amount"]
            known["taxable_amount"] += one["taxable_amount"]
    return {"discounts": [], "taxes": list(parts.values())}


def line_taxes(session: Session, at: int) -> list[dict[str, Any]]:
    return [tax_line_json(session.taxes[at])] if session.taxes else []


def line_item_json(at: int, session: Session) -> dict[str, Any]:
    item, tax = session.line_items[at], session.taxes[at] if session.taxes else None
    on_top = tax.amount if tax and not tax.inclusive else 0
    price = dict.fromkeys(("lookup_key", "nickname", "recurring", "tiers_mode", "transform_quantity"))
    return {
        "id": item.id,
        "object": "item",
        "adjustable_quantity": None,
        "amount_discount": 0,
        "amount_subtotal": item.amount,
        "amount_tax": tax.amount if tax else 0,
        "amount_total": item.amount + on_top,
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
            "tax_behavior": item.behavior,
            "type": "one_time",
            "unit_amount": item.unit_amount,
            "unit_amount_decimal": str(item.unit_amount),
        },
        "quantity": item.quantity,
    }
