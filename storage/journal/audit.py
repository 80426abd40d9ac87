"""Who changed what, through what, when and why. Append-only: the database refuses anything else."""

from collections.abc import Mapping
from datetime import datetime

import sqlalchemy as sa

from bot.domain.records import EVERYTHING, AuditEntry, AuditFilter
from bot.domain.subjects import Subject
from storage.append_only import DETAIL, DETAIL_STAYS_DAYS, in_order, readable
from storage.identity import stands_for, surviving
from storage.instants import from_epoch, to_epoch
from storage.journal.set_aside import Reader, read_each
from storage.sound import Senseless, check
from storage.tables import audit
from storage.tx import Tx

CUT_DAYS = 365
LOOKS = 10
"""For a page of entries, beyond some that cannot be read."""

_WRITE = sa.insert(audit)
_WRITE_ONE = _WRITE.values(at=in_order(audit.c.at, sa.bindparam("told", type_=sa.BigInteger)))
_REAL_NOW = {
    True: sa.literal_column("CAST(extract(epoch FROM clock_timestamp()) AS bigint)", sa.BigInteger),
    False: sa.literal_column("CAST(strftime('%s', 'now') AS INTEGER)", sa.BigInteger),
}
_ENTRY = [surviving(each).label(each.name) if each is audit.c.person_id else each for each in audit.c]
_OF_SUBJECT = (
    sa.select(*_ENTRY)
    .where(audit.c.subject == sa.bindparam("subject"))
    .order_by(audit.c.id.desc())
    .limit(sa.bindparam("most", type_=sa.Integer))
)


def write(
    tx: Tx,
    *,
    person_id: int | None,
    via: str,
    act: str,
    subject: Subject,
    before: Mapping[str, object] | None = None,
    after: Mapping[str, object] | None = None,
    why: str | None = None,
    now: datetime,
) -> None:
    """Add an entry. It can never be changed, so it holds ids, states and amounts; no names, no typed words."""
    values = {
        "person_id": person_id,
        "via": via,
        "act": act,
        "subject": str(subject),
        "before": None if before is None else dict(before),
        "after": None if after is None else dict(after),
        "why": why,
    }
    if tx.postgres:
        tx.batch_insert(_WRITE, {**values, "at": to_epoch(now)})
    else:
        tx.execute(_WRITE_ONE, {**values, "told": to_epoch(now)})


def recent(tx: Tx, before_id: int | None = None, limit: int = 20, wanted: AuditFilter = EVERYTHING) -> list[AuditEntry]:
    """The newest entries that are wanted, newest first; `before_id` turns the page.

    Where some cannot be read older ones take their place, however many follow whose instant is none.
    """
    chosen = sa.select(*_ENTRY).where(*_fits(wanted)).order_by(audit.c.id.desc()).limit(limit)
    found: list[AuditEntry] = []
    for look in range(LOOKS):
        page = chosen if look == 0 else chosen.where(readable(audit.c.at))
        rows = tx.execute(page if before_id is None else page.where(audit.c.id < before_id)).all()
        found += read_each(tx, ENTRIES, rows)
        if len(found) >= limit or len(rows) < limit:
            break
        before_id = rows[-1].id
    return found[:limit]


def any_fits(tx: Tx, before_id: int | None, wanted: AuditFilter) -> bool:
    """Whether there are entries, be they readable or not."""
    older = () if before_id is None else (audit.c.id < before_id,)
    return tx.execute(sa.select(audit.c.id).where(*_fits(wanted), *older).limit(1)).first() is not None


def _fits(wanted: AuditFilter) -> list[sa.ColumnElement[bool]]:
    conditions: list[sa.ColumnElement[bool]] = []
    if wanted.by_itself:
        conditions.append(audit.c.person_id.is_(None))
    elif wanted.person_id is not None:
        conditions.append(stands_for(audit.c.person_id, wanted.person_id))
    if wanted.about is not None:
        conditions.append(sa.or_(*(audit.c.act.startswith(f"{kind}.", autoescape=True) for kind in wanted.about.kinds)))
    if wanted.since is not None:
        conditions.append(audit.c.at >= to_epoch(wanted.since))
    if wanted.until is not None:
        conditions.append(audit.c.at < to_epoch(wanted.until))
    return conditions


def actors(tx: Tx, skip: int, most: int) -> list[int]:
    """The persons who changed anything, who came here first at the top; at most `most`, after the first `skip`.

    One step through an index for each person, however long the trail is.
    """
    first = sa.select(sa.func.min(audit.c.person_id).label("stored"), sa.literal(1).label("place")).cte(recursive=True)
    later = sa.select(sa.func.min(audit.c.person_id)).where(audit.c.person_id > first.c.stored)
    steps = first.union_all(
        sa.select(later.scalar_subquery(), first.c.place + 1)
        .where(first.c.stored.is_not(None), first.c.place < skip + most)
    )  # fmt: skip
    found = tx.execute(sa.select(surviving(steps.c.stored)).where(steps.c.stored.is_not(None)).order_by(steps.c.place))
    return list(dict.fromkeys(found.scalars()))[skip:]


def of_subject(tx: Tx, subject: Subject, limit: int = 50) -> list[AuditEntry]:
    """The newest entries about one thing, newest first."""
    return read_each(tx, ENTRIES, tx.execute(_OF_SUBJECT, {"subject": str(subject), "most": limit}))


def _entry(_tx: Tx, row: sa.Row[*tuple[object, ...]]) -> AuditEntry:
    check(audit, row)
    values = dict(row._mapping)
    if not all(isinstance(values[facts], Mapping | None) for facts in ("before", "after")):
        raise Senseless("facts that are no mapping")
    return AuditEntry(**{**values, "subject": Subject.read(values["subject"]), "at": from_epoch(values["at"])})


ENTRIES = Reader(sa.select(*_ENTRY), audit.c.id, _entry)


def newest_id(tx: Tx) -> int:
    """The id of the newest entry, 0 when there is none."""
    return int(tx.execute(sa.select(sa.func.coalesce(sa.func.max(audit.c.id), 0))).scalar_one())


def since(tx: Tx, after_id: int) -> list[AuditEntry]:
    """Entries with a greater id, oldest first. Transactions may commit out of the order of their ids."""
    return read_each(tx, ENTRIES, tx.execute(sa.select(*_ENTRY).where(audit.c.id > after_id).order_by(audit.c.id)))


def cut_detail(tx: Tx, before: datetime, most: int) -> int:
    """Empty the detail of entries from before this moment, the oldest ones first; of how many, at most `most`.

    Entries of the last `DETAIL_STAYS_DAYS`, by the real clock, keep theirs whatever is asked. Looked at are those of
    `CUT_DAYS` before the moment: what is older was cut when its time came.
    """
    young = _REAL_NOW[tx.postgres] - DETAIL_STAYS_DAYS * 86_400
    detailed = sa.or_(*(audit.c[name].is_not(None) for name in DETAIL))
    since = to_epoch(before) - CUT_DAYS * 86_400
    old = sa.select(audit.c.id).where(audit.c.at.between(since, to_epoch(before) - 1), audit.c.at < young, detailed)
    cut = sa.update(audit).where(audit.c.id.in_(old.order_by(audit.c.at).limit(most)))
    return tx.execute(cut.values({audit.c[name]: sa.null() for name in DETAIL})).rowcount
