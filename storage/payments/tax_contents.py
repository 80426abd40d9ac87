"""The tax of a movement of money as the JSON of its row, and that of a booking, which has its rates alone."""

from collections.abc import Mapping, Sequence
from typing import Any

from bot.domain.payments.money import Money
from bot.domain.payments.tax import TaxedPart


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


def read(parts: Sequence[Mapping[str, Any]] | None, currency: str) -> tuple[TaxedPart, ...]:
    return tuple(
        TaxedPart(
            Money(part["net"], currency), Money(part["tax"], currency),
            part["percent"], part["included"], part["reason"], part["country"], part["state"],
        )
        for part in parts or ()
    )  # fmt: skip
