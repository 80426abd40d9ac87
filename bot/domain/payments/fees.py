"""Fees for a late cancel and for not coming: what an offer asks for, and what its client agreed to.

A fee is asked for only where neither money nor credit covers the session. Where the offer has a price, it is never more
than that; where it has none, what the client agreed to names the ceiling.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from bot.domain.payments.money import Money


class FeeKind(StrEnum):
    LATE_CANCEL = "late_cancel"
    NO_SHOW = "no_show"


@dataclass(frozen=True, slots=True)
class Fees:
    """None: nothing is charged for that."""

    late_cancel: Money | None = None
    no_show: Money | None = None

    def __bool__(self) -> bool:
        return bool(self.late_cancel or self.no_show)

    @property
    def each(self) -> Sequence[Money]:
        return tuple(fee for fee in (self.late_cancel, self.no_show) if fee is not None)

    @property
    def ceiling(self) -> Money | None:
        """The most that can be charged, once: of the two fees, the higher one."""
        return max(self.each, key=lambda fee: fee.amount, default=None)


NONE = Fees()


def asked(fees: Fees, offer_price: Money, to_pay: Money) -> Fees:
    """The fees that a client is to agree to who is to pay this for a session that no credit covers."""
    if to_pay:
        return NONE
    return Fees(capped(fees.late_cancel, offer_price), capped(fees.no_show, offer_price))


def capped(fee: Money | None, price: Money) -> Money | None:
    """What of this fee can be charged for a session of this price; None: nothing."""
    if not fee:
        return None
    return min(fee, price) if price else fee


@dataclass(frozen=True)
class FeeConsent:
    """A client agreed to these fees for one booking, under these words of ours, as they read them in this language.

    `mode`: of the payment provider, live or test, whose kept card is charged. `withdrawn_at`: what was booked before
    keeps it.
    """

    id: int
    person_id: int
    booking_id: int
    offer_id: int
    fees: Fees
    ceiling: Money
    words: str
    language: str
    mode: str
    agreed_at: datetime
    withdrawn_at: datetime | None = None
