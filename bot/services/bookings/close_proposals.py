"""Closes a coach's proposals of another time when their booking moves or ends."""

from bot.domain.bookings.changes import Change, Ended, Moved
from bot.domain.bookings.proposals import ProposalState
from storage.bookings import proposals
from storage.engine import Tx


def close_proposals(tx: Tx, change: Change) -> None:
    """Close the proposals that still wait for an answer: the time that they wanted to move is none any more."""
    match change:
        case Moved():
            proposals.close(tx, change.before.id, change.answers or ProposalState.MOVED)
        case Ended():
            proposals.close(tx, change.before.id, ProposalState.WITHDRAWN)
