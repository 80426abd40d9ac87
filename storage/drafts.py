"""Drafts: typed changes between being shown and being saved."""

from datetime import datetime

import sqlalchemy as sa

from storage.tables import drafts
from storage.tx import Tx


def put(tx: Tx, person_id: int, kind: str, body: str, *, expires: datetime, now: datetime) -> int:
    """Keep a draft; returns its id. Old ones of anybody are swept on the way."""
    moment = int(now.timestamp())
    tx.execute(sa.delete(drafts).where(drafts.c.expires_at < moment))
    row = tx.execute(
        sa.insert(drafts)
        .values(
            person_id=person_id,
            kind=kind,
            body_sealed=tx.sealer.seal(body),
            expires_at=int(expires.timestamp()),
            created_at=moment,
        )
        .returning(drafts.c.id)
    )
    return int(row.scalar_one())


def find(tx: Tx, person_id: int, draft_id: int, kind: str, now: datetime) -> str | None:
    """The body of this person's draft, or None: not there, not theirs, not of that kind, or too old."""
    sealed = tx.execute(
        sa.select(drafts.c.body_sealed).where(
            drafts.c.id == draft_id,
            drafts.c.person_id == person_id,
            drafts.c.kind == kind,
            drafts.c.expires_at >= int(now.timestamp()),
        )
    ).scalar_one_or_none()
    return None if sealed is None else tx.sealer.open(sealed)
