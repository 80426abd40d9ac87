"""Moves the sandbox's clock in steps, so that everything due on the way happens in order and at its time."""

import asyncio
import time
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import aiohttp

from bot.sandbox.simulator.standins import StandIns
from bot.sandbox.traffic import Line

BLIND_STEP = 15 * 60.0
"""How far to go at once where the product does not say what is due next."""

GUIDED_STEP = 6 * 3600.0
LONGEST = 7 * 86_400.0
NEXT_DUE = "rapport_next_due_in_seconds"
ARRIVALS = frozenset(
    {
        "sendMessage", "sendPhoto", "editMessageText", "editMessageCaption",
        "chat.postMessage", "chat.update", "chat.postEphemeral",
    }
)  # fmt: skip

QUIET_SECONDS = 0.3
SWEEP_SECONDS = 1.3
"""The product looks for what is due once a second."""

PATIENCE = 8.0


@dataclass(frozen=True)
class Moved:
    """`seconds` that the clock went, and how many messages came or changed on the way."""

    seconds: float
    arrived: int


class Clockwork:
    def __init__(self, standins: StandIns, tell: Callable[[dict[str, Any]], None]) -> None:
        self._standins = standins
        self._tell = tell
        self._lock = asyncio.Lock()
        self._last_line = 0.0
        self._arrived = 0
        for standin in standins.named.values():
            standin.traffic.watch(self._heard)

    @property
    def busy(self) -> bool:
        return self._lock.locked()

    async def advance(self, seconds: float) -> Moved:
        """Forward by so many seconds."""
        return await self._go(seconds, until_arrival=False)

    async def to_next(self) -> Moved:
        """Forward until a message comes or changes; a week at most."""
        return await self._go(LONGEST, until_arrival=True)

    async def _go(self, seconds: float, *, until_arrival: bool) -> Moved:
        async with self._lock:
            before, gone = self._arrived, 0.0
            async with aiohttp.ClientSession(timeout=aiohttp.ClientTimeout(total=2)) as session:
                while gone < seconds and not (until_arrival and self._arrived > before):
                    step = min(await self._step(session), seconds - gone)
                    self._standins.clock.advance(step)
                    gone += step
                    self._tell({"kind": "clock", "moving": True, "arrived": self._arrived - before})
                    await self._standins.tick()
                    await self._settled(session)
            self._tell({"kind": "clock", "moving": False, "arrived": self._arrived - before})
            return Moved(gone, self._arrived - before)

    async def _step(self, session: aiohttp.ClientSession) -> float:
        """Seconds to go at once: never past what falls due."""
        now = self._standins.clock.now().timestamp()
        due = await self._next_due(session)
        sessions = self._standins.stripe.account.sessions.values()
        ends = [one.expires_at - now for one in sessions if one.status == "open" and one.expires_at > now]
        if due is None or due <= 0:
            return max(1.0, min([BLIND_STEP, *ends]))
        return max(1.0, min([GUIDED_STEP, due + 0.5, *ends]))

    async def _settled(self, session: aiohttp.ClientSession) -> None:
        """Wait until the product did what fell due, and said nothing more for a moment."""
        began = time.monotonic()
        while (passed := time.monotonic() - began) < PATIENCE:
            due = await self._next_due(session)
            done = due > 0 if due is not None else passed > SWEEP_SECONDS
            if done and time.monotonic() - self._last_line > QUIET_SECONDS:
                return
            await asyncio.sleep(0.05)

    async def _next_due(self, session: aiohttp.ClientSession) -> float | None:
        """Seconds until something falls due (infinite: never), None where the product does not tell."""
        try:
            async with session.get(f"{self._standins.product_url}/metrics") as answer:
                figures = await answer.text()
        except (aiohttp.ClientError, TimeoutError):
            return None
        told = (line.partition(" ")[2] for line in figures.splitlines() if line.startswith(f"{NEXT_DUE} "))
        return next(map(float, told), None)

    def _heard(self, line: Line) -> None:
        self._last_line = line.at
        if line.direction == "in" and line.name in ARRIVALS and line.status == 200:
            self._arrived += 1
