"""What conversations and rules know of the payment provider: how it is called, and which amounts it takes."""

from collections.abc import Callable
from dataclasses import dataclass


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
