"""Carries out intended refunds, records their outcome, and enters refunds made in the provider's dashboard."""

import asyncio
import logging
from datetime import datetime, timedelta

from bot.domain.notices.notices import TELL_REFUND, NoticeKind
from bot.domain.payments.money import Money
from bot.domain.payments.payments import Movement, MovementKind, Payment, Refund, RefundState
from bot.integrations.payments.port import PaymentProvider, PaymentsAway, PaymentsRefused, Returned
from bot.services.kit import backoff
from bot.services.notices.notice_planning import tell
from storage.bookings import bookings
from storage.engine import Storage, Tx
from storage.journal import audit
from storage.notices import outbox
from storage.payments import payments, refunds, transactions
from storage.people import roles

log = logging.getLogger(__name__)

ANSWER_S = 20
LEASE_S = 60
BATCH = 20
FIRST_WAIT, LONGEST_WAIT = timedelta(seconds=10), timedelta(minutes=30)
PENDING_AGAIN = timedelta(minutes=10)


class Refunds:
    def __init__(self, storage: Storage, provider: PaymentProvider) -> None:
        self._storage = storage
        self._provider = provider

    async def due(self, now: datetime) -> int:
        """Make what is intended and ask about what is pending; how many were looked at."""
        claimed = await self._storage.write(lambda tx: refunds.claim(tx, now, BATCH, LEASE_S))
        outcomes = await asyncio.gather(*(self._try(each, now) for each in claimed), return_exceptions=True)
        for refund, outcome in zip(claimed, outcomes, strict=True):
            if isinstance(outcome, BaseException):
                log.error("refund.not_made", extra={"ids": {"refund": refund.id}}, exc_info=outcome)
        return len(claimed)

    async def learn(self, intent_ref: str, now: datetime) -> bool:
        """Enter all refunds of a payment, whoever made them; False when the payment is not ours.

        Raises `PaymentsAway`, `PaymentsRefused`.
        """
        if await self._storage.read(lambda tx: payments.by_intent(tx, intent_ref)) is None:
            return False
        found = await self._provider.refunds_of(intent_ref)

        def enter(tx: Tx) -> None:
            for returned in found:
                record_refund(tx, returned, now)

        await self._storage.write(enter)
        return True

    async def _try(self, refund: Refund, now: datetime) -> None:
        try:
            async with asyncio.timeout(ANSWER_S):
                await self._carry_out(refund, now)
        except (PaymentsAway, TimeoutError) as away:
            await self._put_off(refund, away, now)

    async def _carry_out(self, refund: Refund, now: datetime) -> None:
        try:
            if refund.refund_ref is not None:
                returned = await self._provider.refund(refund.refund_ref)
            else:
                returned = await self._provider.give_back(
                    refund.intent_ref, refund.amount, refund.id, refund.reason, refund.idempotency_key
                )
        except PaymentsRefused as refused:
            await self._refused(refund, refused, now)
            return
        if returned is None:
            log.error("refund.unknown", extra={"ids": {"refund": refund.id}})
            return

        def work(tx: Tx) -> None:
            _settled(tx, refund, returned, now)
            refunds.later(tx, refund.id, now + PENDING_AGAIN)

        await self._storage.write(work)

    async def _refused(self, refund: Refund, refused: PaymentsRefused, now: datetime) -> None:
        """Perhaps the dashboard was quicker: enter what it did, and give back only what is still left."""
        log.warning("refund.refused", extra={"ids": {"refund": refund.id, "code": refused.code}})
        try:
            await self.learn(refund.intent_ref, now)
        except PaymentsRefused as unknown:
            log.warning("refund.unknown", extra={"ids": {"refund": refund.id, "code": unknown.code}})
        await self._storage.write(lambda tx: _superseded_or_failed(tx, refund, now))

    async def _put_off(self, refund: Refund, away: Exception, now: datetime) -> None:
        wait = backoff.wait(refund.attempts - 1, FIRST_WAIT, LONGEST_WAIT)
        if isinstance(away, PaymentsAway) and away.seconds is not None:
            wait = max(wait, timedelta(seconds=away.seconds))
        log.warning("provider.away", extra={"ids": {"refund": refund.id, "wait_s": wait.total_seconds()}})
        await self._storage.write(lambda tx: refunds.later(tx, refund.id, now + wait))


def record_refund(tx: Tx, returned: Returned, now: datetime) -> bool:
    """Enter a refund as the provider shows it; False when its payment is not ours."""
    refund = refunds.by_ref(tx, returned.ref)
    payment = None if returned.intent_ref is None else payments.by_intent(tx, returned.intent_ref)
    if refund is None and returned.refund_id is not None:
        refund = refunds.find(tx, returned.refund_id)
        if refund is not None and refund.intent_ref != returned.intent_ref:
            return False
    if refund is None and payment is not None:
        refund = refunds.unanswered(tx, payment.id, returned.amount.amount)
    if refund is None:
        return payment is not None and _made_outside(tx, payment, returned, now)
    if refund.amount != returned.amount:
        return False
    _settled(tx, refund, returned, now)
    return True


def _made_outside(tx: Tx, payment: Payment, returned: Returned, now: datetime) -> bool:
    booking = bookings.about(tx, payment.subject)
    if booking is None or returned.amount.currency != payment.amount.currency:
        return False
    tx.lock_coach(booking.coach_id)  # the same news may be told twice at once
    if refunds.by_ref(tx, returned.ref) is None:
        made = refunds.outside(tx, payment, returned.amount, returned.ref, RefundState.PENDING, now)
        refund = refunds.find(tx, made)
        assert refund is not None
        _settled(tx, refund, returned, now)
        if returned.state is not RefundState.FAILED:
            tell(tx, NoticeKind.REFUNDED, booking, booking.person_id, made, now)
    return True


def _settled(tx: Tx, refund: Refund, returned: Returned, now: datetime) -> None:
    """Write the outcome down once; a failed refund may come days after a succeeded one."""
    if not refunds.settle(tx, refund, returned.state, returned.ref):
        return
    if _enter(tx, MovementKind.REFUND, refund, returned, now) or returned.state is not refund.state:
        _say(tx, refund, returned.state, now)
    if returned.state is RefundState.FAILED:
        _enter(tx, MovementKind.ADJUSTMENT, refund, returned, now)
        _tell_owners(tx, refund, now)


def _enter(tx: Tx, kind: MovementKind, refund: Refund, returned: Returned, now: datetime) -> bool:
    sign = -1 if kind is MovementKind.REFUND else 1
    amount = Money(sign * returned.amount.amount, returned.amount.currency)
    return transactions.add(
        tx,
        Movement(
            kind, returned.ref, amount, now,
            payment_id=refund.payment_id, booking_id=refund.subject.number("booking"), intent_ref=refund.intent_ref,
        ),
    )  # fmt: skip


def _say(tx: Tx, refund: Refund, state: RefundState, now: datetime) -> None:
    outbox.ask_correction(tx, refund.subject, now, TELL_REFUND)
    audit.write(
        tx, person_id=None, via="stripe", act=f"refund.{state}", subject=refund.subject,
        before={"refund": refund.id, "state": refund.state.value},
        after={"amount": refund.amount.amount, "currency": refund.amount.currency}, why=refund.reason, now=now,
    )  # fmt: skip


def _tell_owners(tx: Tx, refund: Refund, now: datetime) -> None:
    booking = bookings.about(tx, refund.subject)
    if booking is not None:
        for owner_id in roles.owner_ids(tx):
            tell(tx, NoticeKind.REFUND_FAILED, booking, owner_id, refund.id, now)


def _superseded_or_failed(tx: Tx, refund: Refund, now: datetime) -> None:
    payment = payments.find(tx, refund.payment_id)
    assert payment is not None
    superseded = refunds.returned(tx, payment.id) > payment.amount.amount
    if not refunds.fail(tx, refund):
        return
    if superseded:
        log.info("refund.superseded", extra={"ids": {"refund": refund.id}})
        refunds.intend(tx, payment, refund.amount, refund.reason, now)
    else:
        _say(tx, refund, RefundState.FAILED, now)
        _tell_owners(tx, refund, now)
