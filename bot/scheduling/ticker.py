"""Calls each sweep again and again: the only use of APScheduler."""

import asyncio
import logging
import time
from collections.abc import Callable, Iterable
from datetime import datetime

from apscheduler.schedulers.asyncio import AsyncIOScheduler

from bot.clock import Clock
from bot.scheduling.sweeps import Sweep
from storage.engine import StorageAway

log = logging.getLogger(__name__)

STOP_SECONDS = 10.0
JUMP_SECONDS = 1.0
LOOK_SECONDS = 0.1


class Ticker:
    """`heartbeats` say when each sweep last came to its end without a failure, for the health page."""

    def __init__(self, sweeps: Iterable[Sweep], now: Callable[[], datetime]) -> None:
        self.heartbeats: dict[str, datetime] = {}
        self._now = now
        self._sweeps = tuple(sweeps)
        self._running: set[asyncio.Task[None]] = set()
        self._scheduler = AsyncIOScheduler(timezone="UTC")

    def start(self) -> None:
        """Begin ticking in the running loop; every sweep runs once at once."""
        for sweep in self._sweeps:
            self._scheduler.add_job(
                self._tick, "interval", seconds=sweep.seconds, args=[sweep], id=sweep.name,
                max_instances=1, coalesce=True, misfire_grace_time=None,
            )  # fmt: skip
            self._track(asyncio.create_task(self._run(sweep), name=sweep.name))
        self._scheduler.start()

    async def follow_jumps(self) -> None:
        """Run every sweep at once whenever the clock was moved, a sandbox's or the machine's. Until cancelled.

        The scheduler keeps the wall clock: set back by an hour, it would rest for one.
        """
        apart, behind = self._apart(), set[str]()
        while True:
            await asyncio.sleep(LOOK_SECONDS)
            now_apart = self._apart()
            if abs(now_apart - apart) > JUMP_SECONDS:
                behind = {sweep.name for sweep in self._sweeps}
                for job in self._scheduler.get_jobs():
                    job.modify(next_run_time=Clock.real())
            apart = now_apart
            running = {task.get_name() for task in self._running}
            for sweep in self._sweeps:
                if sweep.name in behind - running:
                    behind.discard(sweep.name)
                    await self._tick(sweep)

    def _apart(self) -> float:
        """How far the clock is from one that nobody moves."""
        return self._now().timestamp() - time.monotonic()

    async def stop(self) -> None:
        """Tick no more, and let what is running end."""
        if self._scheduler.running:
            self._scheduler.remove_all_jobs()
            self._scheduler.shutdown(wait=False)
        if self._running:
            _done, late = await asyncio.wait(self._running, timeout=STOP_SECONDS)
            for task in late:
                task.cancel()

    async def _tick(self, sweep: Sweep) -> None:
        # A task of our own, so that stopping the scheduler does not cut it off.
        if not any(task.get_name() == sweep.name for task in self._running):
            self._track(asyncio.create_task(self._run(sweep), name=sweep.name))

    def _track(self, task: asyncio.Task[None]) -> None:
        self._running.add(task)
        task.add_done_callback(self._running.discard)

    async def _run(self, sweep: Sweep) -> None:
        try:
            await sweep.run()
        except StorageAway:
            log.warning("the database is away", extra={"ids": {"sweep": sweep.name}})
        except Exception:
            # The next tick tries again; other sweeps are not to suffer.
            log.exception("a sweep failed", extra={"ids": {"sweep": sweep.name}})
        else:
            self.heartbeats[sweep.name] = self._now()
