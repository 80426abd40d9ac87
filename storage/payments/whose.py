"""Tells whose a payment is that cannot be read, about what, and how much it is, as far as that can be."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass

import sqlalchemy as sa

from bot.domain.payments.money import Money
from bot.domain.subjects import Subject
from storage import subjects
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


def subject_of(tx: Tx, payment_id: int | None, checkout_ref: str) -> Subject | None:
    """What the payment with this id, or (without one) this page, is about; None when there is no such payment."""
    mine = payments.c.checkout_ref == checkout_ref if payment_id is None else payments.c.id == payment_id
    row = tx.execute(sa.select(payments.c.subject, payments.c.booking_id).where(mine)).first()
    return None if row is None else subjects.read(row)


def _amount(row: sa.Row[tuple[int, int, str, int, str]]) -> Money | None:
    try:
        check(payments, row)
    except Senseless:
        return None
    return Money(row.amount, row.currency)
