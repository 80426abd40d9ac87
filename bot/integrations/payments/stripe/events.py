"""Which of Stripe's events is about what."""

from collections.abc import Callable, Mapping
from typing import Any

from bot.integrations.payments.cards import CardChange, CardNews
from bot.integrations.payments.port import News, Reversed
from bot.integrations.payments.stripe.card_objects import CARD_KEY, card_page, card_payment, kept
from bot.integrations.payments.stripe.disputes import dispute, fraud_warning
from bot.integrations.payments.stripe.objects import checkout, returned
from bot.integrations.payments.stripe.tax_objects import tax_number
from bot.integrations.payments.stripe.values import PAYMENT_KEY, ours, own_id, ref_of
from bot.integrations.vendor import VendorRefused

Read = Callable[[Mapping[str, Any]], News | None]

_CARD_CHANGES = {
    "payment_method.attached": CardChange.KEPT,
    "payment_method.detached": CardChange.REMOVED,
    "payment_method.updated": CardChange.CHANGED,
    "payment_method.automatically_updated": CardChange.RENEWED,
}
_PAYMENTS = ("succeeded", "payment_failed", "requires_action", "canceled", "amount_capturable_updated", "processing")


def read(kind: str, body: Mapping[str, Any]) -> News | None:
    """What an event is about; None for events that are of no concern. Raises VendorRefused for an unreadable one."""
    try:
        return _read(kind, body)
    except (ArithmeticError, AttributeError, KeyError, TypeError, ValueError) as error:
        raise VendorRefused("unreadable") from error


def _read(kind: str, body: Mapping[str, Any]) -> News | None:
    family = next((family for family in _FAMILIES if kind.startswith(family)), None)
    if kind in _CARD_CHANGES:
        return CardNews(kept(body), _CARD_CHANGES[kind]) if body.get("type") == "card" else None
    return _FAMILIES[family](kind, body) if family is not None else None


def _page(_kind: str, body: Mapping[str, Any]) -> News | None:
    reads: dict[str, Read] = {"payment": checkout, "setup": card_page}
    mode = reads.get(body.get("mode", "payment"))
    return mode(body) if mode is not None else None


def _refund(kind: str, body: Mapping[str, Any]) -> News | None:
    return returned(body) if kind in ("refund.created", "refund.updated", "refund.failed") else None


def _reversed(kind: str, body: Mapping[str, Any]) -> News | None:
    charge, intent = own_id(body), ref_of(body.get("payment_intent"))
    return Reversed(intent or charge, ours(body.get("metadata"), PAYMENT_KEY), charge)


def _payment(kind: str, body: Mapping[str, Any]) -> News | None:
    """Payments on a page are told by their page."""
    mine = ours(body.get("metadata"), CARD_KEY) and kind.partition(".")[2] in _PAYMENTS
    return card_payment(body) if mine else None


def _dispute(_kind: str, body: Mapping[str, Any]) -> News | None:
    return dispute(body)


def _warning(_kind: str, body: Mapping[str, Any]) -> News | None:
    return fraud_warning(body)


def _number(_kind: str, body: Mapping[str, Any]) -> News | None:
    return tax_number(body)


_FAMILIES: dict[str, Callable[[str, Mapping[str, Any]], News | None]] = {
    "checkout.session.": _page,
    "refund.": _refund,
    "charge.refunded": _reversed,
    "payment_intent.": _payment,
    "charge.dispute.": _dispute,
    "radar.early_fraud_warning.": _warning,
    "customer.tax_id.updated": _number,
}
