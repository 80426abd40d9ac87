"""Keeps an eye on the keys of a running process: others rotate them, and say how values are sealed."""

import asyncio
import logging
import secrets
from contextlib import suppress

from storage.engine import Storage, StorageAway, Tx
from storage.journal import processes
from storage.journal.processes import RunningProcess
from storage.sealing import Stage
from storage.upkeep import canary

log = logging.getLogger(__name__)

BEAT_S = 10.0


class KeyWatch:
    """`fits` is false once the keys do not open the database any more."""

    def __init__(self, storage: Storage) -> None:
        self._storage = storage
        self._id = secrets.token_hex(8)
        self._kind = ""
        self._lacks = False
        self.fits = True

    async def run(self, kind: str) -> None:
        """Beat until cancelled, as a process of this kind: web or worker. What fails is tried again."""
        self._kind = kind
        while True:
            try:
                await self.beat()
            except StorageAway:
                pass
            except Exception:
                log.exception("keys.watch")
            await asyncio.sleep(BEAT_S)

    async def beat(self) -> None:
        """Say with which keys this process runs, and learn what others did to what is sealed. Raises `StorageAway`."""
        sealer = self._storage.sealer
        me = RunningProcess(self._id, self._kind, sealer.key_ids, sealer.stage)

        def work(tx: Tx) -> tuple[Stage | None, list[RunningProcess]]:
            processes.note(tx, me)
            try:
                return canary.admit(tx), processes.running(tx)
            except canary.WrongKeys:
                return None, processes.running(tx)

        stage, running = await self._storage.write(work)
        if stage is None and self.fits:
            log.error("keys.wrong", extra={"ids": {"process": self._kind}})
        if stage is not None:
            sealer.stage = stage
        self.fits = stage is not None
        lacks = any(each.seals_with not in (None, *sealer.key_ids) for each in running)
        if lacks and not self._lacks:
            log.warning("keys.lacking", extra={"ids": {"process": self._kind}})
        self._lacks = lacks

    async def leave(self) -> None:
        """Nobody waits for this process any more."""
        with suppress(StorageAway):
            await self._storage.write(lambda tx: processes.leave(tx, self._id))
