"""Proposals: times that a coach asks a client to move to."""

from datetime import datetime
from typing import Any

import sqlalchemy as sa

from bot.domain.bookings.proposals import Proposal, ProposalState
from storage.columns import literal
from storage.identity import surviving
from storage.instants import from_epoch, to_epoch
from storage.journal.set_aside import Reader, known, read_each
from storage.journal.unreadable import name_of, read_if
from storage.sound import check
from storage.tables import bookings, persons, proposals
from storage.tx import Tx

_by = persons.alias("by")
_ROWS = sa.select(proposals, _by.c.id.label("by_id"), _by.c.name_sealed.label("by_sealed")).select_from(
    proposals.outerjoin(_by, surviving(proposals.c.from_person_id) == _by.c.id)
)


def insert(
    tx: Tx, booking_id: int, by: int, starts: datetime, expires: datetime, now: datetime,
    *, to_coach: int | None = None, from_coach: int | None = None,
) -> int:  # fmt: skip
    """A new open proposal; `by` is the id of the person who makes it, `to_coach` who is to take the session over."""
    return tx.insert(
        sa.insert(proposals).values(
            booking_id=booking_id,
            from_person_id=by,
            starts=to_epoch(starts),
            state=ProposalState.OPEN.value,
            expires_at=to_epoch(expires),
            created_at=to_epoch(now),
            to_coach_id=to_coach,
            from_coach_id=from_coach,
        )
    )


def find(tx: Tx, proposal_id: int) -> Proposal | None:
    row = tx.execute(_ROWS.where(proposals.c.id == proposal_id)).first()
    return read_if(tx, PROPOSALS, row)


def answer(tx: Tx, proposal: Proposal, state: ProposalState) -> bool:
    """Give it this state if it is still as it was read."""
    changed = tx.execute(
        sa.update(proposals)
        .where(proposals.c.id == proposal.id, proposals.c.version == proposal.version)
        .values(state=state.value, version=proposal.version + 1)
    )
    return changed.rowcount == 1


def close(tx: Tx, booking_id: int, state: ProposalState) -> None:
    """Give this state to those of the booking that still wait for somebody. It is put off."""
    tx.batch_update(_CLOSE, {"booking": booking_id, "becomes": state.value}, of={"booking_id": booking_id})


_CLOSE = (
    sa.update(proposals)
    .where(
        proposals.c.booking_id == sa.bindparam("booking"),
        proposals.c.state.in_(literal((ProposalState.OPEN, ProposalState.OTHER))),
    )
    .values(
        state=sa.bindparam("becomes", type_=proposals.c.state.type),
        version=proposals.c.version + sa.literal_column("1"),
    )
)


def waiting(tx: Tx, coach_id: int, now: datetime) -> list[Proposal]:
    """The coach's: open, or answered with a wish for other times, and not lapsed."""
    query = (
        _ROWS.join(bookings, proposals.c.booking_id == bookings.c.id)
        .where(
            proposals.c.state.in_((ProposalState.OPEN, ProposalState.OTHER)),
            proposals.c.expires_at > to_epoch(now),
            bookings.c.coach_id == coach_id,
        )
        .order_by(proposals.c.id)
    )
    return read_each(tx, PROPOSALS, tx.execute(query))


def over(tx: Tx, now: datetime) -> list[Proposal]:
    """The open ones that nobody answered in time."""
    late = (proposals.c.state == ProposalState.OPEN, proposals.c.expires_at <= to_epoch(now))
    return read_each(tx, PROPOSALS, tx.execute(_ROWS.where(*late).order_by(proposals.c.id)))


def _read(tx: Tx, row: Any) -> Proposal:
    check(proposals, row)
    return Proposal(
        id=row.id,
        booking_id=row.booking_id,
        starts=from_epoch(row.starts),
        state=known(ProposalState, row.state),
        expires_at=from_epoch(row.expires_at),
        version=row.version,
        to_coach_id=row.to_coach_id,
        from_coach_id=row.from_coach_id,
        by_person_id=row.by_id,
        by_name=None if row.by_sealed is None else name_of(tx, row.by_id, row.by_sealed),
    )


PROPOSALS = Reader(_ROWS, proposals.c.id, _read)
