"""What conversations and rules know of the payment provider: how it is called, and which amounts it takes."""

from collections.abc import Callable
from dataclasses import dataclass
from enum import StrEnum

from bot.domain.payments.money import Money


@dataclass(frozen=True)
class ChargeLimits:
    """Amounts of one currency that can be charged at once, in its minor units: multiples of `step`, inclusive."""

    least: int
    most: int
    step: int = 1


@dataclass(frozen=True)
class ProviderTerms:
    """`id` is how the audit trail names it, `name` how people do. `limits` of a currency; None: it takes none in it."""

    id: str
    name: str
    limits: Callable[[str], ChargeLimits | None]


class ChargeMistake(StrEnum):
    CURRENCY = "currency"  # none is charged in it
    LEAST = "least"
    MOST = "most"
    STEP = "step"  # finer than can be charged


@dataclass(frozen=True)
class Uncharged:
    """A price that the `provider` (its name) can never charge. `limit`: the amount that it breaks, except for CURRENCY.

    `offer`: whose price it would become by a change of something else.
    """

    mistake: ChargeMistake
    price: Money
    provider: str
    limit: Money | None = None
    offer: str | None = None


def uncharged(price: Money, terms: ProviderTerms | None) -> Uncharged | None:
    """Why the price can never be charged; None for one that can, for a free one, and while nobody charges anything."""
    if terms is None or not price:
        return None
    limits = terms.limits(price.currency)
    if limits is None:
        return Uncharged(ChargeMistake.CURRENCY, price, terms.name)
    broken = (
        (ChargeMistake.LEAST, limits.least, price.amount < limits.least),
        (ChargeMistake.MOST, limits.most, price.amount > limits.most),
        (ChargeMistake.STEP, limits.step, price.amount % limits.step != 0),
    )
    return next(
        (
            Uncharged(mistake, price, terms.name, Money(limit, price.currency))
            for mistake, limit, breaks in broken
            if breaks
        ),
        None,
    )
