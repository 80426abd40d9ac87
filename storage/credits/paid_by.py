"""From a charge to the credits that it paid for: what becomes of the money becomes of them."""

import sqlalchemy as sa

from bot.domain.payments.payments import Payment, PaymentState, RefundState
from storage.tables import grants, payments, refunds
from storage.tx import Tx

_NAMED = sa.and_(refunds.c.grant_id.is_not(None), refunds.c.state != RefundState.FAILED.value)


def is_instead(tx: Tx, payment: Payment, grant_id: int) -> bool:
    """Whether the grant stands in the place of money of this payment."""
    mine = sa.select(refunds.c.id).where(refunds.c.grant_id == grant_id, refunds.c.payment_id == payment.id)
    return tx.execute(mine).first() is not None


def grants_of(tx: Tx, payment: Payment) -> list[int]:
    """Ids of the grants that its order bought with it, where it was accepted, and of those that stand in the place of
    what would have gone back of it; in order."""
    instead = sa.select(refunds.c.grant_id).where(refunds.c.payment_id == payment.id, _NAMED)
    which: sa.ColumnElement[bool] = grants.c.id.in_(instead)
    if payment.state is PaymentState.ACCEPTED and payment.order_id is not None:
        which = sa.or_(which, sa.and_(grants.c.order_id == payment.order_id, grants.c.id.not_in(_instead(payment))))
    return list(tx.execute(sa.select(grants.c.id).where(which).order_by(grants.c.id)).scalars())


def _instead(payment: Payment) -> sa.Select[tuple[int | None]]:
    """Those that stand in the place of money that came for the same order, perhaps by another charge."""
    those = sa.select(payments.c.id).where(payments.c.order_id == payment.order_id)
    return sa.select(refunds.c.grant_id).where(refunds.c.payment_id.in_(those), _NAMED)
