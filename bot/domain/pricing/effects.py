"""The whole effect of an act on money and credit. What a button tells and what its tap does are the same value."""

from dataclasses import dataclass
from enum import StrEnum

from bot.domain.payments.fees import capped
from bot.domain.payments.money import Money


class CreditChange(StrEnum):
    """What happens to credits, in the words of the ledger."""

    RETURNED = "returned"
    SPENT = "spent"
    ADJUSTED = "adjusted"
    FROZEN = "frozen"
    LOST = "lost"


@dataclass(frozen=True, slots=True)
class Effect:
    """`pay` is to be paid now, `fee` is charged since the act is late, and `fee_back` is one that is no longer due.

    Of what was paid, `back` goes back, `kept` stays with the practice, and `credited` becomes credit of the client's:
    they add up to it, and are None when nothing was.

    `change` says what happens to `credits` credits. `left`: how many can be booked afterwards, until the epoch second
    `until` (None: for ever).
    """

    pay: Money | None = None
    back: Money | None = None
    kept: Money | None = None
    credited: Money | None = None
    fee: Money | None = None
    fee_back: Money | None = None
    change: CreditChange | None = None
    credits: int = 0
    left: int | None = None
    until: int | None = None

    @property
    def costs(self) -> int:
        """In how many ways the client pays for what did not take place: once at most."""
        return bool(self.kept) + bool(self.fee) + (self.change is CreditChange.SPENT)


@dataclass(frozen=True, slots=True)
class CreditCover:
    """The credit that covers a booking, and what is beside it in its grant.

    `left`: how many others can be booked, until `until` (None: for ever). It is None for a grant of somebody else's, of
    which the client is not told.
    `returned_until`: until when this one can be booked once it has come back, which may be later.
    `comes_back_as`: what becomes of it then. It is FROZEN while a bank has the money that paid for it, and LOST once
    that is gone.
    """

    left: int | None
    until: int | None = None
    returned_until: int | None = None
    comes_back_as: CreditChange = CreditChange.RETURNED


@dataclass(frozen=True, slots=True)
class Coverage:
    """What stands behind a booking of this `price`: money that was paid, or a credit, or neither; never both.

    `fee`: what its client agreed to pay for cancelling late or for not coming, None without such an agreement.
    `charged`: such a fee that was charged for it, be it paid or still owed.
    """

    price: Money
    paid: Money | None = None
    credit: CreditCover | None = None
    fee: Money | None = None
    charged: Money | None = None

    def __post_init__(self) -> None:
        if self.paid and self.credit is not None:
            raise ValueError("a booking is covered by money or by a credit")


def released(coverage: Coverage) -> Effect:
    """Cancelling in time, or the practice cancels: the client has back what the booking was covered with, and a fee
    that was charged for it; unless the credit is frozen, or lost, with the others of its payment."""
    back, kept = coverage.paid, _nothing(coverage.paid)
    if coverage.credit is None:
        return Effect(back=back, kept=kept, fee_back=coverage.charged)
    credit, change = coverage.credit, coverage.credit.comes_back_as
    if change is not CreditChange.RETURNED:
        return Effect(back=back, kept=kept, change=change, credits=1, left=credit.left)
    left = None if credit.left is None else credit.left + 1
    return Effect(back=back, kept=kept, change=change, credits=1, left=left, until=credit.returned_until)


def forfeited(coverage: Coverage) -> Effect:
    """Cancelling late, or not coming. It costs once: what was paid, else the credit, else the fee."""
    back, kept = _nothing(coverage.paid), coverage.paid
    if coverage.credit is not None:
        credit = coverage.credit
        return Effect(back=back, kept=kept, change=CreditChange.SPENT, credits=1, left=credit.left, until=credit.until)
    return Effect(back=back, kept=kept, fee=None if kept else capped(coverage.fee, coverage.price))


def unchanged(coverage: Coverage) -> Effect:
    """The act is refused: what was paid stays paid."""
    return Effect(back=_nothing(coverage.paid), kept=coverage.paid)


def _nothing(paid: Money | None) -> Money | None:
    return None if paid is None else paid - paid
