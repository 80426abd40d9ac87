"""Money that came too late for a session becomes a credit or goes back, by its client's choice within a day."""

from datetime import timedelta

from bot.domain.bookings.bookings import Booking, BookingState
from bot.domain.payments.money import Money
from bot.domain.plans.rhythm import Rhythm
from bot.domain.refusals import Code
from bot.domain.subjects import Subject
from bot.services.exchanges.late_money import Choice, LateMoney
from storage import tables
from storage.bookings import on_order
from storage.credits import holdings
from tests.services.bare_practice import CLIENT, OWNER, done, made, refused
from tests.services.disputes.selling_packages import disputed, ends, left
from tests.services.exchanges.test_as_credit import as_of_before
from tests.services.paid_practice import PaidPractice
from tests.services.payments.test_payments import hold_that_stripe_could_not_close
from tests.services.plans.planning_practice import Planning
from tests.services.selling_practice import guest


async def late(practice: PaidPractice) -> tuple[Booking, int]:
    """A hold that ended, whose time somebody else has, and its payment, which came after that."""
    booking_id, page = await hold_that_stripe_could_not_close(practice)
    await practice.book((await practice.found(booking_id)).starts, guest(1), practice.now())
    await practice.control("pay", session=page)
    await practice.heard()
    return await practice.found(booking_id), 1


async def chosen(practice: PaidPractice, about: Subject, payment: int) -> Choice:
    found = await LateMoney(practice.storage).choice(about, payment, practice.now())
    assert found is not None
    return found


async def test_it_waits_for_a_day_and_goes_back_without_a_word(paid_practice: PaidPractice) -> None:
    booking, payment = await late(paid_practice)
    choice = await chosen(paid_practice, booking.subject, payment)
    assert timedelta(hours=23) < choice.due - paid_practice.now() <= timedelta(hours=24)
    await paid_practice.sweep(minutes=1)
    assert not paid_practice.sandbox.account.refunds
    await paid_practice.sweep(hours=24)
    assert [each.amount for each in paid_practice.sandbox.account.refunds.values()] == [4500]


async def test_it_becomes_a_credit_with_a_receipt_and_no_refund(paid_practice: PaidPractice) -> None:
    booking, payment = await late(paid_practice)
    choice, service = await chosen(paid_practice, booking.subject, payment), LateMoney(paid_practice.storage)
    stranger = await paid_practice.act(OWNER, paid_practice.now())
    refused(await service.take_credit(stranger, booking.subject, payment, choice.instead), Code.NOT_FOUND)
    act = await paid_practice.act(CLIENT, paid_practice.now())
    done(await service.take_credit(act, booking.subject, payment, choice.instead))
    [held] = await paid_practice.storage.read(lambda tx: holdings.of_person(tx, booking.person_id))
    assert (held.credits.available, held.grant.price.amount) == (1, 4500)
    await paid_practice.sweep(hours=25)
    assert not paid_practice.sandbox.account.refunds
    assert await paid_practice.count(tables.receipts) == 1
    again = await paid_practice.act(CLIENT, paid_practice.now())
    refused(await service.send_back(again, booking.subject, payment), Code.CHANGED)


async def test_it_goes_back_at_once_where_that_is_wished(paid_practice: PaidPractice) -> None:
    booking, payment = await late(paid_practice)
    choice, service = await chosen(paid_practice, booking.subject, payment), LateMoney(paid_practice.storage)
    done(await service.send_back(await paid_practice.act(CLIENT, paid_practice.now()), booking.subject, payment))
    act = await paid_practice.act(CLIENT, paid_practice.now())
    refused(await service.take_credit(act, booking.subject, payment, choice.instead), Code.CHANGED)
    await paid_practice.sweep(seconds=1)
    assert [each.amount for each in paid_practice.sandbox.account.refunds.values()] == [4500]
    assert await paid_practice.count(tables.grants) == 0


async def late_plan(practice: PaidPractice, taken: slice) -> tuple[int, list[Booking], int]:
    """Two sessions that were asked for together: the order, its bookings and its payment, which came after their hold
    had ended and others had `taken` some of the times."""
    await practice.silence()
    planning = Planning(practice)
    order_id = made(await planning.books(planning.plan(Rhythm(2, 3, 540, 1))))
    held = await practice.storage.read(lambda tx: on_order.of_order(tx, order_id))
    page = await practice.payments.ready_order(order_id, practice.now())
    assert page is not None
    done(await practice.bookings.release(await practice.act(CLIENT, practice.now()), held[0].id, held[0].version))
    for number, each in enumerate(held[taken], 1):
        await practice.book(each.starts, guest(number), practice.now())
    await practice.pays(page)
    await practice.sweep(minutes=1)
    return order_id, await practice.storage.read(lambda tx: on_order.of_order(tx, order_id)), page.id


async def test_for_several_sessions_whose_times_are_gone_it_becomes_as_many_credits(
    paid_practice: PaidPractice,
) -> None:
    """And a dispute of that money finds them, also those that were taken before it was kept of which money."""
    order_id, _bookings, payment = await late_plan(paid_practice, slice(2))
    about, service = Subject("order", order_id), LateMoney(paid_practice.storage)
    choice = await chosen(paid_practice, about, payment)
    assert (choice.instead.sessions, choice.instead.amount) == (2, Money(9000, "EUR"))
    stranger = await paid_practice.act(OWNER, paid_practice.now())
    refused(await service.take_credit(stranger, about, payment, choice.instead), Code.NOT_FOUND)
    act = await paid_practice.act(CLIENT, paid_practice.now())
    done(await service.take_credit(act, about, payment, choice.instead))
    [held] = await paid_practice.storage.read(lambda tx: holdings.of_person(tx, act.person.id))
    assert (held.credits.available, held.grant.price) == (2, Money(9000, "EUR"))
    await paid_practice.sweep(hours=25)
    assert not paid_practice.sandbox.account.refunds
    assert await paid_practice.count(tables.receipts) == 1
    await as_of_before(paid_practice)
    await paid_practice.control("options", webhook_url=f"{paid_practice.url}/webhooks/stripe")
    ref = await disputed(paid_practice, (await paid_practice.payment(payment)).charge_ref or "")
    assert await left(paid_practice, held.grant.id) == (0, 0)
    await ends(paid_practice, ref, "won")
    assert await left(paid_practice, held.grant.id) == (2, 0)


async def test_of_several_sessions_one_whose_time_is_gone_becomes_a_credit(paid_practice: PaidPractice) -> None:
    """The others are booked. A part of the money that goes back in the dashboard finds the credit, too."""
    _order, (stays, gone), payment = await late_plan(paid_practice, slice(1, 2))
    assert (stays.state, gone.state) == (BookingState.CONFIRMED, BookingState.CANCELLED)
    choice = await chosen(paid_practice, gone.subject, payment)
    assert (choice.instead.sessions, choice.instead.amount) == (1, Money(4500, "EUR"))
    act = await paid_practice.act(CLIENT, paid_practice.now())
    done(await LateMoney(paid_practice.storage).take_credit(act, gone.subject, payment, choice.instead))
    [held] = await paid_practice.storage.read(lambda tx: holdings.of_person(tx, act.person.id))
    await paid_practice.sweep(hours=25)
    assert not paid_practice.sandbox.account.refunds
    assert await paid_practice.count(tables.receipts) == 1, "that of the purchase"
    await paid_practice.control("options", webhook_url=f"{paid_practice.url}/webhooks/stripe")
    charge = (await paid_practice.payment(payment)).charge_ref
    await paid_practice.control("refund", charge=charge, amount=4500)
    await paid_practice.heard()
    assert await left(paid_practice, held.grant.id) == (0, 0)
    assert len(await paid_practice.notices("credits-frozen")) == 1
