"""Money that came too late for a session becomes a credit or goes back, by its client's choice within a day."""

from datetime import timedelta

from bot.domain.bookings.bookings import Booking
from bot.domain.refusals import Code
from bot.services.exchanges.late_money import Choice, LateMoney
from storage import tables
from storage.credits import holdings
from tests.services.bare_practice import CLIENT, OWNER, done, refused
from tests.services.paid_practice import PaidPractice
from tests.services.payments.test_payments import hold_that_stripe_could_not_close
from tests.services.selling_practice import guest


async def late(practice: PaidPractice) -> tuple[Booking, int]:
    """A hold that ended, whose time somebody else has, and its payment, which came after that."""
    booking_id, page = await hold_that_stripe_could_not_close(practice)
    await practice.book((await practice.found(booking_id)).starts, guest(1), practice.now())
    await practice.control("pay", session=page)
    await practice.heard()
    return await practice.found(booking_id), 1


async def chosen(practice: PaidPractice, booking: Booking, payment: int) -> Choice:
    found = await LateMoney(practice.storage).choice(booking, payment, practice.now())
    assert found is not None
    return found


async def test_it_waits_for_a_day_and_goes_back_without_a_word(paid_practice: PaidPractice) -> None:
    booking, payment = await late(paid_practice)
    choice = await chosen(paid_practice, booking, payment)
    assert timedelta(hours=23) < choice.due - paid_practice.now() <= timedelta(hours=24)
    await paid_practice.sweep(minutes=1)
    assert not paid_practice.sandbox.account.refunds
    await paid_practice.sweep(hours=24)
    assert [each.amount for each in paid_practice.sandbox.account.refunds.values()] == [4500]


async def test_it_becomes_a_credit_with_a_receipt_and_no_refund(paid_practice: PaidPractice) -> None:
    booking, payment = await late(paid_practice)
    choice, service = await chosen(paid_practice, booking, payment), LateMoney(paid_practice.storage)
    stranger = await paid_practice.act(OWNER, paid_practice.now())
    refused(await service.take_credit(stranger, booking.id, payment, choice.instead), Code.NOT_FOUND)
    act = await paid_practice.act(CLIENT, paid_practice.now())
    done(await service.take_credit(act, booking.id, payment, choice.instead))
    [held] = await paid_practice.storage.read(lambda tx: holdings.of_person(tx, booking.person_id))
    assert (held.credits.available, held.grant.price.amount) == (1, 4500)
    await paid_practice.sweep(hours=25)
    assert not paid_practice.sandbox.account.refunds
    assert await paid_practice.count(tables.receipts) == 1
    again = await paid_practice.act(CLIENT, paid_practice.now())
    refused(await service.send_back(again, booking.id, payment), Code.CHANGED)


async def test_it_goes_back_at_once_where_that_is_wished(paid_practice: PaidPractice) -> None:
    booking, payment = await late(paid_practice)
    choice, service = await chosen(paid_practice, booking, payment), LateMoney(paid_practice.storage)
    done(await service.send_back(await paid_practice.act(CLIENT, paid_practice.now()), booking.id, payment))
    act = await paid_practice.act(CLIENT, paid_practice.now())
    refused(await service.take_credit(act, booking.id, payment, choice.instead), Code.CHANGED)
    await paid_practice.sweep(seconds=1)
    assert [each.amount for each in paid_practice.sandbox.account.refunds.values()] == [4500]
    assert await paid_practice.count(tables.grants) == 0
