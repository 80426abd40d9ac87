"""Writes one row every ten seconds, and so knows whether the database can be written to.

It feeds `/readyz` and `/metrics`, which ask nobody themselves, and tells the owners once when the database was away.
"""

import asyncio
import logging
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime

from bot.domain.notices.notices import NoticeKind, address_of
from bot.domain.subjects import Subject
from bot.services.kit.audit_note import tell_owners
from bot.services.reports.figures import Counted, count
from storage.engine import Storage, StorageAway, Tx
from storage.instants import to_epoch
from storage.journal import marks

log = logging.getLogger(__name__)

EVERY_S = 10.0
AGAIN_S = 2.0
"""Between two tries while the database is away."""

TOLD_FROM_S = 5
"""All processes write again within a few seconds of the first: what lasted less is not told."""

STALE_S = 25.0
"""A probe that said nothing for so long waits for a database that is silent."""


@dataclass(frozen=True)
class Found:
    """What the last probe came to, and how long ago."""

    written: bool
    age_s: float

    @property
    def ready(self) -> bool:
        return self.written and self.age_s < STALE_S


class Probe:
    """`ticks` is a clock that nobody moves. `wake` is called when notices were written."""

    def __init__(
        self, storage: Storage, now: Callable[[], datetime], ticks: Callable[[], float], wake: Callable[[], None]
    ) -> None:
        self._storage = storage
        self._now = now
        self._ticks = ticks
        self._wake = wake
        self._written = False
        self._at = ticks()
        self._away_since: float | None = None
        self._look_now = asyncio.Event()
        self._running: asyncio.Task[None] | None = None
        self.proxied = False
        """A request came through the proxy since the last probe."""
        self.counted: Counted | None = None

    @property
    def found(self) -> Found:
        """What the newest probe came to; before the first, the database counts as away."""
        return Found(self._written, self._ticks() - self._at)

    async def start(self) -> None:
        """Probe once, then go on in the background."""
        await self.look()
        self._storage.on_away = self.look_now
        self._running = asyncio.get_running_loop().create_task(self._go_on())

    def look_now(self) -> None:
        """Somebody found the database away: whether it is shall be known at once."""
        if self._written:
            self._look_now.set()

    async def close(self) -> None:
        if self._running is not None:
            self._running.cancel()
            await asyncio.gather(self._running, return_exceptions=True)

    async def look(self) -> None:
        """Write the row, and count what there is to tell."""
        proxied, self.proxied = self.proxied, False
        try:
            told, self.counted = await self._storage.write(lambda tx: self._write(tx, proxied))
        except StorageAway as away:
            self.proxied = proxied
            self._ended(written=False)
            if self._away_since is None:
                self._away_since = self._ticks()
                log.warning("database.away", extra={"ids": {"why": type(away.__cause__).__name__}})
        else:
            self._ended(written=True)
            if self._away_since is not None:
                log.warning("database.back", extra={"ids": {"away_s": round(self._ticks() - self._away_since)}})
                self._away_since = None
            if told:
                self._wake()

    def _ended(self, *, written: bool) -> None:
        self._written, self._at = written, self._ticks()

    def _write(self, tx: Tx, proxied: bool) -> tuple[bool, Counted]:
        """Of several processes the first that can write again finds how long none could, and tells of it."""
        silent_s = marks.touch(tx, marks.WRITTEN)
        if proxied:
            marks.touch(tx, marks.PROXIED)
        if told := self._is_first_back(silent_s or 0):
            _tell(tx, silent_s or 0, self._now())
        return told, count(tx)

    def _is_first_back(self, silent_s: int) -> bool:
        if self._away_since is None:
            return False
        seen_away_s = self._ticks() - self._away_since
        return silent_s >= max(TOLD_FROM_S, seen_away_s - AGAIN_S)

    async def _go_on(self) -> None:
        while True:
            self._look_now.clear()
            try:
                async with asyncio.timeout(EVERY_S if self._written else AGAIN_S):
                    await self._look_now.wait()
            except TimeoutError:
                pass
            try:
                await self.look()
            except Exception:
                log.exception("probe.failed")
                self._ended(written=False)


def _tell(tx: Tx, seconds: int, now: datetime) -> None:
    kind = NoticeKind.DATABASE_BACK
    address = address_of(kind, max(1, round(seconds / 60)), f"{now:%Y%m%dT%H%MZ}")
    tell_owners(tx, kind, Subject("practice"), address, f"database-back:{to_epoch(now)}", now)
