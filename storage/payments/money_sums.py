"""Adds up the ledger of money between two moments, by kind, currency, coach and offer."""

from datetime import datetime

import sqlalchemy as sa

from bot.domain.payments.money import Money
from bot.domain.payments.money_report import Entry, OwedFees
from bot.domain.payments.orders import OrderState
from bot.domain.payments.payments import MovementKind
from storage.instants import to_epoch
from storage.tables import bookings, orders, transactions
from storage.tx import Tx


def between(tx: Tx, since: datetime, until: datetime) -> list[Entry]:
    """What was entered in [since, until)."""
    parts = (transactions.c.kind, transactions.c.currency, bookings.c.coach_id, bookings.c.offer_id)
    total, count = sa.func.sum(transactions.c.amount), sa.func.count()
    rows = tx.execute(
        sa.select(*parts, total.label("total"), count.label("number"))
        .select_from(transactions.outerjoin(bookings, bookings.c.id == transactions.c.booking_id))
        .where(
            transactions.c.at >= to_epoch(since),
            transactions.c.at < to_epoch(until),
            transactions.c.kind.in_([kind.value for kind in MovementKind]),
        )
        .group_by(*parts)
        .order_by(*parts)
    )
    return [
        Entry(MovementKind(row.kind), Money(int(row.total), row.currency), int(row.number), row.coach_id, row.offer_id)
        for row in rows
    ]


def owed_fees(tx: Tx) -> list[OwedFees]:
    """What clients owe as fees, by currency."""
    total, count = sa.func.sum(orders.c.amount), sa.func.count()
    mine = sa.select(orders.c.currency, total.label("total"), count.label("number"))
    owed = mine.where(orders.c.state == OrderState.OWED.value).group_by(orders.c.currency)
    rows = tx.execute(owed.order_by(orders.c.currency))
    return [OwedFees(Money(int(row.total), row.currency), int(row.number)) for row in rows]
