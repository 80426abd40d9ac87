"""Forty people ask as fast as they can; whoever else is there hardly notices."""

import asyncio
import contextlib
import json
import os
import statistics
import sys
import time
from collections.abc import AsyncIterator, Callable
from typing import Any

import aiohttp
import pytest

from bench.scene import Outside, environment, serve
from bench.talk import TelegramTalk
from tests.attack.flooding import AT_A_TIME, PAGE

ALONE = "FLOOD_SECONDS" in os.environ
"""Whether the machine is given to this: then it is judged how long others waited, and else that all were answered."""

SECONDS = float(os.environ.get("FLOOD_SECONDS", "1.5"))
MOST = {0.5: 3.0, 2.0: 20.0}
"""How many times longer others may wait, by what part of all that can be answered the flood asks for. Twice as much as
can be answered, which a queue alone would not survive, is tried under force: whoever asks then has one part of
forty-one of each moment (where a page takes 5 ms, some 50 ms), and nobody is cut off."""

FORTY = 40
ROUNDS = 5 if ALONE else 1
PAUSE_S = 0.02


class Child:
    """A process of `flooding`."""

    def __init__(self, process: asyncio.subprocess.Process) -> None:
        self._process = process

    async def hears(self) -> dict[str, Any]:
        assert self._process.stdout is not None
        found: dict[str, Any] = json.loads(await self._process.stdout.readline())
        return found

    async def asked(self, **wish: object) -> dict[str, Any]:
        assert self._process.stdin is not None
        self._process.stdin.write(json.dumps(wish).encode() + b"\n")
        return await self.hears()


@contextlib.asynccontextmanager
async def child(what: str) -> AsyncIterator[Child]:
    pipe = asyncio.subprocess.PIPE
    process = await asyncio.create_subprocess_exec(
        sys.executable, "-m", "tests.attack.flooding", what, stdin=pipe, stdout=pipe
    )
    try:
        yield Child(process)
    finally:
        process.terminate()
        await process.wait()


@pytest.mark.attack("Forty people ask for pages without end, from another process")
@pytest.mark.timeout(120 + 20 * SECONDS)
@pytest.mark.parametrize("part", list(MOST) if ALONE else [0.5])
async def test_others_hardly_notice_a_flood(
    database_url: str, part: float, record_property: Callable[[str, object], None]
) -> None:
    async with child("outside") as outside, child("flood") as flood, aiohttp.ClientSession() as session:
        settings = environment(Outside(url=(await outside.hears())["url"]), database_url)
        await flood.hears()
        async with serve(["-m", "bot", "web"], settings) as web:
            other = TelegramTalk(session, web.url, Outside(), 9001)
            await _waits(other, SECONDS)
            few = {"at": web.url, "first": 8001, "people": AT_A_TIME, "per_second": 0}
            can = (await flood.asked(**few, seconds=SECONDS))["per_second"]
            rounds = []
            for number in range(ROUNDS):
                idle = await _waits(other, SECONDS)
                forty = {"at": web.url, "first": 10_000 + 100 * number, "people": FORTY}
                await flood.asked(**forty, per_second=can * part, seconds=SECONDS * 1.3)
                flooded = await _waits(other, SECONDS)
                await flood.hears()
                rounds.append((flooded / idle, idle, flooded))
    ratio, idle, flooded = sorted(rounds)[ROUNDS // 2]
    asked = f"{can * part:.0f} pages a second, {part:g} of what can be answered"
    record_property("outcome", f"served; they asked for {asked}")
    record_property("cost", f"median {idle * 1000:.1f} ms idle, {flooded * 1000:.1f} ms meanwhile, {ratio:.1f} times")
    assert not ALONE or ratio < MOST[part], rounds


async def _waits(person: TelegramTalk, seconds: float) -> float:
    """The median of how long one person waits for a page who taps now and then."""
    ends, waited = time.monotonic() + seconds, []
    while time.monotonic() < ends:
        began = time.monotonic()
        await person.taps(PAGE)
        waited.append(time.monotonic() - began)
        await asyncio.sleep(PAUSE_S)
    return statistics.median(waited)
