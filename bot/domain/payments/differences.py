"""In what our books and the provider's can differ, and which of that is mended without asking anybody.

What the provider shows and we never heard is safe to enter: it is what a message of its would have entered. What we
have and the provider does not show, or shows with another amount, is for a person to look at.
"""

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


SAFE = (Differs.PAID, Differs.ENDED, Differs.FEE, Differs.REFUND, Differs.DISPUTE)


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
