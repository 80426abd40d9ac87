"""Paying with a kept card: one tap, one charge, and a page with a deadline where the bank says no."""

import asyncio

import pytest

from bot.domain.bookings.bookings import BookingState
from bot.domain.payments.payments import Payment, PaymentState
from bot.domain.refusals import Code
from storage.payments import payments
from tests.services.bare_practice import CLIENT, made, refused
from tests.services.cards.kept import all_payments, cards_of, keeps, pays_by
from tests.services.paid_practice import FEE, PaidPractice
from tests.services.selling_practice import guest


async def test_one_tap_pays_and_confirms(paid_practice: PaidPractice) -> None:
    card = await keeps(paid_practice)
    booking = await paid_practice.hold((await paid_practice.starts())[-1])
    page = await paid_practice.page(booking)
    made(await pays_by(paid_practice, booking, card))
    confirmed = await paid_practice.found(booking.id)
    assert (confirmed.state, confirmed.paid.amount) == (BookingState.CONFIRMED, 4500)
    assert await all_payments(paid_practice) == [("closed", None, None), ("accepted", card.id, None)]
    assert paid_practice.sandbox.account.sessions[page.checkout_ref or ""].status == "expired"
    await paid_practice.heard()
    await paid_practice.sweep(seconds=30)
    assert sorted(await paid_practice.ledger(booking.id)) == [("charge", "ch", 4500), ("fee", "txn", FEE)]
    await paid_practice.cancel(booking.id)
    await paid_practice.sweep(seconds=1)
    assert ("refund", "re", -4500) in await paid_practice.ledger(booking.id)


async def test_two_taps_at_once_are_one_charge(paid_practice: PaidPractice) -> None:
    card = await keeps(paid_practice)
    booking = await paid_practice.hold((await paid_practice.starts())[0])
    await paid_practice.page(booking)
    await asyncio.gather(*(pays_by(paid_practice, booking, card) for _tap in range(3)))
    await paid_practice.heard()
    await paid_practice.sweep(seconds=30)
    charged = [each for each in await paid_practice.ledger(booking.id) if each[0] == "charge"]
    assert charged == [("charge", "ch", 4500)]
    assert (await all_payments(paid_practice)).count(("accepted", card.id, None)) == 1


@pytest.mark.parametrize("code", ["insufficient_funds", "authentication_required"])
async def test_a_declined_card_leaves_a_page_and_the_hold(paid_practice: PaidPractice, code: str) -> None:
    card = await keeps(paid_practice)
    await paid_practice.control("card", payment_method=card.ref, says=code)
    booking = await paid_practice.hold((await paid_practice.starts())[0])
    await paid_practice.page(booking)
    made(await pays_by(paid_practice, booking, card))
    held = await paid_practice.found(booking.id)
    assert held.is_held(paid_practice.now())
    assert await all_payments(paid_practice) == [
        ("closed", None, None), ("closed", card.id, code), ("open", None, None),
    ]  # fmt: skip
    assert {each.status for each in paid_practice.sandbox.account.intents.values()} == {"canceled"}
    person = await paid_practice.meet(CLIENT)
    money = await paid_practice.payments.ways_to_pay(booking.subject, person.id, paid_practice.now())
    assert (money.declined is not None, money.charged and money.charged.id) == (True, card.id)
    assert money.page is not None
    await paid_practice.pays(money.page)
    await paid_practice.heard()
    assert (await paid_practice.found(booking.id)).paid.amount == 4500


async def test_a_check_is_that_payments_own_link(paid_practice: PaidPractice) -> None:
    card = await keeps(paid_practice)
    await paid_practice.control("card", payment_method=card.ref, says="check")
    booking = await paid_practice.hold((await paid_practice.starts())[0])
    made(await pays_by(paid_practice, booking, card))
    [payment] = [each for each in await _of(paid_practice, booking.id) if each.card_id is not None]
    assert (payment.state, bool(payment.checkout_url)) == (PaymentState.OPEN, True)
    await paid_practice.control("check", payment_intent=payment.checkout_ref)
    await paid_practice.heard()
    assert (await paid_practice.found(booking.id)).state is BookingState.CONFIRMED
    assert len(paid_practice.sandbox.account.charges) == 1


async def test_a_check_that_nobody_answers_ends_with_the_hold(paid_practice: PaidPractice) -> None:
    card = await keeps(paid_practice)
    await paid_practice.control("card", payment_method=card.ref, says="check")
    booking = await paid_practice.hold((await paid_practice.starts())[0])
    made(await pays_by(paid_practice, booking, card))
    for _round in range(3):
        await paid_practice.sweep(minutes=16)
    assert (await paid_practice.found(booking.id)).state is BookingState.EXPIRED
    assert {state for state, *_rest in await all_payments(paid_practice)} == {"closed"}
    assert {each.status for each in paid_practice.sandbox.account.intents.values()} == {"canceled"}


async def test_a_charge_whose_answer_is_lost_is_not_made_after_the_hold(paid_practice: PaidPractice) -> None:
    """Nobody is charged for a time that they do not get: what was asked is looked for, and not asked once more."""
    card = await keeps(paid_practice)
    booking = await paid_practice.hold((await paid_practice.starts())[0])
    await paid_practice.control("faults", match="POST /v1/payment_intents", kind="cut", times=50)
    await pays_by(paid_practice, booking, card)
    for _round in range(4):
        await paid_practice.sweep(minutes=16)
    assert paid_practice.sandbox.account.charges == {}
    assert (await paid_practice.found(booking.id)).state is BookingState.EXPIRED


async def test_a_lost_answer_is_found_by_its_key(paid_practice: PaidPractice) -> None:
    card = await keeps(paid_practice)
    await paid_practice.silence()
    await paid_practice.control("faults", match="POST /v1/payment_intents", kind="cut_after", times=1)
    booking = await paid_practice.hold((await paid_practice.starts())[0])
    made(await pays_by(paid_practice, booking, card))
    await paid_practice.sweep(seconds=31)
    assert (await paid_practice.found(booking.id)).state is BookingState.CONFIRMED
    assert len(paid_practice.sandbox.account.charges) == 1


async def test_a_card_that_was_removed_meanwhile_is_not_charged(paid_practice: PaidPractice) -> None:
    """Stripe was away at the tap, and before it is asked again the card is removed: there is a page instead."""
    card = await keeps(paid_practice)
    booking = await paid_practice.hold((await paid_practice.starts())[0])
    for match in ("POST /v1/payment_intents", "POST /v1/payment_methods"):
        await paid_practice.control("faults", match=match, kind="cut", times=3)
    made(await pays_by(paid_practice, booking, card))
    act = await paid_practice.act(CLIENT, paid_practice.now())
    made(await paid_practice.cards.remove(act, card.id, card.version))
    for _round in range(3):
        await paid_practice.sweep(minutes=2)
    assert paid_practice.sandbox.account.charges == {}
    assert (await paid_practice.page(booking)).card_id is None


async def test_who_may_not_pay_is_refused(paid_practice: PaidPractice) -> None:
    card = await keeps(paid_practice)
    theirs = await paid_practice.hold((await paid_practice.starts())[0], guest(1))
    refused(await pays_by(paid_practice, theirs, card), Code.NOT_FOUND)
    refused(await pays_by(paid_practice, theirs, card, guest(1)), Code.NOT_FOUND)
    mine = await paid_practice.hold((await paid_practice.starts())[-1])
    act = await paid_practice.act(CLIENT, paid_practice.now())
    made(await paid_practice.cards.remove(act, card.id, card.version))
    refused(await pays_by(paid_practice, mine, card), Code.NOT_FOUND)
    assert await cards_of(paid_practice) == ()
    await paid_practice.sweep(seconds=0)
    paid_practice.advance(hours=1)
    refused(await pays_by(paid_practice, mine, card), Code.HOLD_OVER)
    assert paid_practice.sandbox.account.charges == {}


async def _of(practice: PaidPractice, booking_id: int) -> list[Payment]:
    subject = (await practice.found(booking_id)).subject
    return await practice.storage.read(lambda tx: payments.of_subject(tx, subject))
