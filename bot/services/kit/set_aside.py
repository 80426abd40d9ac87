"""Sets aside the rows that no process here can read, tells the owners once, and looks again until they can be read."""

import asyncio
import logging
import time
from collections.abc import Callable, Mapping, Sequence
from datetime import datetime, timedelta

from bot.domain.notices.notices import NoticeKind, address_of
from bot.domain.records import SetAside
from bot.domain.subjects import Subject
from bot.services.kit.audit_note import tell_owners
from bot.services.kit.faults import Faults
from storage.engine import BadRow, Storage, StorageAway, Tx
from storage.journal import faults, set_aside
from storage.payments import whose
from storage.payments.whose import Whose
from storage.upkeep.readers import READERS

log = logging.getLogger(__name__)

SECONDS = 30
"""Between two looks of the sweep."""

LEFT_ALONE = timedelta(minutes=15)
"""What a newer process wrote is told when none came for it for so long."""

LOOK_AGAIN = timedelta(minutes=5)
TELL_APART = timedelta(minutes=10)
"""A wrong key makes many rows unreadable, one after the other: the owners read of those of a while in one message."""

PART = 100
AGAIN_S = 300.0
_MANY = 5000


class RowsSetAside:
    def __init__(self, storage: Storage, now: Callable[[], datetime]) -> None:
        self._storage = storage
        self._now = now
        self._lately: dict[BadRow, float] = {}
        self._keeping: set[asyncio.Task[None]] = set()

    def heard(self, found: Sequence[BadRow]) -> None:
        """Transactions came upon these. Many turns read the same row: it is written down now and then."""
        moment = time.monotonic()
        new = [each for each in dict.fromkeys(found) if self._lately.get(each, moment - AGAIN_S) <= moment - AGAIN_S]
        if not new:
            return
        if len(self._lately) > _MANY:
            self._lately.clear()
        self._lately.update(dict.fromkeys(new, moment))
        task = asyncio.get_running_loop().create_task(self._keep(new))
        self._keeping.add(task)
        task.add_done_callback(self._keeping.discard)

    async def references(self, found: Sequence[BadRow]) -> list[str]:
        """What people are shown of these; what is not set aside yet is, at once."""
        those = list(dict.fromkeys(found))

        def look(tx: Tx) -> list[str]:
            return set_aside.references(tx, those)

        known = await self._storage.read(look)
        if len(known) < len(those):
            await self._storage.write(lambda tx: self._write_down(tx, those, self._now()))
            known = await self._storage.read(look)
        return known

    async def everything(self, limit: int | None = None) -> list[SetAside]:
        """What is set aside, the newest first."""
        return await self._storage.read(lambda tx: set_aside.every(tx, limit))

    async def whose(self, found: Sequence[SetAside]) -> Mapping[str, Whose]:
        """Of those that are payments, by their row: so that the owner knows whom to write to."""
        numbers = [int(each.row) for each in found if each.table == "payments"]
        known = await self._storage.read(lambda tx: whose.find(tx, numbers))
        return {str(number): of for number, of in known.items()}

    async def sweep(self) -> None:
        """Look again at what is set aside, find what nobody came for, and tell the owners."""
        now = self._now()
        await self._storage.write(lambda tx: self._look_again(tx, now))
        alone = await self._storage.read(lambda tx: _left_alone(tx, now))
        await self._storage.write(lambda tx: self._write_down(tx, alone, now))
        await self._storage.write(lambda tx: _tell(tx, now))

    async def close(self) -> None:
        """Let what is being written down end."""
        await asyncio.gather(*self._keeping, return_exceptions=True)

    async def _keep(self, found: Sequence[BadRow]) -> None:
        try:
            await self._storage.write(lambda tx: self._write_down(tx, found, self._now()))
        except StorageAway:
            for each in found:
                self._lately.pop(each, None)
        except Exception:
            log.exception("rows are not set aside")

    def _write_down(self, tx: Tx, found: Sequence[BadRow], now: datetime) -> None:
        for each in sorted(found, key=lambda bad: (bad.table, bad.row)):
            reference, reader = Faults.new_reference(), READERS.get(each.table)
            if reader is not None and reader.make_again is not None:
                reader.make_again(tx)
            if set_aside.keep(tx, each, reference, now):
                ids = {"table": each.table, "row": each.row, "why": each.why.value}
                log.error("row.set_aside", extra={"ids": {"reference": reference, **ids}})
                faults.record(tx, reference, [{"step": "row.set_aside", "ids": ids}], now)

    def _look_again(self, tx: Tx, now: datetime) -> None:
        for each in set_aside.to_try(tx, now, now - LOOK_AGAIN, PART):
            reader = READERS.get(each.table)
            if set_aside.clear(tx, each, now) if reader is None else set_aside.try_again(tx, reader, each, now):
                log.info("row.readable", extra={"ids": {"reference": each.reference, "table": each.table}})


def _left_alone(tx: Tx, now: datetime) -> list[BadRow]:
    waited = [reader for reader in READERS.values() if reader.waits is not None]
    return [bad for reader in waited for bad in set_aside.left_alone(tx, reader, now - LEFT_ALONE, PART)]


def _tell(tx: Tx, now: datetime) -> None:
    untold = set_aside.untold(tx)
    if untold and not set_aside.told_between(tx, now - TELL_APART, now):
        key = f"set-aside:{untold[-1].reference}"
        tell_owners(tx, NoticeKind.SET_ASIDE, Subject("practice"), address_of(NoticeKind.SET_ASIDE), key, now)
        set_aside.mark_told(tx, now)
