"""Finds the next moment at which any sweep does something that people will see."""

from datetime import timedelta

import sqlalchemy as sa

from bot.domain.bookings.bookings import BookingState
from bot.domain.bookings.proposals import ProposalState
from bot.domain.notices.outgoing import Delivery
from storage.bookings.sessions import GRACE
from storage.engine import Tx
from storage.notices import outbox
from storage.sound import MOST
from storage.tables import bookings, proposals
from storage.tables import outbox as rows


def next_due(tx: Tx, warn_ahead: timedelta) -> int | None:
    """The earliest of: messages and their corrections, a hold's warning and its end, a proposal's end.

    It may be past: then a sweep is about to see to it. None when nothing waits. `warn_ahead` is how long before
    its end a hold is spoken of.
    """
    steps = ((1, -warn_ahead), (2, timedelta(0)), (3, GRACE))
    found = [
        _first(tx, rows.c.correct_at, rows.c.state == Delivery.SENT.value),
        _first(tx, proposals.c.expires_at, proposals.c.state == ProposalState.OPEN),
    ]
    for stage, after in steps:
        ends = _first(tx, bookings.c.hold_ends, bookings.c.state == BookingState.HELD, bookings.c.hold_warned < stage)
        found.append(None if ends is None else ends + int(after.total_seconds()))
    return min((moment for moment in (*found, outbox.next_due(tx)) if moment is not None), default=None)


def _first(tx: Tx, moment: sa.ColumnElement[int], *conditions: sa.ColumnElement[bool]) -> int | None:
    return tx.execute(sa.select(sa.func.min(moment)).where(moment.between(0, MOST), *conditions)).scalar()
