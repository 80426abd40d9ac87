"""Cancelling: in time, too late, by the coach, and by nobody else."""

from datetime import timedelta

from bot.domain.bookings.bookings import BookingState
from bot.domain.bookings.policy import Actor
from bot.domain.refusals import Code
from bot.services.bookings.bookings import cancel_facts
from tests.services.counter import Counter, guest
from tests.services.house import CLIENT, NOW, OWNER, done, refused


async def test_a_client_cancels_in_time(counter: Counter) -> None:
    booking = await counter.buy((await counter.starts())[-1])
    outcome = counter.bookings.cancel_outcome(booking, Actor.CLIENT, NOW)
    stated = cancel_facts(outcome)
    act = await counter.act(CLIENT)

    done(await counter.bookings.cancel(act, booking.id, booking.version, stated))
    done(await counter.bookings.cancel(act, booking.id, booking.version, stated))

    owner = await counter.meet(OWNER)
    assert await counter.refunds() == [(4500, "policy")]
    assert await counter.notices("cancelled") == [(owner.id, f"notice/cancelled/{booking.id}", "pending")]
    assert {state for _address, _due, state in await counter.reminders(booking)} == {"cancelled"}
    ended = await counter.found(booking.id)
    assert (ended.state, ended.ended_by, ended.paid.amount) == (BookingState.CANCELLED, "client", 0)
    answer = await counter.bookings.cancel(await counter.act(CLIENT), booking.id, ended.version, stated)
    refused(answer, Code.ALREADY_OVER)


async def test_a_button_that_said_free_cannot_cost_a_minute_later(counter: Counter) -> None:
    booking = await counter.buy((await counter.starts())[-1])
    outcome = counter.bookings.cancel_outcome(booking, Actor.CLIENT, NOW)
    late = booking.starts - timedelta(hours=23)

    answer = await counter.bookings.cancel(
        await counter.act(CLIENT, late), booking.id, booking.version, cancel_facts(outcome)
    )

    refused(answer, Code.CHANGED)
    assert (await counter.found(booking.id)).state is BookingState.CONFIRMED


async def test_the_coach_always_gives_everything_back(counter: Counter) -> None:
    booking = await counter.buy((await counter.starts())[0])
    now = booking.starts - timedelta(hours=1)
    outcome = counter.bookings.cancel_outcome(booking, Actor.COACH, now)

    done(
        await counter.bookings.cancel(
            await counter.act(OWNER, now), booking.id, booking.version, cancel_facts(outcome), "I am ill"
        )
    )

    client = await counter.meet(CLIENT)
    assert await counter.refunds() == [(4500, "coach")]
    assert await counter.notices("cancelled") == [(client.id, f"notice/cancelled/{booking.id}", "pending")]
    assert (await counter.found(booking.id)).end_reason == "I am ill"
    assert "ill" not in str([line.entry for line in await counter.audit.recent(limit=50)])


async def test_who_may_see_and_cancel(counter: Counter) -> None:
    booking = await counter.book((await counter.starts())[0])

    for who, sees in ((CLIENT, True), (OWNER, True), (guest(1), False)):
        assert (await counter.bookings.find(await counter.meet(who), booking.id) is not None) == sees
    answer = await counter.bookings.cancel(await counter.act(guest(1)), booking.id, booking.version, ())
    refused(answer, Code.NOT_FOUND)
