"""The tax in what pays for a booking, as it was applied: of money once that came, of a credit once that is used up."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import sqlalchemy as sa

from bot.domain.credits.grants import EntryKind
from storage.tables import bookings, credit_entries
from storage.tx import Tx


@dataclass(frozen=True)
class BookingTax:
    """`rates` as in a movement of money, without amounts: a booking has its share of all of them."""

    amount: int
    rates: Sequence[Mapping[str, object]]
    location: Mapping[str, str] | None = None


def keep(tx: Tx, booking_id: int, tax: BookingTax | None) -> None:
    """None: what covered it has gone back. It is put off."""
    values: dict[str, object] = {"taxes": None, "rates": None, "location": None}
    if tax is not None:
        location = None if tax.location is None else dict(tax.location)
        values = {"taxes": tax.amount, "rates": [dict(each) for each in tax.rates], "location": location}
    tx.batch_update(_KEEP, {"row": booking_id, **values}, of={"id": booking_id})


_KEEP = (
    sa.update(bookings)
    .where(bookings.c.id == sa.bindparam("row"))
    .values(
        tax_amount=sa.bindparam("taxes", type_=sa.BigInteger),
        tax_rates=sa.bindparam("rates", type_=bookings.c.tax_rates.type),
        tax_location=sa.bindparam("location", type_=bookings.c.tax_location.type),
    )
)


def of(tx: Tx, booking_id: int) -> BookingTax | None:
    row = tx.execute(sa.select(bookings).where(bookings.c.id == booking_id)).one()
    return None if row.tax_amount is None else BookingTax(row.tax_amount, row.tax_rates or [], row.tax_location)


def of_grant(tx: Tx, grant_id: int) -> tuple[int, int]:
    """Of how many used credits of a grant a share of its tax stands with their bookings, and how much that is."""
    spent = sa.select(credit_entries.c.booking_id).where(
        credit_entries.c.grant_id == grant_id, credit_entries.c.kind == EntryKind.SPENT.value
    )
    total = sa.func.coalesce(sa.func.sum(bookings.c.tax_amount), 0)
    told = sa.select(sa.func.count(), total).where(bookings.c.id.in_(spent), bookings.c.tax_amount.is_not(None))
    found: Any = tx.execute(told).one()
    return int(found[0]), int(found[1])
