"""The examples of `bot/domain/credits/in_place.py`, worked out."""

from datetime import UTC, datetime, timedelta

from bot.domain.credits.in_place import Instead, Kept, pairs
from bot.domain.payments.money import Money

NOW, HOUR = datetime(2027, 1, 1, 12, tzinfo=UTC), timedelta(hours=1)
PRICE = Money(4500, "EUR")


def kept(refund: int, payment: int, *, at: datetime = NOW, at_once: bool = False) -> Kept:
    return Kept(frozenset({refund}), frozenset({payment}), frozenset({7}), PRICE, at, at_once)


def credit(grant: int, at: datetime = NOW + HOUR, order: int = 7, price: Money = PRICE) -> Instead:
    return Instead(grant, order, price, at)


def named(money: list[Kept], instead: list[Instead]) -> dict[int, int]:
    return {refund: grant for each, grant in pairs(money, instead) for refund in each.refund_ids}


def test_where_there_is_one_it_is_that_one() -> None:
    assert named([kept(1, 1)], [credit(3)]) == {1: 3}
    assert named([kept(1, 1, at_once=True)], [credit(3), credit(4, NOW)]) == {1: 4}
    others = [credit(3, NOW - HOUR), credit(4, order=8), credit(5, price=Money(4400, "EUR"))]
    assert named([kept(1, 1)], others) == {}


def test_of_one_payment_it_is_one_each() -> None:
    assert named([kept(1, 1), kept(2, 1)], [credit(3), credit(4)]) == {1: 3, 2: 4}
    assert named([kept(1, 1), kept(2, 1)], [credit(3)]) == {}


def test_of_two_payments_nobody_can_say() -> None:
    assert named([kept(1, 1), kept(2, 2)], [credit(3), credit(4)]) == {}


def test_what_was_given_before_the_money_came_was_not_for_it() -> None:
    late = NOW + 2 * HOUR
    assert named([kept(1, 1), kept(2, 2, at=late)], [credit(3), credit(4, late)]) == {1: 3, 2: 4}
