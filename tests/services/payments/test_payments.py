"""Money against a Stripe over HTTP: paid, unheard, late, twice and shuffled."""

import asyncio
from datetime import timedelta

from bot.domain.bookings.bookings import BookingState
from storage import tables
from storage.payments import payments
from tests.services.counter import guest
from tests.services.house import CLIENT, made
from tests.services.till import FEE, Till


async def test_paid_in_time(till: Till) -> None:
    at = (await till.starts())[0]
    booking = await till.hold(at)
    page = await till.page(booking)
    assert (await till.page(booking)).checkout_ref == page.checkout_ref
    assert await till.control("options", duplicates=2)

    await till.pays(page)
    await till.heard()

    confirmed = await till.found(booking.id)
    assert (confirmed.state, confirmed.paid.amount) == (BookingState.CONFIRMED, 4500)
    await till.sweep(seconds=30)
    assert sorted(await till.ledger(booking.id)) == [("charge", "ch", 4500), ("fee", "txn", FEE)]
    assert len(await till.notices("booked")) == 2
    assert (await till.states(tables.payments), await till.states(tables.refunds)) == (["accepted"], [])
    assert "payment.accepted" in await till.trail()
    assert till.woken
    assert {state for _kind, state in await till.inbox()} <= {"applied", "ignored"}


async def test_what_the_page_says(till: Till) -> None:
    booking = await till.hold((await till.starts())[0])
    page = await till.page(booking)
    asked = till.sandbox.account.sessions[page.checkout_ref or ""].asked
    product = asked["line_items"][0]["price_data"]["product_data"]
    assert "Single" in product["name"] + product["description"]
    assert asked["metadata"] == asked["payment_intent_data"]["metadata"]
    assert asked["metadata"] == {"rapport_payment": str(page.id), "rapport_booking": str(booking.id)}
    assert asked["allowed_payment_method_types"] == ["card"]
    assert asked["locale"] == "de"
    assert "session_id={CHECKOUT_SESSION_ID}" in asked["success_url"]


async def test_a_declined_card_changes_nothing(till: Till) -> None:
    booking = await till.hold((await till.starts())[0])
    page = await till.page(booking)
    await till.pays(page, "declined")
    await till.heard()
    await till.sweep(seconds=31)
    assert (await till.found(booking.id)).state is BookingState.HELD
    await till.pays(page, "challenge")
    await till.heard()
    assert (await till.found(booking.id)).state is BookingState.CONFIRMED


async def test_a_payment_whose_message_never_came_is_found_within_a_minute(till: Till) -> None:
    await till.silence()
    booking = await till.hold((await till.starts())[0])
    await till.pays(await till.page(booking))
    for _tick in range(9):
        await till.sweep(seconds=5)
    assert (await till.found(booking.id)).state is BookingState.CONFIRMED


async def test_messages_in_any_order_lead_to_the_same(till: Till) -> None:
    await till.control("options", hold=True, duplicates=1, reverse=True)
    booking = await till.hold((await till.starts())[0])
    page = await till.page(booking)
    await till.pays(page)
    intent = till.sandbox.account.sessions[page.checkout_ref or ""].payment_intent
    await till.control("refund", payment_intent=intent, amount=1500)
    await till.control("options", hold=False)
    await till.heard()
    for _tick in range(3):
        await till.sweep(seconds=45)
    after = await till.found(booking.id)
    assert (after.state, after.paid.amount) == (BookingState.CONFIRMED, 3000)
    assert sorted(await till.ledger(booking.id)) == [
        ("charge", "ch", 4500), ("fee", "txn", FEE), ("refund", "re", -1500),
    ]  # fmt: skip
    assert len(await till.notices("refunded")) == 1
    assert {state for _kind, state in await till.inbox()} <= {"applied", "ignored"}


async def test_the_page_is_closed_before_the_time_is_free(till: Till) -> None:
    booking = await till.hold((await till.starts())[0])
    page = await till.page(booking)
    await till.sweep(minutes=15, seconds=1)
    assert till.sandbox.account.sessions[page.checkout_ref or ""].status == "expired"
    assert (await till.found(booking.id)).state is BookingState.EXPIRED
    assert await till.states(tables.payments) == ["closed"]


async def test_a_page_that_was_just_paid_confirms_at_the_end_of_its_hold(till: Till) -> None:
    await till.silence()
    booking = await till.hold((await till.starts())[0])
    page = await till.page(booking)
    till.advance(minutes=14, seconds=59)
    await till.pays(page)
    await till.sweep(seconds=3)
    assert (await till.found(booking.id)).state is BookingState.CONFIRMED


async def test_letting_go_closes_the_page(till: Till) -> None:
    booking = await till.hold((await till.starts())[0])
    page = await till.page(booking)
    act = await till.act(CLIENT, till.now())
    made(await till.bookings.release(act, booking.id, booking.version))
    await till.sweep(seconds=1)
    assert till.sandbox.account.sessions[page.checkout_ref or ""].status == "expired"
    assert await till.payments.ready(booking.id, till.now()) is None


async def hold_that_stripe_could_not_close(till: Till) -> tuple[int, str]:
    """A hold that ended while Stripe was away, and its page, which is still open."""
    booking = await till.hold((await till.starts())[0])
    page = await till.page(booking)
    till.sandbox.faults.add("/v1/*", "status", status=503, times=1000)
    await till.sweep(minutes=15, seconds=1)
    assert (await till.found(booking.id)).state is BookingState.HELD
    await till.sweep(minutes=2)
    assert (await till.found(booking.id)).state is BookingState.EXPIRED
    till.sandbox.faults.clear()
    return booking.id, page.checkout_ref or ""


async def test_late_money_for_a_time_that_is_still_free(till: Till) -> None:
    booking_id, page = await hold_that_stripe_could_not_close(till)
    await till.control("pay", session=page)
    await till.heard()
    assert (await till.found(booking_id)).state is BookingState.CONFIRMED
    assert await till.states(tables.refunds) == []


async def test_late_money_for_a_time_that_is_taken_goes_back_at_once(till: Till) -> None:
    booking_id, page = await hold_that_stripe_could_not_close(till)
    await till.book((await till.found(booking_id)).starts, guest(1), till.now())
    await till.control("pay", session=page)
    await till.heard()
    lost = await till.found(booking_id)
    assert (lost.state, lost.paid.amount) == (BookingState.EXPIRED, 0)
    assert (await till.states(tables.payments), await till.states(tables.refunds)) == (["refused"], ["succeeded"])
    assert sorted(await till.ledger(booking_id)) == [
        ("charge", "ch", 4500), ("fee", "txn", FEE), ("refund", "re", -4500),
    ]  # fmt: skip
    told = {address for _who, address, _state in await till.notices("paid-late")}
    assert (told, len(await till.notices("paid-late"))) == ({f"notice/paid-late/{booking_id}"}, 2)


async def test_paid_twice(till: Till) -> None:
    booking = await till.hold((await till.starts())[0])
    page = await till.page(booking)
    asked = await till.storage.read(lambda tx: payments.parameters(tx, 1))
    second = await till.provider.open(asked, "another key")
    await till.pays(page)
    await till.control("pay", session=second.ref)
    await till.heard()
    after = await till.found(booking.id)
    assert (after.state, after.paid.amount) == (BookingState.CONFIRMED, 4500)
    assert (await till.states(tables.payments), await till.states(tables.refunds)) == (
        ["accepted", "refused"], ["succeeded"],
    )  # fmt: skip
    assert len(await till.notices("paid-twice")) == 2
    assert sum(amount for kind, _ref, amount in await till.ledger(booking.id) if kind != "fee") == 4500
    refund = next(iter(till.sandbox.account.refunds.values()))
    assert refund.reason == "duplicate"


async def test_pages_of_others_are_of_no_concern(till: Till) -> None:
    booking = await till.hold((await till.starts())[0])
    await till.page(booking)
    asked = await till.storage.read(lambda tx: payments.parameters(tx, 1))
    cheap = {**asked["line_items"][0], "price_data": {**asked["line_items"][0]["price_data"], "unit_amount": 100}}
    changes: list[dict[str, object]] = [
        {"metadata": {}},
        {"metadata": {"rapport_payment": "99", "rapport_booking": "1"}},
        {"metadata": {**asked["metadata"], "rapport_booking": "77"}},
        {"line_items": [cheap]},
    ]
    for number, changed in enumerate(changes):
        foreign = await till.provider.open({**asked, **changed}, f"foreign {number}")
        await till.control("pay", session=foreign.ref)
    await till.heard()
    assert (await till.found(booking.id)).state is BookingState.HELD
    assert await till.ledger(booking.id) == []
    assert [state for kind, state in await till.inbox() if kind == "checkout.session.completed"] == ["ignored"] * 4


async def test_a_fee_that_is_known_later_is_entered_later(till: Till) -> None:
    await till.control("options", fee_delay=600)
    booking = await till.hold((await till.starts())[0])
    await till.pays(await till.page(booking))
    await till.heard()
    assert await till.ledger(booking.id) == [("charge", "ch", 4500)]
    for _tick in range(8):
        await till.sweep(seconds=timedelta(minutes=4).total_seconds())
    assert await till.ledger(booking.id) == [("charge", "ch", 4500), ("fee", "txn", FEE)]


async def test_everybody_asks_at_once(till: Till) -> None:
    """The browser, the sweep and Stripe's own message meet: one acceptance, one charge, one set of notices."""
    await till.control("options", duplicates=2)
    booking = await till.hold((await till.starts())[0])
    pages = await asyncio.gather(*(till.payments.ready(booking.id, till.now()) for _tap in range(5)))
    assert len({page.checkout_ref for page in pages if page is not None}) == 1
    page = await till.page(booking)
    await till.pays(page)
    assert page.checkout_ref is not None
    till.advance(seconds=31)
    await asyncio.gather(
        *(till.payments.settled(page.checkout_ref, None, till.now()) for _reload in range(4)),
        *(till.payments.ask_due(till.now()) for _sweep in range(2)),
        till.heard(),
    )
    assert await till.states(tables.payments) == ["accepted"]
    assert (await till.trail()).count("payment.accepted") == 1
    assert sorted(await till.ledger(booking.id)) == [("charge", "ch", 4500), ("fee", "txn", FEE)]
    assert (len(await till.notices("booked")), await till.states(tables.refunds)) == (2, [])
    assert len(till.sandbox.account.sessions) == 1


async def test_what_the_page_says_is_kept_sealed(till: Till) -> None:
    booking = await till.hold((await till.starts())[0])
    page = await till.page(booking)
    kept = str((await till.storage.read(lambda tx: tx.execute(tables.payments.select()).one()))._mapping)
    assert "Olga" not in kept
    assert (page.checkout_url or "?") not in kept
