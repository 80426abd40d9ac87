"""What our books have of a stretch of time, for whoever compares them with the provider's."""

from collections.abc import Mapping, Sequence
from datetime import datetime

import sqlalchemy as sa

from bot.domain.payments.orders import LineKind, OrderState
from bot.domain.payments.payments import Movement, Payment, PaymentState, Refund, RefundState
from storage.instants import to_epoch
from storage.journal.set_aside import read_each
from storage.payments.payments import PAYMENTS
from storage.payments.refunds import REFUNDS
from storage.payments.transactions import MOVEMENTS
from storage.tables import bookings, gifts, grants, order_lines, orders, payments, refunds, transactions
from storage.tx import Tx

_PAID = (PaymentState.ACCEPTED.value, PaymentState.REFUSED.value)
_MADE = (RefundState.PENDING.value, RefundState.SUCCEEDED.value)


def paid_since(tx: Tx, since: datetime) -> Sequence[Payment]:
    """Payments that were asked for since then and for which money came."""
    mine = (payments.c.created_at >= to_epoch(since), payments.c.state.in_(_PAID))
    return read_each(tx, PAYMENTS, tx.execute(PAYMENTS.select.where(*mine).order_by(payments.c.id)))


def refunded_since(tx: Tx, since: datetime) -> Sequence[Refund]:
    """Refunds that were written since then and that the provider is to have made."""
    mine = (refunds.c.created_at >= to_epoch(since), refunds.c.state.in_(_MADE), refunds.c.refund_ref.is_not(None))
    return read_each(tx, REFUNDS, tx.execute(REFUNDS.select.where(*mine).order_by(refunds.c.id)))


def movements_since(tx: Tx, since: datetime) -> Mapping[int, Sequence[Movement]]:
    """By their payment."""
    rows = tx.execute(MOVEMENTS.select.where(transactions.c.at >= to_epoch(since)).order_by(transactions.c.id))
    found: dict[int, list[Movement]] = {}
    for each in read_each(tx, MOVEMENTS, rows):
        if each.payment_id is not None:
            found.setdefault(each.payment_id, []).append(each)
    return found


def unpaid_bookings(tx: Tx, since: datetime) -> Sequence[int]:
    """Ids of confirmed bookings that money is to cover, and whose order nobody paid."""
    paid = sa.exists().where(payments.c.order_id == bookings.c.order_id, payments.c.state == "accepted")
    free = sa.exists().where(orders.c.id == bookings.c.order_id, orders.c.state == "paid", orders.c.amount == 0)
    mine = (
        bookings.c.created_at >= to_epoch(since), bookings.c.state == "confirmed", bookings.c.price > 0,
        bookings.c.cover == "order", bookings.c.order_id.is_not(None), ~paid, ~free,
    )  # fmt: skip
    return list(tx.execute(sa.select(bookings.c.id).where(*mine).order_by(bookings.c.id)).scalars())


def not_granted(tx: Tx, since: datetime) -> Sequence[int]:
    """Ids of paid orders of packages for which nobody has credits, and of gifts that nobody can take."""
    missing = sa.or_(
        sa.and_(_sells(LineKind.PACKAGE), ~sa.exists().where(grants.c.order_id == orders.c.id)),
        sa.and_(_sells(LineKind.GIFT), ~sa.exists().where(gifts.c.order_id == orders.c.id)),
    )
    mine = (orders.c.created_at >= to_epoch(since), orders.c.state == OrderState.PAID.value, missing)
    return list(tx.execute(sa.select(orders.c.id).where(*mine).order_by(orders.c.id)).scalars())


def _sells(kind: LineKind) -> sa.ColumnElement[bool]:
    return sa.exists().where(order_lines.c.order_id == orders.c.id, order_lines.c.kind == kind.value)
