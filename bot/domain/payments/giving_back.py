"""Giving back by hand: how much of a payment can still go back, and why an amount cannot.

At most what came and has not gone back yet, in the currency in which it came, and one refund at a time: while nobody
knows how one ended, nobody can say what is left. Of €45.00, €20.00 went back: up to €25.00 can follow. A refund that
failed is in nobody's way: its money is still with the practice, and can go back once more or be paid another way.
"""

from dataclasses import dataclass
from enum import StrEnum

from bot.domain.payments.money import Money


class Unreturnable(StrEnum):
    """Why nothing, or not this amount, can go back."""

    NEVER_PAID = "never_paid"  # nothing came through the payment provider
    DISPUTED = "disputed"  # the client's bank has the money
    UNDER_WAY = "under_way"  # a refund of this payment has not ended yet
    NOTHING_LEFT = "nothing_left"
    CURRENCY = "currency"  # another one than was paid in
    ZERO = "zero"
    TOO_MUCH = "too_much"
    OFF = "off"  # there is no payment provider any more
    ON_HOLD = "on_hold"  # its payment is disputed, or went back elsewhere
    NOT_OWED = "not_owed"  # paid another way is what could not go back, and no more than that


@dataclass(frozen=True)
class Given:
    """An amount that somebody wants to give back. `another_way`: it was paid already, past the payment provider."""

    amount: Money
    another_way: bool = False


@dataclass(frozen=True)
class Returnable:
    """What came for something, and what of it is `left`; `owed` of that was to go back and did not. `moving`: a refund
    is under way. `disputed`: the client's bank took the money, and nobody knows yet for how long."""

    came: Money
    left: Money
    owed: Money
    moving: bool = False
    disputed: bool = False

    def why_not(self, given: Given | None = None) -> Unreturnable | None:
        """Why `given`, or anything at all, cannot go back; None when it can."""
        if not self.came:
            return Unreturnable.NEVER_PAID
        if self.disputed:
            return Unreturnable.DISPUTED
        if self.moving:
            return Unreturnable.UNDER_WAY
        if not self.left:
            return Unreturnable.NOTHING_LEFT
        return None if given is None else self._of_amount(given)

    def _of_amount(self, given: Given) -> Unreturnable | None:
        if given.amount.currency != self.left.currency:
            return Unreturnable.CURRENCY
        if given.amount.amount <= 0:
            return Unreturnable.ZERO
        if self.left < given.amount:
            return Unreturnable.TOO_MUCH
        return Unreturnable.NOT_OWED if given.another_way and self.owed < given.amount else None

    def after(self, given: Given) -> Money:
        """What then is left."""
        return self.left - given.amount
