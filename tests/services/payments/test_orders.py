"""Orders: what is paid once, what goes back, and who is told. Cases in which somebody could lose have their names."""

from datetime import timedelta

import sqlalchemy as sa

from bot.domain.bookings.bookings import Booking, BookingState
from bot.domain.bookings.changes import Change
from bot.domain.bookings.cover import Cover
from bot.domain.payments.money import Money
from bot.domain.payments.orders import LineKind, Order, OrderLine, OrderPaid, OrderState
from bot.domain.payments.payments import Payment
from bot.domain.records import Cause
from bot.domain.refusals import Code, Refusal
from bot.services.payments import orders_tx, sales
from bot.services.payments.settle_payment import apply_checkout
from bot.services.reactions import react
from storage import tables
from storage.engine import Tx
from storage.payments import orders
from tests.services.bare_practice import CLIENT, made, refused
from tests.services.paid_practice import PaidPractice

FIVE = OrderLine(LineKind.PACKAGE, Money(20000, "EUR"), name="5 sessions")


async def buys(practice: PaidPractice, *lines: OrderLine, hold: Booking | None = None) -> Order:
    """The client asks for something that is no session."""
    found = await asks(practice, *lines, hold=hold)
    assert isinstance(found, Order), found
    return found


async def asks(practice: PaidPractice, *lines: OrderLine, hold: Booking | None = None) -> Order | Refusal:
    person, cause = await practice.meet(CLIENT, practice.now()), Cause(None, "telegram", practice.now())
    return await practice.storage.write(
        lambda tx: orders_tx.open_order(tx, react, person.id, lines or (FIVE,), cause, hold=hold)
    )


async def page_of(practice: PaidPractice, order: Order) -> Payment:
    page = await practice.payments.ready_order(order.id, practice.now())
    assert page is not None
    return page


async def order(practice: PaidPractice, order_id: int | None) -> Order:
    assert order_id is not None
    found = await practice.storage.read(lambda tx: orders.find(tx, order_id))
    assert found is not None
    return found


async def movements(practice: PaidPractice) -> list[tuple[str, int, int | None]]:
    """(kind, amount, order) of everything but fees."""
    row = tables.transactions.c
    query = sa.select(row.kind, row.amount, row.order_id).where(row.kind != "fee").order_by(row.id)
    return [tuple(each) for each in await practice.storage.read(lambda tx: tx.execute(query).all())]


async def test_a_hold_opens_its_order_which_is_paid_with_it(paid_practice: PaidPractice) -> None:
    booking = await paid_practice.hold((await paid_practice.starts())[-1])
    opened = await order(paid_practice, booking.order_id)
    assert (opened.state, opened.amount, opened.person_id) == (OrderState.OPEN, Money(4500, "EUR"), booking.person_id)
    assert opened.lines == (OrderLine(LineKind.SESSION, Money(4500, "EUR"), booking.subject),)
    page = await paid_practice.page(booking)
    assert (page.order_id, page.subject, booking.cover) == (opened.id, booking.subject, Cover.ORDER)
    await paid_practice.pays(page)
    await paid_practice.heard()
    paid = await order(paid_practice, booking.order_id)
    assert (paid.state, paid.paid_at is not None) == (OrderState.PAID, True)
    await paid_practice.cancel(booking.id)
    await paid_practice.sweep(seconds=1)
    assert await movements(paid_practice) == [("charge", 4500, opened.id), ("refund", -4500, opened.id)]
    refund = sa.select(tables.refunds.c.order_id, tables.refunds.c.subject)
    [named] = await paid_practice.storage.read(lambda tx: tx.execute(refund).all())
    assert tuple(named) == (opened.id, f"booking:{booking.id}")


async def test_an_order_ends_with_its_hold(paid_practice: PaidPractice) -> None:
    first, second, *_more = (await paid_practice.starts())[::4]
    left = await paid_practice.hold(first)
    other = await paid_practice.hold(second)
    assert (await order(paid_practice, left.order_id)).state is OrderState.CLOSED
    assert (await order(paid_practice, other.order_id)).state is OrderState.OPEN
    await paid_practice.sweep(minutes=15, seconds=1)
    assert (await order(paid_practice, other.order_id)).state is OrderState.CLOSED


async def test_a_free_session_has_no_order(paid_practice: PaidPractice) -> None:
    booking = await paid_practice.book((await paid_practice.starts())[0])
    assert (booking.cover, booking.order_id) == (Cover.FREE, None)
    assert await paid_practice.count(tables.orders) == 0


async def test_what_follows_from_a_paid_order_comes_once_and_before_the_hold_that_waits_for_it(
    paid_practice: PaidPractice,
) -> None:
    """A package that is bought for a time which is held: its page closes with the hold, and paid it books the time."""
    held = await paid_practice.hold((await paid_practice.starts())[0])
    refused(await asks(paid_practice), Code.YOURS)
    bought = await buys(paid_practice, hold=held)
    waiting = await paid_practice.found(held.id)
    assert (waiting.order_id, waiting.cover, waiting.hold_ends) == (bought.id, Cover.CREDIT, held.hold_ends)
    page = await page_of(paid_practice, bought)
    seen: list[tuple[str, str]] = []

    def watch(tx: Tx, change: Change) -> None:
        state = tx.execute(sa.select(tables.bookings.c.state).where(tables.bookings.c.id == held.id)).scalar_one()
        seen.append((type(change).__name__, state))
        assert not tx.execute(sa.select(tables.receipts.c.id)).all(), "its number is the last lock"
        react(tx, change)

    assert page.checkout_ref is not None
    await paid_practice.silence()
    await paid_practice.pays(page)
    checkout = await paid_practice.provider.find(page.checkout_ref)
    assert checkout is not None
    cause = Cause(None, "stripe", paid_practice.now())
    for _time in range(2):
        await paid_practice.storage.write(lambda tx: apply_checkout(tx, watch, checkout, cause))
    assert seen == [(OrderPaid.__name__, "held"), ("Confirmed", "confirmed")]
    assert (await paid_practice.found(held.id)).state is BookingState.CONFIRMED


async def test_the_page_of_what_waits_for_a_hold_closes_with_it(paid_practice: PaidPractice) -> None:
    held = await paid_practice.hold((await paid_practice.starts())[0])
    bought = await buys(paid_practice, hold=held)
    page = await page_of(paid_practice, bought)
    await paid_practice.sweep(minutes=15, seconds=1)
    assert paid_practice.sandbox.account.sessions[page.checkout_ref or ""].status == "expired"
    assert (await paid_practice.found(held.id)).state is BookingState.EXPIRED
    assert (await order(paid_practice, bought.id)).state is OrderState.CLOSED


async def test_an_order_without_a_hold_ends_by_itself(paid_practice: PaidPractice) -> None:
    opened = await buys(paid_practice)
    page = await page_of(paid_practice, opened)
    await paid_practice.sweep(minutes=20)
    assert (await order(paid_practice, opened.id)).state is OrderState.OPEN
    for _tick in range(3):
        await paid_practice.sweep(minutes=13)
    assert paid_practice.sandbox.account.sessions[page.checkout_ref or ""].status == "expired"
    assert (await order(paid_practice, opened.id)).state is OrderState.CLOSED
    assert set(await paid_practice.states(tables.payments)) == {"closed"}


async def test_one_that_was_left_and_paid_all_the_same_is_paid(paid_practice: PaidPractice) -> None:
    """A package stands whenever its money comes: it is never given back unasked."""
    opened = await buys(paid_practice)
    page = await page_of(paid_practice, opened)
    paid_practice.sandbox.faults.add("/v1/*", "status", status=503, times=1000)
    act = await paid_practice.act(CLIENT, paid_practice.now())
    made(await paid_practice.payments.give_up(act, opened.id))
    assert (await order(paid_practice, opened.id)).state is OrderState.CLOSED
    paid_practice.sandbox.faults.clear()
    await paid_practice.pays(page)
    await paid_practice.heard()
    assert (await order(paid_practice, opened.id)).state is OrderState.PAID
    assert await paid_practice.states(tables.refunds) == []


async def test_a_hold_takes_the_place_of_an_order_that_was_open(paid_practice: PaidPractice) -> None:
    opened = await buys(paid_practice)
    page = await page_of(paid_practice, opened)
    booking = await paid_practice.hold((await paid_practice.starts())[0])
    await paid_practice.sweep(seconds=1)
    assert (await order(paid_practice, opened.id)).state is OrderState.CLOSED
    assert (await order(paid_practice, booking.order_id)).state is OrderState.OPEN
    assert paid_practice.sandbox.account.sessions[page.checkout_ref or ""].status == "expired"


async def test_a_sale_stands_as_long_as_it_can_be_paid(paid_practice: PaidPractice) -> None:
    opened = await buys(paid_practice)
    sale = await paid_practice.payments.sale(opened.id)
    assert sale == sales.Sale(opened)
    assert sale.stands(opened.ends - timedelta(seconds=1))
    assert not sale.stands(opened.ends)
