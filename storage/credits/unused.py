"""Adds up what is not used yet of all grants that were paid for, for the books."""

from datetime import datetime

import sqlalchemy as sa

from bot.domain.payments.money import Money
from bot.domain.payments.money_report import Owed
from storage.credits import gifts
from storage.tables import credit_entries, grant_offers, grants
from storage.tx import Tx

_before = credit_entries.alias("before")
_newest = sa.select(sa.func.max(_before.c.number)).where(_before.c.grant_id == grants.c.id).scalar_subquery()


def owed(tx: Tx, now: datetime) -> list[Owed]:
    """By currency: credits that are available or reserved, at the share of what was paid for their grant, rounded down
    for each grant, and gifts that somebody can still take. What was given away, or added to what was paid for, is owed
    too, and worth nothing."""
    found = {each.worth.currency: each for each in _granted(tx)}
    for gift in gifts.untaken(tx, now):
        before = found.get(gift.price.currency, Owed(gift.price - gift.price, 0))
        found[gift.price.currency] = Owed(before.worth + gift.price, before.sessions + gift.sessions)
    return [found[currency] for currency in sorted(found)]


def _granted(tx: Tx) -> list[Owed]:
    unused = credit_entries.c.balance + credit_entries.c.reserved
    paid_for = sa.case((unused > grants.c.sessions, grants.c.sessions), else_=unused)
    worth = sa.func.sum(grants.c.price * paid_for // grants.c.sessions)
    rows = tx.execute(
        sa.select(grants.c.currency, worth.label("worth"), sa.func.sum(unused).label("sessions"))
        .select_from(grants.join(credit_entries, credit_entries.c.grant_id == grants.c.id))
        .where(credit_entries.c.number == _newest, unused > 0, grants.c.sessions > 0)
        .group_by(grants.c.currency)
    )
    return [Owed(Money(int(row.worth), row.currency), int(row.sessions)) for row in rows]


def of_offer(tx: Tx, offer_id: int) -> int:
    """Credits that can be booked and cover this offer."""
    left = (
        sa.select(sa.func.coalesce(sa.func.sum(credit_entries.c.balance), 0))
        .select_from(
            grants.join(grant_offers, grant_offers.c.grant_id == grants.c.id).join(
                credit_entries, credit_entries.c.grant_id == grants.c.id
            )
        )
        .where(grant_offers.c.offer_id == offer_id, credit_entries.c.number == _newest)
    )
    return int(tx.execute(left).scalar_one())
