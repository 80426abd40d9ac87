"""Until when an order can be paid, and whether its client may leave it."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from bot.domain.payments.money import Money
from bot.domain.payments.orders import LIFE, LineKind, Order, OrderLine, OrderState

AT = datetime(2026, 12, 1, 9, 0, tzinfo=UTC)
FEE = OrderLine(LineKind.FEE, Money(2000, "EUR"))
ORDER = Order(1, 1, OrderState.OPEN, FEE.amount, (replace(FEE, kind=LineKind.PACKAGE),), AT)


@pytest.mark.parametrize(
    ("state", "unpaid", "left", "late"),
    [
        (OrderState.OPEN, True, True, False),
        (OrderState.OWED, True, False, True),
        (OrderState.PAID, False, False, False),
        (OrderState.CLOSED, False, False, False),
    ],
)
def test_what_is_open_ends_and_what_is_owed_does_not(
    state: OrderState, unpaid: bool, left: bool, late: bool
) -> None:  # fmt: skip
    order = replace(ORDER, state=state, lines=(FEE,) if state is OrderState.OWED else ORDER.lines)
    assert (order.is_unpaid, order.can_be_left) == (unpaid, left)
    assert (order.can_be_paid(AT), order.can_be_paid(AT + LIFE)) == (unpaid, late)
    assert order.can_be_paid(AT + LIFE - timedelta(seconds=1)) is unpaid
