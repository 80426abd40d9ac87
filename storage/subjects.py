"""How a row keeps what it is about: as one text, `booking:7`, like the audit trail.

Processes of the version before write and look for `booking_id` alone. Until none of them runs both columns are written,
and a row without `subject` is found by its `booking_id`; see docs/decisions/0015.
"""

from typing import Any

import sqlalchemy as sa

from bot.domain.subjects import Subject
from storage.tx import Tx


def columns(subject: Subject | None) -> dict[str, str | int | None]:
    """What to write into a row that is about this."""
    if subject is None:
        return {"subject": None, "booking_id": None}
    return {"subject": str(subject), "booking_id": subject.number("booking")}


def read(row: Any) -> Subject | None:
    """What a row with both columns is about."""
    if row.subject is not None:
        return Subject.read(row.subject)
    return None if row.booking_id is None else Subject("booking", row.booking_id)


def about(table: sa.Table, *subjects: Subject) -> sa.ColumnElement[bool]:
    """Whether a row of the table is about one of these."""
    found: sa.ColumnElement[bool] = table.c.subject.in_([str(each) for each in subjects])
    numbers = [number for each in subjects if (number := each.number("booking")) is not None]
    return sa.or_(found, _of_before(table, table.c.booking_id.in_(numbers))) if numbers else found


def about_bound(table: sa.Table) -> sa.ColumnElement[bool]:
    """As `about`, in a statement that is built once: its parameters are those of `bound`."""
    booking = table.c.booking_id == sa.bindparam("booking")
    return sa.or_(table.c.subject == sa.bindparam("subject"), _of_before(table, booking))


def bound(subject: Subject) -> dict[str, str | int | None]:
    """The parameters of `about_bound`."""
    return {"subject": str(subject), "booking": subject.number("booking")}


def carry_over(tx: Tx, table: sa.Table, limit: int) -> int:
    """Give at most `limit` rows of the version before their `subject`; how many got it."""
    without = sa.select(table.c.id).where(_of_before(table, table.c.booking_id.is_not(None))).limit(limit)
    values = {"subject": text_of_booking(table.c.booking_id)}
    return tx.execute(sa.update(table).where(table.c.id.in_(without)).values(**values)).rowcount


def text_of_booking(booking_id: sa.ColumnElement[Any]) -> sa.ColumnElement[str]:
    """The text of the booking with this id, as the database makes it."""
    return sa.literal_column("'booking:'", sa.Text) + sa.cast(booking_id, sa.Text)


def _of_before(table: sa.Table, by_booking: sa.ColumnElement[bool]) -> sa.ColumnElement[bool]:
    return sa.and_(table.c.subject.is_(None), by_booking)
