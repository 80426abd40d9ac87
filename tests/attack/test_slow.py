"""Who keeps the server waiting keeps nobody else waiting, and costs it little memory."""

import asyncio
import json
import os
import statistics
import sys
import time
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from pathlib import Path

import aiohttp
import pytest

from bench.scene import Outside, Served, environment, serve
from bench.talk import TelegramTalk

HALF_OPEN = int(os.environ.get("HALF_OPEN", "200"))
HELD_BODIES = int(os.environ.get("HELD_BODIES", "40"))
SECONDS = float(os.environ.get("SLOW_SECONDS", "2"))
PAUSE_S = 0.05
MOST_MB = 200.0
LONGEST_S = 3.0
"""Slack shows an error to whoever waits longer."""

DRAINED_S = 8.0


@asynccontextmanager
async def slow_senders(port: int) -> AsyncIterator[dict[str, int]]:
    process = await asyncio.create_subprocess_exec(
        sys.executable, "-m", "tests.attack.slow_sender", str(port), str(HALF_OPEN), str(HELD_BODIES),
        stdout=asyncio.subprocess.PIPE,
    )  # fmt: skip
    assert process.stdout is not None
    try:
        yield json.loads(await process.stdout.readline())
    finally:
        process.kill()
        await process.wait()


async def waits(person: TelegramTalk) -> list[float]:
    """How long somebody waits for each page who taps now and then, over a new connection each time."""
    ends, waited = time.monotonic() + SECONDS, []
    while time.monotonic() < ends:
        began = time.monotonic()
        await person.taps("settings")
        waited.append(time.monotonic() - began)
        await asyncio.sleep(PAUSE_S)
    return waited


def peak_mb(web: Served) -> float:
    status = Path(f"/proc/{web.process.pid}/status").read_text()
    return int(status.split("VmHWM:")[1].split()[0]) / 1024


@pytest.mark.attack("Opens connections and ends no head, and posts bodies that may be signed and ends none")
@pytest.mark.timeout(180 + 3 * SECONDS)
async def test_others_are_served_beside_who_is_slow(
    sqlite_url: str, record_property: Callable[[str, object], None]
) -> None:
    one_each = aiohttp.TCPConnector(force_close=True)
    async with (
        Outside().served() as outside,
        aiohttp.ClientSession(connector=one_each) as session,
        serve(["-m", "bot", "web"], environment(outside, sqlite_url)) as web,
    ):
        other = TelegramTalk(session, web.url, outside, 9001)
        await other.says("/start")
        idle = await waits(other)
        before = peak_mb(web)
        async with slow_senders(int(web.url.rsplit(":")[-1])) as sent:
            beside = await waits(other)
            peak = peak_mb(web)
            began = time.monotonic()
            web.process.terminate()
            status = await web.process.wait()
            drained = time.monotonic() - began
    fewer = "" if sent == {"half_open": HALF_OPEN, "bodies": HELD_BODIES} else " (no more files here)"
    memory = f"{peak:.0f} MB at most, {before:.0f} before"
    record_property(
        "outcome",
        f"{sent['half_open']} heads and {sent['bodies']} bodies{fewer}: all others served, {memory}, "
        f"stopped within {drained:.1f} s",
    )
    record_property(
        "cost",
        f"median {statistics.median(idle) * 1000:.1f} ms idle, {statistics.median(beside) * 1000:.1f} ms meanwhile, "
        f"at worst {max(beside) * 1000:.0f} ms",
    )
    assert peak < MOST_MB
    assert max(beside) < LONGEST_S
    assert status == 0
    assert drained < DRAINED_S
