"""Money that comes for an order: what is accepted, what goes back, and who is told.

Cases in which somebody could lose have their names.
"""

from dataclasses import replace

import pytest
import sqlalchemy as sa

from bot.domain.bookings.bookings import Booking, BookingState
from bot.domain.payments.money import Money
from bot.domain.payments.orders import LineKind, OrderLine, OrderState
from bot.domain.payments.payments import PaymentState
from bot.domain.records import Cause
from bot.services.payments import orders_tx
from bot.services.payments.settle_payment import apply_checkout
from bot.services.reactions import react
from storage import tables
from storage.engine import Tx, Violation
from storage.payments import orders, payments
from tests.services.paid_practice import PaidPractice
from tests.services.payments.test_orders import FIVE, buys, movements, order, page_of
from tests.services.selling_practice import guest


async def test_accepted_money(paid_practice: PaidPractice) -> None:
    """Unique per order, which may hold several sessions; somebody has one open order at most."""
    booking = await paid_practice.hold((await paid_practice.starts())[0])
    opened = await order(paid_practice, booking.order_id)
    await paid_practice.pays(await paid_practice.page(booking))
    await paid_practice.heard()

    def accept_another(tx: Tx) -> None:
        another = payments.intend(tx, opened, paid_practice.now(), paid_practice.now())
        tx.execute(
            sa.update(tables.payments)
            .where(tables.payments.c.id == another)
            .values(state="accepted", booking_id=None, subject=str(opened.subject))
        )

    with pytest.raises(Violation):
        await paid_practice.storage.write(accept_another)
    first, second = await buys(paid_practice), await buys(paid_practice)
    states = [(await order(paid_practice, each.id)).state for each in (first, second)]
    assert states == [OrderState.CLOSED, OrderState.OPEN]
    with pytest.raises(Violation):
        await paid_practice.storage.write(
            lambda tx: orders.open_new(tx, booking.person_id, [FIVE], paid_practice.now())
        )


async def test_accepted_money_of_several_sessions(paid_practice: PaidPractice) -> None:
    """One payment confirms all that its order holds, and each session has its own part to be given back."""
    held, other = await two_sessions(paid_practice)
    page = await page_of(paid_practice, await order(paid_practice, held.order_id))
    assert (page.amount.amount, page.subject.kind) == (9000, "order")
    await paid_practice.pays(page)
    await paid_practice.heard()
    both = [await paid_practice.found(each.id) for each in (held, other)]
    assert [(each.state, each.paid.amount) for each in both] == [(BookingState.CONFIRMED, 4500)] * 2
    await paid_practice.cancel(held.id)
    await paid_practice.sweep(seconds=1)
    paid = [(await paid_practice.found(each.id)).paid.amount for each in both]
    assert paid == [0, 4500]
    assert await movements(paid_practice) == [("charge", 9000, held.order_id), ("refund", -4500, held.order_id)]


async def test_of_several_sessions_one_whose_time_was_lost_gives_its_part_back(paid_practice: PaidPractice) -> None:
    held, other = await two_sessions(paid_practice)
    page = await page_of(paid_practice, await order(paid_practice, held.order_id))
    lost = sa.update(tables.bookings).where(tables.bookings.c.id == other.id)
    await paid_practice.storage.write(lambda tx: tx.execute(lost.values(state="cancelled", ended_by="coach")))
    await paid_practice.pays(page)
    await paid_practice.heard()
    await paid_practice.sweep(seconds=1)
    assert (await paid_practice.found(held.id)).state is BookingState.CONFIRMED
    assert await paid_practice.states(tables.payments) == ["closed", "closed", "accepted"]
    [back] = await paid_practice.storage.read(lambda tx: tx.execute(sa.select(tables.refunds)).all())
    assert (back.amount, back.subject, back.reason, back.state) == (4500, f"booking:{other.id}", "late", "succeeded")
    assert {address for _who, address, _state in await paid_practice.notices("paid-late")} == {
        f"notice/paid-late/{other.id}/{page.id}"
    }


async def two_sessions(practice: PaidPractice) -> tuple[Booking, Booking]:
    """Two holds, of the client and of a guest, that one order pays for: as a plan will make them."""
    first, second = (await practice.starts())[-1:-6:-4]
    held, other = await practice.hold(first), await practice.hold(second, guest(1))

    def together(tx: Tx) -> None:
        cause = Cause(None, "telegram", practice.now())
        lines = [OrderLine(LineKind.SESSION, each.terms.price, each.subject) for each in (held, other)]
        for each in (held, other):
            assert each.order_id is not None
            orders_tx.give_up(tx, each.order_id, cause)
        opened = orders.open_new(tx, held.person_id, lines, practice.now())
        assert held.hold_ends is not None
        payments.intend(tx, opened, held.hold_ends, practice.now())
        mine = sa.update(tables.bookings).where(tables.bookings.c.id.in_((held.id, other.id)))
        tx.execute(mine.values(order_id=opened.id))

    await practice.storage.write(together)
    return await practice.found(held.id), await practice.found(other.id)


async def test_amount_that_is_accepted(paid_practice: PaidPractice) -> None:
    """What the order asks for, in its currency; any other sum goes back, of an order as of a hold."""
    opened = await buys(paid_practice)
    page = await page_of(paid_practice, opened)
    asked = paid_practice.sandbox.account.sessions[page.checkout_ref or ""].asked
    price = asked["line_items"][0]["price_data"]
    assert (price["unit_amount"], price["currency"], price["product_data"]["name"]) == (20000, "eur", "5 sessions")
    assert asked["metadata"] == {"rapport_payment": str(page.id), "rapport_order": str(opened.id)}
    change = sa.update(tables.payments).where(tables.payments.c.id == page.id).values(amount=19999)
    await paid_practice.storage.write(lambda tx: tx.execute(change))
    await paid_practice.pays(page)
    await paid_practice.heard()
    assert (await paid_practice.payment(page.id)).state is PaymentState.REFUSED
    assert (await order(paid_practice, opened.id)).state is OrderState.OPEN
    assert await movements(paid_practice) == [("charge", 20000, opened.id), ("refund", -20000, opened.id)]


async def test_amount_that_is_accepted_with_tax_on_top(paid_practice: PaidPractice) -> None:
    """The amount before tax must match; what is kept is all that came."""
    await paid_practice.silence()
    opened = await buys(paid_practice)
    page = await page_of(paid_practice, opened)
    await paid_practice.pays(page)
    seen = await paid_practice.provider.find(page.checkout_ref or "")
    assert seen is not None
    taxed = replace(seen, amount=Money(23800, "EUR"), asked=Money(20000, "EUR"), tax_amount=3800)
    cause = Cause(None, "stripe", paid_practice.now())
    await paid_practice.storage.write(lambda tx: apply_checkout(tx, react, taxed, cause))
    kept = await paid_practice.payment(page.id)
    assert (kept.state, kept.amount) == (PaymentState.ACCEPTED, Money(23800, "EUR"))
    assert (await order(paid_practice, opened.id)).amount == Money(20000, "EUR")
    assert await movements(paid_practice) == [("charge", 23800, opened.id)]


async def test_money_that_is_not_accepted(paid_practice: PaidPractice) -> None:
    """Ours goes back, and its client and the owners are told. Money without an id of ours stays where it is."""
    opened = await buys(paid_practice)
    page = await page_of(paid_practice, opened)
    change = sa.update(tables.payments).where(tables.payments.c.id == page.id).values(amount=1)
    await paid_practice.storage.write(lambda tx: tx.execute(change))
    await paid_practice.pays(page)
    await paid_practice.heard()
    told = [(who, address) for who, address, _state in await paid_practice.notices("order-money")]
    assert [address for _who, address in told] == [f"notice/order-money/{opened.id}/{page.id}"] * 2
    assert opened.person_id in {who for who, _address in told}
    asked = dict(await paid_practice.storage.read(lambda tx: payments.parameters(tx, page.id)))
    asked["metadata"] = asked["payment_intent_data"]["metadata"] = {}  # type: ignore[index]
    stray = await paid_practice.provider.open(asked, "of another shop")
    await paid_practice.control("pay", session=stray.ref)
    await paid_practice.heard()
    assert len(await paid_practice.notices("stray-money")) == 1
    assert len(await paid_practice.states(tables.refunds)) == 1


async def test_bundle_paid_twice(paid_practice: PaidPractice) -> None:
    """The first grants; the second is refunded whole."""
    opened = await buys(paid_practice)
    page = await page_of(paid_practice, opened)
    asked = await paid_practice.storage.read(lambda tx: payments.parameters(tx, page.id))
    second = await paid_practice.provider.open(asked, "another key")
    await paid_practice.pays(page)
    await paid_practice.heard()  # or Stripe may tell of the second page first
    await paid_practice.control("pay", session=second.ref)
    await paid_practice.heard()
    assert (await order(paid_practice, opened.id)).state is OrderState.PAID
    assert len(await paid_practice.notices("order-paid")) == 2, "to the client and the owner"
    assert await paid_practice.states(tables.payments) == ["accepted", "refused"]
    assert await movements(paid_practice) == [
        ("charge", 20000, opened.id), ("charge", 20000, opened.id), ("refund", -20000, opened.id),
    ]  # fmt: skip
    assert {who for who, _address, _state in await paid_practice.notices("order-money")} >= {opened.person_id}


async def test_money_that_goes_back_by_the_dashboard_is_told_for_an_order_too(paid_practice: PaidPractice) -> None:
    opened = await buys(paid_practice)
    page = await page_of(paid_practice, opened)
    await paid_practice.pays(page)
    await paid_practice.heard()
    intent = (await paid_practice.payment(page.id)).intent_ref
    await paid_practice.control("refund", payment_intent=intent, amount=5000)
    await paid_practice.heard()
    assert [who for who, _address, _state in await paid_practice.notices("order-refund")] == [opened.person_id]
    assert await movements(paid_practice) == [("charge", 20000, opened.id), ("refund", -5000, opened.id)]
