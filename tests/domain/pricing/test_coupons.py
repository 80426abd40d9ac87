"""A coupon: which settings can stand together, and for whom it counts."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from bot.domain.payments.money import Money
from bot.domain.payments.provider import ChargeLimits
from bot.domain.pricing.coupons import (
    Coupon,
    CouponMistake,
    CouponState,
    NotCounted,
    Uses,
    as_code,
    is_for,
    mistake,
    not_counted,
    price_after,
)
from bot.domain.pricing.discounts import Discount

NOW = datetime(2026, 12, 1, 9, 0, tzinfo=UTC)
PRICE = Money(4500, "EUR")
COUPON = Coupon(code="SPRING-20", discount=Discount(percent=20))
NEVER = Uses(0, 0, bought=False)


@pytest.mark.parametrize(
    ("changed", "expected"),
    [
        ({}, None),
        ({"code": "AB"}, CouponMistake.CODE),
        ({"code": "SPRING 20"}, CouponMistake.CODE),
        ({"code": "spring"}, CouponMistake.CODE),
        ({"code": "20-OFF"}, CouponMistake.CODE),
        ({"code": "A" * 21}, CouponMistake.CODE),
        ({"discount": Discount()}, CouponMistake.PERCENT),
        ({"discount": Discount(20, Money(100, "EUR"))}, CouponMistake.PERCENT),
        ({"discount": Discount(percent=0)}, CouponMistake.PERCENT),
        ({"discount": Discount(percent=101)}, CouponMistake.PERCENT),
        ({"discount": Discount(percent=100)}, None),
        ({"discount": Discount(amount=Money(1000, "EUR"))}, None),
        ({"discount": Discount(amount=Money(0, "EUR"))}, CouponMistake.AMOUNT),
        ({"discount": Discount(amount=Money(1000, "USD"))}, CouponMistake.AMOUNT),
        ({"most_uses": 0}, CouponMistake.USES),
        ({"most_per_client": 10_000}, CouponMistake.USES),
        ({"most_uses": 2, "most_per_client": 3}, CouponMistake.PER_CLIENT),
        ({"most_uses": 2, "most_per_client": None}, None),
        ({"first_purchase_only": True}, None),
        ({"first_purchase_only": True, "most_per_client": 2}, CouponMistake.FIRST_ONCE),
        ({"first_purchase_only": True, "most_per_client": None}, CouponMistake.FIRST_ONCE),
        ({"until": NOW}, CouponMistake.UNTIL),
        ({"until": NOW + timedelta(seconds=1)}, None),
        ({"offer_ids": (), "package_ids": ()}, CouponMistake.NOTHING),
        ({"offer_ids": (), "package_ids": None}, None),
    ],
)
def test_settings_that_exclude_each_other(changed: dict[str, Any], expected: CouponMistake | None) -> None:
    assert mistake(replace(COUPON, **changed), "EUR", NOW) is expected


@pytest.mark.parametrize(
    ("changed", "uses", "expected"),
    [
        ({}, NEVER, None),
        ({"state": CouponState.STOPPED}, NEVER, NotCounted.UNKNOWN),
        ({"until": NOW}, NEVER, NotCounted.OVER),
        ({"until": NOW + timedelta(seconds=1)}, NEVER, None),
        ({}, Uses(7, 1, bought=True), NotCounted.USED),
        ({"most_per_client": None}, Uses(7, 5, bought=True), None),
        ({"most_uses": 8}, Uses(7, 0, bought=False), None),
        ({"most_uses": 7}, Uses(7, 0, bought=False), NotCounted.USED_UP),
        ({"first_purchase_only": True}, Uses(0, 0, bought=True), NotCounted.NOT_FIRST),
        ({"discount": Discount(amount=Money(100, "USD"))}, NEVER, NotCounted.CURRENCY),
    ],
)
def test_for_whom_it_counts(changed: dict[str, Any], uses: Uses, expected: NotCounted | None) -> None:
    assert not_counted(replace(COUPON, **changed), PRICE, uses, NOW, covered=True) is expected


def test_it_counts_for_what_it_is_for_and_where_there_is_something_to_pay() -> None:
    assert not_counted(COUPON, PRICE, NEVER, NOW, covered=False) is NotCounted.NOT_FOR_THIS
    assert not_counted(COUPON, Money(0, "EUR"), NEVER, NOW, covered=True) is NotCounted.FREE
    assert is_for(None, 3)
    assert is_for((3,), 3)
    assert not is_for((), 3)


def test_a_code_is_read_as_people_type_it() -> None:
    assert as_code(" spring-20 ") == as_code("Spring -20") == "SPRING-20"


def test_the_price_with_it_is_one_that_can_be_charged() -> None:
    assert price_after(COUPON, PRICE, ChargeLimits(50, 10**8)) == Money(3600, "EUR")
    assert price_after(COUPON, Money(60, "EUR"), ChargeLimits(50, 10**8)) == Money(0, "EUR")
    assert price_after(COUPON, Money(60, "EUR"), None) == Money(48, "EUR")
