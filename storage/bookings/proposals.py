"""Proposals: times that a coach asks a client to move to."""

from datetime import datetime
from typing import Any

import sqlalchemy as sa

from bot.domain.bookings.proposals import Proposal, ProposalState
from storage.instants import from_epoch, to_epoch
from storage.tables import bookings, proposals
from storage.tx import Tx


def insert(tx: Tx, booking_id: int, starts: datetime, expires: datetime, now: datetime) -> int:
    """A new open proposal."""
    return tx.insert(
        sa.insert(proposals).values(
            booking_id=booking_id,
            starts=to_epoch(starts),
            state=ProposalState.OPEN.value,
            expires_at=to_epoch(expires),
            created_at=to_epoch(now),
        )
    )


def find(tx: Tx, proposal_id: int) -> Proposal | None:
    row = tx.execute(sa.select(proposals).where(proposals.c.id == proposal_id)).first()
    return None if row is None else _read(row)


def answer(tx: Tx, proposal: Proposal, state: ProposalState) -> bool:
    """Give it this state if it is still as it was read."""
    changed = tx.execute(
        sa.update(proposals)
        .where(proposals.c.id == proposal.id, proposals.c.version == proposal.version)
        .values(state=state.value, version=proposal.version + 1)
    )
    return changed.rowcount == 1


def close(tx: Tx, booking_id: int, state: ProposalState) -> list[int]:
    """Give this state to those of the booking that still wait for somebody; their ids."""
    rows = tx.execute(
        sa.update(proposals)
        .where(
            proposals.c.booking_id == booking_id,
            proposals.c.state.in_((ProposalState.OPEN, ProposalState.OTHER)),
        )
        .values(state=state.value, version=proposals.c.version + 1)
        .returning(proposals.c.id)
    )
    return list(rows.scalars())


def waiting(tx: Tx, coach_id: int, now: datetime) -> list[Proposal]:
    """The coach's: open, or answered with a wish for other times, and not lapsed."""
    query = (
        sa.select(proposals)
        .join(bookings, proposals.c.booking_id == bookings.c.id)
        .where(
            proposals.c.state.in_((ProposalState.OPEN, ProposalState.OTHER)),
            proposals.c.expires_at > to_epoch(now),
            bookings.c.coach_id == coach_id,
        )
        .order_by(proposals.c.id)
    )
    return [_read(row) for row in tx.execute(query)]


def lapse(tx: Tx, now: datetime) -> list[Proposal]:
    """Mark the open ones that nobody answered in time; these."""
    rows = tx.execute(
        sa.update(proposals)
        .where(proposals.c.state == ProposalState.OPEN, proposals.c.expires_at <= to_epoch(now))
        .values(state=ProposalState.LAPSED.value, version=proposals.c.version + 1)
        .returning(proposals)
    )
    return [_read(row) for row in rows]


def _read(row: Any) -> Proposal:
    return Proposal(
        id=row.id,
        booking_id=row.booking_id,
        starts=from_epoch(row.starts),
        state=ProposalState(row.state),
        expires_at=from_epoch(row.expires_at),
        version=row.version,
    )
