"""Carries out intents: each wish stands in the database before its vendor is asked, and its outcome is kept.

One runner for all vendors: it leases what is due, waits for an answer, asks again later, gives up. A kind of intent
says only what is particular to it.
"""

import asyncio
import logging
from collections.abc import Awaitable, Callable, Sequence
from datetime import datetime
from typing import Generic, Protocol, TypeVar

from bot.integrations.vendor import KeyRefused, VendorAway, VendorRefused
from bot.services.kit.patience import Patience
from bot.services.kit.refused_keys import tell_refused_key
from storage.engine import CannotRead, Storage, StorageAway, Tx

log = logging.getLogger(__name__)

BATCH = 20
LEASE_S = 60
"""A claimed wish that nobody finished comes back after so many seconds: its process may have died."""

Row = TypeVar("Row")
Done = TypeVar("Done")
Done_co = TypeVar("Done_co", covariant=True)


class Intent(Protocol[Done_co]):
    """One wish and the exact words in which the vendor is asked, both of them kept."""

    @property
    def name(self) -> str:
        """Names it in the log, together with `id`."""

    @property
    def id(self) -> int: ...

    @property
    def failures(self) -> int:
        """How often in a row it was put off before."""

    @property
    def patience(self) -> Patience: ...

    async def carry_out(self, now: datetime) -> Callable[[Tx], Done_co]:
        """Ask the vendor, with a key or a mark by which it does the same wish once; what writes the answer down.

        Raises `VendorAway`, `VendorRefused`.
        """

    async def refused(self, refusal: VendorRefused, now: datetime) -> Callable[[Tx], Done_co]:
        """What writes down that the vendor will not. Raise the refusal where asking again may help."""

    def put_off(self, tx: Tx, again: datetime | None) -> None:
        """Write down one more failure, and when to ask again; None: it is given up."""


class IntentKind(Protocol[Row, Done_co]):
    """Intents of one table. Their sweep is called `name` and runs every `seconds`."""

    name: str
    seconds: float

    def claim(self, tx: Tx, now: datetime, limit: int, lease_s: int) -> Sequence[Row]:
        """Take what is due, so that nobody else does for `lease_s` seconds."""

    async def intent(self, row: Row, now: datetime) -> Intent[Done_co] | None:
        """What to carry out for a claimed row, with its exact words kept by now; None when nothing is to be asked."""


async def attempt(storage: Storage, intent: Intent[Done], now: datetime) -> Done | None:
    """Carry out one intent and write its outcome down; None when nobody answered, and it is put off or given up."""
    try:
        async with asyncio.timeout(intent.patience.answer_s):
            record = await _ask(intent, now)
    except (VendorAway, VendorRefused, TimeoutError) as failure:
        again = intent.patience.again(intent.failures, now, failure)
        wait_s = None if again is None else (again - now).total_seconds()
        log.warning("vendor.away", extra={"ids": {intent.name: intent.id, "wait_s": wait_s}})
        vendor = failure.vendor if isinstance(failure, KeyRefused) else None
        await storage.write(lambda tx: _put_off(tx, intent, again, vendor, now))
        return None
    return await storage.write(record)


def _put_off(tx: Tx, intent: Intent[Done], again: datetime | None, refuses_key: str | None, now: datetime) -> None:
    intent.put_off(tx, again)
    if refuses_key is not None:
        tell_refused_key(tx, refuses_key, now)


async def _ask(intent: Intent[Done], now: datetime) -> Callable[[Tx], Done]:
    try:
        return await intent.carry_out(now)
    except VendorRefused as refusal:
        log.warning("vendor.refused", extra={"ids": {intent.name: intent.id, "code": refusal.code}})
        return await intent.refused(refusal, now)


class IntentRunner(Generic[Row, Done]):
    """Carries out the intents of one kind. `then` hears the outcomes of a sweep, for what cannot wait for its own."""

    def __init__(
        self,
        storage: Storage,
        kind: IntentKind[Row, Done],
        then: Callable[[Sequence[Done], datetime], Awaitable[None]] | None = None,
    ) -> None:
        self.kind = kind
        self._storage = storage
        self._then = then

    async def due(self, now: datetime) -> int:
        """Carry out what is due; how many were looked at. One that fails unexpectedly hinders no other."""
        claimed = await self._storage.write(lambda tx: self.kind.claim(tx, now, BATCH, LEASE_S))
        answers = await asyncio.gather(*(self._one(row, now) for row in claimed), return_exceptions=True)
        done = []
        for answer in answers:
            if isinstance(answer, CannotRead):
                self._storage.on_bad_rows([answer.bad])
            elif isinstance(answer, BaseException):  # its lease brings it back
                log.error("intent.failed", extra={"ids": {"kind": self.kind.name}}, exc_info=answer)
            elif answer is not None:
                done.append(answer)
        if self._then is not None:
            await self._then(done, now)
        return len(claimed)

    async def _one(self, row: Row, now: datetime) -> Done | None:
        intent = await self.kind.intent(row, now)
        if intent is None:
            return None
        try:
            return await attempt(self._storage, intent, now)
        except StorageAway:
            raise
        except Exception as fault:
            # A fault of ours is a failure like the vendor's: ever longer waits, and an end where there is one.
            again = intent.patience.again(intent.failures, now, fault)
            await self._storage.write(lambda tx: intent.put_off(tx, again))
            raise
