"""Feeds: found by the digest of their link's token, which is sealed beside it so that the link can be shown again."""

import hmac
import secrets
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

import sqlalchemy as sa

from storage.identity import stands_for, surviving
from storage.instants import from_epoch, to_epoch
from storage.journal.set_aside import Reader, read_each
from storage.journal.unreadable import read_if
from storage.sealing import digest
from storage.sound import check
from storage.tables import calendar_feeds
from storage.tx import Tx

TOKEN = "calendar_feeds.token_sealed"  # noqa: S105 - the name of a column
_TOKEN_BYTES = 24
_WHOSE = surviving(calendar_feeds.c.person_id).label("whose")


@dataclass(frozen=True)
class Feed:
    """`person_id` is the one that survives. `token` is None while no link leads to it. `names`: see the table."""

    person_id: int
    token: str | None = field(repr=False)
    names: bool
    changed_at: datetime


def of_person(tx: Tx, person_id: int) -> Feed | None:
    """Of several that stand for one person the one with a link, and of these the newest."""
    rows = tx.execute(FEEDS.select.where(_of(person_id)).order_by(calendar_feeds.c.changed_at))
    found = read_each(tx, FEEDS, rows)
    return max(found, key=lambda each: each.token is not None, default=None) if found else None


def by_token(tx: Tx, token: str) -> Feed | None:
    """The time that this takes tells nothing of a token: digests are looked for, and compared as a whole."""
    wanted = digest(token)
    row = tx.execute(FEEDS.select.where(calendar_feeds.c.token_digest == wanted)).first()
    if row is None or not hmac.compare_digest(row.token_digest, wanted):
        return None
    return read_if(tx, FEEDS, row)


def renew(tx: Tx, person_id: int, now: datetime) -> None:
    """Make a link of a new token; every one that led there before is dead. `person_id` is the one that survives."""
    end(tx, person_id, now)
    token = secrets.token_urlsafe(_TOKEN_BYTES)
    sealed = tx.sealer.seal(token, TOKEN, person_id)
    _keep(tx, person_id, now, {"token_digest": digest(token), "token_sealed": sealed})


def end(tx: Tx, person_id: int, now: datetime) -> None:
    """No link leads there any more."""
    gone = {"token_digest": None, "token_sealed": None, "changed_at": to_epoch(now)}
    tx.execute(sa.update(calendar_feeds).where(_of(person_id)).values(gone))


def show_names(tx: Tx, person_id: int, now: datetime, *, on: bool) -> None:
    """A feed of whoever was merged with them stands as it is read: all of theirs are changed."""
    values: dict[str, object] = {"names": int(on), "changed_at": to_epoch(now)}
    tx.execute(sa.update(calendar_feeds).where(_of(person_id)).values(values))
    _keep(tx, person_id, now, {"names": int(on)})


def _keep(tx: Tx, person_id: int, now: datetime, values: dict[str, object]) -> None:
    kept = {**values, "changed_at": to_epoch(now)}
    made = tx.upsert(calendar_feeds).values(person_id=person_id, **kept)
    tx.execute(made.on_conflict_do_update(index_elements=["person_id"], set_=kept))


def _of(person_id: int) -> sa.ColumnElement[bool]:
    return stands_for(calendar_feeds.c.person_id, person_id)


def _read(tx: Tx, row: Any) -> Feed:
    check(calendar_feeds, row)
    sealed = row.token_sealed
    token = None if sealed is None else tx.sealer.open(sealed, TOKEN, row.person_id)
    return Feed(row.whose, token, bool(row.names), from_epoch(row.changed_at))


FEEDS = Reader(sa.select(calendar_feeds, _WHOSE), calendar_feeds.c.person_id, _read, "person_id")
