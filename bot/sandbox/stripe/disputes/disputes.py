"""Disputes of charges: opened by a bank, answered by the practice, won or lost in the end."""

from typing import Any

from bot.sandbox.stripe import balance
from bot.sandbox.stripe.account import Account, shown
from bot.sandbox.stripe.disputes import objects
from bot.sandbox.stripe.disputes.objects import Dispute
from bot.sandbox.stripe.objects import Charge, new_id
from bot.sandbox.stripe.refusals import Refused, missing

FEE = 1500
DUE_SECONDS = 9 * 86400
ENDS = {objects.WON, objects.LOST, objects.INQUIRY_CLOSED}


def start(account: Account, charge: Charge, reason: str, amount: int | None = None, inquiry: bool = False) -> Dispute:
    """The client's bank wants the money back, with a fee, unless it only asks (an inquiry)."""
    if charge.status != "succeeded" or charge.disputed:
        raise Refused(f"Charge {charge.id} cannot be disputed.", param="charge")
    dispute = Dispute(
        new_id("du_1"), account.now(), charge.id, charge.payment_intent, amount or charge.captured, charge.currency,
        reason, account.now() + DUE_SECONDS, objects.INQUIRY if inquiry else objects.NEEDS,
    )  # fmt: skip
    account.disputes[dispute.id], charge.disputed = dispute, True
    if inquiry:
        account.emit("charge.dispute.created", dispute)
        return dispute
    _move(account, charge, dispute, -dispute.amount, FEE, "dispute")
    account.emit("charge.dispute.created", dispute)
    account.emit("charge.dispute.funds_withdrawn", dispute)
    return dispute


def find(account: Account, identifier: str, status: int = 404) -> Dispute:
    dispute = account.disputes.get(identifier)
    if dispute is None:
        raise missing("dispute", identifier, "dispute", status)
    return dispute


def answer(account: Account, dispute: Dispute, asked: dict[str, Any]) -> Dispute:
    """Evidence, which is handed in at once unless `submit` is false."""
    if dispute.status not in objects.OPEN_STATES:
        raise Refused("This dispute is already closed.", "dispute_closed")
    before = {"status": dispute.status}
    dispute.evidence |= asked.get("evidence", {})
    dispute.metadata |= asked.get("metadata", {})
    if asked.get("evidence") and asked.get("submit", True):
        dispute.submissions += 1
        dispute.status = objects.INQUIRY_REVIEW if dispute.inquiry else objects.REVIEW
    account.emit("charge.dispute.updated", dispute, previous=before)
    return dispute


def close(account: Account, dispute: Dispute, status: str) -> Dispute:
    """Won, lost, or an inquiry that came to nothing. The money comes back when it was won."""
    if dispute.status not in objects.OPEN_STATES or status not in ENDS:
        raise Refused(f"A dispute that is {dispute.status} cannot become {status}.", param="status")
    if dispute.inquiry != (status == objects.INQUIRY_CLOSED):
        raise Refused(f"A dispute that is {dispute.status} cannot become {status}.", param="status")
    before, charge = {"status": dispute.status}, account.charges[dispute.charge]
    dispute.status = status
    if status == objects.WON:
        _move(account, charge, dispute, dispute.amount, 0, "dispute_reversal")
    account.emit("charge.dispute.closed", dispute, previous=before)
    if status == objects.WON:
        account.emit("charge.dispute.funds_reinstated", dispute)
    return dispute


def escalate(account: Account, dispute: Dispute) -> Dispute:
    """The bank's question becomes a dispute: now the money goes, and a new answer is due."""
    if dispute.status not in (objects.INQUIRY, objects.INQUIRY_REVIEW):
        raise Refused(f"A dispute that is {dispute.status} cannot become {objects.NEEDS}.", param="status")
    before = {"status": dispute.status}
    dispute.status, dispute.due_by = objects.NEEDS, account.now() + DUE_SECONDS
    _move(account, account.charges[dispute.charge], dispute, -dispute.amount, FEE, "dispute")
    account.emit("charge.dispute.updated", dispute, previous=before)
    account.emit("charge.dispute.funds_withdrawn", dispute)
    return dispute


def let_fall_due(account: Account) -> None:
    """Without an answer in time the bank decides for its customer."""
    for dispute in account.disputes.values():
        if dispute.due_by <= account.now() and dispute.status in (objects.NEEDS, objects.INQUIRY):
            dispute.past_due = True
            close(account, dispute, objects.INQUIRY_CLOSED if dispute.inquiry else objects.LOST)


def keeps_from_refund(account: Account, charge: Charge) -> bool:
    """Money that a bank took back cannot be given back once more."""
    return any(one.charge == charge.id and not one.inquiry and one.status != objects.WON
               for one in account.disputes.values())  # fmt: skip


def _move(account: Account, charge: Charge, dispute: Dispute, amount: int, fee: int, category: str) -> None:
    entry = balance.enter(account, dispute.id, "adjustment", charge, amount, fee, category)
    dispute.moved.append(shown(account.balance[entry]))
