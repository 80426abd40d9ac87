"""The ledger of credits: what became of each, append-only."""

from collections.abc import Collection
from typing import Any

import sqlalchemy as sa

from bot.domain.credits.grants import Entry, EntryKind
from storage.append_only import in_order
from storage.columns import literal
from storage.identity import surviving
from storage.instants import from_epoch, to_epoch
from storage.journal.set_aside import Reader, known, read_each
from storage.journal.unreadable import read_one
from storage.ready import Ready
from storage.sound import check
from storage.tables import credit_entries
from storage.tx import Tx

_OF_BOOKINGS = literal((EntryKind.RESERVED, EntryKind.SPENT, EntryKind.RETURNED))
"""What bookings do with credits. The few other entries, which say how many there were in all, have their own index."""

WHY = "credit_entries.why_sealed"

_INSERT = sa.insert(credit_entries)
_INSERT_ONE = _INSERT.values(at=in_order(credit_entries.c.at, sa.bindparam("told", type_=sa.BigInteger)))
_PERSON = surviving(credit_entries.c.person_id).label("person_id")
_ENTRY = [_PERSON if each.name == "person_id" else each for each in credit_entries.c]
_OF_BOOKING = Ready(
    sa.select(*_ENTRY)
    .where(credit_entries.c.booking_id == sa.bindparam("booking", type_=sa.BigInteger))
    .order_by(credit_entries.c.id)
)
_OF_GRANT = (
    sa.select(*_ENTRY)
    .where(
        credit_entries.c.grant_id == sa.bindparam("grant", type_=sa.BigInteger),
        credit_entries.c.number < sa.bindparam("before", type_=sa.BigInteger),
    )
    .order_by(credit_entries.c.number.desc())
    .limit(sa.bindparam("most", type_=sa.Integer))
)


def write(tx: Tx, entry: Entry) -> None:
    """Add the next entry of its grant, which is locked. It is put off."""
    named = f"{entry.grant_id}:{entry.number}"
    values = {
        "grant_id": entry.grant_id,
        "number": entry.number,
        "kind": entry.kind.value,
        "amount": entry.amount,
        "balance": entry.balance,
        "reserved": entry.reserved,
        "booking_id": entry.booking_id,
        "order_id": entry.order_id,
        "person_id": entry.person_id,
        "why_sealed": None if entry.why is None else tx.sealer.seal(entry.why, WHY, named),
        "until": to_epoch(entry.until),
    }
    if tx.postgres:
        tx.batch_insert(_INSERT, {**values, "at": to_epoch(entry.at)})
    else:
        tx.execute(_INSERT_ONE, {**values, "told": to_epoch(entry.at)})


def of_booking(tx: Tx, booking_id: int) -> list[Entry]:
    """In the order in which they were entered. Raises `CannotRead`: the last one says what became of the credit."""
    return [read_one(tx, ENTRIES, row) for row in tx.execute(_OF_BOOKING, {"booking": booking_id})]


def of_grant(tx: Tx, grant_id: int, before: int | None = None, most: int = 20) -> list[Entry]:
    """The newest entries of a grant, newest first; `before` turns the page: the number of the last one shown."""
    page = {"grant": grant_id, "before": before or 2**62, "most": most}
    return read_each(tx, ENTRIES, tx.execute(_OF_GRANT, page))


def given(tx: Tx, grant_ids: Collection[int]) -> dict[int, int]:
    """How many credits these grants had or have in all: less what was taken away, or was over before it was used."""
    total = (
        sa.select(credit_entries.c.grant_id, sa.func.sum(credit_entries.c.amount).label("total"))
        .where(credit_entries.c.grant_id.in_(sorted(set(grant_ids))), credit_entries.c.kind.not_in(_OF_BOOKINGS))
        .group_by(credit_entries.c.grant_id)
    )
    return {row.grant_id: int(row.total) for row in tx.execute(total)} if grant_ids else {}


def on_hold(tx: Tx, grant_id: int) -> int:
    """How many credits nobody can use for now, since their payment is disputed or went back elsewhere."""
    kinds = (EntryKind.FROZEN.value, EntryKind.THAWED.value)
    total = sa.select(sa.func.coalesce(sa.func.sum(credit_entries.c.amount), 0))
    mine = total.where(credit_entries.c.grant_id == grant_id, credit_entries.c.kind.in_(kinds))
    return -int(tx.execute(mine).scalar_one())


def expired_without_grace(tx: Tx, grant_id: int) -> int:
    """How many credits were over with the grant itself; those whose days of grace were over do not count."""
    total = sa.select(sa.func.coalesce(sa.func.sum(credit_entries.c.amount), 0)).where(
        credit_entries.c.grant_id == grant_id,
        credit_entries.c.kind == EntryKind.EXPIRED.value,
        credit_entries.c.until.is_(None),
    )
    return -int(tx.execute(total).scalar_one())


def _read(tx: Tx, row: Any) -> Entry:
    check(credit_entries, row)
    named = f"{row.grant_id}:{row.number}"
    return Entry(
        grant_id=row.grant_id,
        number=row.number,
        kind=known(EntryKind, row.kind),
        amount=row.amount,
        balance=row.balance,
        reserved=row.reserved,
        at=from_epoch(row.at),
        booking_id=row.booking_id,
        order_id=row.order_id,
        person_id=row.person_id,
        why=None if row.why_sealed is None else tx.sealer.open(row.why_sealed, WHY, named),
        until=from_epoch(row.until),
    )


ENTRIES = Reader(sa.select(*_ENTRY), credit_entries.c.id, _read)
