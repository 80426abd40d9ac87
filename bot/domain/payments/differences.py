"""In what our books and the provider's can differ, and which of that is mended without asking anybody.

What the provider shows and we never heard is safe to enter: it is what a message of its would have entered. What we
have and the provider does not show, or shows with another amount, is for a person to look at. Cards are the provider's
alone, so what it says of them is always entered. Some of what differs may: it is explained, and nothing is to be done.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from enum import StrEnum

from bot.domain.payments.money import Money


class Differs(StrEnum):
    PAID = "paid"  # a page was paid, and we did not know
    ENDED = "ended"  # a page is over, and we thought that it could be paid
    FEE = "fee"  # what the provider kept is not in the ledger
    REFUND = "refund"  # we did not know of it, or not how it ended
    DISPUTE = "dispute"
    STRAY = "stray"  # money of no order of ours
    NOT_PAID = "not paid"  # we took it for paid, and the provider shows it unpaid
    NO_PAGE = "no page"  # we took it for paid, and the provider shows nothing of it
    AMOUNT = "amount"  # the ledger says another one
    NO_REFUND = "no refund"  # we entered one that the provider does not show
    REFUNDED = "refunded"  # the ledger says another sum of refunds
    UNPAID_BOOKING = "unpaid booking"  # it is confirmed, and nothing was paid for it
    NOT_GRANTED = "not granted"  # a package or a gift was paid, and nobody has it
    UNHEARD = "unheard"  # money without a page and of no order of ours, where a chat collects money
    NO_CHARGE = "no charge"  # a chat collected it, and the provider shows no such charge
    ELSEWHERE = "elsewhere"  # the provider shows nothing of all that a chat collected
    CARD_KEPT = "card kept"  # the provider keeps one that is not known here
    CARD_GONE = "card gone"  # it keeps one no more
    CARD_SHOWN = "card shown"  # it shows other digits, or another end
    CARD_STAYED = "card stayed"  # its client removed it here, and the provider keeps it still
    CUSTOMER_GONE = "customer gone"  # it knows one no more
    NO_CUSTOMERS = "no customers"  # it knows none of ours
    DEFAULT_CARD = "default card"  # its own first card is not the one that is offered first here


SAFE = (
    Differs.PAID, Differs.ENDED, Differs.FEE, Differs.REFUND, Differs.DISPUTE,
    Differs.CARD_KEPT, Differs.CARD_GONE, Differs.CARD_SHOWN, Differs.CARD_STAYED, Differs.CUSTOMER_GONE,
)  # fmt: skip
EXPLAINED = (Differs.ELSEWHERE, Differs.DEFAULT_CARD)


@dataclass(frozen=True)
class Difference:
    """`ref`: the provider's id, or ours (`booking:7`) where it has none. `payment_id`: of ours, if there is one.

    `there` and `here` are the amounts that it shows and that we have, where those differ.
    """

    what: Differs
    ref: str
    payment_id: int | None = None
    there: Money | None = None
    here: Money | None = None

    @property
    def is_safe(self) -> bool:
        return self.what in SAFE

    @property
    def may_be(self) -> bool:
        """Whether nothing is to be done about it."""
        return self.what in EXPLAINED


@dataclass(frozen=True)
class Compared:
    """`looked_at`: how many things of the provider. `mended` were safe to mend, `left` are for a person, `explained`
    may be as they are."""

    looked_at: int
    mended: Sequence[Difference] = ()
    left: Sequence[Difference] = ()
    explained: Sequence[Difference] = ()

    @classmethod
    def after(cls, looked_at: int, tried: Iterable[Difference], still: Iterable[Difference]) -> "Compared":
        """Of what it was tried to mend, that is mended which is none of what is there still."""
        there = tuple(still)
        gone = tuple(dict.fromkeys(each for each in tried if each not in there))
        left = tuple(each for each in there if not each.may_be)
        return cls(looked_at, gone, left, tuple(each for each in there if each.may_be))

    def __add__(self, other: "Compared") -> "Compared":
        return Compared(
            self.looked_at + other.looked_at,
            (*self.mended, *other.mended),
            (*self.left, *other.left),
            (*self.explained, *other.explained),
        )
