"""What a hold costs from now on, when a coupon counts for it."""

from dataclasses import replace

import sqlalchemy as sa

from bot.domain.bookings.bookings import Booking
from bot.domain.bookings.cover import Cover
from bot.domain.payments.money import Money
from storage import tables
from storage.bookings import changing
from storage.tx import Tx


def reprice(tx: Tx, booking: Booking, price: Money, order_id: int) -> Booking:
    """Let this order ask for this price, under the coach's lock; the booking as it is then."""
    mine = tables.bookings.c.id == booking.id
    tx.execute(sa.update(tables.bookings).where(mine).values(price=price.amount))
    after = changing.put_on_order(tx, booking, order_id, Cover.ORDER)
    return replace(after, terms=replace(booking.terms, price=price))
