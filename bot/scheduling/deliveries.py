"""Empties the outbox: claims what is due, sends a few at once, one at a time for each person.

One process sends at a time, the holder of a lease, so that the pace is kept for all. Whoever wrote rows calls
`wake()`; a sweep every second finds the rest.
"""

import asyncio
import contextlib
import logging
import secrets
from datetime import timedelta

from bot.domain.outgoing import Delivery, OutboxRow
from bot.scheduling.corrections import correct
from bot.scheduling.sending import LEASE_NAME, Sender, Sending
from storage import leases, outbox
from storage.engine import StorageAway, Tx

log = logging.getLogger(__name__)

AT_ONCE = 20
ROW_SECONDS = 60
"""A claimed row whose sender died comes back after this long."""

SENDER_SECONDS = 30
"""Another process may send when the one that did was not heard of for this long."""

AFTER_A_FAULT = timedelta(minutes=5)
MAX_ATTEMPTS = 5


class Deliveries:
    def __init__(self, sending: Sending) -> None:
        self._sending = sending
        self._storage = sending.storage
        self._now = sending.now
        self._owner = secrets.token_hex(8)
        self._lock = asyncio.Lock()
        self._in_flight: set[int] = set()
        self._woken: asyncio.Task[int] | None = None
        self._again = False
        self._closing = False
        self._epoch = 0

    def wake(self) -> None:
        """There may be rows to send at once. Returns at once itself; call it from the loop."""
        if self._woken is None or self._woken.done():
            self._woken = asyncio.get_running_loop().create_task(self._run_woken())
        else:
            self._again = True

    async def sweep(self) -> int:
        """Send what is due and correct what changed, until nothing is left; how many rows were looked at."""
        async with self._lock:
            if self._closing or not await self._anything_due():
                return 0
            if await self._storage.write(self._take_lease) is None:
                return 0
            try:
                return await self._empty() + await correct(self._sending, self._owner)
            finally:
                await self._storage.write(self._release_lease)

    async def close(self) -> None:
        """Let what is being sent end, and begin nothing new."""
        self._closing = True
        if self._woken is not None:
            await asyncio.gather(self._woken, return_exceptions=True)
        async with self._lock:
            pass

    async def _run_woken(self) -> int:
        done = 0
        while True:
            self._again = False
            try:
                done += await self.sweep()
            except Exception:
                # The sweep of the next second tries again; nobody awaits this task.
                log.exception("deliveries failed")
                return done
            if not self._again:
                return done

    async def _anything_due(self) -> bool:
        now = self._now()

        def work(tx: Tx) -> bool:
            due = outbox.next_due(tx)
            return (due is not None and due <= now) or outbox.corrections_due(tx, now)

        return await self._storage.read(work)

    def _take_lease(self, tx: Tx) -> Sender | None:
        epoch = leases.take(tx, LEASE_NAME, self._owner, self._now(), SENDER_SECONDS)
        if epoch is None:
            return None
        self._epoch = epoch
        return Sender(self._owner, epoch)

    def _release_lease(self, tx: Tx) -> None:
        leases.release(tx, LEASE_NAME, self._owner, self._epoch)

    async def _empty(self) -> int:
        running: set[asyncio.Task[None]] = set()
        looked_at = 0
        while True:
            for row, holder in await self._claim(AT_ONCE - len(running)):
                looked_at += 1
                self._in_flight.add(row.id)
                running.add(asyncio.create_task(self._deliver(row, holder)))
            if not running:
                return looked_at
            _done, running = await asyncio.wait(running, return_when=asyncio.FIRST_COMPLETED)

    async def _claim(self, limit: int) -> list[tuple[OutboxRow, Sender]]:
        """Due rows, with the lease under which they may go out; nothing when another process has it."""
        now = self._now()

        def work(tx: Tx) -> list[tuple[OutboxRow, Sender]]:
            sender = self._take_lease(tx)
            if sender is None:
                return []
            return [(row, sender) for row in outbox.claim(tx, self._owner, now, limit, ROW_SECONDS)]

        claimed = await self._storage.write(work) if limit > 0 and not self._closing else []
        # A clock that was moved forward ends the leases of rows that this very process still sends.
        return [(row, sender) for row, sender in claimed if row.id not in self._in_flight]

    async def _deliver(self, row: OutboxRow, sender: Sender) -> None:
        try:
            await self._sending.deliver(row, sender)
        except Exception:
            # One row that cannot be shown must not keep the person's others, or anybody's, from going out.
            ids = {"outbox": row.id, "address": row.notice.address}
            log.exception("a notice failed", extra={"ids": ids})
            with contextlib.suppress(StorageAway):  # its lease ends and brings it back
                await self._storage.write(lambda tx: self._put_off(tx, row))
        finally:
            self._in_flight.discard(row.id)

    def _put_off(self, tx: Tx, row: OutboxRow) -> None:
        if row.attempts >= MAX_ATTEMPTS:
            outbox.mark_dead(tx, row.id, self._owner, "fault")
            return
        found = outbox.find(tx, row.id)
        # With the intent marked it may be out: its lease ends, and then it is looked for.
        if found is not None and found.state is Delivery.PENDING:
            outbox.mark_later(tx, row.id, self._owner, self._now() + AFTER_A_FAULT)
