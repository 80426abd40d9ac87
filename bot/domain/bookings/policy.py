"""What cancelling or rescheduling a session costs, and until when. The outcome that is shown is the one carried out."""

from dataclasses import dataclass, field
from enum import StrEnum

from bot.domain.payments.money import Money
from bot.domain.pricing.effects import Coverage, Effect, forfeited, released, unchanged


@dataclass(frozen=True, slots=True)
class Policy:
    """Cut-offs in elapsed minutes (>= 0) before the start; `max_moves` counts moves made by the client."""

    cancel_cutoff_min: int = 1440
    move_cutoff_min: int = 720
    max_moves: int = 2


class Actor(StrEnum):
    CLIENT = "client"
    COACH = "coach"


class CancelRefusal(StrEnum):
    STARTED = "started"


class MoveRefusal(StrEnum):
    STARTED = "started"
    TOO_LATE = "too_late"
    NO_MOVES_LEFT = "no_moves_left"
    COACH_GONE = "coach_gone"


class Cancelled(StrEnum):
    """How a cancelled booking is remembered: in time, after the cut-off, or by the coach."""

    IN_TIME = "in_time"
    LATE = "late"
    BY_COACH = "by_coach"


@dataclass(frozen=True, slots=True)
class CancelOutcome:
    """`effect`: what it does to money and credit.

    `changes_at`: the epoch second from which another outcome holds, None when it stays as it is. `fee_then`: the fee
    that it costs from that moment on, None for none.
    `becomes` is None exactly when `refusal` is not.
    """

    refusal: CancelRefusal | None
    effect: Effect
    changes_at: int | None
    becomes: Cancelled | None
    fee_then: Money | None = None

    @property
    def allowed(self) -> bool:
        return self.refusal is None

    @property
    def refund(self) -> Money | None:
        """What goes back of what was paid; None when nothing was."""
        return self.effect.back

    @property
    def kept(self) -> Money | None:
        """What the practice keeps of what was paid; None when nothing was."""
        return self.effect.kept


@dataclass(frozen=True, slots=True)
class MoveOutcome:
    """`free_until`: the epoch second from which moving is refused, None for the coach or when refused.

    `left`: the moves that the client has, this one included. `cancel_late`: the client moves it when cancelling is not
    free any more, and so it stays.
    """

    refusal: MoveRefusal | None
    free_until: int | None
    left: int
    cancel_late: bool = field(default=False, compare=False)  # begins at a cut-off of its own

    @property
    def allowed(self) -> bool:
        return self.refusal is None


def cancel_outcome(
    policy: Policy, coverage: Coverage, starts: int, now: int, actor: Actor, *, late: bool = False
) -> CancelOutcome:
    """What a cancel at `now` does with what the booking is covered by; `starts` and `now` are epoch seconds.

    The coach always gives everything back, even after the start. A client gets everything back before the
    cut-off, nothing from then on, and cannot cancel once the session has started. `late`: it passed its
    cut-off before the client moved it, so it is late whatever its new time is.
    """
    cutoff = starts - policy.cancel_cutoff_min * 60
    if actor is Actor.COACH:
        return CancelOutcome(None, released(coverage), None, Cancelled.BY_COACH)
    if now >= starts:
        return CancelOutcome(CancelRefusal.STARTED, unchanged(coverage), None, None)
    if late or now >= cutoff:
        return CancelOutcome(None, forfeited(coverage), starts, Cancelled.LATE)
    return CancelOutcome(None, released(coverage), cutoff, Cancelled.IN_TIME, forfeited(coverage).fee)


def cancel_facts(outcome: CancelOutcome) -> tuple[object, ...]:
    """What a cancel button must state of its outcome, beside the booking's version."""
    effect = outcome.effect
    if effect.change is not None:
        return (str(outcome.becomes), effect.change.value, effect.credits, effect.until or 0)
    refund = outcome.refund.amount if outcome.refund is not None else 0
    kept = outcome.kept.amount if outcome.kept is not None else 0
    fees = [(name, fee.amount) for name, fee in (("fee", effect.fee), ("fee back", effect.fee_back)) if fee]
    return (str(outcome.becomes), refund, kept, *(part for fee in fees for part in fee))


def move_outcome(policy: Policy, moves_made: int, starts: int, now: int, actor: Actor) -> MoveOutcome:
    """Whether the session may move at `now`; a move never costs anything.

    The coach may at any time before the start, and spends none of the client's moves.
    """
    left = max(0, policy.max_moves - moves_made)
    cutoff = starts - policy.move_cutoff_min * 60
    if now >= starts:
        return MoveOutcome(MoveRefusal.STARTED, None, left)
    if actor is Actor.COACH:
        return MoveOutcome(None, None, left)
    if now >= cutoff:
        return MoveOutcome(MoveRefusal.TOO_LATE, None, left)
    if not left:
        return MoveOutcome(MoveRefusal.NO_MOVES_LEFT, None, left)
    return MoveOutcome(None, cutoff, left, cancel_late=now >= starts - policy.cancel_cutoff_min * 60)
