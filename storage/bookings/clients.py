"""The clients of a coach, with counts over their bookings."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Any

import sqlalchemy as sa

from bot.domain.bookings.bookings import BookingState, Outcome
from bot.domain.people.people import ADDRESSES, Platform
from storage.columns import literal
from storage.identity import stands_for, surviving
from storage.instants import from_epoch, to_epoch
from storage.journal.unreadable import name_of
from storage.sound import MOST
from storage.tables import accounts, bookings, grants, persons, sessions
from storage.tx import Tx

_PLATFORMS = frozenset(each.value for each in Platform)
_PROVED = accounts.c.platform.not_in(literal(sorted(ADDRESSES))) | accounts.c.verified_at.is_not(None)


@dataclass(frozen=True)
class ClientCounts:
    """`next` and `last` are starts of confirmed sessions; `count` those that took place. `only_bought`: they have a
    package and never booked."""

    person_id: int
    name: str
    next: datetime | None
    last: datetime | None
    count: int
    unpaid: int
    only_bought: bool = False


def counted(
    tx: Tx, coach_id: int | None, now: datetime, *, skip: int = 0, most: int, buyers: bool = False
) -> list[ClientCounts]:
    """Of the persons with a booking with one coach or any: who comes next first, then who came last. `buyers`: with
    those who have a package and never booked with anybody.

    The database counts everything that was ever booked; at most `most` rows come back, after the first `skip`.
    """
    more = _only_buyers(surviving(grants.c.person_id).not_in(sa.select(surviving(bookings.c.person_id))))
    return _counted(tx, now, coach_id, more if buyers else None, skip=skip, most=most)


def one(tx: Tx, coach_id: int | None, now: datetime, person_id: int, *, buyers: bool = False) -> ClientCounts | None:
    """As `counted`, of one person; None when there was no booking."""
    booked = stands_for(bookings.c.person_id, person_id)
    more = _only_buyers(stands_for(grants.c.person_id, person_id), ~sa.exists().where(booked))
    return next(iter(_counted(tx, now, coach_id, more if buyers else None, booked, most=1)), None)


def _only_buyers(*which: sa.ColumnElement[bool]) -> sa.Select[Any]:
    nothing, none = sa.null().cast(sa.BigInteger), sa.literal(0, sa.BigInteger)
    row: list[sa.ColumnElement[Any]] = [
        surviving(grants.c.person_id).label("person_id"),
        nothing.label("next"),
        nothing.label("last"),
        none.label("count"),
        none.label("unpaid"),
        sa.literal(1).label("only_bought"),
    ]
    return sa.select(*row).where(*which).distinct()


def _counted(
    tx: Tx, now: datetime, coach_id: int | None, more: sa.Select[Any] | None, *only_if: sa.ColumnElement[bool],
    skip: int = 0, most: int,
) -> list[ClientCounts]:  # fmt: skip
    those = only_if if coach_id is None else (*only_if, bookings.c.coach_id == coach_id)
    moment = to_epoch(now)
    confirmed = bookings.c.state == BookingState.CONFIRMED
    ended = sa.and_(confirmed, sessions.c.ends <= moment)
    took_place = sa.and_(ended, bookings.c.outcome.is_distinct_from(Outcome.NO_SHOW.value))
    coming = sa.func.min(sa.case((sa.and_(confirmed, sessions.c.ends > moment), sessions.c.starts)))
    came = sa.func.max(sa.case((ended, sessions.c.starts)))
    booked = (
        sa.select(
            bookings.c.person_id,
            coming.label("next"),
            came.label("last"),
            sa.func.count(sa.case((took_place, 1))).label("count"),
            sa.func.count(sa.case((bookings.c.state == BookingState.HELD, 1))).label("unpaid"),
            sa.literal(0).label("only_bought"),
        )
        .select_from(bookings.join(sessions))
        .where(*those)
        .group_by(bookings.c.person_id)
    )
    if more is None:
        ordered = booked.order_by(*_soonest(coming, came), bookings.c.person_id)
    else:
        both = sa.union_all(booked, more).subquery()
        ordered = sa.select(both).order_by(*_soonest(both.c.next, both.c.last), both.c.person_id)
    chosen = ordered.limit(most).offset(skip).subquery()
    named = (
        sa.select(chosen, persons.c.id.label("client_id"), persons.c.name_sealed)
        .select_from(chosen.join(persons, persons.c.id == surviving(chosen.c.person_id)))
        .order_by(*_soonest(chosen.c.next, chosen.c.last), chosen.c.person_id)
    )
    return [
        ClientCounts(
            row.client_id,
            name_of(tx, row.client_id, row.name_sealed),
            _moment(row.next),
            _moment(row.last),
            row._mapping["count"],
            row.unpaid,
            bool(row.only_bought),
        )
        for row in tx.execute(named)
    ]


def _moment(seconds: object) -> datetime | None:
    """None also for one that no calendar has: its session is set aside by whoever reads it."""
    return from_epoch(seconds) if isinstance(seconds, int) and abs(seconds) < MOST else None


def _soonest(coming: sa.ColumnElement[int], came: sa.ColumnElement[int]) -> tuple[sa.ColumnElement[Any], ...]:
    return coming.is_(None), coming, sa.func.coalesce(came, 0).desc()


def coach_ids(tx: Tx, person_ids: Iterable[int]) -> dict[int, tuple[int, ...]]:
    """The coaches with whom each of these people ever booked."""
    found: dict[int, tuple[int, ...]] = {}
    whose = surviving(bookings.c.person_id).label("person_id")
    rows = tx.execute(
        sa.select(whose, bookings.c.coach_id)
        .where(stands_for(bookings.c.person_id, *person_ids))
        .distinct()
        .order_by(bookings.c.coach_id)
    )
    for row in rows:
        found[row.person_id] = (*found.get(row.person_id, ()), row.coach_id)
    return found


def offers_booked(tx: Tx, person_id: int, *, but: int = 0, plan_id: int = 0) -> frozenset[int]:
    """The offers of which this person has or had a confirmed session; the booking `but` and those of this plan do not
    count."""
    rows = tx.execute(
        sa.select(bookings.c.offer_id)
        .where(
            stands_for(bookings.c.person_id, person_id),
            bookings.c.state == BookingState.CONFIRMED,
            bookings.c.id != but,
            sa.func.coalesce(bookings.c.plan_id, 0) != plan_id if plan_id else sa.true(),
        )
        .distinct()
    )
    return frozenset(rows.scalars())


def platforms(tx: Tx, person_ids: Iterable[int]) -> dict[int, tuple[Platform, ...]]:
    """Where each of these people can be written to."""
    found: dict[int, tuple[Platform, ...]] = {}
    rows = tx.execute(
        sa.select(surviving(accounts.c.person_id).label("person_id"), accounts.c.platform)
        .where(stands_for(accounts.c.person_id, *person_ids), accounts.c.unreachable.is_(None), _PROVED)
        .order_by(accounts.c.id)
    )
    for row in rows:
        if row.platform in _PLATFORMS:  # else its account is set aside by whoever reads it
            before = found.get(row.person_id, ())
            found[row.person_id] = tuple(dict.fromkeys((*before, Platform(row.platform))))
    return found
