"""Sessions: a coach's time that is taken. The database refuses two that overlap (`Overlap`)."""

from collections.abc import Collection, Sequence
from datetime import datetime, timedelta
from typing import Any, NamedTuple

import sqlalchemy as sa

from bot.domain.bookings.bookings import BookingState, SessionState
from bot.domain.calendar.slots import Busy
from bot.domain.payments.orders import OrderState
from bot.domain.payments.payments import PaymentState
from storage.columns import literal
from storage.identity import surviving
from storage.instants import to_epoch
from storage.journal.set_aside import Reader, read_each
from storage.journal.unreadable import not_aside
from storage.payments.orders import LINES, ORDERS
from storage.payments.payments import PAYMENTS
from storage.ready import Ready
from storage.schema.bookings import SESSION_SECONDS
from storage.sound import check
from storage.tables import bookings, order_lines, orders, payments, sessions
from storage.tx import Tx, next_id

GRACE = timedelta(minutes=2)
"""A hold whose payment page could not be closed keeps its slot this long past its end."""

TAKING = (SessionState.HELD, SessionState.CONFIRMED)


def over_at(now: int) -> dict[str, int]:
    """The parameters of `HOLD_IS_OVER`."""
    return {"over_at": now, "grace_over_at": now - int(GRACE.total_seconds())}


UNCERTAIN = (PaymentState.OPEN, PaymentState.CLOSING, PaymentState.ACCEPTED)
_FOR_IT = sa.or_(payments.c.booking_id == bookings.c.id, payments.c.order_id == bookings.c.order_id)
_PAYABLE = sa.exists().where(
    _FOR_IT,
    sa.or_(
        payments.c.state.in_(literal(UNCERTAIN)),
        sa.and_(payments.c.state == sa.literal_column("'intended'"), payments.c.asked_at.is_not(None)),
    ),
)
# Nobody knows whether this hold was paid: one word of the payment or of its order is none of ours, or it is set aside.
_UNREAD = sa.or_(
    sa.exists().where(
        _FOR_IT,
        sa.or_(
            payments.c.state.not_in(literal(PaymentState)),
            sa.and_(payments.c.state.in_(literal(UNCERTAIN)), ~not_aside(PAYMENTS)),
        ),
    ),
    sa.exists().where(
        orders.c.id == bookings.c.order_id, sa.or_(orders.c.state.not_in(literal(OrderState)), ~not_aside(ORDERS))
    ),
    sa.exists().where(order_lines.c.order_id == bookings.c.order_id, ~not_aside(LINES)),
)
# Condition on `bookings`: a hold past its end that nobody can still pay, or past its grace. One whose payment cannot be
# read keeps its time until that is known: whoever paid must not find it given away.
HOLD_IS_OVER = sa.and_(
    bookings.c.state == sa.literal_column(f"'{BookingState.HELD}'"),
    bookings.c.hold_ends <= sa.bindparam("over_at"),
    sa.or_(~_PAYABLE, bookings.c.hold_ends <= sa.bindparam("grace_over_at")),
    ~_UNREAD,
)
_BUSY = Ready(
    sa.select(
        sessions.c.id,
        sessions.c.coach_id,
        sessions.c.starts,
        sessions.c.ends,
        sessions.c.buffer_before_min,
        sessions.c.buffer_after_min,
    )
    .where(
        sessions.c.coach_id.in_(sa.bindparam("coaches", expanding=True)),
        sessions.c.starts > sa.bindparam("earliest"),
        sessions.c.starts < sa.bindparam("until"),
        sessions.c.ends > sa.bindparam("since"),
        sessions.c.state.in_(literal(TAKING)),
        sa.or_(
            sessions.c.state != sa.literal_column(f"'{SessionState.HELD}'"),
            ~sa.exists().where(bookings.c.session_id == sessions.c.id, HOLD_IS_OVER),
        ),
    )
    .order_by(sessions.c.starts)
)


class Drawn(NamedTuple):
    """Ids for a new session, for the booking that is to be its first seat and for the order that asks for its price:
    drawn before any of them is written, since what is sealed in a booking is bound to its id."""

    session_id: int
    booking_id: int
    order_id: int


def drawn(postgres: bool) -> tuple[sa.ColumnElement[int], ...]:
    """Columns of a statement that draws these ids, whatever else it asks; see `Drawn`. On Postgres those that are not
    used leave gaps."""
    those = (("session_id", sessions), ("booking_id", bookings), ("order_id", orders))
    return tuple(
        sa.select(next_id(table, postgres=postgres)).scalar_subquery().label(f"next_{name}") for name, table in those
    )


_DRAW = Ready(lambda postgres: sa.select(*drawn(postgres)))


def draw(tx: Tx) -> Drawn:
    """Ids for one more of several that are made in one transaction."""
    return Drawn(*tx.execute(_DRAW).one())


_INSERT = sa.insert(sessions)


def insert(
    tx: Tx,
    session_id: int,
    *,
    coach_id: int,
    starts: datetime,
    length_min: int,
    state: SessionState,
    buffers_min: tuple[int, int],
    kept_until: datetime | None = None,
) -> None:
    """A new session under an id that was drawn; `buffers_min` before and after are kept for later bookings.
    `kept_until`: of a time that is kept for a session which may move there.

    It is put off. `Overlap` ends the transaction when it is written.
    """
    values = {
        "id": session_id,
        "coach_id": coach_id,
        "starts": to_epoch(starts),
        "ends": to_epoch(starts) + length_min * 60,
        "state": state.value,
        "buffer_before_min": buffers_min[0],
        "buffer_after_min": buffers_min[1],
        "kept_until": to_epoch(kept_until),
    }
    tx.batch_insert(_INSERT, values)


def place(tx: Tx, session_id: int, starts: datetime, length_min: int) -> None:
    """Move a session. It is put off; `Overlap` ends the transaction when it is written."""
    tx.batch_update(_PLACE, {"row": session_id, **_span(starts, length_min)}, of={"id": session_id})


def switch(tx: Tx, session_id: int, starts: datetime, length_min: int, buffers_min: tuple[int, int]) -> None:
    """As `place`, with the buffers of another offer."""
    before, after = buffers_min
    values = {"row": session_id, "before": before, "after": after, **_span(starts, length_min)}
    tx.batch_update(_SWITCH, values, of={"id": session_id})


def hand_over(tx: Tx, session_id: int, coach_id: int, starts: datetime, length_min: int) -> None:
    """As `place`, and make it another coach's."""
    values = {"row": session_id, "coach": coach_id, **_span(starts, length_min)}
    tx.batch_update(_HAND_OVER, values, of={"id": session_id})


def set_state(tx: Tx, session_id: int, state: SessionState) -> None:
    """It is put off. `Overlap` when a session that had ended is to take its time again and cannot."""
    tx.batch_update(_SET_STATE, {"row": session_id, "becomes": state.value}, of={"id": session_id})


def are_kept(tx: Tx, session_ids: Collection[int]) -> bool:
    """Whether all of these are still kept."""
    kept = (sessions.c.id.in_(session_ids), sessions.c.state == SessionState.HELD.value)
    return tx.execute(sa.select(sa.func.count()).where(*kept)).scalar() == len(session_ids)


def kept_too_long(tx: Tx, before: datetime, most: int) -> Sequence[tuple[int, int]]:
    """Ids, each with its coach's, of times that were kept until then at most and still are."""
    late = (sessions.c.state == sa.literal_column("'held'"), sessions.c.kept_until < to_epoch(before))
    found = sa.select(sessions.c.id, sessions.c.coach_id).where(*late).order_by(sessions.c.kept_until).limit(most)
    return [(row.id, row.coach_id) for row in tx.execute(found)]


def _span(starts: datetime, length_min: int) -> dict[str, int]:
    return {"since": to_epoch(starts), "until": to_epoch(starts) + length_min * 60}


_CHANGE = (
    sa.update(sessions)
    .where(sessions.c.id == sa.bindparam("row"))
    .values(version=sessions.c.version + sa.literal_column("1"))
)
_PLACE = _CHANGE.values(
    starts=sa.bindparam("since", type_=sa.BigInteger), ends=sa.bindparam("until", type_=sa.BigInteger)
)
_HAND_OVER = _PLACE.values(coach_id=sa.bindparam("coach", type_=sa.BigInteger))
_SWITCH = _PLACE.values(
    buffer_before_min=sa.bindparam("before", type_=sa.BigInteger),
    buffer_after_min=sa.bindparam("after", type_=sa.BigInteger),
)
_SET_STATE = _CHANGE.values(state=sa.bindparam("becomes", type_=sessions.c.state.type))


def busy(
    tx: Tx, coach_ids: Sequence[int], since: int, until: int, now: int, *, without: int | None = None
) -> dict[int, list[Busy]]:
    """What takes each coach's time between two epoch seconds, in order, except the session `without`.

    A hold that is over by `now` takes nothing any more: booking its time ends it first.
    """
    bounds = {"earliest": since - SESSION_SECONDS, "since": since, "until": until}
    rows = tx.execute(_BUSY, {"coaches": list(coach_ids), **bounds, **over_at(now)})
    found: dict[int, list[Busy]] = {coach_id: [] for coach_id in coach_ids}
    for coach_id, taken in read_each(tx, SESSIONS, (row for row in rows if row.id != without)):
        found[coach_id].append(taken)
    return found


def _taken(_tx: Tx, row: Any) -> tuple[int, Busy]:
    check(sessions, row)
    return row.coach_id, Busy(row.starts, row.ends, True, row.buffer_before_min * 60, row.buffer_after_min * 60)


SESSIONS = Reader(sa.select(sessions), sessions.c.id, _taken)


def persons(tx: Tx, coach_ids: Sequence[int], since: int, until: int) -> frozenset[int]:
    """Ids of the clients who hold or have booked a session of these coaches that starts between two epoch seconds."""
    rows = tx.execute(
        sa.select(surviving(bookings.c.person_id))
        .join(sessions, bookings.c.session_id == sessions.c.id)
        .where(
            sessions.c.coach_id.in_(coach_ids),
            sessions.c.starts >= since,
            sessions.c.starts < until,
            sessions.c.state.in_(TAKING),
        )
        .distinct()
    )
    return frozenset(rows.scalars())


def counts(tx: Tx, coach_ids: Sequence[int], since: int, until: int) -> dict[int, int]:
    """How many sessions each of these coaches has that start between two epoch seconds."""
    rows = tx.execute(
        sa.select(sessions.c.coach_id, sa.func.count().label("taken"))
        .where(
            sessions.c.coach_id.in_(coach_ids),
            sessions.c.starts >= since,
            sessions.c.starts < until,
            sessions.c.state.in_(TAKING),
        )
        .group_by(sessions.c.coach_id)
    )
    found = {row.coach_id: row.taken for row in rows}
    return {coach_id: found.get(coach_id, 0) for coach_id in coach_ids}
