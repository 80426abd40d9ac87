"""Reads the plain parts of Stripe's objects: amounts, ids, instants, and our own ids in their metadata.

Raises ValueError, KeyError or the like for unreadable ones. Amounts are turned into ours by `amounts`.
"""

import re
from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Any

from bot.domain.payments.money import Money
from bot.domain.subjects import Subject, SubjectKind
from bot.integrations.payments.stripe.amounts import from_stripe

PAYMENT_KEY, REFUND_KEY = "rapport_payment", "rapport_refund"
"""Our ids in Stripe's metadata."""

_PAID_FOR: tuple[SubjectKind, ...] = ("booking", "order")
"""Kinds of things that a page can be for; each has a key of its own."""

_CURRENCY = re.compile(r"[A-Za-z]{3}")
_MOST, _LONGEST_ID = 10**15, 255  # Stripe charges eight digits at most; its ids have at most 255 characters


def money_of(amount: object, currency: object) -> Money:
    """Raises for what is no amount: a fraction must never be cut to the sum that was asked for."""
    if not isinstance(currency, str) or not _CURRENCY.fullmatch(currency):
        raise ValueError("not a currency")
    return from_stripe(whole(amount), currency.upper())


def whole(amount: object) -> int:
    if type(amount) is not int or abs(amount) > _MOST:
        raise ValueError("not an amount")
    return amount


def words(found: object) -> str | None:
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


def is_charge(ref: str) -> bool:
    """Whether this names a charge, and not the payment intent that it came by."""
    return ref.startswith(("ch_", "py_"))


def money_by(ref: str) -> dict[str, str]:
    """How Stripe is asked for what became of money: by its way, or by its charge where that is all that is known."""
    return {"charge" if is_charge(ref) else "payment_intent": ref}


def own_id(found: Mapping[str, Any]) -> str:
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


def subject_of(metadata: object) -> Subject | None:
    ids = ((kind, ours(metadata, subject_key(kind))) for kind in _PAID_FOR)
    return next((Subject(kind, found) for kind, found in ids if found is not None), None)


def instant(found: object) -> datetime | None:
    return None if found is None else datetime.fromtimestamp(whole(found), UTC)
