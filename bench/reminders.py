"""10,000 reminders that fall due at once, against a Bot API that takes 30 messages in any second and not one more.

`rapport worker` sends, `rapport web` answers people meanwhile, both on one Postgres.
"""

import asyncio
import json
import os
import signal
import sys
import tempfile
import time
from collections.abc import AsyncIterator, Mapping
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass
from pathlib import Path

import aiohttp

from bench import postgres
from bench.crowd import admit_unbound, remind, unbound
from bench.figures import Figure
from bench.flood import Flood
from bench.scene import KEY, environment, serve
from bench.talk import TelegramTalk, owner, set_up
from storage.engine import Storage
from storage.sealing import Sealer

DUE = 10_000
CLIENT = 2002
SECONDS, START_S = 12.0, 6.0
TAPS, APART_S = 100, 0.12
STALL_MS = 20.0


@dataclass(frozen=True)
class _Round:
    """Messages a second and refusals with nobody tapping; the longest stall, ms; p99 of a tap, ms; refused answers."""

    rate: float
    refused: int
    stall: float
    idle: float
    busy: float
    answers_refused: int


async def measure(rounds: int) -> list[Figure]:
    """Rate and refusals with nobody tapping, stalls of the worker's loop, and what a tap takes meanwhile."""
    async with postgres.server() as database:
        seen = [await _round(await database()) for _number in range(rounds)]
    refused, answers = [float(each.refused) for each in seen], [float(each.answers_refused) for each in seen]
    return [
        Figure("3", "limit of 30/s against messages sent in a second", [30.0], [e.rate for e in seen], "/s", 1 / 0.97),
        Figure("3", "messages refused (429) with nobody tapping", refused, [1.0], "", 0.0),
        Figure("3", f"longest stall of the loop, {DUE} due", [e.stall for e in seen], [STALL_MS], "ms", 1.0),
        Figure("3", "p99 of a tap, sending against idle", [e.busy for e in seen], [e.idle for e in seen], "ms", 2.0),
        Figure("3", f"of {TAPS} answers while sending, refused (429)", answers, [float(TAPS)], "", 0.05),
    ]


async def _round(database_url: str) -> _Round:
    flood = Flood()
    await admit_unbound(database_url, KEY)
    async with flood.served(), AsyncExitStack() as stack:
        folder = Path(stack.enter_context(tempfile.TemporaryDirectory()))
        env = environment(flood, database_url)
        served = await stack.enter_async_context(serve(["-m", "bot", "web"], env))
        session = await stack.enter_async_context(aiohttp.ClientSession())
        await set_up(owner(session, served.url, flood))
        client = TelegramTalk(session, served.url, flood, CLIENT)
        await client.says("/start")
        await _taps(client)
        idle = await _taps(client)

        stalls = folder / "stalls"
        worker = await stack.enter_async_context(_worker({**env, "STALL_FILE": str(stalls)}))
        worker.send_signal(signal.SIGUSR1)
        await _all_due(database_url)
        await asyncio.sleep(3)
        flood.gone.clear()
        flood.refused.clear()
        await asyncio.sleep(SECONDS)
        refused, rate = len(flood.refused), (len(flood.gone) - 1) / (flood.gone[-1] - flood.gone[0])
        busy = await _taps(client)
        answers_refused = len(flood.refused) - refused
        worker.terminate()
        await worker.wait()
        return _Round(rate, refused, max(json.loads(stalls.read_text())), idle, busy, answers_refused)


async def _taps(client: TelegramTalk) -> float:
    """p99 of what a plain page takes, from the tap to its answer, ms."""
    took = []
    for _tap in range(TAPS):
        began = time.perf_counter()
        await client.taps("sessions")
        took.append((time.perf_counter() - began) * 1000)
        await asyncio.sleep(APART_S)
    return sorted(took)[int(len(took) * 0.99) - 1]


async def _all_due(database_url: str) -> None:
    sealer = Sealer([KEY])
    storage = await Storage.open(database_url, sealer)
    try:
        now, sealed = int(time.time()), unbound(sealer, "Mia")
        await storage.write(lambda tx: remind(tx.connection, DUE, now=now, sealed=sealed))
    finally:
        await storage.close()
    await postgres.keep_house(database_url)


@asynccontextmanager
async def _worker(env: Mapping[str, str]) -> AsyncIterator[asyncio.subprocess.Process]:
    """Up and idle."""
    process = await asyncio.create_subprocess_exec(
        sys.executable, "-m", "bench.watched", "worker", env={**os.environ, **env}
    )
    try:
        await asyncio.sleep(START_S)
        yield process
    finally:
        if process.returncode is None:
            process.kill()
            await process.wait()
