"""Keeps the events that vendors post, and applies each by the state of the thing that it is about.

One runner for all vendors, which see to neither lateness, repetition, loss nor order: an event is applied once, in one
transaction with the mark that it was, tried again where that failed, and given up in the end.
"""

import logging
from collections.abc import Awaitable, Callable, Mapping, Sequence
from datetime import datetime, timedelta
from typing import Generic, TypeVar

from bot.domain.notices.incoming import InboxRow
from bot.integrations.vendor import Event, EventSource, NotAuthentic, VendorAway, VendorRefused
from bot.services.kit.intents import BATCH, LEASE_S
from bot.services.kit.patience import Patience
from storage.engine import CannotRead, Storage, StorageAway, Tx
from storage.journal import inbox

log = logging.getLogger(__name__)

PATIENCE = Patience(longest=timedelta(hours=1), give_up_after=12)
FOREIGN_AFTER = 3
"""What is unknown after so many tries is somebody else's."""

APPLY_S = 10
"""Seconds between two sweeps; what arrives is applied at once."""

Done = TypeVar("Done")
Apply = Callable[[InboxRow, datetime], Awaitable[Callable[[Tx], Done]]]
"""The one function of a vendor: looks at an event, asks the vendor if need be, and gives what writes it down.

Both may raise `OfNoConcern` and `Unknown`; the first also `VendorAway` and `VendorRefused`.
"""


class OfNoConcern(Exception):
    """The event says nothing that matters to us. `why` is a short code."""

    def __init__(self, why: str) -> None:
        super().__init__(why)
        self.why = why


class Unknown(Exception):
    """What the event is about is not known to us. Perhaps we are told of it only later."""


class ToldOtherwise:
    """An `EventSource` that posts nothing to us: what it tells comes with something else, whose own door guards it."""

    guard = "nothing is posted here"

    def __init__(self, name: str) -> None:
        self.name = name

    def check_headers(self, headers: Mapping[str, str], real_now: datetime) -> None:
        raise NotAuthentic(self.guard)

    def verify(self, body: bytes, headers: Mapping[str, str]) -> Event:
        raise NotAuthentic(self.guard)


class Inbox(Generic[Done]):
    """The events of one vendor. `then` hears what came of those that were applied: what cannot wait for its sweep."""

    def __init__(
        self,
        storage: Storage,
        source: EventSource,
        apply: Apply[Done],
        then: Callable[[Sequence[Done], datetime], Awaitable[None]] | None = None,
    ) -> None:
        self.source = source
        self._storage = storage
        self._apply = apply
        self._then = then

    async def hear(self, body: bytes, headers: Mapping[str, str], now: datetime) -> bool:
        """Keep what the vendor posted; False when it was kept before. Raises `NotAuthentic`, `StorageAway`."""
        return await self.keep(self.source.verify(body, headers), now)

    async def keep(self, event: Event, now: datetime) -> bool:
        """As `hear`, of what was told another way and is known to be authentic."""
        name = self.source.name
        return await self._storage.write(lambda tx: inbox.put(tx, name, event.id, event.kind, dict(event.body), now))

    async def apply_due(self, now: datetime) -> int:
        """Apply what was kept and is due; how many events were looked at."""
        name = self.source.name
        claimed = await self._storage.write(lambda tx: inbox.claim(tx, now, BATCH, LEASE_S, provider=name))
        done = [each for row in claimed if (each := await self._apply_row(row, now)) is not None]
        if self._then is not None:
            await self._then(done, now)
        return len(claimed)

    async def _apply_row(self, row: InboxRow, now: datetime) -> Done | None:
        try:
            record = await self._apply(row, now)
            return await self._storage.write(lambda tx: record(tx) if inbox.mark_applied(tx, row.id) else None)
        except StorageAway:
            raise
        except OfNoConcern as ignored:
            await self._ignore(row, ignored.why)
        except Unknown as unknown:
            if row.attempts < FOREIGN_AFTER:
                await self._again(row, unknown, now)
            else:
                await self._ignore(row, "foreign")
        except (VendorAway, VendorRefused, TimeoutError) as failure:
            await self._again(row, failure, now)
        except CannotRead as met:
            self._storage.on_bad_rows([met.bad])
            await self._again(row, met, now)
        except Exception as error:
            log.exception("event.failed", extra={"ids": {"event": row.external_id}})
            await self._again(row, error, now)
        return None

    async def _ignore(self, row: InboxRow, why: str) -> None:
        await self._storage.write(lambda tx: inbox.mark_ignored(tx, row.id, why))

    async def _again(self, row: InboxRow, why: Exception, now: datetime) -> None:
        again = PATIENCE.again(row.attempts, now, why)
        await self._storage.write(lambda tx: inbox.mark_failed(tx, row.id, type(why).__name__, again))
