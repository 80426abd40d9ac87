"""A coupon for a package that waits to be paid: the reduced price, and one use of it, however often it is paid."""

import asyncio

import pytest

from bot.domain.bookings.bookings import BookingState
from bot.domain.bookings.cover import Cover
from bot.domain.payments.money import Money
from bot.domain.payments.orders import OrderState
from bot.domain.payments.payments import Payment
from bot.domain.pricing.coupons import NotCounted
from bot.domain.pricing.discounts import Discount
from bot.domain.refusals import Code, Done, Refusal
from storage import tables
from tests.services.bare_practice import OWNER, made, refused
from tests.services.paid_practice import PaidPractice
from tests.services.payments.till import Till
from tests.services.selling_practice import guest


@pytest.fixture
def till(paid_practice: PaidPractice) -> Till:
    return Till(paid_practice)


async def page_of(till: Till, order_id: int) -> Payment:
    page = await till.practice.payments.ready_order(order_id, till.practice.now())
    assert page is not None
    return page


async def test_a_package_costs_less_and_its_order_ends_when_it_would_have(till: Till) -> None:
    await till.coupon(package_ids=None)
    before = await till.asked_for_package()
    order_id = made(await till.enters_for(before))
    after = await till.order(order_id)
    assert (after.amount, after.state, after.ends) == (Money(16200, "EUR"), OrderState.OPEN, before.ends)
    assert (await till.order(before.id)).state is OrderState.CLOSED
    page = await till.practice.payments.ready_order(order_id, till.practice.now())
    assert page is not None
    assert page.amount == Money(16200, "EUR")
    await till.practice.pays(page)
    await till.practice.heard()
    assert (await till.order(order_id)).state is OrderState.PAID
    assert await till.uses() == 1


async def test_a_package_that_a_hold_waits_for_keeps_it_waiting(till: Till) -> None:
    await till.coupon(package_ids=None)
    hold = await till.held()
    before = await till.asked_for_package(hold)
    order_id = made(await till.enters_for(before))
    waiting = await till.practice.found(hold.id)
    assert (waiting.order_id, waiting.cover, waiting.state) == (order_id, Cover.CREDIT, BookingState.HELD)


async def test_who_paid_the_whole_price_of_a_package_meanwhile_has_it_once(till: Till) -> None:
    await till.coupon(package_ids=None)
    await till.practice.silence()
    before = await till.asked_for_package()
    page = await till.practice.payments.ready_order(before.id, till.practice.now())
    assert page is not None
    await till.practice.pays(page)
    order_id = made(await till.enters_for(before))
    await till.practice.sweep(minutes=1)
    assert ((await till.order(before.id)).state, (await till.order(order_id)).state) == (
        OrderState.PAID, OrderState.CLOSED,
    )  # fmt: skip
    assert await till.uses() == 0
    assert await till.practice.states(tables.refunds) == []


async def test_a_package_for_nothing_is_had_at_once(till: Till) -> None:
    await till.coupon(Discount(percent=100), package_ids=None)
    order_id = made(await till.enters_for(await till.asked_for_package()))
    assert (await till.order(order_id)).state is OrderState.PAID
    assert await till.practice.payments.ready_order(order_id, till.practice.now()) is None


async def test_a_coupon_for_offers_is_none_for_packages(till: Till) -> None:
    await till.coupon()
    before = await till.asked_for_package()
    assert refused(await till.enters_for(before), Code.COUPON).reason == NotCounted.NOT_FOR_THIS
    assert await till.order(before.id) == before


async def test_many_at_once_whom_no_coach_keeps_apart_and_one_has_the_last_use(till: Till) -> None:
    """What they buy is a package, so the lock of the coupon alone stands between them."""
    await till.coupon(most_uses=3, package_ids=None)
    those = [guest(number) for number in range(12)]
    asked = [await till.asked_for_package(who=who) for who in those]
    entering = (till.enters_for(order, who) for order, who in zip(asked, those, strict=True))
    answers = await asyncio.gather(*entering)
    assert sum(isinstance(answer, Done) for answer in answers) == 3
    assert {refused(each, Code.COUPON).reason for each in answers if isinstance(each, Refusal)} == {NotCounted.USED_UP}
    assert await till.uses() == 3


@pytest.mark.parametrize("percent", [20, 100])
async def test_bundle_paid_twice(till: Till, percent: int) -> None:
    """Once for less or for nothing, and once for all of it on the page of before: the second goes back whole."""
    await till.coupon(Discount(percent=percent), package_ids=None)
    await till.practice.silence()
    before = await till.asked_for_package()
    pages = [await page_of(till, before.id)]
    order_id = made(await till.enters_for(before))
    if percent < 100:
        pages.append(await page_of(till, order_id))
    for page in pages:
        await till.practice.pays(page)
    await till.practice.sweep(minutes=1)
    assert sorted(await till.practice.states(tables.orders)) == ["closed", "paid"]
    assert await till.practice.count(tables.grants) == 1
    refused_ones = [each for each in await till.practice.states(tables.payments) if each == "refused"]
    assert len(refused_ones) == len(await till.practice.states(tables.refunds)) == 1


async def test_a_session_that_the_practice_cancels_leaves_the_coupon_of_its_package_used(till: Till) -> None:
    await till.coupon(package_ids=None)
    held = await till.held()
    order_id = made(await till.enters_for(await till.asked_for_package(held)))
    await till.practice.pays(await page_of(till, order_id))
    await till.practice.heard()
    booked = await till.practice.found(held.id)
    assert (booked.state, booked.credit is not None) == (BookingState.CONFIRMED, True)
    await till.practice.cancel(booked.id, OWNER)
    assert await till.uses() == 1
