"""A coupon on a held time: the price before paying, and one use of it, however often it is paid."""

import asyncio

import pytest
import sqlalchemy as sa

from bot.domain.bookings.bookings import BookingState
from bot.domain.payments.money import Money
from bot.domain.pricing.coupons import NotCounted
from bot.domain.pricing.discounts import Discount
from bot.domain.refusals import Code, Done, Refusal
from bot.services.payments.receipts.receipts import Receipts
from storage import tables
from tests.services.bare_practice import CLIENT, OWNER, done, refused
from tests.services.paid_practice import PaidPractice
from tests.services.payments.till import Till
from tests.services.selling_practice import guest


@pytest.fixture
def till(paid_practice: PaidPractice) -> Till:
    return Till(paid_practice)


async def test_coupon(till: Till) -> None:
    """The page at the provider asks for the reduced price, and its use counts once, however often that is told."""
    await till.coupon(most_uses=1)
    held = await till.held()
    first = await till.practice.page(held)
    booking = await till.taken(held)
    assert booking.terms.price == Money(3600, "EUR")
    assert await till.uses() == 1
    assert await till.asked(booking) == 3600
    assert (await till.practice.payment(first.id)).state.value == "closed"
    page = await till.practice.page(booking)
    await till.practice.pays(page)
    await till.practice.heard()
    confirmed = await till.practice.found(held.id)
    assert (confirmed.state, confirmed.paid) == (BookingState.CONFIRMED, Money(3600, "EUR"))
    await till.practice.sweep(minutes=40)
    assert await till.uses() == 1
    assert await till.acts() == ["coupon.created", "coupon.reserved", "coupon.used"]
    assert (await till.practice.ledger(held.id))[0] == ("charge", "ch", 3600)


async def test_the_last_use_is_reserved_at_the_hold_and_freed_with_it(till: Till) -> None:
    await till.coupon(most_uses=1)
    one, other = await till.held(), await till.held(1, guest(1))
    await till.taken(one)
    assert refused(await till.enters(other, guest(1)), Code.COUPON).reason == NotCounted.USED_UP
    act = await till.practice.act(CLIENT, till.practice.now())
    done(await till.practice.bookings.release(act, one.id, (await till.practice.found(one.id)).version))
    assert await till.uses() == 0
    await till.taken(other, guest(1))
    assert await till.uses() == 1
    assert (await till.acts())[1:] == ["coupon.reserved", "coupon.freed", "coupon.reserved"]


async def test_two_at_once_for_one_last_use_and_one_has_it(till: Till) -> None:
    await till.coupon(most_uses=1)
    held = [await till.held(number, guest(number)) for number in range(4)]
    answers = await asyncio.gather(*(till.enters(each, guest(number)) for number, each in enumerate(held)))
    assert sum(isinstance(answer, Done) for answer in answers) == 1
    assert {refused(each, Code.COUPON).reason for each in answers if isinstance(each, Refusal)} == {NotCounted.USED_UP}
    assert await till.uses() == 1


async def test_nothing_is_left_to_pay_and_so_there_is_no_page(till: Till) -> None:
    """44.80 off 45.00 leaves less than can be charged."""
    await till.coupon(Discount(amount=Money(4480, "EUR")))
    held = await till.held()
    await till.practice.page(held)
    booking = await till.taken(held)
    assert (booking.state, booking.terms.price, booking.paid) == (
        BookingState.CONFIRMED, Money(0, "EUR"), Money(0, "EUR"),
    )  # fmt: skip
    assert await till.uses() == 1
    [receipt] = await Receipts(till.practice.storage, "").of(held.subject)
    assert (receipt.receipt.number, receipt.receipt.total) == ("R-00001", Money(0, "EUR"))
    assert await till.practice.payments.ready(held.id, till.practice.now()) is None
    await till.practice.sweep(minutes=1)
    assert await till.practice.states(tables.payments) == ["closed"]
    await till.practice.cancel(held.id)
    assert await till.practice.states(tables.refunds) == []
    assert await till.uses() == 1


async def test_money_that_comes_late_is_what_was_told_and_counts(till: Till) -> None:
    await till.coupon(most_uses=1)
    await till.practice.silence()
    booking = await till.taken(await till.held())
    page = await till.practice.page(booking)
    await till.practice.pays(page)
    await till.practice.sweep(minutes=16)
    found = await till.practice.found(booking.id)
    assert (found.state, found.paid) == (BookingState.CONFIRMED, Money(3600, "EUR"))
    assert await till.uses() == 1


async def test_who_paid_the_whole_price_meanwhile_has_the_session_and_the_coupon(till: Till) -> None:
    """Their page was paid as they entered the code."""
    await till.coupon(most_uses=1)
    await till.practice.silence()
    held = await till.held()
    await till.practice.pays(await till.practice.page(held))
    await till.taken(held)
    assert await till.practice.payments.ready(held.id, till.practice.now()) is None
    found = await till.practice.found(held.id)
    assert (found.state, found.paid, found.terms.price) == (
        BookingState.CONFIRMED, Money(4500, "EUR"), Money(4500, "EUR"),
    )  # fmt: skip
    assert await till.uses() == 0
    assert sorted(await till.practice.states(tables.orders)) == ["closed", "paid"]


async def test_a_first_purchase_stays_the_first_unless_the_practice_cancels(till: Till) -> None:
    await till.coupon(first_purchase_only=True)
    booking = await till.taken(await till.held())
    await till.practice.pays(await till.practice.page(booking))
    await till.practice.heard()
    await till.practice.cancel(booking.id)
    assert await till.uses() == 1
    again = await till.held(1)
    assert refused(await till.enters(again), Code.COUPON).reason == NotCounted.USED
    other = await till.taken(await till.held(2, guest(1)), guest(1))
    await till.practice.pays(await till.practice.page(other))
    await till.practice.heard()
    assert await till.uses() == 2
    await till.practice.cancel(other.id, OWNER)
    assert await till.uses() == 1
    assert (await till.acts())[-2:] == ["coupon.used", "coupon.freed"]
    assert (await till.taken(await till.held(3, guest(1)), guest(1))).terms.price == Money(3600, "EUR")


async def test_what_does_not_count_changes_nothing(till: Till) -> None:
    await till.coupon(offer_ids=(till.practice.free.id,))
    held = await till.held()
    assert refused(await till.enters(held), Code.COUPON).reason == NotCounted.NOT_FOR_THIS
    assert refused(await till.enters(held, code="WINTER"), Code.COUPON).reason == NotCounted.UNKNOWN
    assert refused(await till.enters(held, code="'; DROP"), Code.COUPON).reason == NotCounted.UNKNOWN
    assert isinstance(await till.enters(held, guest(1)), Refusal)
    assert await till.practice.found(held.id) == held
    assert await till.uses() == 0


async def test_one_code_counts_and_codes_are_not_tried_for_long(till: Till) -> None:
    await till.coupon(most_per_client=5)
    booking = await till.taken(await till.held())
    assert refused(await till.enters(booking), Code.COUPON).reason == NotCounted.ANOTHER
    for _wrong in range(4):
        refused(await till.enters(booking, code="GUESS"), Code.COUPON)
    refused(await till.enters(booking, code="GUESS"), Code.LIMIT)


@pytest.mark.parametrize(("table", "column"), [(tables.coupons, "state"), (tables.redemptions, "currency")])
async def test_a_coupon_that_cannot_be_read_is_in_nobodys_way_to_pay(till: Till, table: sa.Table, column: str) -> None:
    await till.coupon()
    booking = await till.taken(await till.held())
    broken = sa.update(table).values({column: "no-such/word"})
    await till.practice.storage.write(lambda tx: tx.execute(broken))
    found, takes_code = await till.counter.of_order(booking.order_id)
    assert found is None or found.before.amount == 4500
    assert not takes_code
    await till.practice.pays(await till.practice.page(booking))
    await till.practice.heard()
    assert (await till.practice.found(booking.id)).state is BookingState.CONFIRMED
    await till.practice.cancel(booking.id, OWNER)
    assert await till.uses() == 0
