"""Which credits stand in the place of which money, where what was kept of both does not say it.

Examples, of sessions that were paid together, at €45.00 each:

- €45.00 stayed, and one credit was given for €45.00 of that order: it is that one.
- Of one payment €45.00 stayed twice, and two credits were given: one each, whichever that is.
- Of two payments €45.00 stayed each, and two credits were taken later: nobody can say which is whose.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from bot.domain.payments.money import Money


@dataclass(frozen=True)
class Kept:
    """Money that stayed by one act, written down at `at` as these refunds of these payments. `at_once`: the credit was
    given with it; its client may also have taken it later."""

    refund_ids: frozenset[int]
    payment_ids: frozenset[int]
    order_ids: frozenset[int]
    amount: Money
    at: datetime
    at_once: bool


@dataclass(frozen=True)
class Instead:
    """A grant for which `price` was paid with an order, and that names no money."""

    grant_id: int
    order_id: int
    price: Money
    at: datetime

    def fits(self, kept: Kept) -> bool:
        same_time = self.at == kept.at if kept.at_once else self.at >= kept.at
        return same_time and self.order_id in kept.order_ids and self.price == kept.amount


def pairs(kept: Sequence[Kept], instead: Sequence[Instead]) -> list[tuple[Kept, int]]:
    """Each with the id of its grant, as far as only one can be meant. The last that was kept has the fewest to choose
    from, and comes first."""
    found: dict[Kept, int] = {}
    for each in sorted(kept, key=lambda one: one.at, reverse=True):
        free = [grant for grant in instead if grant.grant_id not in found.values()]
        mine = [grant.grant_id for grant in free if grant.fits(each)]
        rivals = [
            other for other in kept
            if other not in found and mine == [grant.grant_id for grant in free if grant.fits(other)]
        ]  # fmt: skip
        if each in rivals and len(mine) == len(rivals) and len({other.payment_ids for other in rivals}) == 1:
            found |= dict(zip(rivals, mine, strict=True))
    return list(found.items())
