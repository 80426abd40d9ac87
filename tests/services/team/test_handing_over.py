"""A coach leaves and another is to take sessions over: the client is asked, and nothing changes without a yes."""

from datetime import timedelta

import pytest

from bot.domain.bookings.bookings import Booking, BookingState
from bot.domain.bookings.policy import Actor
from bot.domain.bookings.proposals import answer_by
from bot.domain.practice.offers import Place, PlaceKind
from bot.domain.refusals import Code
from tests.services.bare_practice import ANA, CLIENT, MORNINGS, NOW, OWNER, done, later, made, refused
from tests.services.selling_practice import SellingPractice, guest

HERS = Place(PlaceKind.ADDRESS, "Gran Vía 1")


async def joined(practice: SellingPractice) -> int:
    """Ana María does every offer, at a place of her own, on the clock of Madrid; the id of the coach."""
    ana = made(await practice.invitations.accept(await practice.act(ANA), (await practice.invite()).token))
    coach = await practice.coach(ana)
    done(await practice.hours.save(await practice.act(ANA), ana, coach.version, MORNINGS))
    done(await practice.coaches.set_place(await practice.act(ANA), ana, HERS))
    for offer in (practice.free, practice.paid):
        done(await practice.offers.set_coaches(await practice.act(OWNER), offer.id, [practice.coach_id, ana]))
    return ana


async def asked(practice: SellingPractice, booking: Booking, ana: int) -> int:
    """Olga leaves; the proposal to this client."""
    done(await practice.coaches.remove(await practice.act(OWNER), practice.coach_id, {booking.id: ana}))
    found = await practice.found(booking.id)
    assert found.proposal is not None
    assert found.handed_to == ana
    return found.proposal


@pytest.fixture
async def paid(selling_practice: SellingPractice) -> tuple[SellingPractice, Booking, int]:
    """A paid session of the second week with Olga, and Ana María, who could do it."""
    ana = await joined(selling_practice)
    booking = await selling_practice.buy((await selling_practice.starts())[-1])
    return selling_practice, booking, ana


async def test_who_agrees_has_the_session_with_the_new_coach(paid: tuple[SellingPractice, Booking, int]) -> None:
    practice, booking, ana = paid
    proposal = await asked(practice, booking, ana)
    assert await practice.notices("proposal") == [(booking.person_id, f"proposal/{proposal}", "pending")]
    done(await practice.moves.accept(await practice.act(CLIENT, later(1)), proposal, 1))
    after = await practice.found(booking.id)
    assert (after.coach_id, after.coach_name, after.coach_zone) == (ana, "Ana María", "Europe/Madrid")
    assert (after.terms.place, after.terms.price, after.paid) == (HERS, booking.terms.price, booking.paid)
    assert (after.starts, after.moves, after.moved_from, after.coach_gone) == (booking.starts, 0, None, False)
    assert after.proposal is None
    told = await practice.notices("booked")
    to_ana = [address for person, address, _state in told if person == after.coach_person_id]
    assert to_ana == [f"notice/booked/{booking.id}"]
    assert [state for _at, _due, state in await practice.reminders(after, after.coach_person_id)] == ["pending"] * 2
    gone = await practice.reminders(after, booking.coach_person_id)
    assert {state for _at, _due, state in gone} == {"cancelled"}
    olga = await practice.meet(OWNER)
    assert [person for person, _at, _state in await practice.notices("proposal-answered")] == [olga.id]
    assert {"booking.handover_proposed", "booking.handed_over"} <= set(await practice.trail())
    refused(await practice.moves.accept(await practice.act(CLIENT, later(2)), proposal, 1), Code.CHANGED)


async def test_her_time_is_taken_then_and_no_sooner(paid: tuple[SellingPractice, Booking, int]) -> None:
    practice, booking, ana = paid
    proposal = await asked(practice, booking, ana)
    practice.coach_id = ana
    done(await practice.try_hold(guest(1), practice.free, booking.starts))
    refused(await practice.moves.accept(await practice.act(CLIENT, later(1)), proposal, 1), Code.TAKEN)
    assert (await practice.found(booking.id)).coach_id != ana


async def test_without_an_answer_it_stays_and_the_owner_is_told(paid: tuple[SellingPractice, Booking, int]) -> None:
    practice, booking, ana = paid
    proposal = await asked(practice, booking, ana)
    until = answer_by(booking.starts, NOW)
    assert await practice.moves.lapse(until - timedelta(minutes=1)) == 0
    assert await practice.moves.lapse(until) == 1
    after, olga = await practice.found(booking.id), await practice.meet(OWNER)
    assert (after.state, after.coach_id, after.handed_to) == (BookingState.CONFIRMED, booking.coach_id, None)
    assert (olga.id, f"proposal-answered/{proposal}", "pending") in await practice.notices("proposal-answered")


async def test_cancelling_is_free_while_it_waits_and_as_agreed_after(
    paid: tuple[SellingPractice, Booking, int],
) -> None:
    practice, booking, ana = paid
    await asked(practice, booking, ana)
    close = booking.starts - timedelta(hours=2)
    waiting = practice.bookings.cancel_outcome(await practice.found(booking.id), Actor.CLIENT, close)
    assert waiting.refund == booking.paid
    await practice.moves.lapse(close)
    after = practice.bookings.cancel_outcome(await practice.found(booking.id), Actor.CLIENT, close)
    assert after.kept == booking.paid


async def test_who_does_not_want_it_cancels_and_gets_everything_back(
    paid: tuple[SellingPractice, Booking, int],
) -> None:
    practice, booking, ana = paid
    proposal = await asked(practice, booking, ana)
    done(await practice.moves.decline(await practice.act(CLIENT, later(1)), proposal, 1))
    assert (await practice.found(booking.id)).state is BookingState.CANCELLED
    assert await practice.refunds() == [(booking.paid.amount, "declined")]


async def test_where_the_other_coach_is_not_free_the_nearest_time_is_proposed(
    paid: tuple[SellingPractice, Booking, int],
) -> None:
    practice, booking, ana = paid
    olga, practice.coach_id = practice.coach_id, ana
    done(await practice.try_hold(guest(1), practice.free, booking.starts))
    practice.coach_id = olga
    [takeover] = (await practice.coaches.successors(olga, NOW))[booking.id]
    assert takeover.at != booking.starts
    proposal = await asked(practice, booking, ana)
    done(await practice.moves.accept(await practice.act(CLIENT, later(1)), proposal, 1))
    after = await practice.found(booking.id)
    assert (after.coach_id, after.starts, after.moved_from) == (ana, takeover.at, booking.starts)


async def test_who_does_not_do_the_offer_takes_nothing_over(paid: tuple[SellingPractice, Booking, int]) -> None:
    practice, booking, ana = paid
    olga = practice.coach_id
    done(await practice.offers.set_coaches(await practice.act(OWNER), practice.paid.id, [olga]))
    assert (await practice.coaches.successors(olga, NOW))[booking.id] == []
    answer = await practice.coaches.remove(await practice.act(OWNER), olga, {booking.id: ana})
    assert refused(answer, Code.CHANGED).missing == [booking.id]
    assert (await practice.coach(olga)).state.value == "active"
