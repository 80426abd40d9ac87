"""Judges the webhook endpoints that a Stripe account has by what this service must hear."""

from collections.abc import Mapping
from typing import Any

NEEDED = (
    "charge.dispute.closed",
    "charge.dispute.created",
    "charge.dispute.updated",
    "charge.refunded",
    "checkout.session.async_payment_failed",
    "checkout.session.async_payment_succeeded",
    "checkout.session.completed",
    "checkout.session.expired",
    "customer.tax_id.updated",
    "radar.early_fraud_warning.created",
    "radar.early_fraud_warning.updated",
    "payment_intent.canceled",
    "payment_intent.payment_failed",
    "payment_intent.requires_action",
    "payment_intent.succeeded",
    "payment_method.attached",
    "payment_method.automatically_updated",
    "payment_method.detached",
    "payment_method.updated",
    "refund.created",
    "refund.failed",
    "refund.updated",
)
ALL = "*"


def faults(listed: Mapping[str, Any], url: str) -> list[str]:
    """What is wrong with the endpoint that leads to `url`, each with what to do."""
    ours = [each for each in listed["data"] if str(each["url"]).rstrip("/") == url]
    if not ours:
        return [
            f"Stripe has no webhook endpoint for {url} in the mode of STRIPE_SECRET_KEY: make one there, and set its "
            "secret as STRIPE_WEBHOOK_SECRET"
        ]
    enabled = [each for each in ours if each["status"] == "enabled"]
    if not enabled:
        return [f"Stripe's webhook endpoint for {url} is disabled: enable it in Stripe's dashboard"]
    heard = {event for each in enabled for event in each["enabled_events"]}
    missing = [] if ALL in heard else [event for event in NEEDED if event not in heard]
    if missing:
        return [f"Stripe's webhook endpoint for {url} does not send {', '.join(missing)}: add them in its dashboard"]
    return []
