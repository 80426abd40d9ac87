"""Adds up what is not used yet of all grants that were paid for, for the books."""

from collections.abc import Sequence
from datetime import datetime

import sqlalchemy as sa

from bot.domain.credits.freezes import FreezeState
from bot.domain.credits.gifts import Gift
from bot.domain.payments.money import Money
from bot.domain.payments.money_report import Owed
from bot.domain.payments.payments import PaymentState, RefundState
from bot.domain.pricing.rounding import without_tax_on_top
from storage.credits import gifts
from storage.tables import credit_entries, freezes, grant_offers, grants, payments, refunds
from storage.tx import Tx

_before = credit_entries.alias("before")
_newest = sa.select(sa.func.max(_before.c.number)).where(_before.c.grant_id == grants.c.id).scalar_subquery()


def owed(tx: Tx, now: datetime) -> list[Owed]:
    """By currency: credits that are available or reserved, at the share of what was paid for their grant, rounded down
    for each grant, and gifts that somebody can still take, less what went back of them. What was given away, or added
    to what was paid for, is owed too, and worth nothing."""
    found = {each.worth.currency: each for each in _granted(tx)}
    for each in _untaken(tx, gifts.untaken(tx, now)):
        before = found.get(each.worth.currency, Owed(each.worth - each.worth, 0))
        found[each.worth.currency] = Owed(before.worth + each.worth, before.sessions + each.sessions)
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


def _untaken(tx: Tx, those: Sequence[Gift]) -> list[Owed]:
    """Of each, the part of its price that has not gone back, without tax that came on top, and the sessions that are
    neither on hold nor lost for it."""
    gone = sa.func.coalesce(sa.func.sum(refunds.c.amount), 0).label("gone")
    made = sa.and_(refunds.c.payment_id == payments.c.id, refunds.c.state != RefundState.FAILED.value)
    paid = (
        sa.select(payments.c.order_id, payments.c.amount, gone)
        .select_from(payments.outerjoin(refunds, made))
        .where(payments.c.order_id.in_([each.order_id for each in those]))
        .where(payments.c.state == PaymentState.ACCEPTED.value)
        .group_by(payments.c.order_id, payments.c.amount)
    )
    away = (
        sa.select(freezes.c.gift_id, sa.func.sum(freezes.c.sessions).label("away"))
        .where(freezes.c.gift_id.in_([each.id for each in those]), freezes.c.grant_id.is_(None))
        .where(freezes.c.state != FreezeState.THAWED.value)
        .group_by(freezes.c.gift_id)
    )
    came = {row.order_id: (int(row.amount), int(row.gone)) for row in tx.execute(paid)} if those else {}
    kept_back = {row.gift_id: int(row.away) for row in tx.execute(away)} if those else {}
    found = []
    for each in those:
        amount, back = (Money(part, each.price.currency) for part in came.get(each.order_id, (each.price.amount, 0)))
        left = each.price - min(without_tax_on_top(back, each.price, amount), each.price)
        found.append(Owed(left, each.sessions - kept_back.get(each.id, 0)))
    return [each for each in found if each.worth or each.sessions]


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
