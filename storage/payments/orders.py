"""Orders and their lines: opened, then paid or closed. A line never changes but for the tax that was applied to it."""

from collections import namedtuple
from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import datetime
from typing import Any

import sqlalchemy as sa

from bot.domain.bookings import switch
from bot.domain.bookings.bookings import Booking
from bot.domain.credits import packages
from bot.domain.payments.money import Money
from bot.domain.payments.orders import FOR_CREDITS, LineKind, Order, OrderLine, OrderState, total
from bot.domain.payments.payments import PaymentState
from bot.domain.subjects import Subject
from storage.columns import SCHEMA, literal
from storage.identity import stands_for, surviving
from storage.instants import from_epoch, to_epoch
from storage.journal.set_aside import Reader, known
from storage.journal.unreadable import read_one
from storage.ready import Ready, Rows
from storage.sound import Senseless, check
from storage.tables import order_lines, orders, payments, redemptions
from storage.tx import CannotRead, Tx

ANOTHER_ORDER = "uq_orders_open"
_INSERT, _INSERT_LINE = sa.insert(orders), sa.insert(order_lines)
_WHOSE = surviving(orders.c.person_id).label("whose")
_COUPON = (
    sa.select(redemptions.c.coupon_id)
    .where(redemptions.c.order_id == orders.c.id, redemptions.c.freed_at.is_(None))
    .scalar_subquery()
    .label("coupon")
)


def open_first(tx: Tx, booking: Booking, now: datetime) -> None:
    """The order of a hold that this very transaction makes, under the id that was drawn along with the booking's:
    written along with it."""
    assert booking.order_id is not None
    line = OrderLine(LineKind.SESSION, booking.terms.price, booking.subject)
    open_drawn(tx, booking.order_id, booking.person_id, [line], now)


def open_drawn(tx: Tx, order_id: int, person_id: int, lines: Sequence[OrderLine], now: datetime) -> Order:
    """As `open_new`, under an id that was drawn before. It is put off."""
    amount = total(lines, lines[0].amount.currency)
    tx.batch_insert(_INSERT, {"id": order_id, **_head(person_id, amount, OrderState.OPEN, now)})
    tx.batch_insert(_INSERT_LINE, *(_line(order_id, number, line) for number, line in enumerate(lines, 1)))
    return Order(order_id, person_id, OrderState.OPEN, amount, tuple(lines), now.replace(microsecond=0))


def open_new(
    tx: Tx, person_id: int, lines: Sequence[OrderLine], now: datetime, state: OrderState = OrderState.OPEN
) -> Order:
    """The person's open order from now on. `ANOTHER_ORDER` is violated where there is another; not by what is owed."""
    amount = total(lines, lines[0].amount.currency)
    order_id = tx.insert(_INSERT, _head(person_id, amount, state, now))
    tx.batch_insert(_INSERT_LINE, *(_line(order_id, number, line) for number, line in enumerate(lines, 1)))
    return Order(order_id, person_id, state, amount, tuple(lines), now.replace(microsecond=0))


def _head(person_id: int, amount: Money, state: OrderState, now: datetime) -> dict[str, object]:
    return {
        "person_id": person_id,
        "state": state.value,
        "amount": amount.amount,
        "currency": amount.currency,
        "created_at": to_epoch(now),
        "writer": SCHEMA,
    }


def _line(order_id: int, number: int, line: OrderLine) -> dict[str, object]:
    return {
        "order_id": order_id,
        "number": number,
        "kind": line.kind.value,
        "subject": None if line.subject is None else str(line.subject),
        "name": line.name,
        "terms": None if line.terms is None else dict(line.terms),
        "amount": line.amount.amount,
    }


def find(tx: Tx, order_id: int) -> Order | None:
    """Raises `CannotRead`, also where one of its lines cannot be read."""
    return _whole(tx, tx.execute(_BY_ID, {"order": order_id}))


def can_be_read(tx: Tx, order_id: int) -> bool:
    """Where it cannot, it is set aside."""
    try:
        find(tx, order_id)
    except CannotRead as met:
        tx.bad_rows.append(met.bad)
        return False
    return True


def open_of(tx: Tx, person_id: int) -> Order | None:
    """What this person is asked to pay, if anything is."""
    return _whole(tx, tx.execute(_OPEN_OF, {"person": person_id}))


def payer(tx: Tx, order_id: int) -> int | None:
    """Who pays it; None when there is no such order."""
    found: int | None = tx.execute(sa.select(_WHOSE).where(orders.c.id == order_id)).scalar()
    return found


def pay(tx: Tx, order: Order, now: datetime) -> bool:
    """Money for it was accepted; False when that was written down before, as it was read. It is put off."""
    if order.state is OrderState.PAID:
        return False
    tx.batch_update(_PAY, {"row": order.id, "at": to_epoch(now)}, of={"id": order.id}, as_read=True)
    return True


def waive(tx: Tx, order_id: int) -> bool:
    """What was owed is owed no more; False when it was not."""
    return _change(tx, order_id, (OrderState.OWED.value,), state=OrderState.CLOSED.value)


def of_fee(tx: Tx, about: Subject) -> Order | None:
    """The newest that asks for a fee for this booking."""
    mine = (order_lines.c.subject == str(about), order_lines.c.kind == LineKind.FEE.value)
    newest: int | None = tx.execute(sa.select(sa.func.max(order_lines.c.order_id)).where(*mine)).scalar()
    return None if newest is None else find(tx, newest)


def fee_is_for(tx: Tx, order_id: int | None) -> Subject | None:
    """The booking that this order asks a fee for, if it does."""
    mine = (order_lines.c.order_id == order_id, order_lines.c.kind == LineKind.FEE.value)
    found: str | None = tx.execute(sa.select(order_lines.c.subject).where(*mine)).scalar()
    return None if found is None else Subject.read(found)


def about_a_session(tx: Tx, order_id: int | None) -> Subject | None:
    """The booking that money is asked for though it is not what is sold: for its fee, or as it moves."""
    kinds = (LineKind.FEE.value, LineKind.MOVE.value)
    mine = (order_lines.c.order_id == order_id, order_lines.c.kind.in_(kinds))
    found: str | None = tx.execute(sa.select(order_lines.c.subject).where(*mine)).scalar()
    return None if found is None else Subject.read(found)


def close(tx: Tx, order_id: int, version: int | None) -> None:
    """Nobody is to pay it any more, if it is open. It is put off. `version`: as which it was read, None where it cannot
    be read.

    A process of the version before confirms what is paid and knows no orders: what it accepted is paid.
    """
    told = {"row": order_id} if version is None else {"row": order_id, "was": version}
    change = _CLOSE if version is None else _CLOSE_AS_READ
    tx.batch_update(change, told, of={"id": order_id}, as_read=version is not None)


_OPEN, _PAID, _CLOSED = literal((OrderState.OPEN, OrderState.PAID, OrderState.CLOSED))
_IS_ACCEPTED = sa.exists().where(
    payments.c.order_id == orders.c.id, payments.c.state == literal((PaymentState.ACCEPTED,))[0]
)
_CLOSE = (
    sa.update(orders)
    .where(orders.c.id == sa.bindparam("row"), orders.c.state == _OPEN)
    .values(state=sa.case((_IS_ACCEPTED, _PAID), else_=_CLOSED), version=orders.c.version + sa.literal_column("1"))
)
_PAY = (
    sa.update(orders)
    .where(orders.c.id == sa.bindparam("row"), orders.c.state != _PAID)
    .values(
        state=_PAID, paid_at=sa.bindparam("at", type_=sa.BigInteger), version=orders.c.version + sa.literal_column("1")
    )
)
_CLOSE_AS_READ = _CLOSE.where(orders.c.version == sa.bindparam("was"))


def moves(tx: Tx, order_id: int) -> Subject | None:
    """The session that moves to another offer once it is paid."""
    mine = (order_lines.c.order_id == order_id, order_lines.c.kind == LineKind.MOVE.value)
    found: str | None = tx.execute(sa.select(order_lines.c.subject).where(*mine)).scalar()
    return None if found is None else Subject.read(found)


def moves_over(tx: Tx, opened_before: datetime, most: int) -> list[int]:
    """Ids of open orders for the difference to another offer that were opened before then."""
    for_a_move = sa.exists().where(order_lines.c.order_id == orders.c.id, order_lines.c.kind == LineKind.MOVE.value)
    mine = (orders.c.state == _OPEN, orders.c.created_at < to_epoch(opened_before), for_a_move)
    return list(tx.execute(sa.select(orders.c.id).where(*mine).limit(most)).scalars())


def keep_tax(tx: Tx, order_id: int, number: int, tax_amount: int) -> None:
    """The tax of one line as it was applied, once. It is put off."""
    line = {"order_id": order_id, "number": number}
    tx.batch_update(_KEEP_TAX, {"its_order": order_id, "line": number, "applied": tax_amount}, of=line)


_KEEP_TAX = (
    sa.update(order_lines)
    .where(
        order_lines.c.order_id == sa.bindparam("its_order"),
        order_lines.c.number == sa.bindparam("line"),
        order_lines.c.tax_amount.is_(None),
    )
    .values(tax_amount=sa.bindparam("applied", type_=sa.BigInteger))
)


def _change(tx: Tx, order_id: int, was: Sequence[str], **values: object) -> bool:
    changed = tx.execute(
        sa.update(orders)
        .where(orders.c.id == order_id, orders.c.state.in_(was))
        .values(version=orders.c.version + 1, **values)
    )
    return changed.rowcount == 1


def _whole(tx: Tx, rows: Rows) -> Order | None:
    """The first order of these rows, each of which has one of its lines."""
    if not rows:
        return None
    order = read_one(tx, ORDERS, rows[0])
    lines = [_Line(*row[-len(_Line._fields) :]) for row in rows if row.id == order.id and row.line_id is not None]
    return replace(order, lines=tuple(read_one(tx, LINES, line) for line in lines))


def _read(_tx: Tx, row: Any) -> Order:
    check(orders, row)
    return Order(
        id=row.id,
        person_id=row.whose,
        state=known(OrderState, row.state),
        amount=Money(row.amount, row.currency),
        lines=(),
        created_at=from_epoch(row.created_at),
        paid_at=from_epoch(row.paid_at),
        version=row.version,
        coupon_id=row.coupon,
    )


def _read_line(_tx: Tx, row: Any) -> OrderLine:
    check(order_lines, row)
    subject = None if row.subject is None else Subject.read(row.subject)
    kind, price = known(LineKind, row.kind), Money(row.amount, row.currency)
    _judge(kind, row.terms)
    return OrderLine(kind, price, subject, row.name, row.tax_amount, row.terms)


def _judge(kind: LineKind, terms: object) -> None:
    """What was told stands there as it was written, or nobody can keep to it."""
    if terms is None:
        return
    is_whole = switch.is_whole if kind is LineKind.MOVE else packages.is_whole if kind in FOR_CREDITS else None
    if not isinstance(terms, Mapping) or (is_whole is not None and not is_whole(terms)):
        raise Senseless("order_lines.terms")


ORDERS = Reader(sa.select(orders, _WHOSE, _COUPON), orders.c.id, _read)
"""Without their lines."""
LINES = Reader(
    sa.select(order_lines, orders.c.currency).join(orders, orders.c.id == order_lines.c.order_id),
    order_lines.c.id,
    _read_line,
)
_OF_LINE = (*order_lines.c, orders.c.currency)
_Line: Any = namedtuple("_Line", [column.name for column in _OF_LINE])  # type: ignore[misc]
_WITH_LINES = (
    sa.select(orders, _WHOSE, _COUPON, *(column.label(f"line_{column.name}") for column in _OF_LINE))
    .outerjoin(order_lines, order_lines.c.order_id == orders.c.id)
    .order_by(orders.c.id.desc(), order_lines.c.number)
)
_BY_ID = Ready(_WITH_LINES.where(orders.c.id == sa.bindparam("order", type_=sa.BigInteger)))
_OPEN_OF = Ready(
    _WITH_LINES.where(
        stands_for(orders.c.person_id, sa.bindparam("person", type_=sa.BigInteger)),
        orders.c.state == literal((OrderState.OPEN,))[0],
    )
)
