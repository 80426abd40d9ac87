"""Tax as it was applied to what was bought: how a price is meant, and what each rate came to.

What was applied is a snapshot: neither an address nor a number that changes later changes it. A refund takes back the
tax of its purchase, by the same shares: docs/money.md works through examples.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from enum import StrEnum

from bot.domain.payments.money import Money


class TaxBehavior(StrEnum):
    INCLUSIVE = "inclusive"  # the price holds the tax
    EXCLUSIVE = "exclusive"  # the tax comes on top


@dataclass(frozen=True)
class TaxChoice:
    """How what is sold is taxed; `code` is the provider's name for what that is, None: as its settings have it."""

    behavior: TaxBehavior
    code: str | None = None


@dataclass(frozen=True)
class TaxReckoning:
    """What a payment with a kept card comes to, under the provider's id `ref` and for its customer `customer_ref`.

    `total` is charged, `tax` is in it, and `parts` are as the provider told them. `exempt`: exempt or reverse, where no
    tax is to be taken.
    """

    ref: str
    customer_ref: str
    total: Money
    tax: Money
    parts: Sequence["TaxedPart"] = ()
    location: Mapping[str, str] | None = None
    exempt: str | None = None


@dataclass(frozen=True)
class TaxedPart:
    """A part of what was paid that one rate was applied to: `net` and `tax` are the whole part.

    `percent` is as it is printed ("20", "8.875"), `reason` the provider's word for why, such as `reverse_charge`. Of
    what went back, both amounts are negative.
    """

    net: Money
    tax: Money
    percent: str
    included: bool = True
    reason: str = ""
    country: str | None = None
    state: str | None = None

    @property
    def gross(self) -> Money:
        return self.net + self.tax


REVERSE_CHARGE, CUSTOMER_EXEMPT = "reverse_charge", "customer_exempt"
EXEMPT = (REVERSE_CHARGE, CUSTOMER_EXEMPT, "product_exempt", "product_exempt_holiday", "zero_rated")
"""Reasons why no tax was taken that a tax office wants to see apart from "not collected here"."""


def parts_of(paid: Money, told: Sequence[TaxedPart], tax: Money) -> tuple[TaxedPart, ...]:
    """What the provider told of a payment, as parts that add up to it; empty where no tax was reckoned.

    It tells nothing of what it did not tax, and may tell the sum of the tax alone.
    """
    known = sum(part.tax.amount for part in told)
    if known != tax.amount:
        return (TaxedPart(paid - tax, tax, ""),) if tax else ()
    if not told:
        return ()
    left = paid.amount - sum(part.gross.amount for part in told)
    if not left:
        return tuple(told)
    free = next((number for number, part in enumerate(told) if not part.tax), None)
    rest = Money(left, paid.currency)
    if free is None:
        return (*told, TaxedPart(rest, Money(0, paid.currency), "0", reason="not_collecting"))
    return tuple(replace(part, net=part.net + rest) if number == free else part for number, part in enumerate(told))


def given_back(
    parts: Sequence[TaxedPart], entered: Sequence[Sequence[TaxedPart]], until: Money
) -> tuple[TaxedPart, ...]:
    """What of each part of a payment goes back once `until` of it has gone back in all, as negative parts.

    `entered` are the parts of what went back, and came back, before: the difference to those is taken, so that all
    together are exactly the share of what is gone, in whatever order refunds succeed and fail.
    """
    before = [
        (sum(each[number].net.amount for each in entered), sum(each[number].tax.amount for each in entered))
        for number in range(len(parts))
    ]
    return tuple(
        replace(
            part,
            net=Money(-part.net.amount - net, part.net.currency),
            tax=Money(-part.tax.amount - tax, part.tax.currency),
        )
        for part, (net, tax) in zip(_until(parts, until), before, strict=True)
    )


def _until(parts: Sequence[TaxedPart], amount: Money) -> tuple[TaxedPart, ...]:
    """The shares of the first `amount` of a payment, which add up to it; the tax is rounded down. What goes twice,
    since the client's bank took what had gone back already, has no tax in it the second time."""
    whole = sum(part.gross.amount for part in parts)
    if not whole:
        return tuple(parts)
    gross, shares = 0, []
    for part in parts:
        gross += part.gross.amount
        until = amount.amount * gross // whole
        share = until - amount.amount * (gross - part.gross.amount) // whole
        tax = part.tax.amount * min(amount.amount, whole) // whole
        shares.append(replace(part, net=Money(share - tax, amount.currency), tax=Money(tax, amount.currency)))
    return tuple(shares)


def total_tax(parts: Sequence[TaxedPart], currency: str) -> Money:
    return sum((part.tax for part in parts), Money(0, currency))


def on_top(parts: Sequence[TaxedPart], currency: str) -> Money:
    """What was added to the price."""
    return sum((part.tax for part in parts if not part.included), Money(0, currency))
