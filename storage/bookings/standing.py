"""What a client has booked that is yet to come, as far as limits count it, and what is in the way of the next."""

from collections import Counter, namedtuple
from dataclasses import dataclass
from datetime import datetime
from typing import Any

import sqlalchemy as sa

from bot.domain.bookings.bookings import Booking, BookingState
from bot.domain.payments.orders import OrderState
from bot.domain.people.people import Person
from bot.domain.practice.client_limits import Standing
from storage.bookings import booking_rows
from storage.bookings.booking_rows import BOOKINGS
from storage.bookings.sessions import HOLD_IS_OVER, Drawn, drawn, over_at
from storage.identity import stands_for, surviving
from storage.instants import to_epoch
from storage.journal.set_aside import read_each
from storage.journal.unreadable import read_if
from storage.people.person_rows import PEOPLE, PERSON, PERSONS
from storage.practice import catalogue
from storage.ready import Ready
from storage.tables import bookings, coaches, orders, persons, sessions
from storage.tx import Tx


@dataclass(frozen=True)
class InTheWay:
    """`over`: the coach's holds that are over. `own`: the client's hold. `standing` knows, of all offers with a price,
    only the one that was asked for. `both`: the client and the coach's person, with what they wish to be reminded of.
    `generation`: the catalogue's. `drawn`: ids for the booking, if it is made. `open_order`: what the client is asked
    to pay now.
    """

    over: list[Booking]
    own: Booking | None
    standing: Standing
    both: list[Person]
    generation: int
    drawn: Drawn
    open_order: int | None = None

    @property
    def other_order(self) -> int | None:
        """The client's open order, where it is not that of their hold."""
        return None if self.own is not None and self.own.order_id == self.open_order else self.open_order


@dataclass(frozen=True)
class Around:
    """What is asked before a booking that is there takes a time of this coach; all as for `InTheWay`."""

    over: list[Booking]
    both: tuple[Person, ...]
    generation: int


_HERS = stands_for(bookings.c.person_id, sa.bindparam("person", type_=sa.BigInteger))
_COMING = (
    _HERS,
    bookings.c.state == sa.literal_column(f"'{BookingState.CONFIRMED}'"),
    sessions.c.ends > sa.bindparam("now", type_=sa.BigInteger),
)
# What was planned together counts as one, but for what has no price.
_AS_ONE = sa.func.coalesce(bookings.c.plan_id, bookings.c.id)
_FREE = sa.func.count(sa.case((bookings.c.price == sa.literal_column("0"), 1)))
_OTHER = sa.bindparam("but", type_=sa.BigInteger) != bookings.c.id
_OTHER_FREE = sa.func.count(sa.case((sa.and_(bookings.c.price == sa.literal_column("0"), _OTHER), 1)))
_BY_OFFER = Ready(
    sa.select(bookings.c.offer_id, _AS_ONE.label("one"), _OTHER_FREE.label("free"))
    .select_from(bookings.join(sessions))
    .where(*_COMING)
    .group_by(bookings.c.offer_id, _AS_ONE)
)
_SAME = sa.func.count(sa.case((bookings.c.offer_id == sa.bindparam("offer", type_=sa.BigInteger), _AS_ONE)).distinct())
_COUNTED = (
    sa.select(
        sa.func.count(_AS_ONE.distinct()).label("standing"),
        _FREE.label("standing_free"),
        _SAME.label("standing_same"),
    )
    .select_from(bookings.join(sessions))
    .where(*_COMING)
    .subquery()
)
_OVER = sa.and_(bookings.c.coach_id == sa.bindparam("coach"), HOLD_IS_OVER)
_HOLDS = (
    booking_rows.select()
    .add_columns(_OVER.label("over"))
    .where(sa.or_(sa.and_(_HERS, bookings.c.state == sa.literal_column(f"'{BookingState.HELD}'")), _OVER))
    .subquery()
)
_TWO = (
    surviving(sa.bindparam("person", type_=sa.BigInteger)),
    surviving(sa.select(coaches.c.person_id).where(coaches.c.id == sa.bindparam("coach")).scalar_subquery()),
)
_BOTH = sa.select(*PERSON).select_from(PEOPLE).where(persons.c.id.in_(_TWO)).subquery()
_OPEN_ORDER = sa.select(sa.func.max(orders.c.id)).where(
    stands_for(orders.c.person_id, sa.bindparam("person", type_=sa.BigInteger)),
    orders.c.state == sa.literal_column(f"'{OrderState.OPEN}'"),
)
_Side: Any = namedtuple("_Side", _BOTH.c.keys())  # type: ignore[misc]
# A row for each person and each hold, which are hardly ever more than two.
_IN_THE_WAY = Ready(
    lambda postgres: (
        sa.select(
            *(column.label(f"side_{column.key}") for column in _BOTH.c),
            _COUNTED,
            catalogue.ALONG,
            *drawn(postgres),
            _OPEN_ORDER.scalar_subquery().label("open_order"),
            _HOLDS,
        )
        .select_from(_COUNTED.outerjoin(_BOTH, sa.true()).outerjoin(_HOLDS, sa.true()))
        .order_by(_HOLDS.c.hold_ends)
    )
)


def in_the_way(tx: Tx, coach_id: int, person_id: int, offer_id: int, now: datetime) -> InTheWay:
    """All that is asked before this person takes a time of this coach, in one statement."""
    moment = to_epoch(now)
    of = {"coach": coach_id, "person": person_id, "offer": offer_id, "now": moment}
    rows = tx.execute(_IN_THE_WAY, {**of, **over_at(moment)}).all()
    held = {row.id: row for row in rows if row.id is not None}.values()
    sides = {row.side_id: _Side(*row[: len(_Side._fields)]) for row in rows if row.side_id is not None}
    counts = rows[0]
    return InTheWay(
        over=read_each(tx, BOOKINGS, (row for row in held if row.over)),
        own=read_if(tx, BOOKINGS, next((row for row in held if not row.over), None)),
        standing=Standing(counts.standing, counts.standing_free, {offer_id: counts.standing_same}),
        both=read_each(tx, PERSONS, sides.values()),
        generation=counts.generation,
        drawn=Drawn(counts.next_session_id, counts.next_booking_id, counts.next_order_id),
        open_order=counts.open_order,
    )


_SEEN = sa.select(catalogue.ALONG).subquery()
_OVER_HOLDS = booking_rows.select().where(_OVER).subquery()
_AROUND = Ready(
    sa.select(*(column.label(f"side_{column.key}") for column in _BOTH.c), _SEEN, _OVER_HOLDS)
    .select_from(_SEEN.outerjoin(_BOTH, sa.true()).outerjoin(_OVER_HOLDS, sa.true()))
    .order_by(_OVER_HOLDS.c.hold_ends)
)


def around(tx: Tx, coach_id: int, booking: Booking, now: datetime) -> Around:
    """What there is beside this booking, which takes a time of this coach; in one statement."""
    asked = {"coach": coach_id, "person": booking.person_id, **over_at(to_epoch(now))}
    rows = tx.execute(_AROUND, asked).all()
    over = {row.id: row for row in rows if row.id not in (None, booking.id)}
    sides = {row.side_id: _Side(*row[: len(_Side._fields)]) for row in rows if row.side_id is not None}
    return Around(
        over=read_each(tx, BOOKINGS, over.values()),
        both=tuple(read_each(tx, PERSONS, sides.values())),
        generation=rows[0].generation,
    )


def coming(tx: Tx, person_id: int, now: datetime, *, but: int = 0, plan_id: int | None = None) -> Standing:
    """What this client has booked, as if the booking `but` did not exist, with which the others of its plan would count
    as one."""
    rows = tx.execute(_BY_OFFER, {"person": person_id, "now": to_epoch(now), "but": but}).all()
    others = [row for row in rows if row.one != (plan_id or but)]
    every = len({row.one for row in others})
    return Standing(every, sum(row.free for row in rows), Counter(row.offer_id for row in others))
