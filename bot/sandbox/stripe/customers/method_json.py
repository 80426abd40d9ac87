"""Payment methods as Stripe's API shows them."""

from typing import Any

from bot.sandbox.stripe.objects import PaymentMethod

NO_ADDRESS = dict.fromkeys(("city", "country", "line1", "line2", "postal_code", "state"))


def payment_method_json(method: PaymentMethod) -> dict[str, Any]:
    details = {"card": card_json(method), "type": "card"} if method.card else _debit()
    return details | {
        "id": method.id,
        "object": "payment_method",
        "allow_redisplay": method.allow_redisplay,
        "billing_details": billing_json(method.email),
        "created": method.created,
        "customer": method.customer,
        "livemode": False,
        "metadata": method.metadata,
    }


def _debit() -> dict[str, Any]:
    return {"sepa_debit": {"country": "DE", "last4": "3000"}, "type": "sepa_debit"}


def billing_json(email: str | None) -> dict[str, Any]:
    return {"address": NO_ADDRESS, "email": email, "name": None, "phone": None, "tax_id": None}


def card_json(method: PaymentMethod) -> dict[str, Any]:
    assert method.card is not None
    checks = {"address_line1_check": None, "address_postal_code_check": None, "cvc_check": "pass"}
    return {
        "brand": method.card.brand,
        "checks": checks,
        "country": "US",
        "display_brand": method.card.brand,
        "exp_month": method.exp_month,
        "exp_year": method.exp_year,
        "fingerprint": f"sandbox{method.card.last4}",
        "funding": "credit",
        "last4": method.last4,
        "wallet": None,
    }
