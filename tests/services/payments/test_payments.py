"""Money against a Stripe over HTTP: paid, unheard, late, twice and shuffled."""

import asyncio
from datetime import timedelta
from typing import Any

import pytest

from bot.domain.bookings.bookings import BookingState
from bot.domain.payments.payments import PaymentState
from storage import tables
from storage.payments import payments
from tests.services.bare_practice import CLIENT, OWNER, made
from tests.services.paid_practice import FEE, PaidPractice
from tests.services.selling_practice import guest


async def test_paid_in_time(paid_practice: PaidPractice) -> None:
    at = (await paid_practice.starts())[0]
    booking = await paid_practice.hold(at)
    page = await paid_practice.page(booking)
    assert (await paid_practice.page(booking)).checkout_ref == page.checkout_ref
    assert await paid_practice.control("options", duplicates=2)

    await paid_practice.pays(page)
    await paid_practice.heard()

    confirmed = await paid_practice.found(booking.id)
    assert (confirmed.state, confirmed.paid.amount) == (BookingState.CONFIRMED, 4500)
    await paid_practice.sweep(seconds=30)
    assert sorted(await paid_practice.ledger(booking.id)) == [("charge", "ch", 4500), ("fee", "txn", FEE)]
    assert len(await paid_practice.notices("booked")) == 2
    assert (await paid_practice.states(tables.payments), await paid_practice.states(tables.refunds)) == (
        ["accepted"],
        [],
    )
    assert "payment.accepted" in await paid_practice.trail()
    assert paid_practice.woken
    assert {state for _kind, state in await paid_practice.inbox()} <= {"applied", "ignored"}


async def test_what_the_page_says(paid_practice: PaidPractice) -> None:
    booking = await paid_practice.hold((await paid_practice.starts())[0])
    page = await paid_practice.page(booking)
    asked = paid_practice.sandbox.account.sessions[page.checkout_ref or ""].asked
    product = asked["line_items"][0]["price_data"]["product_data"]
    assert "Single" in product["name"] + product["description"]
    assert asked["metadata"] == asked["payment_intent_data"]["metadata"]
    assert asked["metadata"] == {"rapport_payment": str(page.id), "rapport_booking": str(booking.id)}
    assert asked["allowed_payment_method_types"] == ["card"]
    assert asked["locale"] == "de"
    assert "session_id={CHECKOUT_SESSION_ID}" in asked["success_url"]


async def test_a_declined_card_changes_nothing(paid_practice: PaidPractice) -> None:
    booking = await paid_practice.hold((await paid_practice.starts())[0])
    page = await paid_practice.page(booking)
    await paid_practice.pays(page, "declined")
    await paid_practice.heard()
    await paid_practice.sweep(seconds=31)
    assert (await paid_practice.found(booking.id)).state is BookingState.HELD
    await paid_practice.pays(page, "challenge")
    await paid_practice.heard()
    assert (await paid_practice.found(booking.id)).state is BookingState.CONFIRMED


async def test_a_payment_whose_message_never_came_is_found_within_a_minute(paid_practice: PaidPractice) -> None:
    await paid_practice.silence()
    booking = await paid_practice.hold((await paid_practice.starts())[0])
    await paid_practice.pays(await paid_practice.page(booking))
    for _tick in range(9):
        await paid_practice.sweep(seconds=5)
    assert (await paid_practice.found(booking.id)).state is BookingState.CONFIRMED


async def test_messages_in_any_order_lead_to_the_same(paid_practice: PaidPractice) -> None:
    await paid_practice.control("options", hold=True, duplicates=1, reverse=True)
    booking = await paid_practice.hold((await paid_practice.starts())[0])
    page = await paid_practice.page(booking)
    await paid_practice.pays(page)
    intent = paid_practice.sandbox.account.sessions[page.checkout_ref or ""].payment_intent
    await paid_practice.control("refund", payment_intent=intent, amount=1500)
    await paid_practice.control("options", hold=False)
    await paid_practice.heard()
    for _tick in range(3):
        await paid_practice.sweep(seconds=45)
    after = await paid_practice.found(booking.id)
    assert (after.state, after.paid.amount) == (BookingState.CONFIRMED, 3000)
    assert sorted(await paid_practice.ledger(booking.id)) == [
        ("charge", "ch", 4500), ("fee", "txn", FEE), ("refund", "re", -1500),
    ]  # fmt: skip
    assert len(await paid_practice.notices("refunded")) == 1
    assert {state for _kind, state in await paid_practice.inbox()} <= {"applied", "ignored"}


async def test_the_page_is_closed_before_the_time_is_free(paid_practice: PaidPractice) -> None:
    booking = await paid_practice.hold((await paid_practice.starts())[0])
    page = await paid_practice.page(booking)
    await paid_practice.sweep(minutes=15, seconds=1)
    assert paid_practice.sandbox.account.sessions[page.checkout_ref or ""].status == "expired"
    assert (await paid_practice.found(booking.id)).state is BookingState.EXPIRED
    assert await paid_practice.states(tables.payments) == ["closed"]


async def test_a_page_that_was_just_paid_confirms_at_the_end_of_its_hold(paid_practice: PaidPractice) -> None:
    await paid_practice.silence()
    booking = await paid_practice.hold((await paid_practice.starts())[0])
    page = await paid_practice.page(booking)
    paid_practice.advance(minutes=14, seconds=59)
    await paid_practice.pays(page)
    await paid_practice.sweep(seconds=3)
    assert (await paid_practice.found(booking.id)).state is BookingState.CONFIRMED


async def test_letting_go_closes_the_page(paid_practice: PaidPractice) -> None:
    booking = await paid_practice.hold((await paid_practice.starts())[0])
    page = await paid_practice.page(booking)
    act = await paid_practice.act(CLIENT, paid_practice.now())
    made(await paid_practice.bookings.release(act, booking.id, booking.version))
    await paid_practice.sweep(seconds=1)
    assert paid_practice.sandbox.account.sessions[page.checkout_ref or ""].status == "expired"
    assert await paid_practice.payments.ready(booking.id, paid_practice.now()) is None


async def hold_that_stripe_could_not_close(paid_practice: PaidPractice) -> tuple[int, str]:
    """A hold that ended while Stripe was away, and its page, which is still open."""
    booking = await paid_practice.hold((await paid_practice.starts())[0])
    page = await paid_practice.page(booking)
    paid_practice.sandbox.faults.add("/v1/*", "status", status=503, times=1000)
    await paid_practice.sweep(minutes=15, seconds=1)
    assert (await paid_practice.found(booking.id)).state is BookingState.HELD
    await paid_practice.sweep(minutes=2)
    assert (await paid_practice.found(booking.id)).state is BookingState.EXPIRED
    paid_practice.sandbox.faults.clear()
    return booking.id, page.checkout_ref or ""


async def test_late_money_for_a_time_that_is_still_free(paid_practice: PaidPractice) -> None:
    booking_id, page = await hold_that_stripe_could_not_close(paid_practice)
    await paid_practice.control("pay", session=page)
    await paid_practice.heard()
    assert (await paid_practice.found(booking_id)).state is BookingState.CONFIRMED
    assert await paid_practice.states(tables.refunds) == []


async def test_late_money_for_a_time_that_is_taken_goes_back_after_a_day(paid_practice: PaidPractice) -> None:
    booking_id, page = await hold_that_stripe_could_not_close(paid_practice)
    await paid_practice.book((await paid_practice.found(booking_id)).starts, guest(1), paid_practice.now())
    await paid_practice.control("pay", session=page)
    await paid_practice.heard()
    assert await paid_practice.states(tables.refunds) == ["intended"], "its client may take a credit until then"
    await paid_practice.sweep(hours=24)
    await paid_practice.heard()
    lost = await paid_practice.found(booking_id)
    assert (lost.state, lost.paid.amount) == (BookingState.EXPIRED, 0)
    assert (await paid_practice.states(tables.payments), await paid_practice.states(tables.refunds)) == (
        ["refused"],
        ["succeeded"],
    )
    assert sorted(await paid_practice.ledger(booking_id)) == [
        ("charge", "ch", 4500), ("fee", "txn", FEE), ("refund", "re", -4500),
    ]  # fmt: skip
    told = {address for _who, address, _state in await paid_practice.notices("paid-late")}
    assert (told, len(await paid_practice.notices("paid-late"))) == ({f"notice/paid-late/{booking_id}/1"}, 2)


async def test_paid_twice(paid_practice: PaidPractice) -> None:
    booking = await paid_practice.hold((await paid_practice.starts())[0])
    page = await paid_practice.page(booking)
    asked = await paid_practice.storage.read(lambda tx: payments.parameters(tx, 1))
    second = await paid_practice.provider.open(asked, "another key")
    await paid_practice.pays(page)
    await paid_practice.heard()  # or Stripe may tell of the second page first
    await paid_practice.control("pay", session=second.ref)
    await paid_practice.heard()
    after = await paid_practice.found(booking.id)
    assert (after.state, after.paid.amount) == (BookingState.CONFIRMED, 4500)
    assert (await paid_practice.states(tables.payments), await paid_practice.states(tables.refunds)) == (
        ["accepted", "refused"], ["succeeded"],
    )  # fmt: skip
    assert len(await paid_practice.notices("paid-twice")) == 2
    assert sum(amount for kind, _ref, amount in await paid_practice.ledger(booking.id) if kind != "fee") == 4500
    refund = next(iter(paid_practice.sandbox.account.refunds.values()))
    assert refund.reason == "duplicate"


async def test_money_of_no_order_of_ours_is_told_to_the_owner_and_stays(paid_practice: PaidPractice) -> None:
    booking = await paid_practice.hold((await paid_practice.starts())[0])
    await paid_practice.page(booking)
    asked: dict[str, Any] = dict(await paid_practice.storage.read(lambda tx: payments.parameters(tx, 1)))
    changes: list[dict[str, object]] = [
        {"metadata": {}},
        {"metadata": {"rapport_payment": "99", "rapport_booking": "1"}},
        {"metadata": {**asked["metadata"], "rapport_booking": "77"}},
    ]
    for number, changed in enumerate(changes):
        foreign = await paid_practice.provider.open({**asked, **changed}, f"foreign {number}")
        await paid_practice.control("pay", session=foreign.ref)
    of_another_house = {**asked, "success_url": "https://other.example/pay/return?p=theirs"}
    foreign = await paid_practice.provider.open(of_another_house, "foreign house")
    await paid_practice.control("pay", session=foreign.ref)
    await paid_practice.heard()
    assert (await paid_practice.found(booking.id)).state is BookingState.HELD
    assert await paid_practice.ledger(booking.id) == []
    assert paid_practice.sandbox.account.refunds == {}
    owner = await paid_practice.meet(OWNER)
    assert [who for who, _address, _state in await paid_practice.notices("stray-money")] == [owner.id] * 3
    completed = [state for kind, state in await paid_practice.inbox() if kind == "checkout.session.completed"]
    assert completed == ["applied"] * 3 + ["ignored"]


@pytest.mark.parametrize("other", [{"unit_amount": 100}, {"currency": "usd"}])
async def test_another_amount_or_currency_is_given_back_and_told(
    paid_practice: PaidPractice, other: dict[str, object]
) -> None:
    """Its own page could not be heard of: a page of the same order is paid, and asks for something else."""
    paid_practice.sandbox.faults.add("/v1/*", "status", status=500, times=1000)
    booking = await paid_practice.hold((await paid_practice.starts())[0])
    assert await paid_practice.payments.ready(booking.id, paid_practice.now()) is None
    paid_practice.sandbox.faults.clear()
    asked: dict[str, Any] = dict(await paid_practice.storage.read(lambda tx: payments.parameters(tx, 1)))
    [line] = asked["line_items"]
    wrong = {**line, "price_data": {**line["price_data"], **other}}
    page = await paid_practice.provider.open({**asked, "line_items": [wrong]}, "otherwise")
    await paid_practice.control("pay", session=page.ref)
    await paid_practice.heard()
    held = await paid_practice.found(booking.id)
    assert (held.state, held.paid.amount) == (BookingState.HELD, 0)
    came = await paid_practice.payment(1)
    assert (came.state, came.amount) == (PaymentState.REFUSED, page.amount)
    [refund] = paid_practice.sandbox.account.refunds.values()
    assert (refund.amount, refund.currency.upper()) == (page.amount.amount, page.amount.currency)
    assert await paid_practice.states(tables.refunds) == ["succeeded"]
    told = [(who, address) for who, address, _state in await paid_practice.notices("paid-otherwise")]
    owner = await paid_practice.meet(OWNER)
    assert told == [(each, f"notice/paid-otherwise/{booking.id}/1") for each in (booking.person_id, owner.id)]
    assert await paid_practice.payments.ready(booking.id, paid_practice.now()) is None
    await paid_practice.sweep(minutes=16)
    assert (await paid_practice.found(booking.id)).state is BookingState.EXPIRED
    assert await paid_practice.states(tables.payments) == ["refused"]


async def test_a_fee_that_is_known_later_is_entered_later(paid_practice: PaidPractice) -> None:
    await paid_practice.control("options", fee_delay=600)
    booking = await paid_practice.hold((await paid_practice.starts())[0])
    await paid_practice.pays(await paid_practice.page(booking))
    await paid_practice.heard()
    assert await paid_practice.ledger(booking.id) == [("charge", "ch", 4500)]
    for _tick in range(8):
        await paid_practice.sweep(seconds=timedelta(minutes=4).total_seconds())
    assert await paid_practice.ledger(booking.id) == [("charge", "ch", 4500), ("fee", "txn", FEE)]


async def test_everybody_asks_at_once(paid_practice: PaidPractice) -> None:
    """The browser, the sweep and Stripe's own message meet: one acceptance, one charge, one set of notices."""
    await paid_practice.control("options", duplicates=2)
    booking = await paid_practice.hold((await paid_practice.starts())[0])
    pages = await asyncio.gather(*(paid_practice.payments.ready(booking.id, paid_practice.now()) for _tap in range(5)))
    assert len({page.checkout_ref for page in pages if page is not None}) == 1
    page = await paid_practice.page(booking)
    await paid_practice.pays(page)
    assert page.checkout_ref is not None
    paid_practice.advance(seconds=31)
    pages_due, _refunds_due = paid_practice.payments.work.intents
    await asyncio.gather(
        *(paid_practice.payments.record_return(page.checkout_ref, None, paid_practice.now()) for _reload in range(4)),
        *(pages_due.due(paid_practice.now()) for _sweep in range(2)),
        paid_practice.heard(),
    )
    assert await paid_practice.states(tables.payments) == ["accepted"]
    assert (await paid_practice.trail()).count("payment.accepted") == 1
    assert sorted(await paid_practice.ledger(booking.id)) == [("charge", "ch", 4500), ("fee", "txn", FEE)]
    assert (len(await paid_practice.notices("booked")), await paid_practice.states(tables.refunds)) == (2, [])
    assert len(paid_practice.sandbox.account.sessions) == 1


async def test_what_the_page_says_is_kept_sealed(paid_practice: PaidPractice) -> None:
    booking = await paid_practice.hold((await paid_practice.starts())[0])
    page = await paid_practice.page(booking)
    kept = str((await paid_practice.storage.read(lambda tx: tx.execute(tables.payments.select()).one()))._mapping)
    assert "Olga" not in kept
    assert (page.checkout_url or "?") not in kept
