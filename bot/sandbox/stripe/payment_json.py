"""Payments and refunds as Stripe's API shows them (2026-10-28.endive), ids where nothing was expanded."""

from typing import Any

from bot.sandbox.stripe.customers.method_json import billing_json, card_json
from bot.sandbox.stripe.objects import BalanceTransaction, Charge, PaymentIntent, Refund

DAYS_TO_AVAILABLE = 2


def payment_intent_json(intent: PaymentIntent) -> dict[str, Any]:
    asked = intent.asked
    empty = dict.fromkeys(
        (
            "application", "application_fee_amount", "automatic_payment_methods",
            "customer_account", "excluded_payment_method_types", "on_behalf_of",
            "payment_method_configuration_details", "payment_record", "processing",
            "review", "shipping", "source", "transfer_data", "transfer_group",
        )
    )  # fmt: skip
    names = "description hooks receipt_email setup_future_usage statement_descriptor statement_descriptor_suffix"
    given = {name: asked.get(name) for name in names.split()}
    return (
        empty
        | given
        | {
            "id": intent.id,
            "object": "payment_intent",
            "amount": intent.amount,
            "amount_capturable": intent.amount if intent.status == "requires_capture" else 0,
            "amount_details": {"tip": {}},
            "amount_received": intent.received,
            "canceled_at": intent.canceled_at,
            "cancellation_reason": intent.cancellation_reason,
            "capture_method": asked.get("capture_method", "automatic_async"),
            "client_secret": intent.id + intent.secret,
            "confirmation_method": "automatic",
            "created": intent.created,
            "currency": intent.currency,
            "customer": intent.customer,
            "last_payment_error": intent.last_error,
            "latest_charge": intent.latest_charge,
            "livemode": False,
            "metadata": asked.get("metadata", {}),
            "next_action": _next_action(intent),
            "payment_details": {"customer_reference": None, "order_reference": intent.session or None},
            "payment_method": intent.method,
            "payment_method_options": {"card": {"request_three_d_secure": "automatic"}},
            "payment_method_types": intent.methods,
            "status": intent.status,
        }
    )


def _next_action(intent: PaymentIntent) -> dict[str, Any] | None:
    """A page of the bank's to go to, where an address to come back to was given."""
    if intent.status != "requires_action":
        return None
    if intent.check_url is None:
        return {"type": "use_stripe_sdk", "use_stripe_sdk": {}}
    where = {"return_url": intent.return_url, "url": intent.check_url}
    return {"redirect_to_url": where, "type": "redirect_to_url"}


def charge_json(charge: Charge) -> dict[str, Any]:
    asked, failure = charge.asked, charge.failure or {}
    paid = charge.status == "succeeded"
    empty = dict.fromkeys(
        (
            "application", "application_fee", "application_fee_amount",
            "failure_balance_transaction", "on_behalf_of", "receipt_number", "review", "shipping",
            "source", "source_transfer", "transfer_data", "transfer_group",
        )
    )  # fmt: skip
    given = {
        name: asked.get(name)
        for name in ("description", "receipt_email", "statement_descriptor", "statement_descriptor_suffix")
    }
    return (
        empty
        | given
        | {
            "id": charge.id,
            "object": "charge",
            "amount": charge.amount,
            "amount_captured": charge.captured,
            "amount_refunded": charge.amount_refunded,
            "balance_transaction": charge.balance_transaction,
            "billing_details": billing_json(charge.paid_with.email),
            "calculated_statement_descriptor": "SANDBOX",
            "captured": paid and charge.captured > 0,
            "created": charge.created,
            "currency": charge.currency,
            "customer": charge.customer,
            "disputed": charge.disputed,
            "failure_code": failure.get("code"),
            "failure_message": failure.get("message"),
            "fraud_details": {},
            "livemode": False,
            "metadata": asked.get("metadata", {}),
            "outcome": _outcome(charge),
            "paid": paid,
            "payment_intent": charge.payment_intent,
            "payment_method": charge.paid_with.id,
            "payment_method_details": _method_details(charge),
            "radar_options": {},
            "receipt_url": f"https://pay.stripe.com/receipts/payment/{charge.id}" if paid else None,
            "refunded": paid and 0 < charge.captured == charge.amount_refunded,
            "status": charge.status,
        }
    )


def _outcome(charge: Charge) -> dict[str, Any] | None:
    if charge.status == "pending":
        return None
    failure = charge.failure or {}
    approved = charge.status == "succeeded"
    return {
        "advice_code": failure.get("advice_code"),
        "network_advice_code": None,
        "network_decline_code": None if approved else "01",
        "network_status": "approved_by_network" if approved else "declined_by_network",
        "reason": failure.get("decline_code"),
        "risk_level": "normal",
        "seller_message": "Payment complete." if approved else "The bank did not return any further details.",
        "type": "authorized" if approved else "issuer_declined",
    }


def _method_details(charge: Charge) -> dict[str, Any]:
    if charge.paid_with.card is None:
        return {"sepa_debit": {"country": "DE", "last4": "3000", "mandate": None}, "type": "sepa_debit"}
    card = card_json(charge.paid_with)
    secure = {"authentication_flow": "challenge", "result": "authenticated", "version": "2.2.0"}
    card |= {
        "amount_authorized": charge.amount if charge.status == "succeeded" else None,
        "network": card.pop("display_brand"),
        "three_d_secure": secure if charge.authenticated else None,
    }
    if charge.capture_before is not None:
        card["capture_before"] = charge.capture_before
    return {"card": card, "type": "card"}


def refund_json(refund: Refund) -> dict[str, Any]:
    destination = {
        "card": {
            "reference_status": "pending",
            "reference_type": "acquirer_reference_number",
            "type": "refund",
        },
        "type": "card",
    }
    shown = {
        "id": refund.id,
        "object": "refund",
        "amount": refund.amount,
        "balance_transaction": refund.balance_transaction,
        "charge": refund.charge,
        "created": refund.created,
        "currency": refund.currency,
        "customer": None,
        "customer_account": None,
        "destination_details": destination,
        "metadata": refund.metadata,
        "payment_intent": refund.payment_intent,
        "payment_method": None,
        "reason": refund.reason,
        "receipt_number": None,
        "source_transfer_reversal": None,
        "status": refund.status,
        "transfer_reversal": None,
    }
    if refund.failure_reason is not None:
        shown["failure_reason"] = refund.failure_reason
        shown["failure_balance_transaction"] = refund.failure_balance_transaction
    return shown


def balance_transaction_json(entry: BalanceTransaction) -> dict[str, Any]:
    fees = {
        "amount": entry.fee,
        "application": None,
        "currency": entry.currency,
        "description": "Dispute fee" if entry.category == "dispute" else "Stripe processing fees",
        "type": "stripe_fee",
    }
    return {
        "id": entry.id,
        "object": "balance_transaction",
        "amount": entry.amount,
        "available_on": entry.created + DAYS_TO_AVAILABLE * 86400,
        "balance_type": "payments",
        "created": entry.created,
        "currency": entry.currency,
        "description": entry.description,
        "exchange_rate": None,
        "fee": entry.fee,
        "fee_details": [fees] if entry.fee else [],
        "net": entry.amount - entry.fee,
        "reporting_category": entry.category or entry.kind,
        "source": entry.source,
        "status": "pending",
        "type": entry.kind,
    }
