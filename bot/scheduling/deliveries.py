"""Empties the outbox: claims what is due, sends a few at once, one at a time for each person.

One process sends at a time, the holder of a lease, so that the pace is kept for all. Whoever wrote rows calls
`wake()`; a sweep every second finds the rest.
"""

import asyncio
import contextlib
import logging
import secrets
from collections.abc import Callable

from bot.domain.notices.outgoing import OutboxRow
from bot.domain.notices.ways import Reach
from bot.scheduling.claims import TALK_SECONDS, Claimed, Lane, claim, lane, tell_sender
from bot.scheduling.corrections import correct
from bot.scheduling.failed_messages import faulty
from bot.scheduling.sending import LEASE_NAME, Sender, Sending
from storage.engine import CannotRead, StorageAway, Tx
from storage.journal import leases
from storage.journal.set_aside import PUT_OFF
from storage.notices import outbox
from storage.sealing import Unreadable

log = logging.getLogger(__name__)

CLAIM_SECONDS = 0.25
FEW = 10
"""While much is under way the table is asked this often; as soon as it is only a few, at each one's end."""


class Deliveries:
    def __init__(self, sending: Sending) -> None:
        self._sending = sending
        self._storage = sending.storage
        self._now = sending.now
        self._owner = secrets.token_hex(8)
        self._lock = asyncio.Lock()
        self._under_way: dict[int, Lane] = {}
        self._woken: asyncio.Task[int] | None = None
        self._again = False
        self._written = 0
        self._closing = False
        self._epoch = 0
        self._talk: asyncio.Task[None] | None = None

    def wake(self) -> None:
        """Look for rows to send now, in the background; call it from the event loop."""
        if self._woken is None or self._woken.done():
            self._woken = asyncio.get_running_loop().create_task(self._run_woken())
        else:
            self._again = True

    def answered(self) -> None:
        """As `wake`, where anything was written since this was last called: most turns only show."""
        if self._written != self._storage.written:
            self._written = self._storage.written
            self.wake()

    def answering(self) -> None:
        """Leave room for an answer to a person, here and in the process that sends. Returns at once."""
        self._sending.pace.share()
        if (self._talk is None or self._talk.done()) and not self._closing:
            self._talk = asyncio.get_running_loop().create_task(self._tell_sender())

    async def sweep(self, *, planned: bool = True) -> int:
        """Send what is due and correct what changed, until nothing is left; how many rows were looked at.

        Without `planned`, what was planned long ahead is left to another sweep.
        """
        async with self._lock:
            if self._closing or not await self._storage.read_one(lambda tx: outbox.anything_due(tx, self._now())):
                return 0
            claimed = await self._claim(planned)
            if claimed is None:
                return 0
            try:
                return await self._empty(claimed, planned)
            finally:
                await self._storage.write(lambda tx: leases.release(tx, LEASE_NAME, self._owner, self._epoch))

    def stop(self) -> None:
        """Begin nothing new: what was claimed and did not begin to go out is left to others."""
        self._closing = self._sending.stopping = True

    async def close(self) -> None:
        """Stop, and let what is being sent end."""
        self.stop()
        if self._talk is not None:
            self._talk.cancel()
        if self._woken is not None:
            await asyncio.gather(self._woken, return_exceptions=True)
        async with self._lock:
            pass

    async def _run_woken(self) -> int:
        done = 0
        while True:
            self._again = False
            try:
                done += await self.sweep(planned=False)
            except Exception:
                # The sweep of the next second tries again; nobody awaits this task.
                log.exception("deliveries failed")
                return done
            if not self._again:
                return done

    async def _tell_sender(self) -> None:
        """Now and then, beside the answers, which are to cost nothing more."""
        await asyncio.sleep(CLAIM_SECONDS)
        with contextlib.suppress(StorageAway):
            await tell_sender(self._storage, self._owner)
        await asyncio.sleep(TALK_SECONDS / 4)

    async def _claim(self, planned: bool) -> Claimed | None:
        """Claim the rows to send now; None when another process sends."""
        if self._closing:
            return None
        now, under_way = self._now(), dict(self._under_way)
        return await self._storage.write(lambda tx: claim(tx, self._owner, now, under_way, planned=planned))

    async def _empty(self, claimed: Claimed | None, planned: bool) -> int:
        looked_at, running = 0, set[asyncio.Task[None]]()
        try:
            while True:
                begun = set() if claimed is None else self._begin(claimed)
                looked_at += len(begun)
                running |= begun
                if not running and (claimed is None or not claimed.left_out):
                    return looked_at
                running = await _some_ended(running)
                claimed = await self._claim(planned)
        except asyncio.CancelledError:
            for task in running:
                task.cancel()
            raise
        finally:
            await asyncio.gather(*running, return_exceptions=True)

    def _begin(self, claimed: Claimed) -> set[asyncio.Task[None]]:
        if claimed.sender.epoch != self._epoch:
            self._epoch = claimed.sender.epoch
            self._sending.pace.begin()
        if claimed.answering:
            self._sending.pace.share()
        begun = set()
        for row in claimed.rows:
            self._under_way[row.id] = lane(row)
            reach = claimed.reach[row.notice.person_id]
            begun.add(asyncio.create_task(self._deliver(row, claimed.sender, reach)))
        for row in claimed.corrections:
            self._under_way[row.id] = Lane.CORRECTION
            begun.add(asyncio.create_task(self._correct(row)))
        return begun

    async def _deliver(self, row: OutboxRow, sender: Sender, reach: Reach) -> None:
        try:
            await self._sending.deliver(row, sender, reach)
        except StorageAway:
            log.warning("the database is away", extra={"ids": {"outbox": row.id}})
        except (CannotRead, Unreadable) as why:
            self._sending.cannot_show(row, why)
            await self._write(lambda tx: outbox.put_all_off(tx, [row], self._now() + PUT_OFF))
        except Exception:
            # One row that cannot be shown must not keep the person's others, or anybody's, from going out.
            ids = {"outbox": row.id, "address": row.notice.address}
            log.exception("a notice failed", extra={"ids": ids})
            await self._write(lambda tx: faulty(tx, row, self._owner, self._now()))
        finally:
            del self._under_way[row.id]

    async def _correct(self, row: OutboxRow) -> None:
        try:
            await correct(self._sending, self._owner, row)
        except StorageAway:
            log.warning("the database is away", extra={"ids": {"outbox": row.id}})
        finally:
            del self._under_way[row.id]

    async def _write(self, work: Callable[[Tx], None]) -> None:
        with contextlib.suppress(StorageAway):  # its lease ends and brings it back
            await self._storage.write(work)


async def _some_ended(running: set[asyncio.Task[None]]) -> set[asyncio.Task[None]]:
    """What is left when it is worth looking for more."""
    if not running:
        return running
    loop = asyncio.get_running_loop()
    until = loop.time() + CLAIM_SECONDS
    while True:
        wait = until - loop.time()
        _done, running = await asyncio.wait(running, timeout=wait, return_when=asyncio.FIRST_COMPLETED)
        if len(running) <= FEW or loop.time() >= until:
            return running
