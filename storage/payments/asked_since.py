"""Since when the provider may know of a payment: the life of the key that it was asked with counts from then."""

from datetime import datetime

import sqlalchemy as sa

from storage.instants import from_epoch
from storage.tables import payments
from storage.tx import Tx


def of(tx: Tx, payment_id: int) -> datetime | None:
    """None for one that nobody was asked about yet."""
    at: int | None = tx.execute(sa.select(payments.c.asked_at).where(payments.c.id == payment_id)).scalar()
    return from_epoch(at)
