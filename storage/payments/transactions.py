"""The ledger of money: every charge, refund and fee, append-only."""

from typing import Any

import sqlalchemy as sa

from bot.domain.payments.money import Money
from bot.domain.payments.payments import Movement, MovementKind
from storage.append_only import in_order
from storage.instants import from_epoch, to_epoch
from storage.journal.set_aside import Reader, known, read_each
from storage.sound import check
from storage.tables import transactions
from storage.tx import Tx

_NAME = ("kind", "external_ref")


def add(tx: Tx, movement: Movement) -> bool:
    """Enter a movement; False when one of its name was entered before, whatever that one says."""
    values: dict[str, Any] = {
        "kind": movement.kind.value,
        "external_ref": movement.external_ref,
        "intent_ref": movement.intent_ref,
        "payment_id": movement.payment_id,
        "order_id": movement.order_id,
        "booking_id": movement.booking_id,
        "amount": movement.amount.amount,
        "currency": movement.amount.currency,
        "tax_amount": movement.tax_amount,
        "tax_location": sa.null() if movement.tax_location is None else dict(movement.tax_location),
        "at": in_order(transactions.c.at, sa.literal(to_epoch(movement.at), sa.BigInteger)),
    }
    # SQLite's guard is asked before the conflict is seen, and refuses another amount: so a second one is not tried.
    there = sa.exists().where(*(transactions.c[name] == values[name] for name in _NAME))
    told = (
        value if isinstance(value, sa.ColumnElement) else sa.literal(value, transactions.c[name].type)
        for name, value in values.items()
    )
    made = tx.upsert(transactions).from_select(list(values), sa.select(*told).where(~there))
    entered = made.on_conflict_do_nothing(index_elements=_NAME).returning(transactions.c.id)
    return tx.execute(entered).first() is not None


def of_booking(tx: Tx, booking_id: int) -> list[Movement]:
    """In the order in which they were entered."""
    mine = sa.select(transactions).where(transactions.c.booking_id == booking_id).order_by(transactions.c.id)
    return read_each(tx, MOVEMENTS, tx.execute(mine))


def tax_of(tx: Tx, payment_id: int) -> int:
    """The tax in what came by a payment; 0 where none is known."""
    came = (transactions.c.payment_id == payment_id, transactions.c.kind == MovementKind.CHARGE.value)
    total = sa.select(sa.func.coalesce(sa.func.sum(transactions.c.tax_amount), 0)).where(*came)
    return int(tx.execute(total).scalar_one())


def _read(_tx: Tx, row: Any) -> Movement:
    check(transactions, row)
    return Movement(
        kind=known(MovementKind, row.kind),
        external_ref=row.external_ref,
        amount=Money(row.amount, row.currency),
        at=from_epoch(row.at),
        payment_id=row.payment_id,
        order_id=row.order_id,
        booking_id=row.booking_id,
        intent_ref=row.intent_ref,
        tax_amount=row.tax_amount,
        tax_location=row.tax_location,
    )


MOVEMENTS = Reader(sa.select(transactions), transactions.c.id, _read)
