"""The inbox: events of other services, stored before they are answered and applied once."""

import json
from collections.abc import Mapping
from datetime import datetime
from typing import Any

import sqlalchemy as sa

from bot.domain.notices.incoming import InboxRow
from storage.columns import SCHEMA
from storage.instants import from_epoch, to_epoch
from storage.journal.claims import claiming
from storage.journal.set_aside import Reader, read_claimed
from storage.journal.unreadable import read_if
from storage.oldest import but_newest
from storage.schema.sealed import sealed_row
from storage.sound import check
from storage.tables import inbox
from storage.tx import Tx

_PAYLOAD = "inbox.payload_sealed"


def put(tx: Tx, provider: str, external_id: str, kind: str, payload: Mapping[str, object], now: datetime) -> bool:
    """Keep an event; False when the provider's id was kept before."""
    event = {"provider": provider, "external_id": external_id}
    values = {
        **event,
        "kind": kind,
        "payload_sealed": tx.sealer.seal(json.dumps(dict(payload)), _PAYLOAD, sealed_row(inbox, event)),
        "next_at": to_epoch(now),
        "received_at": to_epoch(now),
        "writer": SCHEMA,
    }
    made = tx.upsert(inbox).values(**values).on_conflict_do_nothing(index_elements=["provider", "external_id"])
    return tx.execute(made.returning(inbox.c.id)).first() is not None


def claim(tx: Tx, now: datetime, limit: int, lease_s: int, *, provider: str | None = None) -> list[InboxRow]:
    """Take what is to be applied, of one provider or of all, oldest first. What is neither applied, ignored nor
    failed within `lease_s` seconds comes back."""
    mine = [_WAITS] if provider is None else [_WAITS, inbox.c.provider == provider]
    taken = claiming(inbox, now, limit, lease_s, *mine).values(attempts=inbox.c.attempts + 1).returning(inbox)
    return read_claimed(tx, EVENTS, sorted(tx.execute(taken), key=lambda row: row.id), now)


def find(tx: Tx, id: int) -> InboxRow | None:  # noqa: A002
    """An event in any state; None once it is forgotten."""
    row = tx.execute(sa.select(inbox).where(inbox.c.id == id)).first()
    return read_if(tx, EVENTS, row)


def mark_applied(tx: Tx, id: int) -> bool:  # noqa: A002
    """Mark as applied, first thing in the transaction that applies it; False: somebody else did, do nothing."""
    return _end(tx, id, "applied")


def mark_ignored(tx: Tx, id: int, why: str) -> bool:  # noqa: A002
    """Mark as of no concern to us; `why` is a short code."""
    return _end(tx, id, "ignored", why)


def mark_failed(tx: Tx, id: int, error: str, again_at: datetime | None) -> bool:  # noqa: A002
    """Keep the error (a code or a type, no contents); tried again at `again_at`, or never if that is None."""
    if again_at is None:
        return _end(tx, id, "failed", error)
    later = sa.update(inbox).where(inbox.c.id == id, inbox.c.state == "received")
    return tx.execute(later.values(error=error, next_at=to_epoch(again_at), lease_until=None)).rowcount == 1


def next_due(tx: Tx) -> datetime | None:
    """When the next event is to be tried; None when nothing waits."""
    first = tx.execute(sa.select(sa.func.min(inbox.c.next_at)).where(inbox.c.state == "received")).scalar()
    return None if first is None else from_epoch(int(first))


def forget(tx: Tx, before: datetime, limit: int) -> int:
    """Remove at most `limit` events received before then that are done with, whatever became of them.

    One that comes again after that is applied by the state of what it is about, which changes nothing.
    """
    done = (inbox.c.state != "received", inbox.c.received_at < to_epoch(before))
    old = sa.select(inbox.c.id).where(*done, but_newest(inbox)).order_by(inbox.c.received_at).limit(limit)
    return tx.execute(sa.delete(inbox).where(inbox.c.id.in_(old))).rowcount


def _read(tx: Tx, row: sa.Row[*tuple[Any, ...]]) -> InboxRow:
    check(inbox, row)
    return InboxRow(
        id=row.id,
        provider=row.provider,
        external_id=row.external_id,
        kind=row.kind,
        payload=json.loads(tx.sealer.open(row.payload_sealed, _PAYLOAD, sealed_row(inbox, dict(row._mapping)))),
        attempts=row.attempts,
        received_at=from_epoch(row.received_at),
    )


_WAITS = inbox.c.state == "received"
EVENTS = Reader(sa.select(inbox), inbox.c.id, _read, due=inbox.c.next_at, waits=_WAITS)


def _end(tx: Tx, id_: int, state: str, error: str | None = None) -> bool:
    ended = sa.update(inbox).where(inbox.c.id == id_, inbox.c.state == "received")
    return tx.execute(ended.values(state=state, error=error)).rowcount == 1
