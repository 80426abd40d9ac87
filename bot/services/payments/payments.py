"""The money of the practice: pages to pay on, what the provider tells, what silence hides, and refunds.

Truth is what the provider says of its own objects when asked; its messages only make us ask sooner.
"""

import asyncio
import logging
from collections.abc import Sequence
from datetime import datetime, timedelta

from bot.domain.notices.notices import NoticeKind
from bot.domain.payments.payments import Payment, PaymentState
from bot.domain.records import Cause
from bot.domain.subjects import Subject
from bot.integrations.payments.port import PaymentProvider, PaymentsAway, PaymentsRefused
from bot.services.kit import backoff, signed_refs
from bot.services.kit.reaction import Reaction
from bot.services.payments import payment_status
from bot.services.payments.checkout_pages import CheckoutPages, Describe
from bot.services.payments.payment_events import Hearing, look
from bot.services.payments.payment_status import PayOutcome
from bot.services.payments.refunds import Refunds
from bot.services.payments.settle_payment import apply_checkout, fee_known
from storage.engine import Storage, Tx
from storage.journal import inbox
from storage.notices import outbox
from storage.payments import payment_changes, payments

log = logging.getLogger(__name__)

BATCH = 20
LEASE_S = 60
ANSWER_S = 8
"""A browser is told something within ten seconds."""

GIVE_UP_AFTER = 12
FIRST_WAIT, LONGEST_WAIT = timedelta(seconds=10), timedelta(hours=1)


class Payments:
    """`provider` None: payments are switched off. `describe` gives the words of a page, `public_url` its way back."""

    def __init__(
        self, storage: Storage, react: Reaction, provider: PaymentProvider | None, describe: Describe, public_url: str
    ) -> None:
        self._storage = storage
        self._react = react
        self._provider = provider
        self._pages = None if provider is None else CheckoutPages(storage, react, provider, describe, public_url)
        self._refunds = None if provider is None else Refunds(storage, provider)
        self._hearing = None
        if self._refunds is not None and provider is not None:
            self._hearing = Hearing(storage, react, provider, self._refunds)

    @property
    def on(self) -> bool:
        return self._provider is not None

    async def ready(self, booking_id: int, now: datetime) -> Payment | None:
        """The payment of a standing hold with the address of its page (`checkout_url`), made now if need be.

        None while the provider is away: the hold stays, the page follows by itself and the hold's message is
        corrected. None also when there is nothing to pay for. Takes eight seconds at most.
        """
        return None if self._pages is None else await self._pages.ready(booking_id, now)

    async def page_of(self, booking_id: int) -> Payment | None:
        """The payment whose page, at `checkout_url`, pays for this hold; None while there is no page. Asks nobody."""
        if self._provider is None:
            return None
        payment = await self._storage.read_one(lambda tx: payments.live(tx, Subject("booking", booking_id)))
        return payment if payment is not None and payment.state is PaymentState.OPEN else None

    async def record_return(self, checkout_ref: str, proof: str | None, now: datetime) -> PayOutcome | None:
        """What became of a payment whose browser came back: asks the provider itself, within ten seconds.

        None for a page that is not ours. `proof` vouches for a page whose answer never reached us.
        """
        claimed = None if proof is None else signed_refs.unseal(self._storage.sealer, proof)
        known = await self._storage.read(lambda tx: _known(tx, checkout_ref, claimed))
        if known is None or self._provider is None:
            return None
        pending = False
        if known.state not in (PaymentState.ACCEPTED, PaymentState.REFUSED):
            checkout = await look(self._provider, checkout_ref, ANSWER_S)
            pending = checkout is None or checkout.pending
            if checkout is not None:
                told = Cause(None, self._provider.name, now)
                settled = await self._storage.write(lambda tx: apply_checkout(tx, self._react, checkout, told))
                if settled is None:
                    return None
                known = settled
                await self._refund_refused([settled], now)
        payment_id = known.id
        return await self._storage.read(lambda tx: payment_status.outcome(tx, payment_id, pending=pending))

    async def mark_left(self, proof: str, now: datetime) -> PayOutcome | None:
        """The client came back without paying: the message of the hold says so. None for a false proof."""
        payment_id = signed_refs.unseal(self._storage.sealer, proof)
        if payment_id is None:
            return None

        def work(tx: Tx) -> PayOutcome | None:
            found = payments.find(tx, payment_id)
            if found is not None and payment_changes.mark_left(tx, payment_id, now):
                outbox.ask_correction(tx, found.subject, now, {NoticeKind.HOLD})
            return payment_status.outcome(tx, payment_id)

        return await self._storage.write(work)

    async def hear(self, body: bytes, signature: str | None, now: datetime) -> bool:
        """Keep what the provider posted; False when it was kept before. Raises `NotAuthentic`, `StorageAway`."""
        assert self._provider is not None, "there is no door while payments are off"
        event = self._provider.verify(body, signature)
        name = self._provider.name
        return await self._storage.write(lambda tx: inbox.put(tx, name, event.id, event.kind, dict(event.body), now))

    async def ask_due(self, now: datetime) -> int:
        """Ask about pages that stay silent, close those whose hold is over, fetch fees; how many were looked at."""
        if self._provider is None:
            return 0
        claimed = await self._storage.write(lambda tx: payments.claim(tx, now, BATCH, LEASE_S))
        answers = await asyncio.gather(*(self._ask(each, now) for each in claimed), return_exceptions=True)
        for payment, answer in zip(claimed, answers, strict=True):
            if isinstance(answer, BaseException):
                log.error("payment.not_asked", extra={"ids": {"payment": payment.id}}, exc_info=answer)
        return len(claimed)

    async def refund_due(self, now: datetime) -> int:
        """Carry out intended refunds and ask about pending ones; how many were looked at."""
        return 0 if self._refunds is None else await self._refunds.due(now)

    async def apply_due(self, now: datetime) -> int:
        """Apply what was heard and not applied yet; how many events were looked at."""
        if self._hearing is None:
            return 0
        looked_at, touched = await self._hearing.apply_due(now)
        await self._refund_refused(touched, now)
        return looked_at

    async def _ask(self, payment: Payment, now: datetime) -> None:
        assert self._provider is not None
        assert self._pages is not None
        if payment.state is PaymentState.CLOSED:
            await self._storage.write(lambda tx: payments.ask_at(tx, payment.id, None))
        elif payment.state in (PaymentState.ACCEPTED, PaymentState.REFUSED):
            await self._ask_fee(payment, now)
        else:
            asked = await self._pages.ask(payment, now)
            await self._refund_refused([asked] if asked else [], now)

    async def _ask_fee(self, payment: Payment, now: datetime) -> None:
        assert self._provider is not None
        try:
            async with asyncio.timeout(ANSWER_S):
                charge = await self._provider.charge_of(payment.intent_ref) if payment.intent_ref else None
        except (PaymentsAway, PaymentsRefused, TimeoutError):
            charge = None
        if charge is not None:
            await self._storage.write(lambda tx: fee_known(tx, payment, charge, now))
            return
        wait = backoff.wait(payment.failures, FIRST_WAIT, LONGEST_WAIT)
        again = now + wait if payment.failures < GIVE_UP_AFTER else None
        await self._storage.write(lambda tx: payments.ask_at(tx, payment.id, again, payment.failures + 1))

    async def _refund_refused(self, touched: Sequence[Payment], now: datetime) -> None:
        """Money that was not accepted goes back at once."""
        if any(payment.state is PaymentState.REFUSED for payment in touched):
            await self.refund_due(now)


def _known(tx: Tx, checkout_ref: str, claimed: int | None) -> Payment | None:
    known = payments.by_ref(tx, checkout_ref)
    return known if known is not None or claimed is None else payments.find(tx, claimed)
