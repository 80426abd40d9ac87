"""A coach proposes another time: the client's answer decides, and until then the old time stands."""

from datetime import datetime, timedelta

from bot.domain.bookings.bookings import Booking, BookingState
from bot.domain.bookings.policy import Actor, Cancelled
from bot.domain.bookings.proposals import ProposalState
from bot.domain.refusals import Code
from bot.services.bookings.reschedule import MoveQuote
from tests.services.bare_practice import CLIENT, NOW, OWNER, done, made, refused
from tests.services.selling_practice import SellingPractice, guest


async def proposed(selling_practice: SellingPractice, booking: Booking, at: datetime, now: datetime = NOW) -> int:
    return made(
        await selling_practice.moves.propose(await selling_practice.act(OWNER, now), booking.id, booking.version, at)
    )


async def test_an_accepted_proposal_moves_and_spends_nothing(selling_practice: SellingPractice) -> None:
    starts = await selling_practice.starts()
    booking = await selling_practice.buy(starts[0])
    proposal_id = await proposed(selling_practice, booking, starts[-1])
    client, owner = await selling_practice.meet(CLIENT), await selling_practice.meet(OWNER)
    assert await selling_practice.notices("proposal") == [(client.id, f"proposal/{proposal_id}", "pending")]
    assert (await selling_practice.found(booking.id)).starts == booking.starts

    done(await selling_practice.moves.accept(await selling_practice.act(CLIENT), proposal_id, 1))

    moved = await selling_practice.found(booking.id)
    assert (moved.starts, moved.moves) == (starts[-1], 0)
    assert await selling_practice.notices("proposal-answered") == [
        (owner.id, f"proposal-answered/{proposal_id}", "pending")
    ]
    assert await selling_practice.notices("moved") == []
    refused(await selling_practice.moves.accept(await selling_practice.act(CLIENT), proposal_id, 2), Code.CHANGED)
    assert await state(selling_practice, proposal_id) is ProposalState.ACCEPTED


async def test_a_declined_proposal_gives_everything_back(selling_practice: SellingPractice) -> None:
    starts = await selling_practice.starts()
    booking = await selling_practice.buy(starts[0])
    near = booking.starts - timedelta(hours=2)
    proposal_id = await proposed(selling_practice, booking, starts[-1], near)

    done(await selling_practice.moves.decline(await selling_practice.act(CLIENT, near), proposal_id, 1))

    assert (await selling_practice.found(booking.id)).state is BookingState.CANCELLED
    assert await selling_practice.refunds() == [(4500, "declined")]
    assert await selling_practice.notices("cancelled") == []
    assert len(await selling_practice.notices("proposal-answered")) == 1
    assert await state(selling_practice, proposal_id) is ProposalState.DECLINED


async def test_who_wants_other_times_may_choose_one_whatever_the_policy(selling_practice: SellingPractice) -> None:
    starts = await selling_practice.starts()
    booking = await selling_practice.book(starts[0])
    near = booking.starts - timedelta(hours=2)
    proposal_id = await proposed(selling_practice, booking, starts[-1], near)
    refused(await selling_practice.move(CLIENT, booking, starts[-6], near), Code.TOO_LATE_TO_MOVE)

    done(await selling_practice.moves.other_times(await selling_practice.act(CLIENT, near), proposal_id, 1))
    assert selling_practice.moves.outcome(await selling_practice.found(booking.id), near).allowed
    done(await selling_practice.move(CLIENT, booking, starts[-6], near))

    moved = await selling_practice.found(booking.id)
    assert (moved.starts, moved.moves) == (starts[-6], 0)
    assert await state(selling_practice, proposal_id) is ProposalState.MOVED


async def test_an_unanswered_proposal_lapses_and_the_old_time_stands(selling_practice: SellingPractice) -> None:
    starts = await selling_practice.starts()
    booking = await selling_practice.book(starts[0])
    proposal_id = await proposed(selling_practice, booking, starts[-1])
    assert await selling_practice.moves.lapse(booking.starts - timedelta(seconds=1)) == 0
    refused(
        await selling_practice.moves.accept(await selling_practice.act(CLIENT, booking.starts), proposal_id, 1),
        Code.CHANGED,
    )
    assert await selling_practice.moves.lapse(booking.starts) == 1
    assert (await selling_practice.found(booking.id)).starts == booking.starts
    assert await state(selling_practice, proposal_id) is ProposalState.LAPSED


async def test_a_newer_proposal_and_a_move_end_one(selling_practice: SellingPractice) -> None:
    starts = await selling_practice.starts()
    booking = await selling_practice.book(starts[-1])
    first = await proposed(selling_practice, booking, starts[0])
    second = await proposed(selling_practice, booking, starts[4])
    assert await state(selling_practice, first) is ProposalState.WITHDRAWN
    done(await selling_practice.move(CLIENT, booking, starts[8]))
    assert await state(selling_practice, second) is ProposalState.MOVED
    refused(await selling_practice.moves.accept(await selling_practice.act(CLIENT), second, 2), Code.CHANGED)


async def test_a_proposed_time_that_was_lost_meanwhile(selling_practice: SellingPractice) -> None:
    starts = await selling_practice.starts()
    booking = await selling_practice.book(starts[0])
    proposal_id = await proposed(selling_practice, booking, starts[8])
    await selling_practice.book(starts[8], guest(1))

    answer = refused(
        await selling_practice.moves.accept(await selling_practice.act(CLIENT), proposal_id, 1), Code.TAKEN
    )

    assert answer.near
    assert await state(selling_practice, proposal_id) is ProposalState.OPEN


async def test_only_its_coach_proposes_and_only_its_client_answers(selling_practice: SellingPractice) -> None:
    starts = await selling_practice.starts()
    booking = await selling_practice.book(starts[0])
    by_client = await selling_practice.act(CLIENT)
    refused(await selling_practice.moves.propose(by_client, booking.id, booking.version, starts[8]), Code.NOT_FOUND)
    proposal_id = await proposed(selling_practice, booking, starts[8])
    for who in (OWNER, guest(1)):
        refused(await selling_practice.moves.accept(await selling_practice.act(who), proposal_id, 1), Code.NOT_FOUND)
    assert await selling_practice.moves.proposal(await selling_practice.meet(guest(1)), proposal_id, NOW) is None


async def state(selling_practice: SellingPractice, proposal_id: int) -> ProposalState:
    found = await selling_practice.moves.proposal(await selling_practice.meet(OWNER), proposal_id, NOW)
    assert found is not None
    return found.proposal.state


async def test_a_move_that_the_coach_proposed_never_counts_against_the_client(
    selling_practice: SellingPractice,
) -> None:
    starts = await selling_practice.starts()
    late = starts[0] - timedelta(hours=20)
    booking = await selling_practice.buy(starts[0])
    proposal_id = await proposed(selling_practice, booking, starts[-6])
    done(await selling_practice.moves.accept(await selling_practice.act(CLIENT, late), proposal_id, 1))
    agreed = await selling_practice.found(booking.id)
    assert selling_practice.bookings.cancel_outcome(agreed, Actor.CLIENT, late).becomes is Cancelled.IN_TIME

    proposal_id = await proposed(selling_practice, agreed, starts[-4])
    done(await selling_practice.moves.other_times(await selling_practice.act(CLIENT, late), proposal_id, 1))
    late = agreed.starts - timedelta(hours=20)
    asked = await selling_practice.found(booking.id)
    done(await selling_practice.move(CLIENT, asked, starts[-1], late))
    chosen = await selling_practice.found(booking.id)
    assert selling_practice.bookings.cancel_outcome(chosen, Actor.CLIENT, late).becomes is Cancelled.IN_TIME


async def test_a_move_that_comes_to_something_else_by_now_is_not_made(selling_practice: SellingPractice) -> None:
    starts = await selling_practice.starts()
    booking = await selling_practice.buy(starts[8])
    # A newer proposal of the coach takes the promise of an uncounted move back.
    proposal_id = await proposed(selling_practice, booking, starts[4])
    done(await selling_practice.moves.other_times(await selling_practice.act(CLIENT), proposal_id, 1))
    free = await selling_practice.moves.quote(await selling_practice.meet(CLIENT), booking.id, starts[-1], NOW)
    assert isinstance(free, MoveQuote)
    await proposed(selling_practice, booking, starts[4])
    refused(
        await selling_practice.moves.move(await selling_practice.act(CLIENT), booking.id, starts[-1], free.facts),
        Code.CHANGED,
    )
