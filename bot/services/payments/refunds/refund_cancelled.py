"""Intends the refund of a cancelled booking."""

from bot.domain.bookings.changes import Change, Ended
from storage.engine import Tx
from storage.payments import paid_for


def refund_cancelled(tx: Tx, change: Change) -> None:
    """Write the intent to give back what the cancel's outcome says."""
    if not isinstance(change, Ended) or change.ending.outcome is None:
        return
    refund = change.ending.outcome.refund
    if refund is not None and refund.amount > 0:
        paid_for.give_back(tx, change.before.subject, refund, change.ending.refund_for, change.ending.cause.now)
