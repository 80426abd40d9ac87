"""Reads Stripe's customers, kept cards and payments with them. Raises ValueError, KeyError or the like."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from bot.integrations.payments.cards import (
    CardPage,
    CardPayment,
    CardPaymentState,
    Customer,
    Decline,
    KeptCard,
)
from bot.integrations.payments.charge import PageState
from bot.integrations.payments.stripe.objects import charge
from bot.integrations.payments.stripe.values import (
    PAYMENT_KEY,
    instant,
    money_of,
    ours,
    own_id,
    ref_of,
    subject_of,
    whole,
    words,
)

PERSON_KEY, CARD_KEY = "rapport_person", "rapport_card"
"""Our person's id at customers and pages, and the mark of a payment that is made with a kept card, not on a page."""

_STATES = {
    "succeeded": CardPaymentState.PAID,
    "requires_capture": CardPaymentState.HELD,
    "requires_action": CardPaymentState.CHECK,
    "requires_payment_method": CardPaymentState.DECLINED,
    "processing": CardPaymentState.UNDER_WAY,
    "requires_confirmation": CardPaymentState.UNDER_WAY,
    "canceled": CardPaymentState.ENDED,
}
_WANTS_CHECK = {"authentication_required", "payment_intent_authentication_failure"}
_FINAL = "do_not_try_again"


def customer(found: Mapping[str, Any]) -> Customer:
    settings = found.get("invoice_settings") or {}
    return Customer(
        own_id(found), ours(found.get("metadata"), PERSON_KEY), ref_of(settings.get("default_payment_method"))
    )


def kept(method: Mapping[str, Any]) -> KeptCard:
    card = method["card"]
    return KeptCard(
        ref=own_id(method),
        customer_ref=ref_of(method.get("customer")),
        brand=words(card.get("display_brand") or card["brand"]) or "",
        last4=words(card["last4"]) or "",
        exp_month=whole(card["exp_month"]),
        exp_year=whole(card["exp_year"]),
        fingerprint=words(card.get("fingerprint")),
    )


def card_page(session: Mapping[str, Any]) -> CardPage:
    setup = session.get("setup_intent")
    done = isinstance(setup, Mapping) and setup.get("status") == "succeeded"
    return CardPage(
        ref=own_id(session),
        state=PageState(session.get("status") or "open"),
        url=words(session.get("url")),
        person_id=ours(session.get("metadata"), PERSON_KEY),
        customer_ref=ref_of(session.get("customer")),
        card_ref=ref_of(setup.get("payment_method")) if done and isinstance(setup, Mapping) else None,
    )


def card_payment(intent: Mapping[str, Any]) -> CardPayment:
    metadata, state = intent.get("metadata"), _STATES[intent["status"]]
    return CardPayment(
        ref=own_id(intent),
        state=state,
        amount=money_of(intent["amount"], intent["currency"]),
        payment_id=ours(metadata, PAYMENT_KEY),
        subject=subject_of(metadata),
        customer_ref=ref_of(intent.get("customer")),
        card_ref=ref_of(intent.get("payment_method")),
        charge=charge(intent) if state in (CardPaymentState.PAID, CardPaymentState.HELD) else None,
        check_url=_check_url(intent) if state is CardPaymentState.CHECK else None,
        decline=_decline(intent) if state is CardPaymentState.DECLINED else None,
        held_until=_held_until(intent) if state is CardPaymentState.HELD else None,
    )


def _check_url(intent: Mapping[str, Any]) -> str | None:
    action = intent.get("next_action") or {}
    return words((action.get("redirect_to_url") or {}).get("url"))


def _decline(intent: Mapping[str, Any]) -> Decline:
    """Stripe names the bank's reason beside its own code, where there is one."""
    error = intent.get("last_payment_error") or {}
    code = words(error.get("decline_code") or error.get("code")) or "unknown"
    checked = code in _WANTS_CHECK or error.get("code") in _WANTS_CHECK
    return Decline(code, checked, error.get("advice_code") == _FINAL)


def _held_until(intent: Mapping[str, Any]) -> datetime | None:
    found = intent.get("latest_charge")
    details = (found.get("payment_method_details") or {}) if isinstance(found, Mapping) else {}
    return instant((details.get("card") or {}).get("capture_before"))
