"""Adds up the ledger of money between two moments, by kind, currency, coach and offer."""

from datetime import datetime

import sqlalchemy as sa

from bot.domain.payments.money import Money
from bot.domain.payments.money_report import Entry, OwedFees
from bot.domain.payments.orders import LineKind, OrderState
from bot.domain.payments.payments import MovementKind
from storage.instants import to_epoch
from storage.tables import bookings, order_lines, orders, transactions
from storage.tx import Tx


def between(tx: Tx, since: datetime, until: datetime) -> list[Entry]:
    """What was entered in [since, until)."""
    of_fee = (order_lines.c.order_id == transactions.c.order_id) & (order_lines.c.kind == LineKind.FEE.value)
    parts = (
        transactions.c.kind, transactions.c.currency, bookings.c.coach_id, bookings.c.offer_id, order_lines.c.kind,
    )  # fmt: skip
    total, count = sa.func.sum(transactions.c.amount), sa.func.count()
    moved = transactions.outerjoin(bookings, bookings.c.id == transactions.c.booking_id)
    rows = tx.execute(
        sa.select(*parts[:-1], order_lines.c.kind.label("line"), total.label("total"), count.label("number"))
        .select_from(moved.outerjoin(order_lines, of_fee))  # a fee is all that its order asks for
        .where(
            transactions.c.at >= to_epoch(since),
            transactions.c.at < to_epoch(until),
            transactions.c.kind.in_([kind.value for kind in MovementKind]),
        )
        .group_by(*parts)
        .order_by(*parts)
    )
    return [
        Entry(
            MovementKind(row.kind),
            Money(int(row.total), row.currency),
            int(row.number),
            row.coach_id,
            row.offer_id,
            of_fees=row.line is not None,
        )
        for row in rows
    ]


def fee_orders(tx: Tx, since: datetime, until: datetime) -> set[int]:
    """Orders that ask for a fee, of which something was entered in [since, until)."""
    then = (transactions.c.at >= to_epoch(since), transactions.c.at < to_epoch(until))
    of_fee = (order_lines.c.order_id == transactions.c.order_id, order_lines.c.kind == LineKind.FEE.value)
    return set(tx.execute(sa.select(order_lines.c.order_id).where(*then, *of_fee)).scalars())


def owed_fees(tx: Tx) -> list[OwedFees]:
    """What clients owe as fees, by currency."""
    total, count = sa.func.sum(orders.c.amount), sa.func.count()
    mine = sa.select(orders.c.currency, total.label("total"), count.label("number"))
    owed = mine.where(orders.c.state == OrderState.OWED.value).group_by(orders.c.currency)
    rows = tx.execute(owed.order_by(orders.c.currency))
    return [OwedFees(Money(int(row.total), row.currency), int(row.number)) for row in rows]
