"""What came in, went back and was kept as a fee, added up: each currency for itself, since no sum joins two.

Of €45.00 that came, €20.00 went back and €1.61 were kept by the payment provider: €23.39 are left. A refund counts when
it was made, whenever its payment came. One that failed came back, and so takes away from what went back. What a
client's bank took back for good counts as given back.
"""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from itertools import groupby

from bot.domain.payments.money import Money
from bot.domain.payments.payments import MovementKind


@dataclass(frozen=True)
class Entry:
    """Movements of one kind and currency, added up: `count` of them, for one coach's sessions of one offer; None for
    both where they were for no session. `of_fees`: of fees for late cancels and no-shows."""

    kind: MovementKind
    amount: Money
    count: int
    coach_id: int | None = None
    offer_id: int | None = None
    of_fees: bool = False


@dataclass(frozen=True)
class Sums:
    """Of one currency: what came in, by how many payments, what went back, and what the provider kept.

    `client_fees`: what came in for late cancels and no-shows, less what went back of that; it is in the other sums.
    """

    came: Money
    payments: int
    back: Money
    provider_fees: Money
    client_fees: Money

    @property
    def left(self) -> Money:
        return self.came - self.back - self.provider_fees


@dataclass(frozen=True)
class Owed:
    """What is not used yet of packages and gifts in one currency: so many sessions, at what was paid for them."""

    worth: Money
    sessions: int


@dataclass(frozen=True)
class OwedFees:
    """So many fees in one currency that their clients have not paid."""

    amount: Money
    fees: int


def by_currency(entries: Iterable[Entry]) -> list[Sums]:
    """One for each currency, in the order of their codes."""
    ordered = sorted(entries, key=_currency)
    return [_sums(currency, list(those)) for currency, those in groupby(ordered, key=_currency)]


def by_each(entries: Iterable[Entry], whose: Callable[[Entry], int | None]) -> Mapping[int | None, list[Sums]]:
    """As `by_currency`, for each coach, or each offer."""
    of_each: dict[int | None, list[Entry]] = {}
    for entry in entries:
        of_each.setdefault(whose(entry), []).append(entry)
    return {each: by_currency(those) for each, those in of_each.items()}


def _currency(entry: Entry) -> str:
    return entry.amount.currency


def _sums(currency: str, entries: list[Entry]) -> Sums:
    def total(*kinds: MovementKind, of: Sequence[Entry] = entries) -> int:
        return sum(entry.amount.amount for entry in of if entry.kind in kinds)

    returned = (MovementKind.REFUND, MovementKind.ADJUSTMENT, MovementKind.DISPUTE)
    of_fees = [entry for entry in entries if entry.of_fees]
    return Sums(
        came=Money(total(MovementKind.CHARGE), currency),
        payments=sum(entry.count for entry in entries if entry.kind is MovementKind.CHARGE),
        back=Money(-total(*returned), currency),
        provider_fees=Money(-total(MovementKind.FEE), currency),
        client_fees=Money(total(MovementKind.CHARGE, *returned, of=of_fees), currency),
    )
