"""Reads grants with what they hold: those of a person, or one of them, under their locks where they will change."""

from collections.abc import Collection, Iterable, Sequence
from datetime import datetime, timedelta
from typing import Any, NamedTuple

import sqlalchemy as sa

from bot.domain.credits.grants import Credits, Grant, Holding
from bot.domain.payments.money import Money
from storage.identity import stands_for, surviving
from storage.instants import from_epoch, to_epoch
from storage.journal.set_aside import Reader, read_each
from storage.journal.unreadable import read_if
from storage.ready import Ready
from storage.sound import check
from storage.tables import bookings, credit_entries, grant_members, grant_offers, grants, sessions
from storage.tx import Tx


class Week(NamedTuple):
    """The seconds [since, until) in which sessions count towards a weekly cap."""

    since: int
    until: int


_NO_WEEK = Week(0, 0)
LATELY = timedelta(days=30)

_PERSON = sa.bindparam("person", type_=sa.BigInteger)
# By their ids: of an OR over two columns SQLite would look at every grant, to have them in their order.
_own = grants.alias("own")
_HERS = grants.c.id.in_(
    sa.union(
        sa.select(_own.c.id).where(stands_for(_own.c.person_id, _PERSON)),
        sa.select(grant_members.c.grant_id).where(stands_for(grant_members.c.person_id, _PERSON)),
    )
)
_covered = grant_offers.alias("covered")
_FOR_OFFER = sa.exists().where(
    _covered.c.grant_id == grants.c.id, _covered.c.offer_id == sa.bindparam("offer", type_=sa.BigInteger)
)
_THESE = grants.c.id.in_(sa.bindparam("grants", expanding=True))

_before = credit_entries.alias("before")
_newest = (
    sa.select(sa.func.max(_before.c.number))
    .where(_before.c.grant_id == grants.c.id)
    .correlate(grants)  # also where it stands within another one
    .scalar_subquery()
)
_in_the_week = (
    sa.select(sa.func.count())
    .select_from(bookings.join(sessions, bookings.c.session_id == sessions.c.id))
    .where(
        bookings.c.grant_id == grants.c.id,
        bookings.c.state == sa.literal_column("'confirmed'"),
        stands_for(bookings.c.person_id, _PERSON),
        sessions.c.starts >= sa.bindparam("week_since", type_=sa.BigInteger),
        sessions.c.starts < sa.bindparam("week_until", type_=sa.BigInteger),
    )
    .scalar_subquery()
)


def _held(which: sa.ColumnElement[bool], *, weekly: bool) -> sa.Select[Any]:
    """A row for each grant, offer and end of days of grace, of which there is hardly ever more than one."""
    mine = sa.select(grants.c.id).where(which)
    entry = credit_entries.alias("entry")
    graced = (
        sa.select(entry.c.grant_id, entry.c.until, sa.func.sum(entry.c.amount).label("left"))
        .where(entry.c.until.is_not(None), entry.c.grant_id.in_(mine))
        .group_by(entry.c.grant_id, entry.c.until)
        .having(sa.func.sum(entry.c.amount) > 0)
        .subquery("graced")
    )
    this_week = sa.case((grants.c.weekly_cap.is_not(None), _in_the_week), else_=0) if weekly else sa.literal(0)
    return (
        sa.select(
            *(each for each in grants.c if each.name != "person_id"),
            surviving(grants.c.person_id).label("person_id"),
            grant_offers.c.offer_id,
            credit_entries.c.number,
            credit_entries.c.balance,
            credit_entries.c.reserved,
            graced.c.until,
            graced.c.left,
            this_week.label("this_week"),
        )
        .select_from(
            grants.outerjoin(grant_offers, grant_offers.c.grant_id == grants.c.id)
            .outerjoin(
                credit_entries,
                sa.and_(credit_entries.c.grant_id == grants.c.id, credit_entries.c.number == _newest),
            )
            .outerjoin(graced, graced.c.grant_id == grants.c.id)
        )
        .where(which)
        .order_by(grants.c.id)
    )


def _locking(which: sa.ColumnElement[bool]) -> Ready:
    """In the order of their ids: nobody who holds one waits for one that somebody else locked before."""
    return Ready(sa.select(grants.c.id).where(which).order_by(grants.c.id).with_for_update(key_share=True))


_OF_PERSON = Ready(_held(_HERS, weekly=False))
_OF_PERSON_FOR = Ready(_held(sa.and_(_HERS, _FOR_OFFER), weekly=True))
_BY_ID = Ready(_held(_THESE, weekly=False))
_LOCK_FOR = _locking(sa.and_(_HERS, _FOR_OFFER))
_LOCK = _locking(_THESE)


def of_person(tx: Tx, person_id: int) -> list[Holding]:
    """All that this person owns or may use, in the order of their ids."""
    return _read_all(tx, tx.execute(_OF_PERSON, {"person": person_id}))


def usable(tx: Tx, person_id: int, offer_id: int, week: Week = _NO_WEEK, *, lock: bool = False) -> list[Holding]:
    """What this person has for the offer. `lock`: until the transaction ends, since one of them may be used.

    The lock is a statement of its own, before the one that looks: see docs/decisions/0013.
    """
    which = {"person": person_id, "offer": offer_id}
    if lock and tx.postgres:
        tx.execute(_LOCK_FOR, which)
    return _read_all(tx, tx.execute(_OF_PERSON_FOR, {**which, "week_since": week.since, "week_until": week.until}))


def lock(tx: Tx, grant_ids: Iterable[int]) -> None:
    """Hold these grants until the transaction ends: whoever changes several asks for all of them at once."""
    if tx.postgres and (those := sorted(set(grant_ids))):
        tx.execute(_LOCK, {"grants": those})


def locked(tx: Tx, grant_id: int) -> Holding | None:
    """One grant, held until the transaction ends. Raises `CannotRead`."""
    lock(tx, [grant_id])
    return find(tx, grant_id)


def find(tx: Tx, grant_id: int) -> Holding | None:
    """Raises `CannotRead`: of a grant that is there nobody may say that it holds nothing."""
    rows = tx.execute(_BY_ID, {"grants": [grant_id]})
    return read_if(tx, GRANTS, _Rows(grant_id, rows) if rows else None)


def find_many(tx: Tx, grant_ids: Collection[int]) -> list[Holding]:
    return _read_all(tx, tx.execute(_BY_ID, {"grants": sorted(set(grant_ids))})) if grant_ids else []


def ended_lately(tx: Tx, now: datetime, most: int, after: int = 0) -> list[int]:
    """Ids, beyond `after`, of grants of which credits may have been over since `LATELY` and still count as available.

    Bounded on both sides: what ended before was looked at then, and can be used by nobody whether or not it was.
    """
    then = (to_epoch(now - LATELY), to_epoch(now))
    last = sa.select(credit_entries.c.balance).where(
        credit_entries.c.grant_id == grants.c.id, credit_entries.c.number == _newest
    )
    ended = sa.union(
        sa.select(_own.c.id).where(_own.c.expires_at.between(*then)),
        sa.select(credit_entries.c.grant_id).where(credit_entries.c.until.between(*then)),
    )
    found = sa.select(grants.c.id).where(grants.c.id.in_(ended), grants.c.id > after, last.scalar_subquery() > 0)
    return list(tx.execute(found.order_by(grants.c.id).limit(most)).scalars())


def of_past_sessions(
    tx: Tx, ended_before: datetime, most: int, after: tuple[int, int] = (0, 0)
) -> list[tuple[int, int]]:
    """Grant and booking, beyond `after` and in this order, of confirmed sessions that ended before then and within
    `LATELY`, whose credit is still reserved."""
    later = credit_entries.alias("later")
    newest = sa.select(later.c.id).where(later.c.booking_id == bookings.c.id, later.c.id > credit_entries.c.id).exists()
    until = to_epoch(ended_before)
    since = until - int(LATELY.total_seconds())
    rows = tx.execute(
        sa.select(bookings.c.grant_id, bookings.c.id)
        .select_from(
            bookings.join(sessions, bookings.c.session_id == sessions.c.id).join(
                credit_entries,
                sa.and_(credit_entries.c.booking_id == bookings.c.id, credit_entries.c.grant_id == bookings.c.grant_id),
            )
        )
        .where(
            sa.tuple_(bookings.c.grant_id, bookings.c.id) > sa.tuple_(*map(sa.literal, after)),
            bookings.c.grant_id.is_not(None),
            bookings.c.state == "confirmed",
            sessions.c.ends.between(since, until),
            credit_entries.c.kind == "reserved",
            ~newest,
        )
        .order_by(bookings.c.grant_id, bookings.c.id)
        .limit(most)
    )
    return [(row.grant_id, row.id) for row in rows]


def _read_all(tx: Tx, rows: Iterable[Any]) -> list[Holding]:
    by_grant: dict[int, list[Any]] = {}
    for row in rows:
        by_grant.setdefault(row.id, []).append(row)
    return read_each(tx, GRANTS, (_Rows(grant_id, those) for grant_id, those in by_grant.items()))


class _Rows(NamedTuple):
    """The rows of one grant."""

    id: int
    rows: Sequence[Any]


def _read(_tx: Tx, those: Any) -> Holding:
    rows = those.rows if isinstance(those, _Rows) else (those,)
    row = rows[0]
    check(grants, row)
    if row.number is None:
        raise ValueError("a grant without an entry")
    graced = {each.until: int(each.left) for each in rows if each.until is not None}
    return Holding(
        Grant(
            id=row.id,
            person_id=row.person_id,
            name=row.name,
            sessions=row.sessions,
            price=Money(row.price, row.currency),
            single_price=Money(row.single_price, row.currency),
            bought_at=from_epoch(row.bought_at),
            expires_at=from_epoch(row.expires_at),
            offer_ids=frozenset(each.offer_id for each in rows if each.offer_id is not None),
            weekly_cap=row.weekly_cap,
            order_id=row.order_id,
            package_id=row.package_id,
            extended_at=from_epoch(row.extended_at),
            version=row.version,
        ),
        Credits(
            available=int(row.balance),
            reserved=int(row.reserved),
            number=int(row.number),
            grace=tuple(from_epoch(until) for until in sorted(graced) for _each in range(graced[until])),
        ),
        int(row.this_week),
    )


GRANTS = Reader(_held(sa.true(), weekly=False), grants.c.id, _read)
