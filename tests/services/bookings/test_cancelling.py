"""Cancelling: in time, too late, by the coach, and by nobody else."""

from datetime import timedelta

from bot.domain.bookings.bookings import BookingState
from bot.domain.bookings.policy import Actor, cancel_facts
from bot.domain.bookings.reasons import Reason, Usual
from bot.domain.refusals import Code
from tests.services.bare_practice import CLIENT, NOW, OWNER, done, refused
from tests.services.selling_practice import SellingPractice, guest

ILL = Reason("I am ill", Usual.ILL)


async def test_a_client_cancels_in_time(selling_practice: SellingPractice) -> None:
    booking = await selling_practice.buy((await selling_practice.starts())[-1])
    outcome = selling_practice.bookings.cancel_outcome(booking, Actor.CLIENT, NOW)
    stated = cancel_facts(outcome)
    act = await selling_practice.act(CLIENT)

    done(await selling_practice.bookings.cancel(act, booking.id, booking.version, stated))
    done(await selling_practice.bookings.cancel(act, booking.id, booking.version, stated))

    owner = await selling_practice.meet(OWNER)
    assert await selling_practice.refunds() == [(4500, "policy")]
    assert await selling_practice.notices("cancelled") == [(owner.id, f"notice/cancelled/{booking.id}", "pending")]
    assert {state for _address, _due, state in await selling_practice.reminders(booking)} == {"cancelled"}
    ended = await selling_practice.found(booking.id)
    assert (ended.state, ended.ended_by, ended.paid.amount) == (BookingState.CANCELLED, "client", 0)
    answer = await selling_practice.bookings.cancel(
        await selling_practice.act(CLIENT), booking.id, ended.version, stated
    )
    refused(answer, Code.ALREADY_OVER)


async def test_a_button_that_said_free_cannot_cost_a_minute_later(selling_practice: SellingPractice) -> None:
    booking = await selling_practice.buy((await selling_practice.starts())[-1])
    outcome = selling_practice.bookings.cancel_outcome(booking, Actor.CLIENT, NOW)
    late = booking.starts - timedelta(hours=23)

    answer = await selling_practice.bookings.cancel(
        await selling_practice.act(CLIENT, late), booking.id, booking.version, cancel_facts(outcome)
    )

    refused(answer, Code.CHANGED)
    assert (await selling_practice.found(booking.id)).state is BookingState.CONFIRMED


async def test_the_coach_always_gives_everything_back(selling_practice: SellingPractice) -> None:
    booking = await selling_practice.buy((await selling_practice.starts())[0])
    now = booking.starts - timedelta(hours=1)
    outcome = selling_practice.bookings.cancel_outcome(booking, Actor.COACH, now)

    done(
        await selling_practice.bookings.cancel(
            await selling_practice.act(OWNER, now), booking.id, booking.version, cancel_facts(outcome), ILL
        )
    )

    client = await selling_practice.meet(CLIENT)
    assert await selling_practice.refunds() == [(4500, "coach")]
    assert await selling_practice.notices("cancelled") == [(client.id, f"notice/cancelled/{booking.id}", "pending")]
    assert (await selling_practice.found(booking.id)).end_reason == ILL
    assert "ill" not in str([line.entry for line in await selling_practice.audit.recent(limit=50)])


async def test_who_may_see_and_cancel(selling_practice: SellingPractice) -> None:
    booking = await selling_practice.book((await selling_practice.starts())[0])

    for who, sees in ((CLIENT, True), (OWNER, True), (guest(1), False)):
        person = await selling_practice.meet(who)
        assert (await selling_practice.bookings.find(person, booking.id, NOW) is not None) == sees
    answer = await selling_practice.bookings.cancel(
        await selling_practice.act(guest(1)), booking.id, booking.version, ()
    )
    refused(answer, Code.NOT_FOUND)
