"""Several sessions planned at once and paid together: one order, one payment, one end of the hold."""

import pytest

from bot.domain.bookings.bookings import Booking, BookingState
from bot.domain.payments.money import Money
from bot.domain.payments.orders import LineKind, Order, OrderLine, OrderState
from bot.domain.payments.payments import Payment, PaymentState
from bot.domain.plans.rhythm import Rhythm
from bot.domain.records import Cause
from bot.domain.refusals import TOGETHER, Code
from bot.services.bookings import booking_changes, hold_expiry
from bot.services.bookings.bookings import Quote
from bot.services.payments import orders_tx
from bot.services.reactions import react
from storage import tables
from storage.bookings import on_order
from storage.engine import Tx
from storage.payments import orders
from tests.services.bare_practice import CLIENT, OWNER, done, made, refused
from tests.services.paid_practice import PaidPractice
from tests.services.plans.planning_practice import Planning
from tests.services.selling_practice import guest


@pytest.fixture
def planning(paid_practice: PaidPractice) -> Planning:
    return Planning(paid_practice)


async def asked(planning: Planning) -> tuple[int, list[Booking]]:
    """The order that asks for five sessions, which are held."""
    order_id = made(await planning.books(planning.plan()))
    return order_id, await planning.practice.storage.read(lambda tx: on_order.of_order(tx, order_id))


async def page_of(planning: Planning, order_id: int) -> Payment:
    assert isinstance(planning.practice, PaidPractice)
    page = await planning.practice.payments.ready_order(order_id, planning.now())
    assert page is not None
    return page


async def now_on(planning: Planning, order_id: int) -> list[Booking]:
    return await planning.practice.storage.read(lambda tx: on_order.of_order(tx, order_id))


async def test_one_payment_confirms_all(planning: Planning, paid_practice: PaidPractice) -> None:
    order_id, held = await asked(planning)
    order = await paid_practice.storage.read(lambda tx: orders.find(tx, order_id))
    assert order is not None
    assert [line.kind for line in order.lines] == [LineKind.SESSION] * 5
    assert (order.amount.amount, order.sessions) == (5 * 4500, [each.id for each in held])
    assert len({each.hold_ends for each in held}) == 1
    page = await page_of(planning, order_id)
    await paid_practice.pays(page)
    await paid_practice.heard()
    booked = await now_on(planning, order_id)
    assert [(each.state, each.paid.amount) for each in booked] == [(BookingState.CONFIRMED, 4500)] * 5
    assert await paid_practice.states(tables.payments) == ["accepted"]
    assert len(await paid_practice.notices("planned")) == 2
    assert await paid_practice.notices("booked") + await paid_practice.notices("order-paid") == []
    await paid_practice.cancel(booked[1].id)
    await paid_practice.sweep(seconds=1)
    assert [each.paid.amount for each in await now_on(planning, order_id)] == [4500, 0, 4500, 4500, 4500]
    assert await paid_practice.count(tables.receipts) == 2


async def test_the_hold_ends_for_all_of_them(planning: Planning, paid_practice: PaidPractice) -> None:
    order_id, _held = await asked(planning)
    await page_of(planning, order_id)
    paid_practice.advance(minutes=11)
    assert await hold_expiry.warn(paid_practice.storage, paid_practice.now()) == 1
    assert len(await paid_practice.notices("hold-ending")) == 1
    await paid_practice.sweep(minutes=5)
    await paid_practice.sweep(minutes=3)
    assert [each.state for each in await now_on(planning, order_id)] == [BookingState.EXPIRED] * 5
    assert len(await paid_practice.notices("hold-ended")) == 1
    order = await paid_practice.storage.read(lambda tx: orders.find(tx, order_id))
    assert order is not None
    assert order.state.value == "closed"
    assert set(await paid_practice.states(tables.payments)) == {"closed"}
    made(await planning.books(planning.plan(), guest(1)))


async def test_letting_one_go_lets_all_go(planning: Planning, paid_practice: PaidPractice) -> None:
    order_id, held = await asked(planning)
    act = await paid_practice.act(CLIENT, paid_practice.now())
    done(await paid_practice.bookings.release(act, held[0].id, held[0].version))
    assert [each.state for each in await now_on(planning, order_id)] == [BookingState.CANCELLED] * 5
    made(await planning.books(planning.plan(), guest(1)))


async def test_another_hold_takes_the_place_of_the_plan(planning: Planning, paid_practice: PaidPractice) -> None:
    order_id, held = await asked(planning)
    other = (await paid_practice.starts(paid_practice.paid))[-1]
    await paid_practice.hold(other)
    assert [each.state for each in await now_on(planning, order_id)] == [BookingState.CANCELLED] * len(held)


async def test_who_asks_for_one_of_the_dates_alone_is_told_that_they_are_paid_together(
    planning: Planning, paid_practice: PaidPractice
) -> None:
    """Whichever it is, with this coach or any, to pay or on credit; and all stay held."""
    order_id, held = await asked(planning)
    act = await paid_practice.act(CLIENT, paid_practice.now())
    coach, offer = paid_practice.coach_id, paid_practice.paid.id
    quote = await paid_practice.bookings.terms(offer, coach, held[0].starts)
    assert isinstance(quote, Quote)
    for each, asked_for in ((held[0], coach), (held[3], None)):
        answer = await paid_practice.bookings.hold(act, offer, asked_for, each.starts, quote.facts)
        refusal = refused(answer, Code.YOURS)
        assert (refusal.reason, refusal.missing) == (TOGETHER, (each.id,))
    on_credit = await paid_practice.bookings.hold(
        act, offer, coach, held[0].starts, quote.facts, on_credit=lambda *_facts: True
    )
    refused(on_credit, Code.YOURS)
    assert {each.state for each in await now_on(planning, order_id)} == {BookingState.HELD}


async def test_a_plan_takes_the_place_of_what_was_to_be_paid(planning: Planning, paid_practice: PaidPractice) -> None:
    """Nobody is asked for two things at once."""
    person, cause = await paid_practice.meet(CLIENT), Cause(None, "telegram", paid_practice.now())
    five = OrderLine(LineKind.PACKAGE, Money(20000, "EUR"), name="5 sessions")
    before = await paid_practice.storage.write(lambda tx: orders_tx.open_order(tx, react, person.id, [five], cause))
    assert isinstance(before, Order)
    order_id, _held = await asked(planning)
    both = await paid_practice.storage.read(lambda tx: [orders.find(tx, each) for each in (before.id, order_id)])
    assert [None if each is None else each.state for each in both] == [OrderState.CLOSED, OrderState.OPEN]


async def test_who_holds_a_time_pays_for_it_first(planning: Planning, paid_practice: PaidPractice) -> None:
    tap = await planning.button(planning.plan())
    held = await paid_practice.hold((await paid_practice.starts(paid_practice.paid))[-1])
    assert refused(await tap(), Code.YOURS).missing == (held.id,)


async def test_money_that_comes_late_books_what_is_free_and_gives_the_rest_back(
    planning: Planning, paid_practice: PaidPractice
) -> None:
    await paid_practice.silence()
    order_id, held = await asked(planning)
    page = await page_of(planning, order_id)
    act = await paid_practice.act(CLIENT, paid_practice.now())
    done(await paid_practice.bookings.release(act, held[0].id, held[0].version))
    await paid_practice.book(held[2].starts, guest(1), paid_practice.now())
    await paid_practice.pays(page)
    await paid_practice.sweep(minutes=1)
    await paid_practice.sweep(seconds=1)
    states = [each.state for each in await now_on(planning, order_id)]
    assert states == [BookingState.CONFIRMED] * 2 + [BookingState.CANCELLED] + [BookingState.CONFIRMED] * 2
    assert await paid_practice.refunds() == [(4500, "late")]


async def test_money_that_comes_before_anybody_has_ended_the_holds_books_all(
    planning: Planning, paid_practice: PaidPractice
) -> None:
    """No date of a plan is in the way of another that is paid with it, however long its hold is over."""
    order_id, _held = await asked(planning)
    page = await page_of(planning, order_id)
    paid_practice.advance(minutes=20)
    await paid_practice.pays(page)
    await paid_practice.heard()
    assert [each.state for each in await now_on(planning, order_id)] == [BookingState.CONFIRMED] * 5
    assert await paid_practice.states(tables.payments) == ["accepted"]
    assert await paid_practice.count(tables.receipts) == 1


async def test_where_the_practice_cancels_one_the_rest_is_asked_for(
    planning: Planning, paid_practice: PaidPractice
) -> None:
    """Nobody pays for a date that is gone, and the others stay held until the same end."""
    before, held = await asked(planning)
    stale = await page_of(planning, before)
    await paid_practice.cancel(held[0].id, OWNER)
    rest = [await paid_practice.found(each.id) for each in held[1:]]
    assert {(each.state, each.hold_ends) for each in rest} == {(BookingState.HELD, held[0].hold_ends)}
    [order_id] = {each.order_id for each in rest}
    assert {each.plan_id for each in rest} == {rest[0].id}
    assert order_id is not None
    both = await paid_practice.storage.read(lambda tx: [orders.find(tx, each) for each in (before, order_id)])
    assert [each and (each.state, each.amount.amount) for each in both] == [
        (OrderState.CLOSED, 5 * 4500), (OrderState.OPEN, 4 * 4500),
    ]  # fmt: skip
    assert (await paid_practice.payment(stale.id)).state is PaymentState.CLOSING
    told = {address: state for _who, address, state in await paid_practice.notices("order")}
    assert list(told) == [f"notice/order/{before}", f"notice/order/{order_id}"]
    assert len(set(told.values())) == 2, "only the newer one is to be sent"
    page = await page_of(planning, order_id)
    assert page.amount == Money(4 * 4500, "EUR")
    await paid_practice.pays(page)
    await paid_practice.heard()
    assert {each.state for each in await now_on(planning, order_id)} == {BookingState.CONFIRMED}
    assert await paid_practice.refunds() == []
    assert [address for _who, address, _state in await paid_practice.notices("planned")] == [
        f"planned/{rest[0].id}", f"planned/{rest[0].id}",
    ]  # fmt: skip


async def test_who_paid_for_all_has_the_price_of_what_the_practice_cancelled_back(
    planning: Planning, paid_practice: PaidPractice
) -> None:
    await paid_practice.silence()
    before, held = await asked(planning)
    page = await page_of(planning, before)
    await paid_practice.cancel(held[2].id, OWNER)
    await paid_practice.pays(page)
    await paid_practice.sweep(minutes=1)
    await paid_practice.sweep(seconds=1)
    now = [await paid_practice.found(each.id) for each in held]
    assert [(each.state.value, each.paid.amount) for each in now] == [
        ("confirmed", 4500), ("confirmed", 4500), ("cancelled", 0), ("confirmed", 4500), ("confirmed", 4500),
    ]  # fmt: skip
    assert await paid_practice.refunds() == [(4500, "late")]
    assert len(paid_practice.sandbox.account.refunds) == 1, "at once: what the practice cancelled goes back"
    person = await paid_practice.meet(CLIENT)
    assert await paid_practice.storage.read(lambda tx: orders.open_of(tx, person.id)) is None


async def test_of_two_the_one_that_is_left_is_a_hold_like_any_other(
    planning: Planning, paid_practice: PaidPractice
) -> None:
    order_id = made(await planning.books(planning.plan(Rhythm(2, 3, 540, 1))))
    first, second = await now_on(planning, order_id)
    await paid_practice.cancel(first.id, OWNER)
    [(_who, told, _state)] = await paid_practice.notices("hold")
    assert told == f"notice/hold/{second.id}"
    left = await paid_practice.found(second.id)
    assert (left.state, left.plan_id) == (BookingState.HELD, None)
    page = await paid_practice.page(left)
    assert page.amount == Money(4500, "EUR")
    await paid_practice.pays(page)
    await paid_practice.heard()
    assert (await paid_practice.found(second.id)).state is BookingState.CONFIRMED


async def test_where_the_practice_cancels_all_at_once_nothing_is_asked_for(
    planning: Planning, paid_practice: PaidPractice
) -> None:
    """Each was read before the first of them ended."""
    order_id, held = await asked(planning)
    owner, now = await paid_practice.meet(OWNER), paid_practice.now()
    cause = Cause(owner.id, "telegram", now)

    def all_of_them(tx: Tx) -> None:
        for each in held:
            booking_changes.cancel_by_practice(tx, react, each, owner, cause)

    await paid_practice.storage.write(all_of_them)
    assert {each.state for each in await now_on(planning, order_id)} == {BookingState.CANCELLED}
    person = await paid_practice.meet(CLIENT)
    assert await paid_practice.storage.read(lambda tx: orders.open_of(tx, person.id)) is None
    assert not {"intended", "open"} & set(await paid_practice.states(tables.payments))
