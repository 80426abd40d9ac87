"""Withdraws what a change makes untrue: what was to be said of a thing is not said, and what was said is corrected."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import cache

import sqlalchemy as sa

from bot.domain.notices.notices import NoticeKind
from bot.domain.notices.outgoing import Delivery
from bot.domain.subjects import Subject
from storage import subjects
from storage.columns import literal
from storage.instants import to_epoch
from storage.notices.outbox import CLAIMED, OUT, asked_anew
from storage.tables import outbox
from storage.tx import Tx

_PENDING, _CANCELLED = literal((Delivery.PENDING, Delivery.CANCELLED))


@dataclass(frozen=True)
class Untrue:
    """`waiting`: the kinds of messages that are not said any more. `said`: those that are corrected, None for all.
    `readdressed`: those that have another address from now on, where they are messages already.
    """

    waiting: frozenset[NoticeKind]
    said: frozenset[NoticeKind] | None = None
    readdressed: frozenset[NoticeKind] = frozenset()


def withdraw(tx: Tx, subject: Subject, untrue: Untrue, note: str, now: datetime, address: str | None = None) -> None:
    """It is put off. `note` says why, and `address` is that of the readdressed ones."""
    told = {"why": note, "at": to_epoch(now), **subjects.bound(subject)}
    if untrue.readdressed:
        told["elsewhere"] = address
    tx.batch_update(_change(untrue), told, of={"subject": str(subject)})


@cache
def _change(untrue: Untrue) -> sa.Update:
    """A row that is not said is not corrected: nothing in it is looked at any more."""
    unsaid = sa.and_(outbox.c.state == _PENDING, _is_one_of(untrue.waiting))
    said = OUT | CLAIMED if untrue.said is None else (OUT | CLAIMED) & _is_one_of(untrue.said)
    moved = outbox.c.message_ref.is_not(None) & _is_one_of(untrue.readdressed)
    anew = asked_anew(sa.bindparam("at", type_=sa.BigInteger))
    values: dict[str, sa.ColumnElement[object]] = {
        "state": sa.case((unsaid, _CANCELLED), else_=outbox.c.state),
        "note": sa.case((unsaid, sa.bindparam("why", type_=sa.Text)), else_=outbox.c.note),
        "correct_at": sa.case((unsaid, outbox.c.correct_at), (said, anew), else_=outbox.c.correct_at),
    }
    which = [unsaid, said]
    if untrue.readdressed:
        values["address"] = sa.case((moved, sa.bindparam("elsewhere", type_=sa.Text)), else_=outbox.c.address)
        which.append(moved)
    return sa.update(outbox).where(subjects.about_bound(outbox), sa.or_(*which)).values(**values)


def _is_one_of(kinds: frozenset[NoticeKind]) -> sa.ColumnElement[bool]:
    named: Sequence[sa.ColumnElement[str]] = literal(sorted(kind.value for kind in kinds))
    return outbox.c.kind.in_(named)
