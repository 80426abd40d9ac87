"""Finds the grants of which something may be said: credits that end soon, the last one, and those nobody uses."""

from datetime import datetime, timedelta

import sqlalchemy as sa

from storage.instants import to_epoch
from storage.tables import credit_entries, grants
from storage.tx import Tx

_later = credit_entries.alias("later")
_newest = ~sa.exists().where(_later.c.grant_id == credit_entries.c.grant_id, _later.c.number > credit_entries.c.number)


def candidates(
    tx: Tx, now: datetime, ahead: timedelta, idle: timedelta, lately: timedelta, *, after: int, most: int
) -> list[int]:
    """Ids beyond `after`, in order, of grants with credits that end within `ahead`, or of which the newest entry was
    made within `lately`, or `idle` and up to `lately` more before now. Each look goes by an index of its own."""
    at = to_epoch(now)
    soon = at + int(ahead.total_seconds())
    then, fresh = to_epoch(now - idle), to_epoch(now - lately)
    ended = sa.select(grants.c.id).where(grants.c.expires_at > at, grants.c.expires_at <= soon)
    graced = sa.select(credit_entries.c.grant_id).where(credit_entries.c.until > at, credit_entries.c.until <= soon)
    last = sa.select(credit_entries.c.grant_id).where(
        credit_entries.c.at > fresh, credit_entries.c.balance == 1, _newest
    )
    quiet = sa.select(credit_entries.c.grant_id).where(
        credit_entries.c.at <= then, credit_entries.c.at > then - int(lately.total_seconds()),
        credit_entries.c.balance > 0, _newest,
    )  # fmt: skip
    those = sa.union(ended, graced, last, quiet).subquery("those")
    column = those.c[0]
    found = sa.select(column).where(column > after).order_by(column).limit(most)
    return list(tx.execute(found).scalars())
