"""Tells whose a payment is that cannot be read, and how much it is, as far as that can be."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass

import sqlalchemy as sa

from bot.domain.payments.money import Money
from storage.identity import surviving
from storage.journal.unreadable import name_of
from storage.sound import Senseless, check
from storage.tables import bookings, orders, payments, persons
from storage.tx import Tx

_CLIENT = (persons.c.id.label("person"), persons.c.name_sealed)
_WHOSE = (
    sa.select(payments.c.id, payments.c.amount, payments.c.currency, *_CLIENT)
    .outerjoin(orders, orders.c.id == payments.c.order_id)
    .outerjoin(bookings, bookings.c.id == payments.c.booking_id)
    .join(persons, persons.c.id == sa.func.coalesce(surviving(orders.c.person_id), surviving(bookings.c.person_id)))
)


@dataclass(frozen=True)
class Whose:
    """`amount`: what is, or was, asked for; None where that makes no sense."""

    name: str
    amount: Money | None


def find(tx: Tx, payment_ids: Collection[int]) -> Mapping[int, Whose]:
    rows = tx.execute(_WHOSE.where(payments.c.id.in_(payment_ids))) if payment_ids else ()
    return {row.id: Whose(name_of(tx, row.person, row.name_sealed), _amount(row)) for row in rows}


def _amount(row: sa.Row[tuple[int, int, str, int, str]]) -> Money | None:
    try:
        check(payments, row)
    except Senseless:
        return None
    return Money(row.amount, row.currency)
