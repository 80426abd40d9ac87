"""Enters each refund once as the provider shows it: our own, and those made in the provider's dashboard."""

import logging

from bot.domain.notices.notices import NoticeKind, address_of
from bot.domain.payments.payments import MovementKind, Payment, Refund, RefundState
from bot.domain.records import Cause
from bot.integrations.payments.port import Returned
from bot.integrations.vendor import VendorRefused
from bot.services.credits import freezing
from bot.services.disputes import record_dispute
from bot.services.kit.audit_note import tell_owners
from bot.services.kit.refusal_trail import keep_refusal
from bot.services.payments import sales, tell_money
from bot.services.payments.receipts.issue_receipts import cancel_refund, issue_refund
from storage.credits import freezes
from storage.engine import Tx
from storage.journal import audit
from storage.notices import outbox
from storage.payments import orders, payments, refunds, transactions

log = logging.getLogger(__name__)


def record_refund(tx: Tx, returned: Returned, cause: Cause) -> bool:
    """Enter a refund as the provider shows it; False when its payment is not ours."""
    refund = refunds.by_ref(tx, returned.ref)
    payment = payments.by_intent(tx, returned.intent_ref, returned.charge_ref)
    if refund is None and returned.refund_id is not None:
        refund = refunds.find(tx, returned.refund_id)
        if refund is not None and refund.intent_ref not in (returned.intent_ref, returned.charge_ref):
            return False
    if refund is None and payment is not None:
        refund = refunds.unanswered(tx, payment.id, returned.amount.amount)
    if refund is None:
        return payment is not None and _made_outside(tx, payment, returned, cause)
    if refund.amount != returned.amount:
        return False
    settle_refund(tx, refund, returned, cause)
    return True


def _made_outside(tx: Tx, payment: Payment, returned: Returned, cause: Cause) -> bool:
    if returned.amount.currency != payment.amount.currency:
        return False
    if not sales.lock(tx, payment.subject):  # the same news may be told twice at once
        return False
    payments.lock(tx, payment.id)  # and its bank may take it at this moment
    if refunds.by_ref(tx, returned.ref) is None:
        about = orders.moves(tx, payment.order_id) if payment.order_id is not None else None
        made = refunds.outside(tx, payment, returned.amount, returned.ref, RefundState.PENDING, cause.now, about)
        refund = refunds.find(tx, made)
        assert refund is not None
        if returned.state is not RefundState.FAILED:  # grants are locked before the counter of receipts
            _freeze_credits(tx, payment, refund, cause)
        settle_refund(tx, refund, returned, cause)
        record_dispute.fit_taken(tx, payment)
        if returned.state is not RefundState.FAILED:
            tell_money.of_refund(tx, about or payment.subject, made, cause.now, failed=False)
    return True


def _freeze_credits(tx: Tx, payment: Payment, refund: Refund, cause: Cause) -> None:
    """Of a package, as many credits as went back the price of: an owner decides which of them are lost."""
    if freezing.freeze_refunded(tx, payment, refund.id, refund.amount, cause):
        to = address_of(NoticeKind.CREDITS_FROZEN, refund.id)
        tell_owners(tx, NoticeKind.CREDITS_FROZEN, payment.subject, to, f"frozen:{refund.id}", cause.now)


def settle_refund(tx: Tx, refund: Refund, returned: Returned, cause: Cause) -> None:
    """Write the outcome down once; a failed refund may come days after a succeeded one."""
    payments.lock(tx, refund.payment_id)
    if not refunds.settle(tx, refund, returned.state, returned.ref, returned.failure):
        return
    if _enter(tx, MovementKind.REFUND, refund, returned, cause) or returned.state is not refund.state:
        _say(tx, refund, returned.state, cause)
    if returned.state is RefundState.SUCCEEDED:
        issue_refund(tx, refund, returned.amount, cause)
    if returned.state is RefundState.FAILED:
        _fit_taken(tx, refund)
        freezing.thaw(tx, freezes.because_of(tx, refund_id=refund.id), cause, longer=False)
        cancel_refund(tx, refund, cause)
        _enter(tx, MovementKind.ADJUSTMENT, refund, returned, cause)
        tell_money.of_refund(tx, refund.subject, refund.id, cause.now, failed=True)


def _fit_taken(tx: Tx, refund: Refund) -> None:
    payment = payments.find(tx, refund.payment_id)
    if payment is not None:
        record_dispute.fit_taken(tx, payment)


def _enter(tx: Tx, kind: MovementKind, refund: Refund, returned: Returned, cause: Cause) -> bool:
    amount = -returned.amount if kind is MovementKind.REFUND else returned.amount
    return transactions.add(tx, refund.movement(kind, returned.ref, amount, cause.now))


def _say(tx: Tx, refund: Refund, state: RefundState, cause: Cause) -> None:
    outbox.ask_correction(tx, refund.subject, cause.now)  # whatever of it is out shows what becomes of the money
    _write_down(tx, f"refund.{state}", refund, refund.amount.amount, cause)


def _write_down(tx: Tx, act: str, refund: Refund, amount: int, cause: Cause) -> None:
    audit.write(
        tx, person_id=cause.person_id, via=cause.via, act=act, subject=refund.subject,
        before={"refund": refund.id, "state": refund.state.value},
        after={"amount": amount, "currency": refund.amount.currency}, why=refund.reason, now=cause.now,
    )  # fmt: skip


def refuse_refund(tx: Tx, refund: Refund, refusal: VendorRefused, cause: Cause) -> None:
    """The provider will not: what is still left of the payment is intended anew, or the refund has failed."""
    payment = payments.find(tx, refund.payment_id)
    assert payment is not None
    superseded = refunds.returned(tx, payment.id) > payment.amount.amount
    asked = {"refund": refund.id, "payment": payment.id}
    reference = None if superseded else keep_refusal(tx, refusal, asked, cause.now)
    if not refunds.refuse(tx, refund, reference):
        return
    if superseded:
        log.info("refund.superseded", extra={"ids": {"refund": refund.id}})
        left = refunds.intend(tx, payment, refund.amount, refund.reason, cause.now)
        _write_down(tx, "refund.superseded", refund, left, cause)
    else:
        _say(tx, refund, RefundState.FAILED, cause)
        tell_money.of_refund(tx, refund.subject, refund.id, cause.now, failed=True)
