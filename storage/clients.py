"""Who books with a coach, counted over their bookings."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

import sqlalchemy as sa

from bot.domain.bookings import BookingState, Outcome
from bot.domain.people import Platform
from storage.instants import from_epoch, to_epoch
from storage.tables import accounts, bookings, persons, sessions
from storage.tx import Tx


@dataclass(frozen=True)
class ClientCounts:
    """`next` and `last` are starts of confirmed sessions; `count` those that took place."""

    person_id: int
    name: str
    next: datetime | None
    last: datetime | None
    count: int
    unpaid: int


def counted(tx: Tx, coach_id: int | None, now: datetime, person_id: int | None = None) -> list[ClientCounts]:
    """One row for each person with a booking, with one coach or any."""
    moment = to_epoch(now)
    confirmed = bookings.c.state == BookingState.CONFIRMED
    ended = sa.and_(confirmed, sessions.c.ends <= moment)
    took_place = sa.and_(ended, bookings.c.outcome.is_distinct_from(Outcome.NO_SHOW.value))
    query = (
        sa.select(
            persons.c.id,
            persons.c.name_sealed,
            sa.func.min(sa.case((sa.and_(confirmed, sessions.c.ends > moment), sessions.c.starts))).label("next"),
            sa.func.max(sa.case((ended, sessions.c.starts))).label("last"),
            sa.func.count(sa.case((took_place, 1))).label("count"),
            sa.func.count(sa.case((bookings.c.state == BookingState.HELD, 1))).label("unpaid"),
        )
        .select_from(bookings.join(sessions).join(persons, bookings.c.person_id == persons.c.id))
        .group_by(persons.c.id, persons.c.name_sealed)
        .order_by(persons.c.id)
    )
    if coach_id is not None:
        query = query.where(bookings.c.coach_id == coach_id)
    if person_id is not None:
        query = query.where(bookings.c.person_id == person_id)
    return [
        ClientCounts(
            row.id,
            tx.sealer.open(row.name_sealed),
            from_epoch(row.next),
            from_epoch(row.last),
            row._mapping["count"],
            row.unpaid,
        )
        for row in tx.execute(query)
    ]


def platforms(tx: Tx, person_ids: Iterable[int]) -> dict[int, tuple[Platform, ...]]:
    """Where each of these people can be written to."""
    found: dict[int, tuple[Platform, ...]] = {}
    rows = tx.execute(
        sa.select(accounts.c.person_id, accounts.c.platform)
        .where(accounts.c.person_id.in_(list(person_ids)), accounts.c.unreachable.is_(None))
        .order_by(accounts.c.id)
    )
    for row in rows:
        found[row.person_id] = (*found.get(row.person_id, ()), Platform(row.platform))
    return found
