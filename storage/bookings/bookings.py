"""Bookings: each is a client's seat in a session, with the terms of its day."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime

import sqlalchemy as sa

from bot.domain.bookings.bookings import Booking, BookingState, Terms
from bot.domain.bookings.cover import Cover
from bot.domain.subjects import Subject
from storage.bookings import booking_rows
from storage.bookings.booking_rows import BOOKINGS
from storage.bookings.sessions import HOLD_IS_OVER, over_at
from storage.columns import literal
from storage.identity import stands_for
from storage.instants import to_epoch
from storage.journal.set_aside import read_each
from storage.journal.unreadable import not_aside, read_if
from storage.ready import Ready
from storage.schema.bookings import SESSION_SECONDS
from storage.tables import bookings, fee_consents, sessions
from storage.tx import Tx

ANOTHER_HOLD = "uq_bookings_open_hold"
STANDING = (BookingState.HELD, BookingState.CONFIRMED)
_INSERT = sa.insert(bookings)
_BY_ID = Ready(booking_rows.select().where(bookings.c.id == sa.bindparam("booking")))
_LOCKED = Ready(
    lambda postgres: (
        booking_rows.select()
        .add_columns(*((sa.func.pg_advisory_xact_lock(bookings.c.coach_id).label("locked"),) if postgres else ()))
        .where(bookings.c.id == sa.bindparam("booking"))
    )
)
_UPCOMING = Ready(
    booking_rows.select()
    .where(
        stands_for(bookings.c.person_id, sa.bindparam("person", type_=sa.BigInteger)),
        bookings.c.state.in_(literal(STANDING)),
        sessions.c.ends > sa.bindparam("now"),
    )
    .order_by(sessions.c.starts, bookings.c.id)
)

_OPEN_HOLD = Ready(
    booking_rows.select().where(
        stands_for(bookings.c.person_id, sa.bindparam("person", type_=sa.BigInteger)),
        bookings.c.state == literal((BookingState.HELD,))[0],
    )
)


@dataclass(frozen=True)
class NewBooking:
    """`terms` are a copy of the offer's and coach's of today; without `hold_ends` it is confirmed at once.

    `id` was drawn along with its session's: see `sessions.Drawn`. So was `order_id`, of one that money is asked for.
    `plan_id`: see `Booking`.
    """

    id: int
    session_id: int
    person_id: int
    coach_id: int
    offer_id: int
    terms: Terms
    client_zone: str
    coach_zone: str
    hold_ends: datetime | None
    phone: str | None = None
    cover: Cover = Cover.FREE
    order_id: int | None = None
    grant_id: int | None = None
    plan_id: int | None = None


def insert(tx: Tx, new: NewBooking, now: datetime) -> None:
    """A new booking. It is put off; `ANOTHER_HOLD` is violated when it is written and the person already holds
    another, which two updates at once can bring about."""
    terms = new.terms
    state = BookingState.CONFIRMED if new.hold_ends is None else BookingState.HELD
    values = {
        "id": new.id,
        "session_id": new.session_id,
        "person_id": new.person_id,
        "coach_id": new.coach_id,
        "offer_id": new.offer_id,
        "state": state.value,
        "offer_name": terms.offer_name,
        "length_min": terms.length_min,
        "price": terms.price.amount,
        "currency": terms.price.currency,
        "place_kind": terms.place.kind.value,
        "place_sealed": tx.sealer.seal(terms.place.details, booking_rows.PLACE, new.id),
        "cancel_cutoff_min": terms.policy.cancel_cutoff_min,
        "move_cutoff_min": terms.policy.move_cutoff_min,
        "max_moves": terms.policy.max_moves,
        "phone_sealed": None if new.phone is None else tx.sealer.seal(new.phone, booking_rows.PHONE, new.id),
        "client_zone": new.client_zone,
        "coach_zone": new.coach_zone,
        "hold_ends": None if new.hold_ends is None else to_epoch(new.hold_ends),
        "cover": new.cover.value,
        "order_id": new.order_id,
        "grant_id": new.grant_id,
        "plan_id": new.plan_id,
        "created_at": to_epoch(now),
    }
    tx.batch_insert(_INSERT, values)


def find(tx: Tx, booking_id: int) -> Booking | None:
    row = tx.execute(_BY_ID, {"booking": booking_id}).first()
    return read_if(tx, BOOKINGS, row)


def find_locked(tx: Tx, booking_id: int) -> Booking | None:
    """As `find`, and hold the lock of its coach from then on.

    It is read as it was before the lock was waited for, if it was: a change of it then is `Outdated`.
    """
    tx.seen = None
    return read_if(tx, BOOKINGS, tx.execute(_LOCKED, {"booking": booking_id}).first())


def find_many(tx: Tx, booking_ids: Collection[int]) -> list[Booking]:
    """In the order in which they begin."""
    return _ordered(tx, bookings.c.id.in_(booking_ids)) if booking_ids else []


def about(tx: Tx, subject: Subject | None) -> Booking | None:
    """The booking that something is about; None when it is about something else, or nothing."""
    booking_id = None if subject is None else subject.number("booking")
    return None if booking_id is None else find(tx, booking_id)


def coach_of(tx: Tx, subject: Subject | None) -> int | None:
    """Whose lock guards the booking that something is about; None as for `about`."""
    booking_id = None if subject is None else subject.number("booking")
    coach_id: int | None = tx.execute(sa.select(bookings.c.coach_id).where(bookings.c.id == booking_id)).scalar()
    return coach_id


def open_hold(tx: Tx, person_id: int) -> Booking | None:
    """The person's hold, whether or not it has reached its end. Of a plan that is held, one of its dates."""
    row = tx.execute(_OPEN_HOLD, {"person": person_id}).first()
    return read_if(tx, BOOKINGS, row)


def upcoming(tx: Tx, person_id: int, now: datetime) -> list[Booking]:
    """The client's standing bookings that have not ended, in order."""
    rows = tx.execute(_UPCOMING, {"person": person_id, "now": to_epoch(now)})
    return read_each(tx, BOOKINGS, rows)


def upcoming_of_coach(tx: Tx, coach_id: int, now: datetime) -> list[Booking]:
    """The coach's standing bookings that have not ended, in order."""
    return _ordered(
        tx,
        bookings.c.state.in_(STANDING),
        sessions.c.coach_id == coach_id,
        sessions.c.starts > to_epoch(now) - SESSION_SECONDS,
        sessions.c.ends > to_epoch(now),
    )


def between(tx: Tx, coach_id: int, since: datetime, until: datetime) -> list[Booking]:
    """The coach's standing bookings that start in [since, until), in order."""
    return _ordered(
        tx,
        bookings.c.state.in_(STANDING),
        sessions.c.coach_id == coach_id,
        sessions.c.starts >= to_epoch(since),
        sessions.c.starts < to_epoch(until),
    )


def of_client_between(tx: Tx, person_id: int, since: datetime, until: datetime) -> list[Booking]:
    """The client's standing bookings that start in [since, until), in order."""
    return _ordered(
        tx,
        stands_for(bookings.c.person_id, person_id),
        bookings.c.state.in_(STANDING),
        sessions.c.starts >= to_epoch(since),
        sessions.c.starts < to_epoch(until),
    )


def cancelled_by_practice(tx: Tx, coach_id: int, since: datetime, until: datetime) -> list[Booking]:
    """The coach's bookings that start in [since, until) and that the practice cancelled, in order."""
    return _ordered(
        tx,
        bookings.c.state == BookingState.CANCELLED,
        bookings.c.ended_by.in_(("coach", "owner")),
        sessions.c.coach_id == coach_id,
        sessions.c.starts >= to_epoch(since),
        sessions.c.starts < to_epoch(until),
    )


def of_client(tx: Tx, coach_id: int | None, person_id: int, limit: int = 50) -> list[Booking]:
    """Everything this client ever booked (with one coach, or all), latest first."""
    query = booking_rows.select().where(stands_for(bookings.c.person_id, person_id))
    if coach_id is not None:
        query = query.where(bookings.c.coach_id == coach_id)
    rows = tx.execute(query.order_by(sessions.c.starts.desc(), bookings.c.id.desc()).limit(limit))
    return read_each(tx, BOOKINGS, rows)


def unsettled(tx: Tx, coach_id: int, since: datetime, now: datetime) -> list[Booking]:
    """The coach's confirmed bookings that began since `since`, have ended and have no outcome, in order."""
    return _ordered(
        tx,
        bookings.c.state == BookingState.CONFIRMED,
        bookings.c.outcome.is_(None),
        sessions.c.coach_id == coach_id,
        sessions.c.starts >= to_epoch(since),
        sessions.c.starts < to_epoch(now),
        sessions.c.ends <= to_epoch(now),
    )


def with_fees(tx: Tx, person_id: int, mode: str) -> list[Booking]:
    """The client's confirmed bookings without an outcome whose fees, as they agreed, are charged to a card of this
    mode; in order."""
    mine = stands_for(fee_consents.c.person_id, person_id), fee_consents.c.mode == mode
    return _ordered(
        tx,
        bookings.c.id.in_(sa.select(fee_consents.c.booking_id).where(*mine)),
        bookings.c.state == BookingState.CONFIRMED,
        bookings.c.outcome.is_(None),
    )


def over_holds(tx: Tx, now: datetime, limit: int = 50) -> list[Booking]:
    """Holds past their end whose slot may be freed."""
    query = booking_rows.select().where(HOLD_IS_OVER, not_aside(BOOKINGS))
    rows = tx.execute(query.order_by(bookings.c.hold_ends).limit(limit), over_at(to_epoch(now)))
    return read_each(tx, BOOKINGS, rows)


def _ordered(tx: Tx, *conditions: sa.ColumnElement[bool]) -> list[Booking]:
    rows = tx.execute(booking_rows.select().where(*conditions).order_by(sessions.c.starts, bookings.c.id))
    return read_each(tx, BOOKINGS, rows)
