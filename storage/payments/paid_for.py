"""All payments that paid for one thing: what of their money goes back is taken from the newest first."""

from datetime import datetime

import sqlalchemy as sa

from bot.domain.payments.money import Money
from bot.domain.payments.orders import FOR_A_SESSION
from bot.domain.payments.payments import Payment, PaymentState
from bot.domain.subjects import Subject
from storage.columns import literal
from storage.journal.set_aside import read_each
from storage.payments import refunds
from storage.payments.payments import PAYMENTS, PAYS_FOR, bound_for
from storage.ready import Ready, Rows
from storage.tables import order_lines, payments
from storage.tx import Tx

# Several pay for a session that moved to a dearer offer: each difference is an order of its own, with a line about the
# session. Two looks, each by an index of its own.
_LINES = sa.select(order_lines.c.order_id).where(
    order_lines.c.subject == sa.bindparam("subject"), order_lines.c.kind.in_(literal(FOR_A_SESSION))
)
# Whether they were accepted is looked at here: an index by that, which grows without end, is then none to go through.
_each_way = sa.union_all(
    sa.select(payments).where(PAYS_FOR), sa.select(payments).where(payments.c.order_id.in_(_LINES))
).subquery("each_way")
_PAID_FOR = Ready(sa.select(_each_way).order_by(_each_way.c.id.desc()))


def give_back(tx: Tx, subject: Subject, amount: Money, reason: str, now: datetime) -> None:
    """Intend refunds of what was accepted for something, never more than is left; the newest payment goes first."""
    # A booking that ends keeps its order, and nothing that is put off accepts a payment.
    left = amount.amount
    for payment in _once_each(tx, tx.look(_PAID_FOR, bound_for(subject))):
        left -= refunds.intend(tx, payment, Money(left, amount.currency), reason, now, subject) if left > 0 else 0


def every(tx: Tx, subject: Subject) -> list[Payment]:
    """Every payment that paid for it, in whole or in part, the newest first."""
    return _once_each(tx, tx.execute(_PAID_FOR, bound_for(subject)))


def _once_each(tx: Tx, rows: Rows) -> list[Payment]:
    found = {each.id: each for each in read_each(tx, PAYMENTS, rows)}
    return [each for each in found.values() if each.state is PaymentState.ACCEPTED]


def lock(tx: Tx, subject: Subject) -> list[Payment]:
    """As `every`, held until the transaction ends; see `payments.lock_accepted`."""
    found = every(tx, subject)
    if found and tx.postgres:
        those = payments.c.id.in_([each.id for each in found])
        tx.execute(sa.select(payments.c.id).where(those).order_by(payments.c.id).with_for_update(key_share=True))
    return found
