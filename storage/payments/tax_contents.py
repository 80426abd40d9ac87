"""The tax of a movement of money as the JSON of its row, that of a booking, which has its rates alone, and what a
payment with a kept card comes to."""

from collections.abc import Mapping, Sequence
from typing import Any

from bot.domain.payments.money import Money
from bot.domain.payments.tax import TaxedPart, TaxReckoning


def written(parts: Sequence[TaxedPart]) -> list[dict[str, object]]:
    return [{**rate(part), "net": part.net.amount, "tax": part.tax.amount} for part in parts]


def rate(part: TaxedPart) -> dict[str, object]:
    return {
        "percent": part.percent,
        "included": part.included,
        "reason": part.reason,
        "country": part.country,
        "state": part.state,
    }


def written_reckoning(found: TaxReckoning) -> dict[str, object]:
    return {
        "ref": found.ref,
        "customer_ref": found.customer_ref,
        "total": found.total.amount,
        "tax": found.tax.amount,
        "parts": written(found.parts),
        "location": None if found.location is None else dict(found.location),
        "exempt": found.exempt,
    }


def read_reckoning(said: Mapping[str, Any] | None, currency: str) -> TaxReckoning | None:
    if said is None:
        return None
    return TaxReckoning(
        ref=said["ref"],
        customer_ref=said["customer_ref"],
        total=Money(said["total"], currency),
        tax=Money(said["tax"], currency),
        parts=read(said["parts"], currency),
        location=said["location"],
        exempt=said["exempt"],
    )


def read(parts: Sequence[Mapping[str, Any]] | None, currency: str) -> tuple[TaxedPart, ...]:
    return tuple(
        TaxedPart(
            Money(part["net"], currency), Money(part["tax"], currency),
            part["percent"], part["included"], part["reason"], part["country"], part["state"],
        )
        for part in parts or ()
    )  # fmt: skip
