"""Claims rows of the outbox for a sender: those that are due, and those that went out and are to be shown anew."""

from collections.abc import Collection
from dataclasses import replace
from datetime import datetime
from functools import cache

import sqlalchemy as sa

from bot.domain.notices.notices import PLANNED
from bot.domain.notices.outgoing import Delivery, OutboxRow
from storage.columns import literal
from storage.instants import to_epoch
from storage.journal.set_aside import Reader, read_claimed, written_for_us
from storage.leased import free, lasting
from storage.notices.outbox_rows import COLUMNS, ROWS, is_open
from storage.ready import Ready
from storage.tables import outbox
from storage.tx import Tx

_NOW = sa.bindparam("now", type_=sa.BigInteger)
_CORRECTIONS = replace(ROWS, due=outbox.c.correct_at)


def claim(
    tx: Tx, owner: str, now: datetime, limit: int, lease_s: int, *, planned: bool = True, but: Collection[int] = ()
) -> list[OutboxRow]:
    """Take due rows for `lease_s` seconds, earliest first, at most the first open one of each person; none of `but`.

    While that one is with a sender, the person's later rows wait: messages arrive in their order. Without
    `planned`, only what came about by itself or by an act, and not what was planned long ahead.
    """
    return _take(tx, _due(planned, bool(but)), ROWS, owner, now, limit, lease_s, but)


def claim_corrections(
    tx: Tx, owner: str, now: datetime, limit: int, lease_s: int, *, but: Collection[int] = ()
) -> list[OutboxRow]:
    """Take sent rows whose correction is due for `lease_s` seconds; none of `but`."""
    return _take(tx, _wrong(bool(but)), _CORRECTIONS, owner, now, limit, lease_s, but)


@cache
def _due(planned: bool, but: bool) -> Ready:
    earlier = outbox.alias("earlier")
    first = ~sa.exists().where(
        earlier.c.person_id == outbox.c.person_id,
        is_open(earlier),
        earlier.c.due <= _NOW,
        written_for_us(earlier),
        sa.tuple_(earlier.c.due, earlier.c.id) < sa.tuple_(outbox.c.due, outbox.c.id),
    )
    those = sa.select(outbox.c.id).where(is_open(outbox), outbox.c.due <= _NOW, first)
    if not planned:
        those = those.where(outbox.c.kind.not_in(literal(kind.value for kind in sorted(PLANNED))))
    return _taking(those.order_by(outbox.c.due, outbox.c.id), but)


@cache
def _wrong(but: bool) -> Ready:
    sent = outbox.c.state == literal((Delivery.SENT,))[0]
    those = sa.select(outbox.c.id).where(outbox.c.correct_at <= _NOW, sent)
    return _taking(those.order_by(outbox.c.correct_at, outbox.c.id), but)


def _taking(those: sa.Select[int], but: bool) -> Ready:
    those = those.where(free(outbox), written_for_us(outbox)).limit(sa.bindparam("most", type_=sa.Integer))
    if but:
        those = those.where(outbox.c.id.not_in(sa.bindparam("but", expanding=True)))
    locked = those.with_for_update(skip_locked=True, of=outbox).cte("ready")
    mine = {"owner": sa.bindparam("sender"), "lease_until": lasting(sa.bindparam("lease_s", type_=sa.BigInteger))}
    return Ready(sa.update(outbox).where(outbox.c.id.in_(sa.select(locked.c.id))).values(**mine).returning(*COLUMNS))


def _take(
    tx: Tx, taking: Ready, reader: Reader[OutboxRow], owner: str, now: datetime, limit: int, lease_s: int,
    but: Collection[int],
) -> list[OutboxRow]:  # fmt: skip
    values = {"sender": owner, "now": to_epoch(now), "most": limit, "lease_s": lease_s}
    found = tx.execute(taking, {**values, "but": list(but)} if but else values)
    return read_claimed(tx, reader, sorted(found, key=lambda row: (row.due, row.id)), now)
