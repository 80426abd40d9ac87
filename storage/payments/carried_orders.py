"""Gives bookings that were held, or paid for, by processes of before there were orders the order that they lack.

The hourly upkeep does it for all of them; whoever meets one before that does it for the one. See docs/decisions/0037.
"""

from collections.abc import Collection, Sequence
from typing import Any

import sqlalchemy as sa

from bot.domain.bookings.bookings import BookingState
from bot.domain.bookings.cover import Cover
from bot.domain.payments.orders import LineKind, OrderState
from bot.domain.payments.payments import MovementKind, PaymentState
from bot.domain.subjects import Subject
from storage import subjects
from storage.columns import SCHEMA
from storage.identity import surviving
from storage.journal.set_aside import Reader, read_each
from storage.journal.unreadable import not_aside
from storage.sound import check
from storage.tables import bookings, order_lines, orders, payments, refunds, transactions
from storage.tx import Tx

_UNORDERED = sa.and_(payments.c.order_id.is_(None), payments.c.booking_id.is_not(None))


def carry_over(tx: Tx, limit: int) -> int:
    """Of at most `limit` bookings whose payments name no order; how many they were."""
    without = sa.select(bookings.c.id).where(
        bookings.c.id.in_(sa.select(payments.c.booking_id).where(_UNORDERED)), not_aside(_BOOKINGS)
    )
    ids = list(tx.execute(without.limit(limit)).scalars())
    _carry(tx, ids)
    return len(ids)


def carry_over_refunds(tx: Tx, limit: int) -> int:
    """Of at most `limit` refunds that were made by processes of before, of payments that name their order by now."""
    ordered = sa.exists().where(payments.c.id == refunds.c.payment_id, payments.c.order_id.is_not(None))
    without = sa.select(refunds.c.id).where(refunds.c.order_id.is_(None), ordered)
    return _order_refunds(tx, refunds.c.id.in_(without.limit(limit)))


def close_left(tx: Tx, limit: int) -> int:
    """End at most `limit` open orders whose hold was ended, or confirmed, by a process of before; how many."""
    held = sa.select(bookings.c.id).where(bookings.c.order_id == orders.c.id)
    left = (
        sa.select(orders.c.id)
        .where(orders.c.state == OrderState.OPEN.value, sa.exists(held))
        .where(~sa.exists(held.where(bookings.c.state == BookingState.HELD.value)))
        .limit(limit)
    )
    paid = sa.exists().where(payments.c.order_id == orders.c.id, payments.c.state == PaymentState.ACCEPTED.value)
    state = sa.case((paid, OrderState.PAID.value), else_=OrderState.CLOSED.value)
    values = {"state": state, "version": orders.c.version + 1}
    return tx.execute(sa.update(orders).where(orders.c.id.in_(left)).values(**values)).rowcount


def of_booking(tx: Tx, booking_id: int) -> int | None:
    """The id of the order that pays for this booking, made now if need be; None for one that costs nothing."""
    _carry(tx, [booking_id])
    found: int | None = tx.execute(sa.select(bookings.c.order_id).where(bookings.c.id == booking_id)).scalar()
    return found


def _carry(tx: Tx, booking_ids: Sequence[int]) -> None:
    query = _BOOKINGS.select.where(bookings.c.id.in_(booking_ids)).order_by(bookings.c.id)
    locked = query.with_for_update(of=bookings)  # two who come at once must not both make an order
    there = read_each(tx, _BOOKINGS, tx.execute(locked))
    _make(tx, [row for row in there if row.order_id is None and row.price > 0])
    mine = sa.select(bookings.c.order_id).where(bookings.c.id == payments.c.booking_id).scalar_subquery()
    ids = [row.id for row in there]
    tx.execute(sa.update(payments).where(payments.c.booking_id.in_(ids), _UNORDERED).values(order_id=mine))
    of_these = sa.select(payments.c.id).where(payments.c.booking_id.in_(ids))
    _order_refunds(tx, sa.and_(refunds.c.payment_id.in_(of_these), refunds.c.order_id.is_(None)))


def _make(tx: Tx, rows: Sequence[Any]) -> None:
    if not rows:
        return
    asked = _who_is_asked(tx, [row.whose for row in rows])
    heads = [_head(row, asked) for row in rows]
    made = tx.execute(sa.insert(orders).returning(orders.c.id, sort_by_parameter_order=True), heads).scalars().all()
    lines = [_line(row, order_id) for row, order_id in zip(rows, made, strict=True)]
    tx.execute(sa.insert(order_lines), lines)
    for row, order_id in zip(rows, made, strict=True):
        mine = sa.update(bookings).where(bookings.c.id == row.id)
        tx.execute(mine.values(order_id=order_id, cover=Cover.ORDER.value))


def _head(row: Any, asked: set[int]) -> dict[str, object]:
    """As its booking stands. Somebody who is asked for something else meanwhile has only that open."""
    state = OrderState.CLOSED
    if row.is_paid:
        state = OrderState.PAID
    elif row.state == BookingState.HELD and row.whose not in asked:
        state = OrderState.OPEN
        asked.add(row.whose)
    return {
        "person_id": row.whose,
        "state": state.value,
        "amount": row.price,
        "currency": row.currency,
        "created_at": row.created_at,
        "paid_at": (row.paid_at or row.created_at) if row.is_paid else None,
        "writer": SCHEMA,
    }


def _line(row: Any, order_id: int) -> dict[str, object]:
    subject, kind = str(Subject("booking", row.id)), LineKind.SESSION.value
    return {"order_id": order_id, "number": 1, "kind": kind, "subject": subject, "amount": row.price}


def _who_is_asked(tx: Tx, person_ids: Collection[int]) -> set[int]:
    whose = surviving(orders.c.person_id)
    open_now = sa.select(whose).where(orders.c.state == OrderState.OPEN.value, whose.in_(person_ids))
    return set(tx.execute(open_now).scalars())


def _order_refunds(tx: Tx, which: sa.ColumnElement[bool]) -> int:
    of_payment = sa.select(payments.c.order_id).where(payments.c.id == refunds.c.payment_id).scalar_subquery()
    about = (
        sa.select(sa.func.coalesce(payments.c.subject, subjects.text_of_booking(payments.c.booking_id)))
        .where(payments.c.id == refunds.c.payment_id)
        .scalar_subquery()
    )
    values = {"order_id": of_payment, "subject": sa.func.coalesce(refunds.c.subject, about)}
    return tx.execute(sa.update(refunds).where(which).values(**values)).rowcount


def _read(_tx: Tx, row: Any) -> Any:
    check(bookings, row)
    return row


_ACCEPTED = (payments.c.booking_id == bookings.c.id, payments.c.state == PaymentState.ACCEPTED.value)
_CAME_AT = (
    sa.select(sa.func.min(transactions.c.at))
    .join(payments, payments.c.id == transactions.c.payment_id)
    .where(*_ACCEPTED, transactions.c.kind == MovementKind.CHARGE.value)
    .scalar_subquery()
)
_BOOKINGS: Reader[Any] = Reader(
    sa.select(
        *(bookings.c[name] for name in ("id", "order_id", "state", "price", "currency", "created_at")),
        surviving(bookings.c.person_id).label("whose"),
        sa.exists().where(*_ACCEPTED).label("is_paid"),
        _CAME_AT.label("paid_at"),
    ),
    bookings.c.id,
    _read,
)

STEPS = (carry_over, carry_over_refunds, close_left)
"""What the upkeep does, in order; each part of at most so many rows."""
