"""While Stripe is away, slow or unheard: what stays, what follows, and what is asked again."""

from bot.domain.bookings.bookings import BookingState
from bot.domain.payments.payments import PaymentState
from storage import tables
from tests.services.bare_practice import CLIENT, OWNER, made
from tests.services.paid_practice import PaidPractice


async def test_while_stripe_is_away_the_hold_stays_and_the_link_follows(paid_practice: PaidPractice) -> None:
    paid_practice.sandbox.faults.add("/v1/*", "status", status=500, times=1000)
    booking = await paid_practice.hold((await paid_practice.starts())[0])
    assert await paid_practice.payments.ready(booking.id, paid_practice.now()) is None
    await paid_practice.sweep(seconds=11)
    assert (await paid_practice.found(booking.id)).state is BookingState.HELD
    paid_practice.sandbox.faults.clear()
    await paid_practice.sweep(seconds=25)
    page = await paid_practice.page(booking)
    await paid_practice.pays(page)
    await paid_practice.heard()
    assert (await paid_practice.found(booking.id)).state is BookingState.CONFIRMED
    assert len(paid_practice.sandbox.account.sessions) == 1


async def test_an_answer_that_was_lost_is_asked_for_again_with_the_same_words(paid_practice: PaidPractice) -> None:
    """The work was done, the line was cut, and the SDK's own tries were in vain too."""
    paid_practice.sandbox.faults.add("POST /v1/checkout/sessions", "cut_after", times=3)
    booking = await paid_practice.hold((await paid_practice.starts())[0])
    assert await paid_practice.payments.ready(booking.id, paid_practice.now()) is None
    await paid_practice.sweep(seconds=11)
    page = await paid_practice.page(booking)
    assert list(paid_practice.sandbox.account.sessions) == [page.checkout_ref]
    calls = paid_practice.sandbox.journal.calls("POST /v1/checkout/sessions")
    assert len({call.headers["Idempotency-Key"] for call in calls}) == 1
    assert len({str(call.params) for call in calls}) == 1


async def test_a_hold_that_ends_before_its_page_was_heard_of_closes_that_page(paid_practice: PaidPractice) -> None:
    paid_practice.sandbox.faults.add("POST /v1/checkout/sessions", "cut_after", times=3)
    booking = await paid_practice.hold((await paid_practice.starts())[0])
    assert await paid_practice.payments.ready(booking.id, paid_practice.now()) is None
    act = await paid_practice.act(CLIENT, paid_practice.now())
    made(await paid_practice.bookings.release(act, booking.id, booking.version))
    await paid_practice.sweep(seconds=11)
    assert [session.status for session in paid_practice.sandbox.account.sessions.values()] == ["expired"]
    assert await paid_practice.states(tables.payments) == ["closed"]


async def test_parameters_that_grew_old_are_replaced_under_a_new_key(paid_practice: PaidPractice) -> None:
    paid_practice.sandbox.faults.add("/v1/*", "status", status=500, times=1000)
    booking = await paid_practice.hold((await paid_practice.starts())[0])
    assert await paid_practice.payments.ready(booking.id, paid_practice.now()) is None
    paid_practice.sandbox.faults.clear()
    paid_practice.advance(minutes=6)
    page = await paid_practice.page(booking)
    assert (page.attempt, page.state) == (2, PaymentState.OPEN)
    assert await paid_practice.states(tables.payments) == ["closed", "open"]


async def test_stripe_is_left_alone_for_as_long_as_it_asks(paid_practice: PaidPractice) -> None:
    paid_practice.sandbox.faults.add("POST /v1/checkout/sessions", "rate_limit", retry_after=40)
    booking = await paid_practice.hold((await paid_practice.starts())[0])
    assert await paid_practice.payments.ready(booking.id, paid_practice.now()) is None
    await paid_practice.sweep(seconds=30)
    assert len(paid_practice.sandbox.journal.calls("POST /v1/checkout/sessions")) == 1
    await paid_practice.sweep(seconds=15)
    assert (await paid_practice.payment(1)).state is PaymentState.OPEN


async def test_a_page_that_stripe_refuses_is_told_once_and_asked_for_no_more(paid_practice: PaidPractice) -> None:
    paid_practice.sandbox.faults.add("POST /v1/checkout/sessions", "status", status=400, times=1000)
    booking = await paid_practice.hold((await paid_practice.starts())[0])
    assert await paid_practice.payments.ready(booking.id, paid_practice.now()) is None
    await paid_practice.sweep(minutes=2)
    assert await paid_practice.payments.ready(booking.id, paid_practice.now()) is None
    assert len(paid_practice.sandbox.journal.calls("POST /v1/checkout/sessions")) == 1
    money = await paid_practice.payments.of_hold(booking.subject)
    assert money.refused is not None
    assert money.refused.state is PaymentState.CLOSED
    owner = await paid_practice.meet(OWNER)
    told = [(who, address) for who, address, _state in await paid_practice.notices("page-refused")]
    assert told == [(owner.id, f"notice/page-refused/{booking.id}/{money.refused.id}")]
    await paid_practice.sweep(minutes=14)
    assert (await paid_practice.found(booking.id)).state is BookingState.EXPIRED
