"""Applies each event of the provider once, although events come late, twice and out of order."""

import asyncio
import logging
from datetime import datetime, timedelta

from bot.domain.notices.incoming import InboxRow
from bot.domain.payments.payments import Payment
from bot.domain.records import Cause
from bot.integrations.payments.port import Checkout, PaymentProvider, PaymentsAway, PaymentsRefused, Returned, Reversed
from bot.services.kit import backoff
from bot.services.kit.reaction import Reaction
from bot.services.payments.refunds import Refunds, record_refund
from bot.services.payments.settle_payment import apply_checkout, ours
from storage.engine import Storage, StorageAway, Tx
from storage.journal import inbox
from storage.payments import payments

log = logging.getLogger(__name__)

BATCH = 20
LEASE_S = 60
ANSWER_S = 8
ENRICH_S = 3
"""How long a payment that is certain waits for the details of its charge."""

GIVE_UP_AFTER = 12
FOREIGN_AFTER = 3
FIRST_WAIT, LONGEST_WAIT = timedelta(seconds=10), timedelta(hours=1)


class Hearing:
    def __init__(self, storage: Storage, react: Reaction, provider: PaymentProvider, refunds: Refunds) -> None:
        self._storage = storage
        self._react = react
        self._provider = provider
        self._refunds = refunds

    async def apply_due(self, now: datetime) -> tuple[int, list[Payment]]:
        """Apply what was kept and is due: how many events were looked at, and the payments that they touched."""
        claimed = await self._storage.write(lambda tx: inbox.claim(tx, now, BATCH, LEASE_S))
        touched = []
        for row in claimed:
            payment = await self._apply_row(row, now)
            if payment is not None:
                touched.append(payment)
        return len(claimed), touched

    async def _apply_row(self, row: InboxRow, now: datetime) -> Payment | None:
        try:
            return await self._apply(row, now)
        except StorageAway:
            raise
        except (PaymentsAway, PaymentsRefused, TimeoutError) as refused:
            await self._again(row, type(refused).__name__, now)
        except Exception as error:
            log.exception("event.failed", extra={"ids": {"event": row.external_id}})
            await self._again(row, type(error).__name__, now)
        return None

    async def _again(self, row: InboxRow, why: str, now: datetime) -> None:
        again = now + backoff.wait(row.attempts, FIRST_WAIT, LONGEST_WAIT) if row.attempts < GIVE_UP_AFTER else None
        await self._storage.write(lambda tx: inbox.mark_failed(tx, row.id, why, again))

    async def _apply(self, row: InboxRow, now: datetime) -> Payment | None:
        found = self._provider.read(row.kind, row.payload)
        if isinstance(found, Checkout):
            return await self._apply_page(row, found, now)
        if isinstance(found, Returned):
            if not await self._storage.write(lambda tx: _note(tx, row, found, now)):
                await self._unknown(row, now)
        elif isinstance(found, Reversed):
            await self._apply_reversed(row, found, now)
        else:
            await self._end(row, False, "of no concern")
        return None

    async def _apply_reversed(self, row: InboxRow, found: Reversed, now: datetime) -> None:
        if await self._refunds.learn(found.intent_ref, now):
            await self._end(row, True)
            return
        payment_id = found.payment_id
        payment = await self._storage.read(lambda tx: payments.find(tx, payment_id) if payment_id else None)
        page = await look(self._provider, payment.checkout_ref, ANSWER_S) if payment and payment.checkout_ref else None
        if page is not None:  # the money's going was told before its coming
            await self._storage.write(lambda tx: apply_checkout(tx, self._react, page, self._told(now)))
        if await self._refunds.learn(found.intent_ref, now):
            await self._end(row, True)
        else:
            await self._unknown(row, now)

    async def _unknown(self, row: InboxRow, now: datetime) -> None:
        """Perhaps its payment is only told later; after some tries it is somebody else's."""
        if row.attempts < FOREIGN_AFTER:
            await self._again(row, "unknown", now)
        else:
            await self._end(row, False)

    async def _apply_page(self, row: InboxRow, told: Checkout, now: datetime) -> Payment | None:
        """Paid and expired are final, so a message that says so is enough; else the page itself is asked."""
        if await self._storage.read(lambda tx: ours(tx, told)) is None:
            await self._end(row, False)
            return None
        fresh = await look(self._provider, told.ref, ENRICH_S if told.paid else ANSWER_S)
        page = told if fresh is None or (told.paid and not fresh.paid) else fresh

        def work(tx: Tx) -> Payment | None:
            if not inbox.mark_applied(tx, row.id):
                return None
            return apply_checkout(tx, self._react, page, self._told(now))

        return await self._storage.write(work)

    def _told(self, now: datetime) -> Cause:
        return Cause(None, self._provider.name, now)

    async def _end(self, row: InboxRow, mine: bool, why: str = "foreign") -> None:
        await self._storage.write(
            lambda tx: inbox.mark_applied(tx, row.id) if mine else inbox.mark_ignored(tx, row.id, why)
        )


async def look(provider: PaymentProvider, checkout_ref: str, seconds: float) -> Checkout | None:
    """The page as the provider shows it now; None when it does not answer in time or does not know it."""
    try:
        async with asyncio.timeout(seconds):
            return await provider.find(checkout_ref)
    except (PaymentsAway, PaymentsRefused, TimeoutError):
        return None


def _note(tx: Tx, row: InboxRow, returned: Returned, now: datetime) -> bool:
    mine = record_refund(tx, returned, now)
    if mine:
        inbox.mark_applied(tx, row.id)
    return mine
