"""Refunds in whose place a client has a credit: no money moves, and what they stand for cannot go back any more."""

from collections.abc import Sequence
from datetime import datetime

import sqlalchemy as sa

from bot.domain.payments.money import Money
from bot.domain.payments.payments import AS_CREDIT, Payment, Refund, RefundState
from bot.domain.subjects import Subject
from storage.instants import from_epoch, to_epoch
from storage.journal.unreadable import read_if
from storage.payments.refunds import REFUNDS, made_here, select
from storage.tables import refunds
from storage.tx import Tx


def instead(tx: Tx, payment: Payment, amount: Money, reason: str, now: datetime, subject: Subject) -> Refund:
    """Keep that the client has a credit for `amount`, which stays where it is: it cannot go back any more."""
    return made_here(tx, payment, amount, AS_CREDIT, reason, now, subject)


def stand_for(tx: Tx, those: Sequence[Refund], grant_id: int) -> None:
    """The client has these credits in their place: see `storage.credits.paid_by`."""
    mine = refunds.c.id.in_([each.id for each in those])
    tx.execute(sa.update(refunds).where(mine).values(grant_id=grant_id, version=refunds.c.version + 1))


def waiting(tx: Tx, payment_id: int, subject: Subject, now: datetime) -> tuple[Refund, datetime] | None:
    """One of the price of this that is intended and not due yet, of which the provider was asked nothing, and when it
    is due."""
    about = refunds.c.subject == str(subject)
    mine = (refunds.c.payment_id == payment_id, about, refunds.c.state == RefundState.INTENDED.value)
    untried = (refunds.c.attempts == 0, refunds.c.next_at > to_epoch(now))
    row = tx.execute(select().where(*mine, *untried).order_by(refunds.c.id).limit(1)).first()
    found = read_if(tx, REFUNDS, row)
    return None if found is None or row is None else (found, from_epoch(row.next_at))


def keep(tx: Tx, refund: Refund) -> bool:
    """Its client has a credit in its place, and no money moves; False when it is under way by now."""
    kept = {"state": RefundState.SUCCEEDED.value, "reason": AS_CREDIT, "refund_ref": f"{AS_CREDIT}:{refund.id}"}
    mine = (refunds.c.id == refund.id, refunds.c.state == RefundState.INTENDED.value, refunds.c.attempts == 0)
    changed = tx.execute(sa.update(refunds).where(*mine).values(version=refunds.c.version + 1, **kept))
    return changed.rowcount == 1
