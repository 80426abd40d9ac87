"""Adds up the tax of a period: by currency, country and rate, with what went back taken off.

A refund counts in the period in which it was made. What was paid without tax being reckoned is a row of its own, so
that the report adds up to all the money that moved.
"""

from collections.abc import Container, Iterable
from dataclasses import dataclass, replace

from bot.domain.payments.money import Money
from bot.domain.payments.payments import Movement, MovementKind
from bot.domain.payments.tax import CUSTOMER_EXEMPT, EXEMPT, TaxedPart

OF_FEES = "fee"
"""The reason of the row of fees for late cancels and no-shows, of which no tax is reckoned."""

_MOVES = (MovementKind.CHARGE, MovementKind.REFUND, MovementKind.ADJUSTMENT, MovementKind.DISPUTE)


@dataclass(frozen=True)
class TaxRow:
    """Of one rate in one country: what was sold and what of that went back (negative), without and as tax.

    `percent` is None where no tax was reckoned at all, and "" where the provider told the sum alone. `exempted`: sales
    to clients of whom no tax is taken; of so many of them, `explained`, the practice keeps a reason.
    """

    currency: str
    country: str | None
    state: str | None
    percent: str | None
    reason: str
    sold: Money
    sold_tax: Money
    back: Money
    back_tax: Money
    exempted: int = 0
    explained: int = 0

    @property
    def net(self) -> Money:
        return self.sold + self.back

    @property
    def tax(self) -> Money:
        return self.sold_tax + self.back_tax

    @property
    def gross(self) -> Money:
        return self.net + self.tax

    @property
    def is_exempt(self) -> bool:
        return self.reason in EXEMPT


def by_rate(
    movements: Iterable[Movement], explained: Container[int] = (), fees: Container[int] = ()
) -> list[TaxRow]:  # fmt: skip
    """One row for each currency, country, state, rate and reason, in that order. `explained`: payments of exempt
    clients of which a reason is kept. `fees`: orders that ask for a fee for a late cancel or a no-show."""
    rows: dict[tuple[str, ...], TaxRow] = {}
    for movement in movements:
        if movement.kind not in _MOVES:
            continue
        for part, percent in _parts(movement, OF_FEES if movement.order_id in fees else ""):
            currency = movement.amount.currency
            location = movement.tax_location or {}
            country, state = part.country or location.get("country"), part.state or location.get("state")
            key = (currency, country or "", state or "", percent or "-", part.reason)
            nothing = Money(0, currency)
            row = rows.get(key) or TaxRow(
                currency, country, state, percent, part.reason, nothing, nothing, nothing, nothing
            )
            rows[key] = _with(row, part, sold=movement.kind is MovementKind.CHARGE)
            if part.reason == CUSTOMER_EXEMPT and movement.kind is MovementKind.CHARGE:
                has = int(movement.payment_id in explained)
                rows[key] = replace(rows[key], exempted=row.exempted + 1, explained=row.explained + has)
    return [rows[key] for key in sorted(rows)]


def _parts(movement: Movement, reason: str) -> list[tuple[TaxedPart, str | None]]:
    if movement.tax_rates:
        return [(part, part.percent) for part in movement.tax_rates]
    tax = Money(movement.tax_amount or 0, movement.amount.currency)
    return [(TaxedPart(movement.amount - tax, tax, "", reason=reason), "" if tax else None)]


def _with(row: TaxRow, part: TaxedPart, *, sold: bool) -> TaxRow:
    if sold:
        return replace(row, sold=row.sold + part.net, sold_tax=row.sold_tax + part.tax)
    return replace(row, back=row.back + part.net, back_tax=row.back_tax + part.tax)


@dataclass(frozen=True)
class TaxSums:
    """All rows of one currency together."""

    net: Money
    tax: Money

    @property
    def gross(self) -> Money:
        return self.net + self.tax


def totals(rows: Iterable[TaxRow]) -> list[TaxSums]:
    found: dict[str, TaxSums] = {}
    for row in rows:
        before = found.get(row.currency) or TaxSums(Money(0, row.currency), Money(0, row.currency))
        found[row.currency] = TaxSums(before.net + row.net, before.tax + row.tax)
    return [found[currency] for currency in sorted(found)]
