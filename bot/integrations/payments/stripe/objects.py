"""Reads Stripe's objects into our own records. Raises ValueError, KeyError or the like for unreadable ones.

Amounts are turned into ours by `amounts`.
"""

import re
from collections.abc import Mapping
from typing import Any

from bot.domain.payments.money import Money
from bot.domain.payments.payments import RefundFailure, RefundState
from bot.domain.subjects import Subject, SubjectKind
from bot.integrations.payments.port import Charge, Checkout, PageState, Returned
from bot.integrations.payments.stripe.amounts import from_stripe

PAYMENT_KEY, REFUND_KEY = "rapport_payment", "rapport_refund"
"""Our ids in Stripe's metadata."""

_PAID_FOR: tuple[SubjectKind, ...] = ("booking", "order")
"""Kinds of things that a page can be for; each has a key of its own."""

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
_CURRENCY = re.compile(r"[A-Za-z]{3}")
_MOST, _LONGEST_ID = 10**15, 255  # Stripe charges eight digits at most; its ids have at most 255 characters


def _money(amount: object, currency: object) -> Money:
    """Raises for what is no amount: a fraction must never be cut to the sum that was asked for."""
    if not isinstance(currency, str) or not _CURRENCY.fullmatch(currency):
        raise ValueError("not a currency")
    return from_stripe(_whole(amount), currency.upper())


def _whole(amount: object) -> int:
    if type(amount) is not int or abs(amount) > _MOST:
        raise ValueError("not an amount")
    return amount


def _words(found: object) -> str | None:
    if found is not None and not isinstance(found, str):
        raise ValueError("not words")
    return found


def is_plain(*words: str) -> bool:
    """Whether these are ids as Stripe makes them."""
    return all(0 < len(each) <= _LONGEST_ID and each.isascii() and each.isprintable() for each in words)


def ref_of(found: object) -> str | None:
    """The id of something that may have been expanded."""
    if isinstance(found, Mapping):
        found = found.get("id")
    return found if isinstance(found, str) and is_plain(found) else None


def _id(found: Mapping[str, Any]) -> str:
    """An object's own id. ValueError where it has none."""
    ref = found["id"]
    if not isinstance(ref, str) or not is_plain(ref):
        raise ValueError("no id")
    return ref


def ours(metadata: object, key: str) -> int | None:
    """Our id in an object's metadata; None without one, and 0, which is nobody's id, for what we never wrote."""
    found = metadata.get(key) if isinstance(metadata, Mapping) else None
    if found is None:
        return None
    return int(found) if isinstance(found, str) and found.isascii() and found.isdigit() and len(found) < 19 else 0


def subject_key(kind: SubjectKind) -> str:
    """Under which the id of what is paid for stands in the metadata."""
    return f"rapport_{kind}"


def _subject(metadata: object) -> Subject | None:
    ids = ((kind, ours(metadata, subject_key(kind))) for kind in _PAID_FOR)
    return next((Subject(kind, found) for kind, found in ids if found is not None), None)


def checkout(session: Mapping[str, Any]) -> Checkout:
    metadata, intent = session.get("metadata"), session.get("payment_intent")
    state, settled = PageState(session.get("status") or "open"), session.get("payment_status")
    paid = settled == "paid" or (settled == "no_payment_required" and state is PageState.COMPLETE)
    progress = intent.get("status") if isinstance(intent, Mapping) else None
    tax = (session.get("total_details") or {}).get("amount_tax")
    return Checkout(
        ref=_id(session),
        state=state,
        paid=paid,
        pending=state is PageState.COMPLETE and not paid and progress in (None, "processing"),
        amount=_money(session.get("amount_total") or 0, session.get("currency") or ""),
        url=_words(session.get("url")),
        payment_id=ours(metadata, PAYMENT_KEY),
        subject=_subject(metadata),
        intent_ref=ref_of(intent),
        charge=charge(intent) if isinstance(intent, Mapping) else None,
        tax_amount=_whole(tax) if tax else None,
        tax_location=_location(session) if tax else None,
        returns_to=_words(session.get("success_url")),
    )


def _location(session: Mapping[str, Any]) -> dict[str, str] | None:
    """Where tax was reckoned: no more of the address than a tax report needs."""
    address = (session.get("customer_details") or {}).get("address") or {}
    return {name: str(address[name]) for name in ("country", "state") if address.get(name)} or None


def charge(intent: Mapping[str, Any]) -> Charge | None:
    found = intent.get("latest_charge")
    ref = ref_of(found)
    if ref is None:
        return None
    booked = found.get("balance_transaction") if isinstance(found, Mapping) else None
    if not isinstance(booked, Mapping):
        return Charge(ref)
    return Charge(ref, _money(booked["fee"], booked["currency"]), _id(booked))


def returned(refund: Mapping[str, Any]) -> Returned:
    state = _REFUND_STATES.get(refund.get("status") or "", RefundState.PENDING)
    return Returned(
        ref=_id(refund),
        amount=_money(refund["amount"], refund["currency"]),
        state=state,
        intent_ref=ref_of(refund.get("payment_intent")),
        refund_id=ours(refund.get("metadata"), REFUND_KEY),
        failure=_failure(refund) if state is RefundState.FAILED else None,
    )


def _failure(refund: Mapping[str, Any]) -> RefundFailure:
    reason = refund.get("failure_reason") or ("merchant_request" if refund.get("status") == "canceled" else "")
    return _FAILURES.get(str(reason), RefundFailure.UNKNOWN)
