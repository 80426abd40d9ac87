"""A session moves to another offer: the new time is kept beside the old one until the difference is paid."""

import asyncio
from datetime import datetime, timedelta

import sqlalchemy as sa

from bot.domain.bookings.bookings import Booking, BookingState
from bot.domain.bookings.cover import Cover
from bot.domain.payments.money import Money
from bot.domain.payments.payments import Payment
from bot.domain.practice.offer_rules import OfferDraft
from bot.domain.practice.offers import Offer
from bot.domain.records import Cause
from bot.domain.refusals import Code, Done, Refusal
from bot.services.credits import ledger
from bot.services.exchanges.another_offer import OfferMoves, SwitchQuote, end_over
from bot.services.reactions import react
from storage import tables
from tests.services.bare_practice import CLIENT, OWNER, PROVIDER, done, made, refused
from tests.services.paid_practice import PaidPractice
from tests.services.payments.test_giving_back import gives
from tests.services.selling_practice import guest

LONG = OfferDraft("Double", Money(8000, "EUR"), length_min=100)
SHORT = OfferDraft("Half", Money(3000, "EUR"), length_min=25)
NEARLY = OfferDraft("Nearly", Money(4530, "EUR"), length_min=50)


async def offered(practice: PaidPractice, draft: OfferDraft) -> Offer:
    offer = await practice.offer(draft)
    if offer.state.value != "open":
        done(await practice.offers.open(await practice.act(OWNER, practice.now()), offer.id, offer.version))
    found = await practice.offers.find(offer.id)
    assert found is not None
    return found


async def bought(practice: PaidPractice) -> Booking:
    """A session at the beginning of a morning, after which there is room for a longer one."""
    morning = [at for at in await practice.starts(practice.paid) if at.hour == 8][-1]
    booking = await practice.hold(morning)
    await practice.pays(await practice.page(booking))
    await practice.heard()
    return await practice.found(booking.id)


def service(practice: PaidPractice) -> OfferMoves:
    return OfferMoves(practice.storage, react, PROVIDER)


async def quoted(
    practice: PaidPractice, booking: Booking, offer: Offer, at: datetime | None = None
) -> SwitchQuote | Refusal:
    person = await practice.meet(CLIENT)
    return await service(practice).quote(person, booking.id, offer.id, at or booking.starts, practice.now())


async def moves(
    practice: PaidPractice, booking: Booking, offer: Offer, at: datetime | None = None
) -> Done | Refusal:  # fmt: skip
    told = await quoted(practice, booking, offer, at)
    facts = told.switch.facts if isinstance(told, SwitchQuote) else ()
    act = await practice.act(CLIENT, practice.now())
    return await service(practice).move(act, booking.id, offer.id, at or booking.starts, facts)


async def asked(practice: PaidPractice, booking: Booking, offer: Offer, at: datetime | None = None) -> Payment:
    """The card page for the difference."""
    order = made(await moves(practice, booking, offer, at))
    payment = await practice.payments.ready_order(order, practice.now())
    assert payment is not None
    return payment


async def taken(practice: PaidPractice) -> list[tuple[int, str]]:
    """How long each session takes its coach's time, in minutes, and in which state."""
    table = tables.sessions
    query = sa.select(table.c.starts, table.c.ends, table.c.state).where(table.c.state != "ended").order_by(table.c.id)
    rows = await practice.storage.read(lambda tx: tx.execute(query).all())
    return [((row.ends - row.starts) // 60, row.state) for row in rows]


async def test_move_to_another_offer(paid_practice: PaidPractice) -> None:
    """The new time is kept beside the old until the difference is paid; then the session is one of the other offer."""
    double = await offered(paid_practice, LONG)
    booking = await bought(paid_practice)
    at = (await paid_practice.starts(double))[0]
    payment = await asked(paid_practice, booking, double, at)
    assert payment.amount == Money(3500, "EUR")
    assert await taken(paid_practice) == [(50, "confirmed"), (100, "held")]
    assert (await paid_practice.found(booking.id)).starts == booking.starts
    await paid_practice.pays(payment)
    await paid_practice.heard()
    after = await paid_practice.found(booking.id)
    assert (after.state, after.offer_id, after.starts) == (BookingState.CONFIRMED, double.id, at)
    assert (after.terms.offer_name, after.terms.length_min, after.moves) == ("Double", 100, 1)
    assert (after.terms.price.amount, after.paid.amount, after.moved_from) == (8000, 8000, booking.starts)
    assert await taken(paid_practice) == [(100, "confirmed")]
    told = await paid_practice.notices("moved")
    assert [who for who, _address, _state in told] == [booking.person_id, booking.coach_person_id]
    assert await paid_practice.count(tables.receipts) == 2
    assert {"move.asked", "booking.switched", "payment.accepted"} <= set(await paid_practice.trail())


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


async def test_nobody_pays_for_a_session_with_a_coach_who_left_meanwhile(paid_practice: PaidPractice) -> None:
    double = await offered(paid_practice, LONG)
    booking = await bought(paid_practice)
    payment = await asked(paid_practice, booking, double)
    gone = sa.update(tables.coaches).values(state="removed")
    await paid_practice.storage.write(lambda tx: tx.execute(gone))
    await paid_practice.pays(payment)
    await paid_practice.heard()
    after = await paid_practice.found(booking.id)
    assert (after.offer_id, after.paid.amount) == (booking.offer_id, 4500)
    await paid_practice.sweep(seconds=1)
    assert [each.amount for each in paid_practice.sandbox.account.refunds.values()] == [3500]


async def test_whoever_does_not_pay_keeps_the_old_time(paid_practice: PaidPractice) -> None:
    double = await offered(paid_practice, LONG)
    booking = await bought(paid_practice)
    await asked(paid_practice, booking, double)
    assert await taken(paid_practice) == [(50, "confirmed"), (50, "held")], "only what the old time does not keep"
    await paid_practice.sweep(minutes=46)
    await paid_practice.sweep(minutes=1)
    assert await end_over(paid_practice.storage, react, paid_practice.now()) == 0, "its page did so already"
    assert await taken(paid_practice) == [(50, "confirmed")]
    assert await paid_practice.found(booking.id) == booking
    await paid_practice.cancel(booking.id)
    await paid_practice.sweep(seconds=1)
    assert [each.amount for each in paid_practice.sandbox.account.refunds.values()] == [4500]


async def test_without_a_page_the_time_is_let_go_all_the_same(paid_practice: PaidPractice) -> None:
    double = await offered(paid_practice, LONG)
    booking = await bought(paid_practice)
    made(await moves(paid_practice, booking, double))
    assert await end_over(paid_practice.storage, react, paid_practice.now() + timedelta(minutes=46)) == 0
    assert await end_over(paid_practice.storage, react, paid_practice.now() + timedelta(minutes=48)) == 1
    assert await taken(paid_practice) == [(50, "confirmed")]


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


async def on_credit(practice: PaidPractice, offer_ids: list[int]) -> Booking:
    """A session that was booked on a package for these offers."""
    person, price = await practice.meet(CLIENT), practice.paid.price
    new = ledger.NewGrant(person.id, "Five", 2, price, price, offer_ids)
    await practice.storage.write(lambda tx: ledger.give(tx, new, Cause(None, "cli", practice.now())))
    at = [each for each in await practice.starts(practice.paid) if each.hour == 8][-1]
    quote = await practice.quote(CLIENT, practice.paid, at, practice.now())
    act = await practice.act(CLIENT, practice.now())
    taken_at = await practice.bookings.hold(
        act, practice.paid.id, practice.coach_id, at, quote.facts, on_credit=lambda *_facts: True
    )
    return await practice.found(made(taken_at))


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


async def test_two_who_move_to_the_same_time(paid_practice: PaidPractice) -> None:
    """One of them has it, the other hears that it is taken, and both keep what they had until they pay."""
    double = await offered(paid_practice, LONG)
    mine = await bought(paid_practice)
    theirs = await paid_practice.buy((await paid_practice.starts(paid_practice.paid))[-1], guest(1))
    days = {mine.starts.date(), theirs.starts.date()}
    at = next(each for each in await paid_practice.starts(double) if each.date() not in days)
    orders_of = OfferMoves(paid_practice.storage, react, PROVIDER)
    taps = []
    for who, booking in ((CLIENT, mine), (guest(1), theirs)):
        told = await orders_of.quote(await paid_practice.meet(who), booking.id, double.id, at, paid_practice.now())
        assert isinstance(told, SwitchQuote)
        act = await paid_practice.act(who, paid_practice.now())
        taps.append(orders_of.move(act, booking.id, double.id, at, told.switch.facts))
    answers = await asyncio.gather(*taps)
    assert sorted(isinstance(each, Done) for each in answers) == [False, True]
    refused(next(each for each in answers if isinstance(each, Refusal)), Code.TAKEN)
    for booking in (mine, theirs):
        assert (await paid_practice.found(booking.id)).starts == booking.starts


async def test_a_second_tap_and_stale_facts_change_nothing(paid_practice: PaidPractice) -> None:
    double = await offered(paid_practice, LONG)
    booking = await bought(paid_practice)
    told = await quoted(paid_practice, booking, double)
    assert isinstance(told, SwitchQuote)
    done(
        await paid_practice.offers.change(
            await paid_practice.act(OWNER, paid_practice.now()), double.id, double.version, price=Money(9000, "EUR")
        )
    )
    act = await paid_practice.act(CLIENT, paid_practice.now())
    answer = await service(paid_practice).move(act, booking.id, double.id, booking.starts, told.switch.facts)
    refused(answer, Code.CHANGED)
    assert await paid_practice.found(booking.id) == booking


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


async def test_which_offers_it_cannot_become(paid_practice: PaidPractice) -> None:
    booking = await bought(paid_practice)
    refused(await quoted(paid_practice, booking, paid_practice.paid), Code.NOT_FOUND)
    dollars = OfferDraft("Dollars", Money(4000, "USD"), length_min=50)
    refused(await paid_practice.offers.create(await paid_practice.act(OWNER), dollars), Code.CONTRADICTION)
    double = await offered(paid_practice, LONG)
    await paid_practice.hold((await paid_practice.starts(paid_practice.paid))[0])
    refused(await moves(paid_practice, booking, double), Code.YOURS)
    paid_practice.advance(seconds=(booking.starts - paid_practice.now()).total_seconds() - 3600)
    refused(await quoted(paid_practice, booking, double), Code.TOO_LATE_TO_MOVE)
    assert timedelta() < booking.starts - paid_practice.now()
