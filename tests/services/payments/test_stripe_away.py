"""While Stripe is away, slow or unheard: what stays, what follows, and what is asked again."""

from bot.domain.bookings.bookings import BookingState
from bot.domain.payments.payments import PaymentState
from storage import tables
from tests.services.house import CLIENT, made
from tests.services.till import Till


async def test_while_stripe_is_away_the_hold_stays_and_the_link_follows(till: Till) -> None:
    till.sandbox.faults.add("/v1/*", "status", status=500, times=1000)
    booking = await till.hold((await till.starts())[0])
    assert await till.payments.ready(booking.id, till.now()) is None
    await till.sweep(seconds=11)
    assert (await till.found(booking.id)).state is BookingState.HELD
    till.sandbox.faults.clear()
    await till.sweep(seconds=25)
    page = await till.page(booking)
    await till.pays(page)
    await till.heard()
    assert (await till.found(booking.id)).state is BookingState.CONFIRMED
    assert len(till.sandbox.account.sessions) == 1


async def test_an_answer_that_was_lost_is_asked_for_again_with_the_same_words(till: Till) -> None:
    """The work was done, the line was cut, and the SDK's own tries were in vain too."""
    till.sandbox.faults.add("POST /v1/checkout/sessions", "cut_after", times=3)
    booking = await till.hold((await till.starts())[0])
    assert await till.payments.ready(booking.id, till.now()) is None
    await till.sweep(seconds=11)
    page = await till.page(booking)
    assert list(till.sandbox.account.sessions) == [page.checkout_ref]
    calls = till.sandbox.journal.calls("POST /v1/checkout/sessions")
    assert len({call.headers["Idempotency-Key"] for call in calls}) == 1
    assert len({str(call.params) for call in calls}) == 1


async def test_a_hold_that_ends_before_its_page_was_heard_of_closes_that_page(till: Till) -> None:
    till.sandbox.faults.add("POST /v1/checkout/sessions", "cut_after", times=3)
    booking = await till.hold((await till.starts())[0])
    assert await till.payments.ready(booking.id, till.now()) is None
    act = await till.act(CLIENT, till.now())
    made(await till.bookings.release(act, booking.id, booking.version))
    await till.sweep(seconds=11)
    assert [session.status for session in till.sandbox.account.sessions.values()] == ["expired"]
    assert await till.states(tables.payments) == ["closed"]


async def test_parameters_that_grew_old_are_replaced_under_a_new_key(till: Till) -> None:
    till.sandbox.faults.add("/v1/*", "status", status=500, times=1000)
    booking = await till.hold((await till.starts())[0])
    assert await till.payments.ready(booking.id, till.now()) is None
    till.sandbox.faults.clear()
    till.advance(minutes=6)
    page = await till.page(booking)
    assert (page.attempt, page.state) == (2, PaymentState.OPEN)
    assert await till.states(tables.payments) == ["closed", "open"]


async def test_stripe_is_left_alone_for_as_long_as_it_asks(till: Till) -> None:
    till.sandbox.faults.add("POST /v1/checkout/sessions", "rate_limit", retry_after=40)
    booking = await till.hold((await till.starts())[0])
    assert await till.payments.ready(booking.id, till.now()) is None
    await till.sweep(seconds=30)
    assert len(till.sandbox.journal.calls("POST /v1/checkout/sessions")) == 1
    await till.sweep(seconds=15)
    assert (await till.payment(1)).state is PaymentState.OPEN
