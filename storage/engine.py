"""Opens the database and runs transactions, which are plain functions. Nothing else reaches the database.

`await storage.write(work)` runs `work(tx)`, an ordinary function, as one transaction that commits when it
returns. It may be run again after a deadlock or a lost connection (even one lost during the commit), so it
begins with its own key and touches nothing outside `tx`. It runs to its end when the caller is cancelled,
with a copy of the caller's context; nothing escapes but the value it returns.
"""

import asyncio
import logging
from collections.abc import Callable, Coroutine, Sequence
from typing import Any, Protocol, TypeVar

import sqlalchemy as sa

from storage.backends.urls import parse
from storage.errors import RefusedBefore
from storage.sealing import Sealer
from storage.tx import MET, Link, SnapshotSlot
from storage.tx import BadRow as BadRow
from storage.tx import CannotRead as CannotRead
from storage.tx import DatabaseError as DatabaseError
from storage.tx import Locks as Locks
from storage.tx import Outdated as Outdated
from storage.tx import Overlap as Overlap
from storage.tx import StorageAway as StorageAway
from storage.tx import Tx as Tx
from storage.tx import Violation as Violation
from storage.tx import left_out as left_out
from storage.tx import meeting as meeting

T = TypeVar("T")

CLOSING_LOOK_S = 0.01
log = logging.getLogger(__name__)


class Backend(Protocol):
    """One kind of database: runs a function in a transaction, commits when it returns."""

    async def write(self, work: Callable[[Link], T], locks: Locks | None = None, /) -> T: ...
    async def read(self, work: Callable[[Link], T], /) -> T: ...
    async def read_one(self, work: Callable[[Link], T], /) -> T: ...
    async def write_one(self, work: Callable[[Link], T], /) -> T: ...
    async def close(self) -> None: ...


class Storage:
    """An open database; one for each process and event loop."""

    def __init__(self, backend: Backend, sealer: Sealer) -> None:
        self._backend = backend
        self.sealer = sealer
        self.written = 0
        """How often `write` has committed."""
        self.snapshot = SnapshotSlot()
        self._running: set[asyncio.Task[Any]] = set()
        self._glances = 0
        self._bad_rows: list[BadRow] = []
        self.on_bad_rows: Callable[[Sequence[BadRow]], None] = _log_bad_rows
        """Called in the loop when transactions came upon rows that cannot be read. It may start a task."""
        self.on_away: Callable[[], None] = _nobody
        """Called in the loop when a transaction found the database away."""

    @staticmethod
    async def open(url: str, sealer: Sealer, *, pool_size: int = 5) -> "Storage":
        """Open `url` (SQLite file or Postgres, any form that `storage.backends.urls` knows).

        `pool_size`: Postgres connections of this process, all that it ever opens; reading threads on SQLite.
        Raises ValueError for an address that is not understood, `StorageAway` when nobody answers there.
        """
        place = parse(url)
        backend: Backend
        # Each driver is imported only where it is used.
        if place.file is not None:
            from storage.backends.sqlite import SqliteBackend

            backend = SqliteBackend(place.file, readers=pool_size)
        else:
            from storage.backends.postgres import PostgresBackend

            backend = await PostgresBackend.open(place, pool_size=pool_size)
        storage = Storage(backend, sealer)
        try:
            await storage.read(lambda tx: tx.execute(sa.select(1)))
        except BaseException:
            await storage.close()
            raise
        return storage

    async def write(self, work: Callable[[Tx], T], *, locks: Locks | None = None) -> T:
        """Run `work` as one transaction; return what it returns. Raises what it raises, and `StorageAway`.

        `locks` are taken in the trip that begins it; see `Tx.lock_coach`.
        """
        transactions: list[Tx] = []

        def begun(link: Link) -> T:
            transactions.append(self._tx(link))
            return self._whole(work, transactions[-1])

        result = await self._shielded(self._backend.write(begun, locks))
        self.written += 1
        if transactions[-1].changes_catalogue:
            self.snapshot.newest = None
        return result

    async def read(self, work: Callable[[Tx], T]) -> T:
        """Run `work` on one unchanging view of the data, without waiting for writers; a change is refused."""
        reading = self._backend.read(lambda link: self._whole(work, self._tx(link, reads=True)))
        return await self._shielded(reading)

    async def read_one(self, work: Callable[[Tx], T]) -> T:
        """Run `work`, one statement that reads a few rows by key, at the least cost: no transaction around it.

        For what every turn asks. On SQLite it runs in the thread of the loop, which waits for it.
        """
        self._glances += 1
        try:
            result = await self._backend.read_one(lambda link: self._whole(work, self._tx(link)))
        except StorageAway:
            self.on_away()
            raise
        finally:
            self._glances -= 1
        self._tell_bad_rows()
        return result

    async def write_one(self, work: Callable[[Tx], T]) -> T:
        """Run `work`, one statement that writes, as `write` does but without BEGIN and COMMIT around it."""
        return await self._shielded(self._backend.write_one(lambda link: self._whole(work, self._tx(link))))

    async def close(self) -> None:
        """Let running transactions end, then close every connection."""
        while self._running or self._glances:  # a connection that comes back when its pool has gone is never closed
            if self._running:
                await asyncio.wait(self._running)
            else:
                await asyncio.sleep(CLOSING_LOOK_S)
        await self._backend.close()

    def _tx(self, link: Link, *, reads: bool = False) -> Tx:
        return Tx(link, self.sealer, self.snapshot, sees_one_moment=reads)

    async def _shielded(self, running: Coroutine[Any, Any, T]) -> T:
        task = asyncio.get_running_loop().create_task(running)
        self._running.add(task)
        task.add_done_callback(self._running.discard)
        try:
            result = await asyncio.shield(task)
        except asyncio.CancelledError:
            task.add_done_callback(_report)
            raise
        except StorageAway:
            self.on_away()
            raise
        self._tell_bad_rows()
        return result

    def set_aside(self, bad: BadRow) -> None:
        """As if a transaction had come upon this row: what it is about cannot be read."""
        self._bad_rows.append(bad)
        self._tell_bad_rows()

    def _whole(self, work: Callable[[Tx], T], tx: Tx) -> T:
        """With what it left to be written soon."""
        try:
            result = work(tx)
            tx.flush()
        except RefusedBefore as refused:
            raise refused.violation from refused.violation.__cause__
        self._bad_rows.extend(tx.bad_rows)
        if tx.bad_rows and (met := MET.get()) is not None:
            met.extend(tx.bad_rows)
        return result

    def _tell_bad_rows(self) -> None:
        if self._bad_rows:
            found, self._bad_rows = self._bad_rows, []
            self.on_bad_rows(found)


def _nobody() -> None:
    """Nobody asked to be told."""


def _log_bad_rows(found: Sequence[BadRow]) -> None:
    for each in found:
        log.warning("row.unreadable", extra={"ids": {"table": each.table, "row": each.row, "why": each.why.value}})


def _report(task: asyncio.Task[Any]) -> None:
    """An error that nobody waits for any more is at least written down."""
    if not task.cancelled() and (error := task.exception()) is not None:
        log.error("a transaction failed after its caller was cancelled", exc_info=error)
