"""Refunds in whose place a client has a credit: no money moves, and what they stand for cannot go back any more."""

from collections import defaultdict
from collections.abc import Collection, Sequence
from datetime import datetime
from typing import Any

import sqlalchemy as sa

from bot.domain.credits import in_place
from bot.domain.payments.money import Money
from bot.domain.payments.payments import AS_CREDIT, LATE, Payment, Refund, RefundState
from bot.domain.subjects import Subject
from storage.instants import from_epoch, to_epoch
from storage.journal.unreadable import read_if
from storage.payments.disputes import is_disputed
from storage.payments.refunds import REFUNDS, made_here, select
from storage.tables import grants, payments, refunds
from storage.tx import Tx


def instead(tx: Tx, payment: Payment, amount: Money, reason: str, now: datetime, subject: Subject) -> Refund:
    """Keep that the client has a credit for `amount`, which stays where it is: it cannot go back any more."""
    return made_here(tx, payment, amount, AS_CREDIT, reason, now, subject)


def stand_for(tx: Tx, those: Sequence[Refund], grant_id: int) -> None:
    """The client has these credits in their place: see `storage.credits.paid_by`."""
    _name(tx, [each.id for each in those], grant_id)


def carry_over(tx: Tx, payment: Payment) -> None:
    """Those of its order that were made by processes of before, which did not keep the credits, name theirs, as far as
    only one can be meant. The payment is locked."""
    rows = tx.execute(_unnamed(payment.order_id)).all() if payment.order_id is not None else []
    acts: dict[object, list[Any]] = defaultdict(list)
    for row in rows:
        acts[row.id if row.reason == AS_CREDIT else row.reason].append(row)
    kept = [_kept(those) for those in acts.values()]
    for each, grant_id in in_place.pairs(kept, _nameless(tx, {row.order_id for row in rows}) if rows else ()):
        _name(tx, each.refund_ids, grant_id)


def _unnamed(order_id: int) -> sa.Select[Any]:
    """Also what was kept by the same acts of other orders, of a session that several paid for."""
    without = (
        refunds.c.grant_id.is_(None),
        refunds.c.state != RefundState.FAILED.value,
        sa.or_(refunds.c.reason == AS_CREDIT, refunds.c.reason.startswith(f"{AS_CREDIT}:", autoescape=True)),
    )
    mine = refunds.c.payment_id.in_(sa.select(payments.c.id).where(payments.c.order_id == order_id))
    about = sa.select(refunds.c.subject).where(mine, *without)
    return sa.select(refunds).where(refunds.c.subject.in_(about), *without).order_by(refunds.c.id)


def _kept(those: Sequence[Any]) -> in_place.Kept:
    """All that one act kept."""
    first = those[0]
    return in_place.Kept(
        refund_ids=frozenset(each.id for each in those),
        payment_ids=frozenset(each.payment_id for each in those),
        order_ids=frozenset(each.order_id for each in those),
        amount=Money(sum(each.amount for each in those), first.currency),
        at=from_epoch(first.created_at),
        at_once=first.reason != AS_CREDIT,
    )


def _nameless(tx: Tx, order_ids: Collection[int]) -> list[in_place.Instead]:
    """The grants of these orders that stand in the place of no money, as far as is known, and are no package."""
    theirs = sa.select(payments.c.id).where(payments.c.order_id.in_(order_ids))
    named = sa.select(refunds.c.grant_id).where(refunds.c.payment_id.in_(theirs), refunds.c.grant_id.is_not(None))
    mine = (grants.c.order_id.in_(order_ids), grants.c.package_id.is_(None), grants.c.id.not_in(named))
    return [
        in_place.Instead(row.id, row.order_id, Money(row.price, row.currency), from_epoch(row.bought_at))
        for row in tx.execute(sa.select(grants).where(*mine).order_by(grants.c.id))
    ]


def _name(tx: Tx, refund_ids: Collection[int], grant_id: int) -> None:
    mine = sa.update(refunds).where(refunds.c.id.in_(refund_ids))
    tx.execute(mine.values(grant_id=grant_id, version=refunds.c.version + 1))


def waiting(tx: Tx, payment_id: int, subject: Subject, now: datetime) -> tuple[Refund, datetime] | None:
    """One of the price of this, of money that came too late, in whose place its client may still have a credit, and
    when it is due: the provider was asked nothing yet, and no bank has the money."""
    if is_disputed(tx, payment_id):
        return None
    about = (refunds.c.subject == str(subject), refunds.c.reason == LATE)
    mine = (refunds.c.payment_id == payment_id, *about, refunds.c.state == RefundState.INTENDED.value)
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
