"""What the owner says that SMS cost, and the most that a month of them may."""

import sqlalchemy as sa

from bot.domain.reach.sms_costs import SmsPrices
from storage.practice.practice import lock
from storage.tables import practice
from storage.tx import Tx

_ID = 1


def get(tx: Tx) -> SmsPrices:
    """What cannot be read counts as no price. Raises nothing."""
    row = tx.execute(sa.select(practice.c.sms_prices, practice.c.sms_ceiling).where(practice.c.id == _ID)).first()
    if row is None:
        return SmsPrices()
    kept = row.sms_prices if isinstance(row.sms_prices, dict) else {}
    ceiling = row.sms_ceiling if type(row.sms_ceiling) is int else None
    return SmsPrices({str(where): price for where, price in kept.items() if type(price) is int}, ceiling)


def put(tx: Tx, prices: SmsPrices) -> None:
    """Keep these in place of those before."""
    lock(tx)
    values = {"sms_prices": dict(prices.per_part) or None, "sms_ceiling": prices.ceiling}
    tx.execute(sa.update(practice).where(practice.c.id == _ID).values(**values))
