"""Lets one process at a time poll for updates, and keeps the offset at which the next one goes on."""

import secrets

from storage.engine import Storage
from storage.journal import leases

SECONDS = 15
"""Seconds of the lease. Its holder renews it every four: so long it may be kept waiting by the database."""


class PollingLease:
    """A lease on polling."""

    def __init__(self, storage: Storage, name: str) -> None:
        self._storage = storage
        self._name = name
        self._owner = secrets.token_hex(8)
        self._epoch: int | None = None

    async def acquire(self) -> bool:
        """Take or renew the lease; False while another process has it."""
        self._epoch = await self._storage.write(lambda tx: leases.acquire(tx, self._name, self._owner, SECONDS))
        return self._epoch is not None

    async def seconds_left(self) -> float:
        """How long another process has the lease still, unless it renews it; 0 when none has."""
        return await self._storage.read(lambda tx: leases.seconds_left(tx, self._name))

    async def load(self) -> int | None:
        """The offset of the first update not handled yet; None when nobody ever polled, or it makes no sense: then the
        platform begins with what nobody confirmed, and what was done is known by its key."""
        kept = await self._storage.read(lambda tx: leases.cursor(tx, self._name))
        return int(kept) if kept is not None and kept.isascii() and kept.isdecimal() else None

    async def save(self, offset: int) -> bool:
        """Store the offset to go on at; False when the lease was lost."""
        epoch = self._epoch
        if epoch is None:
            return False
        return await self._storage.write(lambda tx: leases.set_cursor(tx, self._name, self._owner, epoch, str(offset)))

    async def release(self) -> None:
        """Give the lease up, so that another process can take it at once."""
        epoch = self._epoch
        if epoch is not None:
            await self._storage.write(lambda tx: leases.release(tx, self._name, self._owner, epoch))
