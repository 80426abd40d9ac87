"""Fees of sessions that nothing was paid for: agreed to at booking, charged once, owed where the bank says no."""

from datetime import timedelta

import pytest

from bot.domain.bookings.bookings import BookingState
from bot.domain.payments.fees import Fees
from bot.domain.payments.money import Money
from bot.domain.payments.orders import OrderState
from bot.domain.practice.offer_settings import Contradiction
from bot.domain.pricing.discounts import Discount
from bot.domain.refusals import Code
from storage import tables
from tests.services.bare_practice import CLIENT, OWNER, done, made, refused
from tests.services.cards.kept import all_payments, keeps
from tests.services.fees.charging import (
    BOTH,
    LATE,
    MISSED,
    WORDS,
    agrees,
    asks,
    booked,
    cancels_late,
    charged,
    consents,
    fee_of,
    held,
    misses,
)
from tests.services.paid_practice import PaidPractice
from tests.services.payments.till import Till
from tests.services.selling_practice import guest


async def test_nothing_is_booked_without_an_agreement_and_a_card(paid_practice: PaidPractice) -> None:
    done(await asks(paid_practice))
    booking = await held(paid_practice)
    assert (booking.state, booking.order_id) == (BookingState.HELD, None)
    refused(await agrees(paid_practice, booking), Code.NO_CARD)
    made(await paid_practice.fees.wait_for_card(await paid_practice.act(CLIENT), booking.id, booking.version))
    waiting = await paid_practice.found(booking.id)
    assert waiting.hold_ends == booking.made_at + timedelta(minutes=45)
    await keeps(paid_practice)
    refused(await agrees(paid_practice, waiting, Fees(LATE)), Code.CHANGED)
    refused(await agrees(paid_practice, waiting, who=guest(1)), Code.NOT_FOUND)
    assert await consents(paid_practice) == []
    made(await agrees(paid_practice, waiting))
    confirmed = await paid_practice.found(booking.id)
    assert (confirmed.state, confirmed.fees) == (BookingState.CONFIRMED, BOTH)
    assert await consents(paid_practice) == [(2000, 3000, 3000, WORDS, False)]
    assert await paid_practice.count(tables.orders) == 0
    done(await paid_practice.fees.withdraw(await paid_practice.act(CLIENT, paid_practice.now())))
    assert (await paid_practice.found(booking.id)).fees == BOTH
    assert await consents(paid_practice) == [(2000, 3000, 3000, WORDS, True)]


async def test_a_hold_that_nobody_agrees_to_ends(paid_practice: PaidPractice) -> None:
    done(await asks(paid_practice))
    booking = await held(paid_practice)
    await paid_practice.sweep(minutes=16)
    refused(await agrees(paid_practice, booking), Code.HOLD_OVER)
    assert (await paid_practice.found(booking.id)).state is BookingState.EXPIRED


async def test_late_cancel_is_charged_once_with_a_receipt(paid_practice: PaidPractice) -> None:
    done(await asks(paid_practice))
    await paid_practice.allows(free=5)
    card = await keeps(paid_practice)
    first, second = await booked(paid_practice), await booked(paid_practice, number=-3)
    await paid_practice.cancel(second.id)
    assert (await paid_practice.found(second.id)).fee is None
    cancelled = await cancels_late(paid_practice, first)
    assert cancelled.fee == LATE
    await paid_practice.control("faults", match="POST /v1/payment_intents", kind="cut_after", times=1)
    for _round in range(3):
        await paid_practice.sweep(seconds=60)
    await paid_practice.heard()
    assert await all_payments(paid_practice) == [("accepted", card.id, None)]
    assert (await fee_of(paid_practice, first)).state is OrderState.PAID
    assert charged(paid_practice) == [2000]
    await paid_practice.sweep(seconds=30)
    assert [each for each in await paid_practice.ledger(first.id) if each[0] == "charge"] == [("charge", "ch", 2000)]
    assert await paid_practice.count(tables.receipts) == 1
    assert (await paid_practice.found(first.id)).paid.amount == 0


async def test_a_charge_whose_answer_never_came_is_looked_for_and_not_made_again(paid_practice: PaidPractice) -> None:
    """A day later the provider may have forgotten the key that it was asked with."""
    done(await asks(paid_practice))
    await keeps(paid_practice)
    booking = await booked(paid_practice)
    await paid_practice.silence()
    await cancels_late(paid_practice, booking)
    await paid_practice.control("faults", match="POST /v1/payment_intents", kind="cut_after", times=9)
    await paid_practice.sweep(seconds=10)
    assert (await fee_of(paid_practice, booking)).is_owed
    await paid_practice.sweep(hours=25)
    assert (await fee_of(paid_practice, booking)).state is OrderState.PAID
    assert charged(paid_practice) == [2000]


@pytest.mark.parametrize("code", ["insufficient_funds", "authentication_required"])
async def test_fee_declined(paid_practice: PaidPractice, code: str) -> None:
    """Told and owed, tried once more, never silently again; its client can pay it on a page."""
    done(await asks(paid_practice))
    card = await keeps(paid_practice)
    booking = await booked(paid_practice)
    await paid_practice.control("card", payment_method=card.ref, says=code)
    await cancels_late(paid_practice, booking)
    await paid_practice.sweep(seconds=10)
    fee = await fee_of(paid_practice, booking)
    assert (fee.is_owed, fee.tries_again, fee.declined) == (True, True, code)
    assert len(await paid_practice.notices("fee-owed")) == 2  # its client, and the coach, who is the owner
    await paid_practice.sweep(hours=23)
    assert len(await all_payments(paid_practice)) == 2
    await paid_practice.sweep(hours=2)
    await paid_practice.sweep(seconds=30)
    fee = await fee_of(paid_practice, booking)
    assert (fee.is_owed, fee.tries_again) == (True, False)
    assert len(await paid_practice.notices("fee-owed")) == 4
    for _day in range(3):
        await paid_practice.sweep(days=1)
    assert [state for state, *_rest in await all_payments(paid_practice)] == ["closed", "closed"]
    page = await paid_practice.payments.ready_order(fee.order_id, paid_practice.now())
    assert page is not None
    await paid_practice.pays(page)
    await paid_practice.heard()
    assert (await fee_of(paid_practice, booking)).state is OrderState.PAID
    assert charged(paid_practice) == [2000]


async def test_a_card_that_was_removed_is_not_charged(paid_practice: PaidPractice) -> None:
    done(await asks(paid_practice))
    card = await keeps(paid_practice)
    booking = await cancels_late(paid_practice, await booked(paid_practice))
    act = await paid_practice.act(CLIENT, paid_practice.now())
    done(await paid_practice.cards.remove(act, card.id, card.version))
    await paid_practice.sweep(seconds=10)
    fee = await fee_of(paid_practice, booking)
    assert (charged(paid_practice), fee.is_owed, fee.tries_again, fee.declined) == ([], True, False, None)
    assert paid_practice.sandbox.journal.calls("POST /v1/payment_intents") == []
    assert len(await paid_practice.notices("fee-owed")) == 2


async def test_who_owes_a_fee_can_book(paid_practice: PaidPractice) -> None:
    done(await asks(paid_practice))
    card = await keeps(paid_practice)
    booking = await booked(paid_practice)
    await paid_practice.control("card", payment_method=card.ref, says="stolen_card")
    await cancels_late(paid_practice, booking)
    await paid_practice.sweep(seconds=10)
    assert not (await fee_of(paid_practice, booking)).tries_again
    bought = await paid_practice.hold((await paid_practice.starts(after=paid_practice.now()))[-1])
    await paid_practice.pays(await paid_practice.page(bought))
    await paid_practice.heard()
    assert (await paid_practice.found(bought.id)).state is BookingState.CONFIRMED
    assert (await fee_of(paid_practice, booking)).is_owed


async def test_coach_cancels_what_was_charged_as_no_show(paid_practice: PaidPractice) -> None:
    done(await asks(paid_practice))
    await keeps(paid_practice)
    booking = await booked(paid_practice)
    assert (await misses(paid_practice, booking, fee=MISSED)).fee == MISSED
    await paid_practice.sweep(seconds=10)
    assert charged(paid_practice) == [3000]
    await paid_practice.cancel(booking.id, OWNER)
    await paid_practice.sweep(seconds=10)
    await paid_practice.heard()
    assert charged(paid_practice) == [0]
    assert (await paid_practice.found(booking.id)).fee is None
    assert len(await paid_practice.notices("fee-returned")) == 1
    assert sum(amount for kind, _ref, amount in await paid_practice.ledger(booking.id) if kind != "fee") == 0
    assert {"fee.agreed", "fee.charged", "fee.returned"} <= set(await paid_practice.trail())


async def test_a_no_show_that_is_undone_before_the_charge_is_owed_no_more(paid_practice: PaidPractice) -> None:
    done(await asks(paid_practice))
    await keeps(paid_practice)
    booking = await booked(paid_practice)
    missed = await misses(paid_practice, booking, fee=MISSED)
    act = await paid_practice.act(OWNER, paid_practice.now())
    done(await paid_practice.day.unsettle(act, booking.id, missed.version))
    await paid_practice.sweep(minutes=2)
    assert (await fee_of(paid_practice, booking)).state is OrderState.CLOSED
    assert charged(paid_practice) == []
    again = await misses(paid_practice, booking, fee=None)
    assert (again.outcome, again.fee) == ("no_show", None)


async def test_a_coupon_that_takes_the_whole_price_leaves_the_fee_to_agree_to(paid_practice: PaidPractice) -> None:
    done(await asks(paid_practice, Fees(LATE), paid=True))
    till = Till(paid_practice)
    await till.coupon(Discount(percent=100))
    await keeps(paid_practice)
    booking = await till.taken(await till.held())
    assert (booking.state, booking.terms.price.amount) == (BookingState.HELD, 0)
    assert await paid_practice.payments.ready(booking.id, paid_practice.now()) is None
    made(await agrees(paid_practice, booking, Fees(LATE)))
    confirmed = await paid_practice.found(booking.id)
    assert (confirmed.state, confirmed.fees) == (BookingState.CONFIRMED, Fees(LATE))
    assert await till.uses() == 1


async def test_fees_that_cannot_stand_are_refused(paid_practice: PaidPractice) -> None:
    over = refused(await asks(paid_practice, Fees(Money(4501, "EUR")), paid=True), Code.CONTRADICTION)
    assert over.reason == Contradiction.FEE_OVER_PRICE
    assert refused(await asks(paid_practice, Fees(Money(20, "EUR"))), Code.CONTRADICTION).charge is not None
    other = refused(await asks(paid_practice, Fees(None, Money(2000, "USD"))), Code.CONTRADICTION)
    assert other.reason == Contradiction.FEE
    done(await asks(paid_practice, Fees(LATE), paid=True))
