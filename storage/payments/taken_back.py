"""What a client's bank took of a payment: kept as refunds without a movement, so that nothing of it goes back twice."""

from collections.abc import Sequence
from datetime import datetime

import sqlalchemy as sa

from bot.domain.payments.money import Money
from bot.domain.payments.payments import DISPUTED, Payment, Refund, RefundState
from bot.domain.subjects import Subject
from storage.payments.refunds import outside
from storage.tables import refunds
from storage.tx import Tx


def insert(tx: Tx, payment: Payment, amount: Money, ref: str, subject: Subject, now: datetime) -> None:
    """Keep that the bank took the price of something: it is with the client."""
    outside(tx, payment, amount, ref, RefundState.SUCCEEDED, now, subject, reason=DISPUTED)


def fit(tx: Tx, taken: Sequence[Refund], amount: int) -> None:
    """Have them come to this amount: what went back past us was heard of, or failed, only after the bank took it."""
    over = sum(each.amount.amount for each in taken) - amount
    for each in reversed(taken):
        becomes = max(0, each.amount.amount - over)
        over -= each.amount.amount - becomes
        values = {"amount": becomes} if becomes else {"state": RefundState.FAILED.value}
        change = sa.update(refunds).where(refunds.c.id == each.id)
        tx.execute(change.values(version=refunds.c.version + 1, **values))


def undo(tx: Tx, payment_id: int, ref: str) -> None:
    """The bank gave it back: what it took did not go to the client, and what was to go back is to go."""
    by_bank = (refunds.c.payment_id == payment_id, refunds.c.refund_ref.startswith(f"{ref}:", autoescape=True))
    back = sa.update(refunds).where(*by_bank).values(version=refunds.c.version + 1)
    tx.execute(back.where(refunds.c.reason == DISPUTED).values(state=RefundState.FAILED.value))
    tx.execute(back.where(refunds.c.reason != DISPUTED).values(state=RefundState.INTENDED.value, refund_ref=None))
