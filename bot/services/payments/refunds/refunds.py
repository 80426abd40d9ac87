"""Carries out intended refunds, and asks about those that the provider has yet to finish."""

import logging
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from bot.domain.payments.disputes import FREEZE
from bot.domain.payments.payments import Refund
from bot.domain.records import Cause
from bot.integrations.payments.disputes import Dispute
from bot.integrations.payments.port import PaymentProvider, Returned
from bot.integrations.vendor import VendorRefused
from bot.services.disputes import record_dispute
from bot.services.kit.intents import Intent
from bot.services.kit.patience import Patience
from bot.services.payments.refunds.record_refund import record_refund, refuse_refund, settle_refund
from storage.engine import Tx
from storage.payments import payments, refunds

log = logging.getLogger(__name__)

PATIENCE = Patience(longest=timedelta(minutes=30), answer_s=20)
PENDING_AGAIN = timedelta(minutes=10)


@dataclass(frozen=True)
class GiveBack:
    """Makes one refund, or asks how it stands once it is made."""

    refund: Refund
    provider: PaymentProvider

    @property
    def name(self) -> str:
        return "refund"

    @property
    def id(self) -> int:
        return self.refund.id

    @property
    def failures(self) -> int:
        return self.refund.attempts - 1

    @property
    def patience(self) -> Patience:
        return PATIENCE

    async def carry_out(self, now: datetime) -> Callable[[Tx], None]:
        refund, cause = self.refund, Cause(None, self.provider.name, now)
        if refund.refund_ref is not None:
            returned = await self.provider.refund(refund.refund_ref)
        else:
            returned = await self.provider.give_back(
                refund.intent_ref, refund.amount, refund.id, refund.reason, refund.idempotency_key
            )
        if returned is None:
            log.error("refund.unknown", extra={"ids": {"refund": refund.id}})

        def record(tx: Tx) -> None:
            if returned is not None:  # else its lease brings it back
                settle_refund(tx, refund, returned, cause)
                refunds.later(tx, refund.id, now + PENDING_AGAIN)

        return record

    async def refused(self, refusal: VendorRefused, now: datetime) -> Callable[[Tx], None]:
        """Perhaps the dashboard was quicker: enter what it did, and give back only what is still left. Or the client's
        bank was: then it waits for how that ends."""
        cause = Cause(None, self.provider.name, now)
        bank = await self._said_by_bank()
        if any(each.state in FREEZE for each in bank):
            return lambda tx: self._wait_for_bank(tx, bank, cause)
        made = await self._made_by_anybody()

        def record(tx: Tx) -> None:
            for returned in made:
                record_refund(tx, returned, cause)
            refuse_refund(tx, self.refund, refusal, cause)

        return record

    async def _said_by_bank(self) -> Sequence[Dispute]:
        asked = self.provider.disputes
        return [] if asked is None or not self.refund.intent_ref else await asked.disputes_of(self.refund.intent_ref)

    def _wait_for_bank(self, tx: Tx, said: Sequence[Dispute], cause: Cause) -> None:
        payment = payments.find(tx, self.refund.payment_id)
        assert payment is not None
        for each in said:
            record_dispute.record(tx, payment, each, cause)
        refunds.later(tx, self.refund.id, cause.now + PENDING_AGAIN)

    async def _made_by_anybody(self) -> Sequence[Returned]:
        try:
            return await self.provider.refunds_of(self.refund.intent_ref) if self.refund.intent_ref else ()
        except VendorRefused as unknown:
            log.warning("refund.unknown", extra={"ids": {"refund": self.refund.id, "code": unknown.code}})
            return ()

    def put_off(self, tx: Tx, again: datetime | None) -> None:
        assert again is not None, "a refund is never given up"
        refunds.later(tx, self.refund.id, again)


class Refunds:
    """The intents of the refunds table (an `IntentKind`)."""

    name = "refunds"
    seconds = 3.0

    def __init__(self, provider: PaymentProvider) -> None:
        self._provider = provider

    def claim(self, tx: Tx, now: datetime, limit: int, lease_s: int) -> Sequence[Refund]:
        return refunds.claim(tx, now, limit, lease_s)

    async def intent(self, row: Refund, _now: datetime) -> Intent[None] | None:
        return GiveBack(row, self._provider)
