"""A coach's proposal to reschedule a session. The client decides; until then the old time stands."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum


class ProposalState(StrEnum):
    OPEN = "open"
    ACCEPTED = "accepted"
    DECLINED = "declined"  # the client cancelled instead and got everything back
    OTHER = "other"  # the client wants another time and may pick one, outside of limits and cut-offs
    MOVED = "moved"  # the client chose a time of their own instead
    WITHDRAWN = "withdrawn"  # by who proposed it, or a newer proposal or a cancel took its place
    LAPSED = "lapsed"  # nobody answered: the old time stood


@dataclass(frozen=True)
class Proposal:
    """`starts`: the time proposed. `to_coach_id` would take the session over from `from_coach_id`; None: it only moves.
    After `expires_at` an open one has lapsed.

    `by_person_id` and `by_name`: who of the practice proposed it, None where that was not kept yet.
    """

    id: int
    booking_id: int
    starts: datetime
    state: ProposalState
    expires_at: datetime
    version: int = 1
    to_coach_id: int | None = None
    from_coach_id: int | None = None
    by_person_id: int | None = None
    by_name: str | None = None

    def is_open(self, now: datetime) -> bool:
        """Whether its client can still answer it."""
        return self.state is ProposalState.OPEN and now < self.expires_at


def answer_by(starts: datetime, now: datetime) -> datetime:
    """Until when somebody may say whether another coach takes their session over.

    The day before it starts, so that the practice can still act; half of the time that is left where that is less.
    """
    return starts - min(timedelta(days=1), (starts - now) / 2)
