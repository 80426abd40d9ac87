"""Which credits of a grant are frozen, because of what, and what became of that."""

from collections.abc import Collection
from datetime import datetime
from typing import Any

import sqlalchemy as sa

from bot.domain.credits.freezes import Freeze, FreezeState, Parts
from storage.columns import SCHEMA
from storage.instants import from_epoch, to_epoch
from storage.journal.set_aside import Reader, known, read_each
from storage.ready import Ready
from storage.sound import check
from storage.tables import freezes
from storage.tx import Tx


def put(
    tx: Tx, grant_id: int | None, parts: Parts, now: datetime, *,
    dispute_id: int | None = None, refund_id: int | None = None, gift_id: int | None = None,
) -> None:  # fmt: skip
    """The grant, or the gift without one, is locked, and has none because of this yet."""
    values = {
        "grant_id": grant_id, "gift_id": gift_id, "dispute_id": dispute_id, "refund_id": refund_id, **_written(parts),
        "state": FreezeState.FROZEN.value, "frozen_at": to_epoch(now), "writer": SCHEMA,
    }  # fmt: skip
    tx.execute(sa.insert(freezes).values(**values))


def change(tx: Tx, freeze: Freeze, parts: Parts, state: FreezeState) -> None:
    values = {**_written(parts), "state": state.value, "version": freezes.c.version + 1}
    tx.execute(sa.update(freezes).where(freezes.c.id == freeze.id).values(**values))


def pass_on(tx: Tx, freeze: Freeze, grant_id: int) -> None:
    """Somebody took the gift: these are of their grant."""
    values = {"grant_id": grant_id, "version": freezes.c.version + 1}
    tx.execute(sa.update(freezes).where(freezes.c.id == freeze.id).values(**values))


def _written(parts: Parts) -> dict[str, object]:
    kept = [[to_epoch(until), number] for until, number in parts]
    return {"sessions": sum(number for _until, number in parts), "parts": kept}


def because_of(tx: Tx, *, dispute_id: int | None = None, refund_id: int | None = None) -> list[Freeze]:
    """In the order of their grants."""
    which = freezes.c.dispute_id == dispute_id if refund_id is None else freezes.c.refund_id == refund_id
    return read_each(tx, FREEZES, tx.execute(FREEZES.select.where(which).order_by(freezes.c.grant_id)))


def of_grant(tx: Tx, grant_id: int) -> list[Freeze]:
    return read_each(tx, FREEZES, tx.execute(_OF_GRANT, {"grant": grant_id}))


def of_gift(tx: Tx, gift_id: int) -> list[Freeze]:
    """While nobody has taken it."""
    mine = (freezes.c.gift_id == gift_id, freezes.c.grant_id.is_(None))
    return read_each(tx, FREEZES, tx.execute(FREEZES.select.where(*mine).order_by(freezes.c.id)))


def frozen(tx: Tx, grant_ids: Collection[int]) -> dict[int, int]:
    """How many credits of these grants nobody can use now."""
    total = (
        sa.select(freezes.c.grant_id, sa.func.sum(freezes.c.sessions).label("total"))
        .where(freezes.c.grant_id.in_(sorted(set(grant_ids))), freezes.c.state == FreezeState.FROZEN.value)
        .group_by(freezes.c.grant_id)
    )
    return {row.grant_id: int(row.total) for row in tx.execute(total) if row.total} if grant_ids else {}


def _read(_tx: Tx, row: Any) -> Freeze:
    check(freezes, row)
    return Freeze(
        id=row.id,
        grant_id=row.grant_id,
        parts=tuple((from_epoch(until), int(number)) for until, number in row.parts),
        state=known(FreezeState, row.state),
        frozen_at=from_epoch(row.frozen_at),
        dispute_id=row.dispute_id,
        refund_id=row.refund_id,
        gift_id=row.gift_id,
    )


FREEZES = Reader(sa.select(freezes), freezes.c.id, _read)
_OF_GRANT = Ready(FREEZES.select.where(freezes.c.grant_id == sa.bindparam("grant", type_=sa.BigInteger)))
