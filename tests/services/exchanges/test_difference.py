"""What moving to another offer costs: more is paid, less goes back, and a credit knows no difference."""

import sqlalchemy as sa

from bot.domain.bookings.bookings import BookingState
from bot.domain.bookings.cover import Cover
from bot.domain.payments.money import Money
from bot.domain.refusals import Code
from bot.services.exchanges.another_offer import SwitchQuote
from storage import tables
from tests.services.bare_practice import OWNER, done, made, refused
from tests.services.exchanges.switching import (
    LONG,
    NEARLY,
    SHORT,
    asked,
    bought,
    moves,
    offered,
    on_credit,
    quoted,
    taken,
)
from tests.services.paid_practice import PaidPractice
from tests.services.payments.test_giving_back import gives


async def test_all_that_was_paid_for_it_goes_back_the_newest_first(paid_practice: PaidPractice) -> None:
    double = await offered(paid_practice, LONG)
    booking = await bought(paid_practice)
    await paid_practice.pays(await asked(paid_practice, booking, double))
    await paid_practice.heard()
    moved = await paid_practice.found(booking.id)
    assert (moved.starts, moved.terms.length_min) == (booking.starts, 100), "longer, from the same moment on"
    done(await gives(paid_practice, moved, 4000))
    assert await paid_practice.refunds() == [(3500, "hand:1"), (500, "hand:1")]
    await paid_practice.sweep(seconds=1)
    await paid_practice.heard()
    assert (await paid_practice.found(booking.id)).paid.amount == 4000
    await paid_practice.cancel(booking.id)
    await paid_practice.sweep(seconds=1)
    await paid_practice.heard()
    assert (await paid_practice.found(booking.id)).paid.amount == 0
    assert sum(each.amount for each in paid_practice.sandbox.account.refunds.values()) == 8000


async def test_less_goes_back_at_once(paid_practice: PaidPractice) -> None:
    half = await offered(paid_practice, SHORT)
    booking = await bought(paid_practice)
    made(await moves(paid_practice, booking, half))
    after = await paid_practice.found(booking.id)
    assert (after.offer_id, after.terms.length_min, after.terms.price.amount) == (half.id, 25, 3000)
    assert after.paid.amount == 3000
    assert await taken(paid_practice) == [(25, "confirmed")]
    await paid_practice.sweep(seconds=1)
    await paid_practice.heard()
    assert await paid_practice.refunds() == [(1500, "move")]
    assert [each.amount for each in paid_practice.sandbox.account.refunds.values()] == [1500]
    assert await paid_practice.payments.given_back_apart(after) is None


async def test_too_little_to_be_charged_is_waived(paid_practice: PaidPractice) -> None:
    nearly = await offered(paid_practice, NEARLY)
    booking = await bought(paid_practice)
    told = await quoted(paid_practice, booking, nearly)
    assert isinstance(told, SwitchQuote)
    assert (told.switch.pay, told.switch.back, told.switch.waived) == (None, None, Money(30, "EUR"))
    made(await moves(paid_practice, booking, nearly))
    after = await paid_practice.found(booking.id)
    assert (after.terms.price.amount, after.paid.amount) == (4500, 4500)


async def test_a_free_session_becomes_a_paid_one_and_back(paid_practice: PaidPractice) -> None:
    free = await paid_practice.book((await paid_practice.starts())[-1], now=paid_practice.now())
    await paid_practice.pays(await asked(paid_practice, free, paid_practice.paid))
    await paid_practice.heard()
    after = await paid_practice.found(free.id)
    assert (after.cover, after.paid.amount, after.offer_id) == (Cover.ORDER, 4500, paid_practice.paid.id)
    made(await moves(paid_practice, after, paid_practice.free))
    again = await paid_practice.found(free.id)
    assert (again.paid.amount, again.terms.price.amount) == (0, 0)


async def test_on_credit_only_offers_of_that_package_and_no_difference(paid_practice: PaidPractice) -> None:
    double, half = await offered(paid_practice, LONG), await offered(paid_practice, SHORT)
    booking = await on_credit(paid_practice, [paid_practice.paid.id, double.id])
    refused(await quoted(paid_practice, booking, half), Code.OFFER_CLOSED)
    told = await quoted(paid_practice, booking, double)
    assert isinstance(told, SwitchQuote)
    assert told.switch.difference is None
    made(await moves(paid_practice, booking, double))
    after = await paid_practice.found(booking.id)
    assert (after.offer_id, after.cover, after.terms.length_min) == (double.id, Cover.CREDIT, 100)
    assert after.credit is not None
    assert after.credit.is_taken
    assert await paid_practice.count(tables.payments) == 0


async def test_money_that_comes_when_the_session_has_changed_goes_back(paid_practice: PaidPractice) -> None:
    double = await offered(paid_practice, LONG)
    booking = await bought(paid_practice)
    payment = await asked(paid_practice, booking, double)
    await paid_practice.cancel(booking.id)
    await paid_practice.pays(payment)
    await paid_practice.heard()
    await paid_practice.sweep(seconds=1)
    await paid_practice.heard()
    after = await paid_practice.found(booking.id)
    assert (after.state, after.offer_id) == (BookingState.CANCELLED, paid_practice.paid.id)
    assert sorted(each.amount for each in paid_practice.sandbox.account.refunds.values()) == [3500, 4500]
    assert booking.person_id in [who for who, _address, _state in await paid_practice.notices("order-money")]
    assert await taken(paid_practice) == []


async def test_currency_or_price_change(paid_practice: PaidPractice) -> None:
    """Credits stay good, money goes back in the currency in which it came, and two currencies have no difference."""
    double = await offered(paid_practice, LONG)
    booking = await bought(paid_practice)
    credited = await on_credit(paid_practice, [paid_practice.paid.id, double.id])
    act = await paid_practice.act(OWNER, paid_practice.now())
    done(await paid_practice.offers.change(act, double.id, double.version, price=Money(20000, "EUR")))
    made(await moves(paid_practice, credited, double))
    dollars = sa.update(tables.offers).where(tables.offers.c.id == double.id).values(currency="USD")
    await paid_practice.storage.write(lambda tx: tx.execute(dollars))
    refused(await quoted(paid_practice, booking, double), Code.CURRENCY)
    await paid_practice.cancel(booking.id)
    await paid_practice.sweep(seconds=1)
    assert [each.currency for each in paid_practice.sandbox.account.refunds.values()] == ["eur"]
