"""Each use of a coupon. Whether it counts is for its order to say: while that is open, and once it is paid."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

import sqlalchemy as sa

from bot.domain.payments.money import Money
from bot.domain.payments.orders import Order, OrderState
from bot.domain.pricing.coupons import Redemption, Uses
from storage.columns import SCHEMA, literal
from storage.identity import stands_for
from storage.instants import to_epoch
from storage.journal.set_aside import Reader
from storage.journal.unreadable import read_if
from storage.sound import check
from storage.tables import orders, redemptions
from storage.tx import Tx

_COUNTS = sa.and_(
    redemptions.c.order_id == orders.c.id,
    redemptions.c.freed_at.is_(None),
    orders.c.state.in_(literal((OrderState.OPEN, OrderState.PAID))),
)


def reserve(tx: Tx, coupon_id: int, person_id: int, order_id: int, price: Money, reduced: Money, now: datetime) -> None:
    """One more use, for an order that is open."""
    made = sa.insert(redemptions).values(
        coupon_id=coupon_id,
        person_id=person_id,
        order_id=order_id,
        price=price.amount,
        reduced=reduced.amount,
        currency=price.currency,
        created_at=to_epoch(now),
        writer=SCHEMA,
    )
    tx.insert(made)


def free(tx: Tx, order_id: int, now: datetime) -> None:
    """The use of this order's coupon, if it had one, counts no more. It is put off."""
    tx.batch_update(_FREE, {"its_order": order_id, "now": to_epoch(now)}, of={"order_id": order_id})


_FREE = (
    sa.update(redemptions)
    .where(redemptions.c.order_id == sa.bindparam("its_order"), redemptions.c.freed_at.is_(None))
    .values(freed_at=sa.bindparam("now", type_=sa.BigInteger))
)


def is_taken(tx: Tx, order_id: int) -> bool:
    """Whether a coupon counts for this order, also where that row cannot be read."""
    mine = sa.select(redemptions.c.id).where(redemptions.c.order_id == order_id)
    return tx.execute(mine).first() is not None


def twin_is_paid(tx: Tx, order: Order) -> bool:
    """Whether the same things were paid for by another order: the one whose place this took for a coupon, or the one
    that took its place."""
    by_coupon = sa.exists().where(
        sa.or_(redemptions.c.order_id == orders.c.id, redemptions.c.order_id == order.id),
    )
    twin = sa.select(orders.c.id).where(
        stands_for(orders.c.person_id, order.person_id),
        orders.c.created_at == to_epoch(order.created_at),
        orders.c.id != order.id,
        orders.c.state == literal((OrderState.PAID,))[0],
        by_coupon,
    )
    return tx.execute(twin.limit(1)).first() is not None


def of_order(tx: Tx, order_id: int) -> Redemption | None:
    mine = sa.select(redemptions).where(redemptions.c.order_id == order_id)
    return read_if(tx, REDEMPTIONS, tx.execute(mine).first())


def uses(tx: Tx, coupon_id: int, person_id: int) -> Uses:
    """How often the coupon counts so far, in all and for this person. What the practice cancelled was not bought."""
    counting = sa.select(sa.func.count()).select_from(redemptions, orders)
    counting = counting.where(redemptions.c.coupon_id == coupon_id, _COUNTS)
    mine = counting.where(stands_for(redemptions.c.person_id, person_id))
    freed = sa.exists().where(redemptions.c.order_id == orders.c.id, redemptions.c.freed_at.is_not(None))
    paid = sa.exists().where(
        stands_for(orders.c.person_id, person_id), orders.c.state == literal((OrderState.PAID,))[0], ~freed
    )
    row: Any = tx.execute(sa.select(counting.scalar_subquery(), mine.scalar_subquery(), paid)).one()
    return Uses(row[0], row[1], bought=bool(row[2]))


def counted(tx: Tx, coupon_id: int | None = None) -> Mapping[int, int]:
    """How often each coupon counts, or this one."""
    number = sa.select(redemptions.c.coupon_id, sa.func.count()).where(_COUNTS).group_by(redemptions.c.coupon_id)
    number = number if coupon_id is None else number.where(redemptions.c.coupon_id == coupon_id)
    rows: Sequence[Any] = tx.execute(number).all()
    return {row[0]: row[1] for row in rows}


def _redemption(_tx: Tx, row: Any) -> Redemption:
    check(redemptions, row)
    return Redemption(
        id=row.id,
        coupon_id=row.coupon_id,
        order_id=row.order_id,
        price=Money(row.price, row.currency),
        reduced=Money(row.reduced, row.currency),
        freed=row.freed_at is not None,
    )


REDEMPTIONS = Reader(sa.select(redemptions), redemptions.c.id, _redemption)
