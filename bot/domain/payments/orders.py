"""Orders: what money is asked for, in lines. A payment pays one order."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Any

from bot.domain.payments.money import Money
from bot.domain.payments.payments import Payment
from bot.domain.records import Cause
from bot.domain.subjects import Subject

LIFE = timedelta(minutes=45)
"""How long an order without a hold can be paid. One with a hold ends with it."""

FOR_LONG = timedelta(days=3650)
"""How long a fee is owed, for who must be told a time."""


class OrderState(StrEnum):
    OPEN = "open"  # it can be paid
    PAID = "paid"
    OWED = "owed"  # as long as it takes: a fee, which is charged to a kept card, or paid on a page
    CLOSED = "closed"  # nobody is to pay it any more; money that comes all the same is judged when it does


class LineKind(StrEnum):
    SESSION = "session"
    PACKAGE = "package"
    FEE = "fee"
    GIFT = "gift"
    MOVE = "move"  # what a session costs more at another offer: `terms` say which, and when it is then


FOR_A_SESSION = (LineKind.SESSION, LineKind.MOVE)
"""What is paid for such a line is paid for the booking that it names."""

FOR_CREDITS = (LineKind.PACKAGE, LineKind.GIFT)
"""What is paid for such a line is paid for credits."""


@dataclass(frozen=True)
class OrderLine:
    """`amount` is before tax that comes on top; `tax_amount` is known once it is paid. `subject` is what is sold, and
    `name` how that is called on the day of the purchase; a session is told by its booking. `terms`: of a package, and
    of a move, all that it is, as it was told.
    """

    kind: LineKind
    amount: Money
    subject: Subject | None = None
    name: str | None = None
    tax_amount: int | None = None
    terms: Mapping[str, Any] | None = None


@dataclass(frozen=True)
class Order:
    """`person_id` is who pays. `amount` is the sum of its lines, which stand in the order of their numbers.

    `coupon_id`: the coupon that made it cheaper, and of which it has a use. None also once the practice cancelled what
    was bought.
    """

    id: int
    person_id: int
    state: OrderState
    amount: Money
    lines: Sequence[OrderLine]
    created_at: datetime
    paid_at: datetime | None = None
    version: int = 1
    coupon_id: int | None = None

    @property
    def subject(self) -> Subject:
        return Subject("order", self.id)

    @property
    def about(self) -> Subject:
        """What is said of paying for it is about the session, where it is one session, and else about the order."""
        return about(self.id, self.lines)

    @property
    def sessions(self) -> list[int]:
        """Ids of the bookings that it pays for, in the order of their numbers."""
        return sessions_of(self.lines)

    def of_kind(self, kind: LineKind) -> list[OrderLine]:
        return [line for line in self.lines if line.kind is kind]

    @property
    def fee(self) -> OrderLine | None:
        """What it asks for is a fee: `subject` is its booking, and `terms` say for what it is."""
        return next(iter(self.of_kind(LineKind.FEE)), None)

    @property
    def move(self) -> OrderLine | None:
        """What it is the difference of: a session that moves to another offer."""
        return next(iter(self.of_kind(LineKind.MOVE)), None)

    @property
    def is_told_apart(self) -> bool:
        """Whether that it is paid has a message of its own: of sessions, and of a move, the booking's says so."""
        return self.move is None and not self.sessions

    @property
    def may_have_coupon(self) -> bool:
        """One session or one package: of several things nobody could say what each of them cost."""
        return len(self.lines) == 1 and self.lines[0].kind in (LineKind.SESSION, LineKind.PACKAGE)

    def price_of(self, subject: Subject) -> Money:
        """What it asks for one thing."""
        return total([line for line in self.lines if line.subject == subject], self.amount.currency)

    @property
    def is_unpaid(self) -> bool:
        """Somebody is to pay it."""
        return self.state in (OrderState.OPEN, OrderState.OWED)

    @property
    def can_be_left(self) -> bool:
        """Whether its client may do without it: not what they owe."""
        return self.state is OrderState.OPEN

    def can_be_paid(self, now: datetime) -> bool:
        """Whether one without a hold stands; one with a hold stands as long as that."""
        return self.is_unpaid and (not self.can_be_left or now < self.ends)

    @property
    def ends(self) -> datetime:
        return self.created_at + (FOR_LONG if self.fee is not None else LIFE)


def total(lines: Sequence[OrderLine], currency: str) -> Money:
    return sum((line.amount for line in lines), Money(0, currency))


def sessions_of(lines: Sequence[OrderLine]) -> list[int]:
    sold = (line.subject for line in lines if line.kind is LineKind.SESSION and line.subject is not None)
    numbers = (subject.number("booking") for subject in sold)
    return [number for number in numbers if number is not None]


def about(order_id: int, lines: Sequence[OrderLine]) -> Subject:
    """See `Order.about`."""
    only = lines[0] if len(lines) == 1 else None
    is_session = only is not None and bool(sessions_of((only,)))
    return only.subject if is_session and only is not None and only.subject is not None else Subject("order", order_id)


@dataclass(frozen=True)
class OrderPaid:
    """Money came for an order and was accepted, or nothing was left to pay (`payment` is None).

    `order` is as it stands now.
    """

    order: Order
    payment: Payment | None
    cause: Cause


@dataclass(frozen=True)
class OrderClosed:
    """Nobody is to pay for it any more. `order` is as it stands now."""

    order: Order
    cause: Cause


OrderChange = OrderPaid | OrderClosed
