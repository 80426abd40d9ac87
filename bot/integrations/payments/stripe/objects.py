"""Reads Stripe's pages, charges and refunds into our own records.

Raises ValueError, KeyError or the like for unreadable ones.
"""

from collections.abc import Mapping
from typing import Any

from bot.domain.payments.money import Money
from bot.domain.payments.payments import RefundFailure, RefundState
from bot.integrations.payments.books import Unmarked
from bot.integrations.payments.charge import Charge, PageState
from bot.integrations.payments.port import Checkout, Payer, Returned
from bot.integrations.payments.stripe.tax_objects import location, page_parts
from bot.integrations.payments.stripe.values import (
    PAYMENT_KEY,
    REFUND_KEY,
    money_of,
    ours,
    own_id,
    ref_of,
    subject_of,
    whole,
    words,
)

_REFUND_STATES = {
    "succeeded": RefundState.SUCCEEDED,
    "failed": RefundState.FAILED,
    "canceled": RefundState.FAILED,
}
# https://docs.stripe.com/refunds#failed-refunds: what is not listed there says nothing of whose doing it is.
_FAILURES = {
    "lost_or_stolen_card": RefundFailure.BANK,
    "expired_or_canceled_card": RefundFailure.BANK,
    "declined": RefundFailure.BANK,
    "insufficient_funds": RefundFailure.BALANCE,
    "merchant_request": RefundFailure.STOPPED,
}


def checkout(session: Mapping[str, Any]) -> Checkout:
    metadata, intent = session.get("metadata"), session.get("payment_intent")
    state, settled = PageState(session.get("status") or "open"), session.get("payment_status")
    paid = settled == "paid" or (settled == "no_payment_required" and state is PageState.COMPLETE)
    progress = intent.get("status") if isinstance(intent, Mapping) else None
    currency, tax = session.get("currency") or "", (session.get("total_details") or {}).get("amount_tax")
    return Checkout(
        ref=own_id(session),
        state=state,
        paid=paid,
        pending=state is PageState.COMPLETE and not paid and progress in (None, "processing"),
        amount=money_of(session.get("amount_total") or 0, currency),
        url=words(session.get("url")),
        payment_id=ours(metadata, PAYMENT_KEY),
        subject=subject_of(metadata),
        intent_ref=ref_of(intent),
        charge=charge(intent) if isinstance(intent, Mapping) else None,
        tax_amount=whole(tax) if tax else None,
        tax_location=_location(session) if tax or (session.get("automatic_tax") or {}).get("enabled") else None,
        returns_to=words(session.get("success_url")),
        asked=_asked(session, currency),
        tax_parts=page_parts(session),
        customer_ref=ref_of(session.get("customer")),
        held=state is PageState.COMPLETE and progress == "requires_capture",
        payer=_payer(session),
    )


def _payer(session: Mapping[str, Any]) -> Payer | None:
    told = session.get("customer_details") or {}
    exempt = words(told.get("tax_exempt"))
    found = Payer(words(told.get("name")), _address(told.get("address") or {}), None if exempt == "none" else exempt)
    return found if found != Payer() else None


def _address(told: Mapping[str, Any]) -> str | None:
    """As lines; a country alone is no address."""
    town = " ".join(str(told[name]) for name in ("postal_code", "city") if told.get(name))
    lines = [told.get("line1"), told.get("line2"), town, told.get("state")]
    there = [str(line) for line in lines if line]
    return "\n".join([*there, str(told.get("country") or "")]).strip() if there else None


def _asked(session: Mapping[str, Any], currency: object) -> Money | None:
    """What the lines came to: less than we asked for where the practice's own dashboard gave something off."""
    subtotal = session.get("amount_subtotal")
    if subtotal is None:
        return None
    off = (session.get("total_details") or {}).get("amount_discount") or 0
    return money_of(whole(subtotal) - whole(off), currency)


def _location(session: Mapping[str, Any]) -> dict[str, str] | None:
    """Where tax was reckoned: no more of the address than a tax report needs."""
    return location((session.get("customer_details") or {}).get("address") or {})


def charge(intent: Mapping[str, Any]) -> Charge | None:
    return charge_with_fee(intent.get("latest_charge"))


def charge_with_fee(found: object) -> Charge | None:
    """A charge, or its id."""
    ref = ref_of(found)
    if ref is None:
        return None
    booked = found.get("balance_transaction") if isinstance(found, Mapping) else None
    if not isinstance(booked, Mapping):
        return Charge(ref)
    return Charge(ref, money_of(booked["fee"], booked["currency"]), own_id(booked))


def unmarked(found: Mapping[str, Any]) -> Unmarked:
    """A charge by itself."""
    amount = money_of(found["amount"], found["currency"])
    return Unmarked(charge_with_fee(found) or Charge(own_id(found)), amount, ref_of(found.get("payment_intent")))


def returned(refund: Mapping[str, Any]) -> Returned:
    state = _REFUND_STATES.get(refund.get("status") or "", RefundState.PENDING)
    return Returned(
        ref=own_id(refund),
        amount=money_of(refund["amount"], refund["currency"]),
        state=state,
        intent_ref=ref_of(refund.get("payment_intent")) or ref_of(refund.get("charge")),
        charge_ref=ref_of(refund.get("charge")),
        refund_id=ours(refund.get("metadata"), REFUND_KEY),
        failure=_failure(refund) if state is RefundState.FAILED else None,
    )


def _failure(refund: Mapping[str, Any]) -> RefundFailure:
    reason = refund.get("failure_reason") or ("merchant_request" if refund.get("status") == "canceled" else "")
    return _FAILURES.get(str(reason), RefundFailure.UNKNOWN)
