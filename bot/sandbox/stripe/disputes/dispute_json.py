"""Disputes and fraud warnings as Stripe's API shows them."""

from typing import Any

from bot.sandbox.stripe.disputes.objects import NEEDS, WON, Dispute, FraudWarning

EVIDENCE = (
    "access_activity_log", "billing_address", "cancellation_policy", "cancellation_policy_disclosure",
    "cancellation_rebuttal", "customer_communication", "customer_email_address", "customer_name",
    "customer_purchase_ip", "customer_signature", "duplicate_charge_documentation", "duplicate_charge_explanation",
    "duplicate_charge_id", "product_description", "receipt", "refund_policy", "refund_policy_disclosure",
    "refund_refusal_explanation", "service_date", "service_documentation", "shipping_address", "shipping_carrier",
    "shipping_date", "shipping_documentation", "shipping_tracking_number", "uncategorized_file", "uncategorized_text",
)  # fmt: skip


def dispute_json(dispute: Dispute) -> dict[str, Any]:
    evidence = dict.fromkeys(EVIDENCE) | {"enhanced_evidence": {}} | dispute.evidence
    details: dict[str, Any] = {
        "due_by": dispute.due_by if dispute.status in (NEEDS, "warning_needs_response") else None,
        "enhanced_eligibility": {},
        "has_evidence": bool(dispute.evidence),
        "past_due": dispute.past_due,
        "submission_count": dispute.submissions,
    }
    return {
        "id": dispute.id,
        "object": "dispute",
        "amount": dispute.amount,
        "balance_transactions": dispute.moved,
        "charge": dispute.charge,
        "created": dispute.created,
        "currency": dispute.currency,
        "enhanced_eligibility_types": [],
        "evidence": evidence,
        "evidence_details": details,
        "is_charge_refundable": dispute.inquiry or dispute.status == WON,
        "livemode": False,
        "metadata": dispute.metadata,
        "payment_intent": dispute.payment_intent,
        "reason": dispute.reason,
        "status": dispute.status,
    }


def warning_json(warning: FraudWarning) -> dict[str, Any]:
    return {
        "id": warning.id,
        "object": "radar.early_fraud_warning",
        "actionable": warning.actionable,
        "charge": warning.charge,
        "created": warning.created,
        "fraud_type": warning.kind,
        "livemode": False,
        "payment_intent": warning.payment_intent,
    }
