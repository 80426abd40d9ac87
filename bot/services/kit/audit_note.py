"""Writes the audit entry of an act, and the notice that tells the owners."""

from collections.abc import Mapping
from datetime import datetime

from bot.domain.acts import Act
from bot.domain.notices.notices import Notice, NoticeKind
from bot.domain.subjects import Subject
from storage.engine import Tx
from storage.journal import audit
from storage.notices import outbox
from storage.people import roles


def note(
    tx: Tx,
    act: Act,
    what: str,
    subject: Subject,
    before: Mapping[str, object] | None = None,
    after: Mapping[str, object] | None = None,
) -> None:
    """Write the audit entry: who did it and through what. States, numbers and ids only; no names, no typed words."""
    audit.write(
        tx,
        person_id=act.person.id,
        via=act.via,
        act=what,
        subject=subject,
        before=before,
        after=after,
        now=act.now,
    )


def tell_owners(
    tx: Tx, kind: NoticeKind, subject: Subject, address: str, key: str, now: datetime, *, but: int | None = None
) -> None:
    """A notice about the subject to every owner, except for the person `but`, who did it."""
    for person_id in roles.owner_ids(tx):
        if person_id != but:
            outbox.put(tx, Notice(f"{key}:{person_id}", person_id, kind, address, now, subject=subject), now)
