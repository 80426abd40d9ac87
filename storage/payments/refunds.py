"""Refunds: intents to give money back, and their outcome."""

from collections.abc import Collection, Mapping
from datetime import datetime
from typing import Any

import sqlalchemy as sa

from bot.domain.payments.disputes import FREEZE
from bot.domain.payments.money import Money
from bot.domain.payments.payments import (
    ANOTHER_WAY,
    OUTSIDE,
    Payment,
    Refund,
    RefundFailure,
    RefundState,
)
from bot.domain.subjects import Subject
from storage import subjects
from storage.columns import SCHEMA, literal
from storage.instants import to_epoch
from storage.journal.claims import claiming
from storage.journal.set_aside import Reader, known, read_claimed, read_each
from storage.journal.unreadable import read_if
from storage.ready import Ready
from storage.sound import check
from storage.tables import disputes, payments, refunds
from storage.tx import Tx

MOVING = (RefundState.INTENDED, RefundState.PENDING)


def intend(
    tx: Tx, payment: Payment, amount: Money, reason: str, now: datetime, subject: Subject | None = None,
    *, due: datetime | None = None,
) -> int:  # fmt: skip
    """Give back up to `amount` of a payment, never more than is left of it; how much. It is put off.

    `due`: when it is to be made, where that is not at once.
    `subject`: the one thing of several whose price it is, where the payment paid for several.
    """
    left = min(amount.amount, payment.amount.amount - returned(tx, payment.id))
    if left > 0:
        told = _row_of(payment, Money(left, payment.amount.currency), reason, RefundState.INTENDED, now, subject)
        tx.batch_insert(_INTEND, told | {"next_at": to_epoch(due or now)})
    return max(left, 0)


_INTEND = sa.insert(refunds)


def paid_another_way(tx: Tx, payment: Payment, amount: Money, reason: str, now: datetime, subject: Subject) -> Refund:
    """Keep that `amount` of what could not go back was paid past the provider, who is asked nothing."""
    return made_here(tx, payment, amount, ANOTHER_WAY, reason, now, subject)


def made_here(
    tx: Tx, payment: Payment, amount: Money, how: str, reason: str, now: datetime, subject: Subject
) -> Refund:
    """One that is made with being written down: `how` names it in the place of the provider's id."""
    refund_id = tx.next_id(refunds)
    made = _row_of(payment, amount, reason, RefundState.SUCCEEDED, now, subject)
    tx.execute(sa.insert(refunds).values(id=refund_id, refund_ref=f"{how}:{refund_id}", **made))
    found = find(tx, refund_id)
    assert found is not None
    return found


def outside(
    tx: Tx, payment: Payment, amount: Money, ref: str, state: RefundState, now: datetime,
    subject: Subject | None = None, *, reason: str = OUTSIDE,
) -> int:  # fmt: skip
    """Keep a refund that was made without us, for one of the reasons `PAST_US`. `subject`: as for `intend`."""
    made = _row_of(payment, amount, reason, state, now, subject)
    return tx.insert(sa.insert(refunds).values(refund_ref=ref, **made))


def _row_of(
    payment: Payment, amount: Money, reason: str, state: RefundState, now: datetime, subject: Subject | None
) -> dict[str, Any]:
    """A new row, as `intend` and all who keep what went back otherwise write it."""
    return {
        "payment_id": payment.id,
        "order_id": payment.order_id,
        "subject": str(subject or payment.subject),
        "amount": amount.amount,
        "currency": amount.currency,
        "reason": reason,
        "state": state.value,
        "next_at": to_epoch(now),
        "created_at": to_epoch(now),
        "writer": SCHEMA,
    }


def returned(tx: Tx, payment_id: int) -> int:
    """What is given back, or is about to be, of one payment."""
    return int(tx.execute(_RETURNED, {"payment": payment_id}).scalar_one())


_RETURNED = Ready(
    sa.select(sa.func.coalesce(sa.func.sum(refunds.c.amount), 0).label("returned")).where(
        refunds.c.payment_id == sa.bindparam("payment"), refunds.c.state != literal((RefundState.FAILED,))[0]
    )
)


def find(tx: Tx, refund_id: int) -> Refund | None:
    return _first(tx, refunds.c.id == refund_id)


def by_ref(tx: Tx, ref: str) -> Refund | None:
    """By the provider's id."""
    return _first(tx, refunds.c.refund_ref == ref)


def unanswered(tx: Tx, payment_id: int, amount: int) -> Refund | None:
    """One of that amount that the provider was asked for and whose answer is not known."""
    return _first(
        tx,
        refunds.c.payment_id == payment_id,
        refunds.c.amount == amount,
        refunds.c.refund_ref.is_(None),
        refunds.c.attempts > 0,
        refunds.c.state == RefundState.INTENDED.value,
    )


def of_subject(tx: Tx, subject: Subject) -> list[Refund]:
    """In the order in which they were made."""
    of_before = sa.and_(refunds.c.subject.is_(None), subjects.about(payments, subject))
    mine = sa.or_(refunds.c.subject == str(subject), of_before)
    rows = tx.execute(select().where(mine).order_by(refunds.c.id))
    return read_each(tx, REFUNDS, rows)


def of_payment(tx: Tx, payment_id: int) -> list[Refund]:
    """In the order in which they were made."""
    rows = tx.execute(select().where(refunds.c.payment_id == payment_id).order_by(refunds.c.id))
    return read_each(tx, REFUNDS, rows)


def settle(tx: Tx, refund: Refund, becomes: RefundState, ref: str, failure: RefundFailure | None = None) -> bool:
    """Keep the provider's id and what became of it; False when that is known. One may fail days after it succeeded."""
    was = MOVING if becomes is not RefundState.FAILED else (*MOVING, RefundState.SUCCEEDED)
    return _change(tx, refund, was, {"state": becomes.value, "refund_ref": ref, "failure": failure})


def refuse(tx: Tx, refund: Refund, reference: str | None) -> bool:
    """The provider refused to make it; False when it is under way, or was made."""
    refused = {"failure": RefundFailure.REFUSED.value, "reference": reference}
    return _change(tx, refund, (RefundState.INTENDED,), {"state": RefundState.FAILED.value, **refused})


def _change(tx: Tx, refund: Refund, was: Collection[RefundState], values: Mapping[str, str | None]) -> bool:
    states = [state.value for state in was]
    changed = tx.execute(
        sa.update(refunds)
        .where(refunds.c.id == refund.id, refunds.c.state.in_(states))
        .values(version=refunds.c.version + 1, **values)
    )
    return changed.rowcount == 1


def later(tx: Tx, refund_id: int, at: datetime) -> None:
    """Try, or ask, again at `at`."""
    tx.execute(sa.update(refunds).where(refunds.c.id == refund_id).values(next_at=to_epoch(at), lease_until=None))


def claim(tx: Tx, now: datetime, limit: int, lease_s: int) -> list[Refund]:
    """Take what is to be made or asked about; what nobody finishes within `lease_s` seconds comes back. Disputed money
    does not go back meanwhile."""
    waiting = claiming(refunds, now, limit, lease_s, _WAITS, ~_IS_DISPUTED)
    taken = waiting.values(attempts=refunds.c.attempts + 1).returning(refunds.c.id)
    ids = sorted(tx.execute(taken).scalars())
    return read_claimed(tx, REFUNDS, tx.execute(select().where(refunds.c.id.in_(ids)).order_by(refunds.c.id)), now)


def select() -> sa.Select[Any]:
    joined = refunds.join(payments, refunds.c.payment_id == payments.c.id)
    paid = (payments.c.subject.label("paid_subject"), payments.c.booking_id, payments.c.order_id.label("paid_order"))
    return sa.select(refunds, *paid, payments.c.intent_ref).select_from(joined)


def _first(tx: Tx, *conditions: sa.ColumnElement[bool]) -> Refund | None:
    row = tx.execute(select().where(*conditions).order_by(refunds.c.id).limit(1)).first()
    return read_if(tx, REFUNDS, row)


def _read(_tx: Tx, row: Any) -> Refund:
    check(refunds, row)
    return Refund(
        id=row.id,
        payment_id=row.payment_id,
        subject=_about(row),
        amount=Money(row.amount, row.currency),
        reason=row.reason,
        state=known(RefundState, row.state),
        intent_ref=row.intent_ref or "",
        refund_ref=row.refund_ref,
        attempts=row.attempts,
        failure=None if row.failure is None else known(RefundFailure, row.failure),
        reference=row.reference,
        order_id=row.paid_order if row.order_id is None else row.order_id,
    )


def _about(row: Any) -> Subject:
    """What it says itself; of before there were orders, what its payment was about."""
    text = row.subject or row.paid_subject
    return Subject("booking", row.booking_id) if text is None else Subject.read(text)


_IS_DISPUTED = sa.exists().where(
    disputes.c.payment_id == refunds.c.payment_id,
    disputes.c.state.in_(literal(FREEZE)),
    refunds.c.state == literal((RefundState.INTENDED,))[0],
)
_WAITS = refunds.c.state.in_([state.value for state in MOVING])
REFUNDS = Reader(select(), refunds.c.id, _read, due=refunds.c.next_at, waits=_WAITS)
