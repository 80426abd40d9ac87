"""Records which updates were acted on, so that a second delivery acts no more and shows the same page."""

from datetime import datetime
from functools import cache
from typing import Final

import sqlalchemy as sa

from storage.instants import to_epoch
from storage.ready import Ready
from storage.tables import acts
from storage.tx import Tx, upsert


class Unseen:
    """Nothing was done for this update yet."""


UNSEEN: Final = Unseen()
_OPEN = 0  # `at` of an update that is being looked at, or that came to nothing
_lately = acts.alias("lately")
_COUNT = (
    sa.select(sa.func.count())
    .select_from(_lately)
    .where(_lately.c.person_id == sa.bindparam("person"))
    .where(_lately.c.at.between(sa.bindparam("since"), sa.bindparam("until")))
)
_twin = acts.alias("twin")
_SINCE_TWIN = (
    sa.select(sa.func.count())
    .select_from(_lately)
    .where(_lately.c.person_id == sa.bindparam("person"))
    # Named in words: SQLite's RETURNING leaves out the names of tables, and both have this column.
    .where(_lately.c.at.between(sa.literal_column("twin.at"), sa.bindparam("until")))
    .scalar_subquery()
)
_TWIN = (
    sa.select(_twin.c.next)
    .where(_twin.c.key == sa.bindparam("button"))
    .where(_twin.c.at.between(sa.bindparam("tapped"), sa.bindparam("until")))
    .where(sa.literal_column("1") == _SINCE_TWIN)
)
LED_TO = sa.select(acts.c.next).where(acts.c.key == sa.bindparam("act"), acts.c.at != sa.literal_column(str(_OPEN)))
_LED_TO = Ready(LED_TO)


def seen(tx: Tx, key: str) -> str | Unseen | None:
    """The address shown after the act of this update, `UNSEEN` when there was none.

    Holds the key until the transaction ends, so that of two deliveries at once the second waits and then sees
    what the first did. Belongs at the beginning of a transaction that writes.
    """
    row = tx.execute(_HOLD, {"key": key, "at": _OPEN}).one()
    next_address: str | None = row.next
    return UNSEEN if row.at == _OPEN else next_address


def mark(
    tx: Tx,
    key: str,
    person_id: int | None,
    next: str | None,  # noqa: A002
    now: datetime,
    *,
    tap: str | None = None,
) -> None:
    """Keep that the update was acted on, and what is shown after it; also under `tap`, the key of its button."""
    rows = [{"key": key, "person_id": person_id, "next": next, "at": to_epoch(now)}]
    if tap is not None:  # of nobody: it is no act more
        rows.append({**rows[0], "key": tap, "person_id": None})
    tx.batch_insert(_mark(tx.postgres), *rows)


def _hold(postgres: bool) -> sa.Executable:
    made = upsert(acts, postgres=postgres)
    return made.on_conflict_do_update(index_elements=["key"], set_={"key": made.excluded.key}).returning(
        acts.c.next, acts.c.at
    )


@cache
def _mark(postgres: bool) -> sa.Insert:
    made = upsert(acts, postgres=postgres)
    news = {name: made.excluded[name] for name in ("person_id", "next", "at")}
    return made.on_conflict_do_update(index_elements=["key"], set_=news)


def begin(
    tx: Tx, key: str, person_id: int, since: datetime, until: datetime, *, tap: tuple[str, datetime] | None = None
) -> tuple[str | Unseen | None, int, str | None]:
    """As `seen`, how many acts the person did in this while, both ends included, and where `tap` led.

    Later ones are of a clock that was set back. `tap`: the key of a button, and since when a tap on it counts, where
    the person did nothing else since.
    """
    span = {"person": person_id, "since": to_epoch(since), "until": to_epoch(until)}
    button, tapped = tap or ("", until)
    row = tx.execute(_BEGIN, {"act": key, "button": button, "tapped": to_epoch(tapped), **span}).one()
    next_address: str | None = row.next
    return (UNSEEN if row.at == _OPEN else next_address), row.done, row.twin


def _begin(postgres: bool) -> sa.Executable:
    made = upsert(acts, postgres=postgres).values(key=sa.bindparam("act"), at=sa.literal_column(str(_OPEN)))
    held = made.on_conflict_do_update(index_elements=["key"], set_={"key": made.excluded.key})
    done, twin = _COUNT.scalar_subquery().label("done"), _TWIN.scalar_subquery().label("twin")
    return held.returning(acts.c.next, acts.c.at, done, twin)


_HOLD, _BEGIN = Ready(_hold, by_columns=True), Ready(_begin)


def forget(tx: Tx, before: datetime) -> int:
    """Remove what is older than any redelivery; returns how many."""
    return tx.execute(sa.delete(acts).where(acts.c.at < to_epoch(before))).rowcount


def led_to(tx: Tx, key: str) -> str | None:
    """The address that an act of this update led to, or None when there was none; never waits."""
    found = tx.execute(_LED_TO, {"act": key}).scalar_one_or_none()
    return None if found is None else str(found)
