"""A receipt: the paper for one purchase or one refund, frozen as it was when its number was drawn."""

from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime
from enum import StrEnum

from bot.domain.payments.money import Money
from bot.domain.payments.orders import LineKind


class Series(StrEnum):
    """Each counts from 1 without a gap; the letter stands before the number."""

    PURCHASE = "R"
    RETURN = "C"
    """Refunds, and receipts that are cancelled: the buyer's name or address was wrong, or the refund failed."""


class ReceiptKind(StrEnum):
    PURCHASE = "purchase"
    REFUND = "refund"
    CANCELLATION = "cancellation"
    """No money moves: of a receipt that another one takes the place of, or of a refund that failed."""

    @property
    def series(self) -> Series:
        return Series.PURCHASE if self is ReceiptKind.PURCHASE else Series.RETURN


@dataclass(frozen=True)
class Party:
    """Who sells or who buys. `number` is a tax number."""

    name: str
    address: str | None = None
    number: str | None = None


@dataclass(frozen=True)
class SessionFacts:
    """Of a session that is paid for, so that its line can be told in any language."""

    starts: datetime
    zone: str
    length_min: int
    coach: str


@dataclass(frozen=True)
class ReceiptLine:
    """What was bought, under the name that it had (None: it had none); its tax is in `amount` where tax is included."""

    kind: LineKind
    name: str | None
    amount: Money
    session: SessionFacts | None = None


@dataclass(frozen=True)
class TaxLine:
    """`percent` as it is printed ("20", "8.875"), None with `name` where the provider told the sum alone.

    `included`: it is a part of the lines' amounts, and not added to them.
    """

    amount: Money
    included: bool = True
    name: str | None = None
    percent: str | None = None


@dataclass(frozen=True)
class Receipt:
    """Amounts of a refund are negative; a cancellation has those of what it cancels, the other way round.

    `corrects`: the number of the receipt that it takes back or stands in place of. `zone`: whose calendar the date is
    on. `exemption`: why no tax was taken: one of the reasons of `domain.payments.tax`, or the practice's words.
    """

    number: str
    kind: ReceiptKind
    at: datetime
    zone: str
    seller: Party
    buyer: Party = field(repr=False)
    lines: Sequence[ReceiptLine]
    taxes: Sequence[TaxLine] = ()
    exemption: str | None = None
    corrects: str | None = None

    @property
    def subtotal(self) -> Money:
        """The sum of the lines."""
        return sum((line.amount for line in self.lines[1:]), self.lines[0].amount)

    @property
    def total(self) -> Money:
        """What was paid or given back: the lines, and what tax was added to them."""
        return sum((tax.amount for tax in self.taxes if not tax.included), self.subtotal)


def cancelling(before: Receipt, at: datetime) -> Receipt:
    """The receipt that takes another one back: the same with every amount the other way, and no number yet."""
    return replace(
        before,
        number="",
        kind=ReceiptKind.CANCELLATION,
        at=at,
        lines=tuple(replace(line, amount=-line.amount) for line in before.lines),
        taxes=tuple(replace(tax, amount=-tax.amount) for tax in before.taxes),
        corrects=before.number,
    )


def numbered(series: Series, count: int) -> str:
    """`R-00007`: how the seventh receipt of a series is called."""
    return f"{series.value}-{count:05}"
