"""What processes of before there were orders left behind gets its order: by the upkeep, or whoever meets it first."""

from functools import partial

import sqlalchemy as sa

from bot.domain.bookings.bookings import Booking, BookingState
from bot.domain.bookings.cover import Cover
from bot.domain.payments.orders import LineKind, Order, OrderState
from storage import tables
from storage.engine import Tx
from storage.payments import carried_orders, orders
from tests.services.bare_practice import CLIENT, made
from tests.services.paid_practice import PaidPractice
from tests.services.selling_practice import guest


def forget_order(tx: Tx, booking: Booking) -> None:
    """As a process of before wrote it."""
    mine = tables.payments.c.booking_id == booking.id
    paid = sa.select(tables.payments.c.id).where(mine)
    refunds = sa.update(tables.refunds).where(tables.refunds.c.payment_id.in_(paid))
    tx.execute(refunds.values(order_id=None, subject=None))
    tx.execute(sa.update(tables.payments).where(mine).values(order_id=None))
    # The order that it got here is nobody's: the bot may remove none.
    line = sa.update(tables.order_lines).where(tables.order_lines.c.order_id == booking.order_id)
    tx.execute(line.values(subject=None))
    tx.execute(sa.update(tables.orders).where(tables.orders.c.id == booking.order_id).values(state="closed"))
    tx.execute(sa.update(tables.bookings).where(tables.bookings.c.id == booking.id).values(order_id=None, cover=None))


async def of_before(practice: PaidPractice, booking: Booking) -> Booking:
    await practice.storage.write(partial(forget_order, booking=booking))
    return await practice.found(booking.id)


async def carries(practice: PaidPractice, most: int = 500) -> list[int]:
    return [await practice.storage.write(partial(step, limit=most)) for step in carried_orders.STEPS]


async def order_of(practice: PaidPractice, booking_id: int) -> Order:
    booking = await practice.found(booking_id)
    assert booking.order_id is not None
    found = await practice.storage.read(lambda tx: orders.find(tx, booking.order_id or 0))
    assert found is not None
    return found


async def test_the_upkeep_gives_each_its_order_part_by_part(paid_practice: PaidPractice) -> None:
    third, second, first = (await paid_practice.starts())[-1:-10:-4]
    paid = await paid_practice.hold(first)
    await paid_practice.pays(await paid_practice.page(paid))
    await paid_practice.heard()
    await paid_practice.cancel(paid.id)
    left = await paid_practice.hold(second)
    made(await paid_practice.bookings.release(await paid_practice.act(CLIENT), left.id, left.version))
    held = await paid_practice.hold(third)
    before = [await of_before(paid_practice, each) for each in (paid, left, held)]
    assert [(each.order_id, each.cover) for each in before] == [(None, Cover.ORDER)] * 3
    assert [await carries(paid_practice, 2) for _part in range(2)] == [[2, 0, 0], [1, 0, 0]]
    found = [await order_of(paid_practice, each.id) for each in before]
    assert [each.state for each in found] == [OrderState.PAID, OrderState.CLOSED, OrderState.OPEN]
    assert all(each.lines[0].subject == booking.subject for each, booking in zip(found, before, strict=True))
    assert {each.lines[0].kind for each in found} == {LineKind.SESSION}
    assert await paid_practice.storage.read(_names) == (
        [each.id for each in found], [(found[0].id, f"booking:{paid.id}")],
    )  # fmt: skip
    assert await carries(paid_practice) == [0, 0, 0]


async def test_one_that_is_paid_before_the_upkeep_came(paid_practice: PaidPractice) -> None:
    held = await of_before(paid_practice, await paid_practice.hold((await paid_practice.starts())[-1]))
    await paid_practice.pays(await paid_practice.page(held))
    await paid_practice.heard()
    assert (await paid_practice.found(held.id)).state is BookingState.CONFIRMED
    order = await order_of(paid_practice, held.id)
    assert (order.state, order.amount) == (OrderState.PAID, held.terms.price)
    await paid_practice.cancel(held.id)
    await paid_practice.sweep(seconds=1)
    assert await paid_practice.states(tables.refunds) == ["succeeded"]


async def test_a_refund_that_a_process_of_before_made_is_read_by_its_payment(paid_practice: PaidPractice) -> None:
    booking = await paid_practice.hold((await paid_practice.starts())[-1])
    await paid_practice.pays(await paid_practice.page(booking))
    await paid_practice.heard()
    await paid_practice.cancel(booking.id)
    without = sa.update(tables.refunds).values(order_id=None, subject=None)
    await paid_practice.storage.write(lambda tx: tx.execute(without))
    found = await paid_practice.payments.refund(booking.subject, 1)
    assert found is not None
    assert (found.order_id, found.subject) == (booking.order_id, booking.subject)
    assert await carries(paid_practice) == [0, 1, 0]
    assert await paid_practice.payments.refund(booking.subject, 1) == found


async def test_an_order_whose_hold_a_process_of_before_ended_is_in_nobodys_way(paid_practice: PaidPractice) -> None:
    third, second, first = (await paid_practice.starts())[-1:-10:-4]
    booking = await paid_practice.hold(first)
    other = await paid_practice.hold(second, guest(1))
    ended = sa.update(tables.bookings).where(tables.bookings.c.id.in_((booking.id, other.id)))
    await paid_practice.storage.write(lambda tx: tx.execute(ended.values(state="cancelled", ended_by="client")))
    await paid_practice.hold(third)
    assert (await order_of(paid_practice, booking.id)).state is OrderState.CLOSED
    assert await carries(paid_practice) == [0, 0, 1]
    assert (await order_of(paid_practice, other.id)).state is OrderState.CLOSED


def _names(tx: Tx) -> tuple[list[int], list[tuple[int, str]]]:
    payment, refund = tables.payments.c, tables.refunds.c
    paid = list(tx.execute(sa.select(payment.order_id).order_by(payment.id)).scalars())
    return paid, [tuple(each) for each in tx.execute(sa.select(refund.order_id, refund.subject)).all()]
