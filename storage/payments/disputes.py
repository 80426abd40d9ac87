"""Disputes and warnings: each once by the provider's id of it, in the state in which it was last seen."""

from collections.abc import Sequence
from dataclasses import replace
from typing import Any

import sqlalchemy as sa

from bot.domain.payments.disputes import FREEZE, Dispute, DisputeState
from bot.domain.payments.money import Money
from bot.domain.payments.payments import Payment
from bot.domain.subjects import Subject
from storage.columns import SCHEMA, literal
from storage.instants import from_epoch, to_epoch
from storage.journal.set_aside import Reader, known, read_each
from storage.journal.unreadable import read_if
from storage.sound import check
from storage.tables import disputes
from storage.tx import Tx

MONEY_IS_AWAY = disputes.c.state.in_(literal(FREEZE))


def open_new(tx: Tx, payment: Payment, dispute: Dispute) -> Dispute:
    """Keep one that is heard of for the first time."""
    values = {
        "payment_id": payment.id,
        "order_id": payment.order_id,
        "subject": str(payment.subject),
        "dispute_ref": dispute.ref,
        "opened_at": to_epoch(dispute.opened_at),
        "writer": SCHEMA,
        **_changing(dispute),
    }
    return replace(dispute, id=tx.insert(sa.insert(disputes).values(**values)))


def keep(tx: Tx, dispute: Dispute) -> None:
    """As it is told now; whoever changes it holds its payment."""
    change = sa.update(disputes).where(disputes.c.id == dispute.id)
    tx.execute(change.values(version=dispute.version + 1, **_changing(dispute)))


def _changing(dispute: Dispute) -> dict[str, Any]:
    return {
        "state": dispute.state.value,
        "reason": dispute.reason,
        "amount": dispute.amount.amount,
        "currency": dispute.amount.currency,
        "due_by": to_epoch(dispute.due_by),
        "fee": None if dispute.fee is None else dispute.fee.amount,
        "fee_currency": None if dispute.fee is None else dispute.fee.currency,
    }


def find(tx: Tx, dispute_id: int) -> Dispute | None:
    return _first(tx, disputes.c.id == dispute_id)


def by_ref(tx: Tx, ref: str) -> Dispute | None:
    """By the provider's id."""
    return _first(tx, disputes.c.dispute_ref == ref)


def of_payment(tx: Tx, payment_id: int) -> Sequence[Dispute]:
    """In the order in which they were heard of."""
    mine = DISPUTES.select.where(disputes.c.payment_id == payment_id).order_by(disputes.c.id)
    return read_each(tx, DISPUTES, tx.execute(mine))


def is_disputed(tx: Tx, payment_id: int) -> bool:
    """Whether the client's bank has the money now, and nobody knows yet who gets it."""
    mine = sa.select(disputes.c.id).where(disputes.c.payment_id == payment_id, MONEY_IS_AWAY).limit(1)
    return tx.execute(mine).first() is not None


def _first(tx: Tx, *conditions: sa.ColumnElement[bool]) -> Dispute | None:
    return read_if(tx, DISPUTES, tx.execute(DISPUTES.select.where(*conditions)).first())


def _read(_tx: Tx, row: Any) -> Dispute:
    check(disputes, row)
    return Dispute(
        id=row.id,
        payment_id=row.payment_id,
        order_id=row.order_id,
        subject=Subject.read(row.subject),
        ref=row.dispute_ref,
        state=known(DisputeState, row.state),
        amount=Money(row.amount, row.currency),
        reason=row.reason,
        opened_at=from_epoch(row.opened_at),
        due_by=from_epoch(row.due_by),
        fee=None if row.fee is None else Money(row.fee, row.fee_currency),
        version=row.version,
    )


DISPUTES = Reader(sa.select(disputes), disputes.c.id, _read)
