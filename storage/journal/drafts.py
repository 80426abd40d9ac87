"""Drafts: typed changes that were shown and are not saved yet."""

from datetime import datetime
from typing import Any

import sqlalchemy as sa

from storage.identity import stands_for
from storage.instants import to_epoch
from storage.journal.set_aside import Reader, read_each
from storage.journal.unreadable import read_if
from storage.oldest import but_newest
from storage.tables import drafts
from storage.tx import Tx

_BODY = "drafts.body_sealed"
_EMPTIED = 0  # `expires_at` of one whose words are gone


def put(tx: Tx, person_id: int, kind: str, body: str, *, expires: datetime, now: datetime) -> int:
    """Keep a draft; returns its id. Old ones of anybody are swept on the way."""
    forget(tx, now)
    draft_id = tx.next_id(drafts)
    return tx.insert(
        sa.insert(drafts).values(
            id=draft_id,
            person_id=person_id,
            kind=kind,
            body_sealed=tx.sealer.seal(body, _BODY, draft_id),
            expires_at=to_epoch(expires),
            created_at=to_epoch(now),
        )
    )


def newest(tx: Tx, person_id: int, kind: str, now: datetime) -> str | None:
    """The body of this person's last draft of that kind, or None where it is too old."""
    rows = tx.execute(
        DRAFTS.select.where(
            stands_for(drafts.c.person_id, person_id), drafts.c.kind == kind, drafts.c.expires_at >= to_epoch(now)
        )
        .order_by(drafts.c.id.desc())
        .limit(1)
    )
    return next(iter(read_each(tx, DRAFTS, rows)), None)


def drop(tx: Tx, person_id: int, kind: str) -> None:
    """Empty this person's drafts of that kind: what was typed is kept elsewhere by now."""
    _empty(tx, stands_for(drafts.c.person_id, person_id), drafts.c.kind == kind)


def forget(tx: Tx, now: datetime) -> None:
    """Remove the drafts of anybody that are too old; of the newest one only the words."""
    old = drafts.c.expires_at < to_epoch(now)
    tx.execute(sa.delete(drafts).where(old, but_newest(drafts)))
    _empty(tx, old)


def _empty(tx: Tx, *which: sa.ColumnElement[bool]) -> None:
    for draft_id in tx.execute(sa.select(drafts.c.id).where(*which, drafts.c.expires_at != _EMPTIED)).scalars().all():
        emptied = {"body_sealed": tx.sealer.seal("", _BODY, draft_id), "expires_at": _EMPTIED}
        tx.execute(sa.update(drafts).where(drafts.c.id == draft_id).values(**emptied))


def find(tx: Tx, person_id: int, draft_id: int, kind: str, now: datetime) -> str | None:
    """The body of this person's draft, or None: not there, not theirs, not of that kind, or too old."""
    row = tx.execute(
        DRAFTS.select.where(
            drafts.c.id == draft_id,
            stands_for(drafts.c.person_id, person_id),
            drafts.c.kind == kind,
            drafts.c.expires_at >= to_epoch(now),
        )
    ).first()
    return read_if(tx, DRAFTS, row)


def _body(tx: Tx, row: Any) -> str:
    return tx.sealer.open(row.body_sealed, _BODY, row.id)


DRAFTS = Reader(sa.select(drafts.c.id, drafts.c.body_sealed), drafts.c.id, _body)
