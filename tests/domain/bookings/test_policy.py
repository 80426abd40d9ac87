from hypothesis import given
from hypothesis import strategies as st

from bot.domain.bookings.policy import (
    Actor,
    Cancelled,
    CancelRefusal,
    MoveRefusal,
    Policy,
    cancel_outcome,
    move_outcome,
)
from bot.domain.payments.money import Money
from bot.domain.pricing.effects import Coverage

STARTS = 1_800_000_000
HOUR = 3600
PAID = Money(4500, "EUR")
NOTHING = Money(0, "EUR")
COVERED = Coverage(PAID, PAID)
policies = st.builds(Policy, st.integers(0, 5000), st.integers(0, 5000), st.integers(0, 3))
moments = st.integers(STARTS - 400_000, STARTS + 10_000)
amounts = st.one_of(st.none(), st.integers(0, 100_000).map(lambda amount: Money(amount, "EUR")))
actors = st.sampled_from(Actor)


def covered(paid: Money | None) -> Coverage:
    return Coverage(paid or NOTHING, paid)


def test_a_client_gets_everything_back_until_the_cut_off_and_nothing_from_then_on() -> None:
    cutoff = STARTS - 24 * HOUR
    free = cancel_outcome(Policy(), COVERED, STARTS, cutoff - 1, Actor.CLIENT)
    assert (free.refund, free.kept, free.changes_at, free.becomes) == (PAID, NOTHING, cutoff, Cancelled.IN_TIME)
    late = cancel_outcome(Policy(), COVERED, STARTS, cutoff, Actor.CLIENT)
    assert (late.refund, late.kept, late.changes_at, late.becomes) == (NOTHING, PAID, STARTS, Cancelled.LATE)
    over = cancel_outcome(Policy(), COVERED, STARTS, STARTS, Actor.CLIENT)
    assert (over.allowed, over.refusal, over.becomes) == (False, CancelRefusal.STARTED, None)


def test_what_was_late_before_a_move_is_late_until_the_new_start() -> None:
    moved_to = STARTS + 7 * 24 * HOUR
    late = cancel_outcome(Policy(), COVERED, moved_to, STARTS, Actor.CLIENT, late=True)
    assert (late.refund, late.kept, late.changes_at, late.becomes) == (NOTHING, PAID, moved_to, Cancelled.LATE)
    assert cancel_outcome(Policy(), COVERED, moved_to, STARTS, Actor.COACH, late=True).refund == PAID


def test_only_the_client_makes_a_cancel_late_by_moving() -> None:
    cutoff = STARTS - 24 * HOUR
    assert not move_outcome(Policy(), 0, STARTS, cutoff - 1, Actor.CLIENT).cancel_late
    assert move_outcome(Policy(), 0, STARTS, cutoff, Actor.CLIENT).cancel_late
    assert not move_outcome(Policy(), 0, STARTS, cutoff, Actor.COACH).cancel_late


def test_a_free_session_has_no_money_in_its_outcome() -> None:
    outcome = cancel_outcome(Policy(), Coverage(NOTHING), STARTS, STARTS - HOUR, Actor.CLIENT)
    assert (outcome.allowed, outcome.refund, outcome.kept) == (True, None, None)


@given(policies, amounts, moments)
def test_the_coach_always_refunds_in_full(policy: Policy, paid: Money | None, now: int) -> None:
    outcome = cancel_outcome(policy, covered(paid), STARTS, now, Actor.COACH)
    assert outcome.allowed
    assert outcome.refund == paid
    assert not outcome.kept
    assert outcome.changes_at is None


@given(policies, amounts, moments, actors)
def test_refund_and_fee_are_what_was_paid(policy: Policy, paid: Money | None, now: int, actor: Actor) -> None:
    outcome = cancel_outcome(policy, covered(paid), STARTS, now, actor)
    assert outcome.allowed == (outcome.becomes is not None)
    if paid is not None:
        assert outcome.refund is not None
        assert outcome.kept is not None
        assert outcome.refund + outcome.kept == paid


@given(policies, amounts, moments, actors, st.integers(0, 300_000))
def test_a_cancel_keeps_its_outcome_until_the_moment_it_names(
    policy: Policy, paid: Money | None, now: int, actor: Actor, later: int
) -> None:
    told = cancel_outcome(policy, covered(paid), STARTS, now, actor)
    if told.changes_at is not None:
        assert told.changes_at > now
        assert cancel_outcome(policy, covered(paid), STARTS, told.changes_at, actor).becomes != told.becomes
        assert cancel_outcome(policy, covered(paid), STARTS, min(now + later, told.changes_at - 1), actor) == told
    else:
        assert cancel_outcome(policy, covered(paid), STARTS, now + later, actor) == told


def test_a_move_is_free_until_its_cut_off_and_as_often_as_agreed() -> None:
    cutoff = STARTS - 12 * HOUR
    assert move_outcome(Policy(), 1, STARTS, cutoff - 1, Actor.CLIENT).free_until == cutoff
    assert move_outcome(Policy(), 1, STARTS, cutoff - 1, Actor.CLIENT).left == 1
    assert move_outcome(Policy(), 0, STARTS, cutoff, Actor.CLIENT).refusal is MoveRefusal.TOO_LATE
    assert move_outcome(Policy(), 2, STARTS, cutoff - 1, Actor.CLIENT).refusal is MoveRefusal.NO_MOVES_LEFT
    assert move_outcome(Policy(), 0, STARTS, STARTS, Actor.CLIENT).refusal is MoveRefusal.STARTED
    assert move_outcome(Policy(), 2, STARTS, STARTS - 60, Actor.COACH).allowed
    assert move_outcome(Policy(), 0, STARTS, STARTS, Actor.COACH).refusal is MoveRefusal.STARTED


@given(policies, st.integers(0, 5), moments, st.integers(0, 300_000))
def test_a_move_that_is_told_free_until_then_is_free_until_then(
    policy: Policy, moves: int, now: int, later: int
) -> None:
    told = move_outcome(policy, moves, STARTS, now, Actor.CLIENT)
    assert told.allowed == (told.free_until is not None)
    if told.free_until is not None:
        assert 0 < told.left <= policy.max_moves
        then = move_outcome(policy, moves, STARTS, min(now + later, told.free_until - 1), Actor.CLIENT)
        assert then == told
        assert not move_outcome(policy, moves, STARTS, told.free_until, Actor.CLIENT).allowed
    else:
        assert not move_outcome(policy, moves, STARTS, now + later, Actor.CLIENT).allowed
