"""Credits of a grant that nobody can use for a while, because of what happened to the money that paid for them."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from bot.domain.payments.money import Money

Parts = tuple[tuple[datetime | None, int], ...]
"""The end of their days of grace (None: they have none), and how many credits have it."""


class FreezeState(StrEnum):
    FROZEN = "frozen"
    THAWED = "thawed"
    TAKEN = "taken"


@dataclass(frozen=True)
class Freeze:
    """`parts` of a grant are frozen because of a dispute, or of a refund that was made without us.

    A gift that nobody has taken yet has no grant: then `grant_id` is None, and `gift_id` names the gift.
    """

    id: int
    grant_id: int | None
    parts: Parts
    state: FreezeState
    frozen_at: datetime
    dispute_id: int | None = None
    refund_id: int | None = None
    gift_id: int | None = None

    @property
    def sessions(self) -> int:
        return sum(number for _until, number in self.parts)


def bound(those: Iterable[Freeze]) -> Freeze | None:
    """The freeze of all these that a credit falls under when it comes back: of a dispute that was lost, or is open."""
    there = [each for each in those if each.dispute_id is not None and each.state is not FreezeState.THAWED]
    return next((each for each in there if each.state is FreezeState.TAKEN), next(iter(there), None))


def sessions_worth(paid: Money, sessions: int, amount: Money) -> int:
    """How many sessions this amount is the whole price of, in a package of `sessions` for which `paid` was paid."""
    if paid.currency != amount.currency or not paid.amount:
        return 0
    return min(sessions, amount.amount * sessions // paid.amount)
