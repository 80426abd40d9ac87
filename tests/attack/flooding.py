"""Processes beside a flood: `outside` plays the platforms, `flood` asks for pages as fast as it is told.

Each speaks JSON, a line at a time: what to do on its standard input, what came of it on its standard output.
"""

import asyncio
import itertools
import json
import sys
import time
from typing import Any

import aiohttp

from bench.scene import Outside
from bench.talk import TelegramTalk

AT_A_TIME = 8
"""People whose taps find out what can be answered; few enough that nobody is refused."""

PAGE = "settings"


def say(**what: object) -> None:
    sys.stdout.write(json.dumps(what) + "\n")
    sys.stdout.flush()


async def told() -> dict[str, Any] | None:
    line = await asyncio.to_thread(sys.stdin.readline)
    return json.loads(line) if line else None


async def play() -> None:
    async with Outside().served() as outside:
        say(url=outside.url)
        while await told() is not None:
            pass


async def flood() -> None:
    say(ready=True)
    async with aiohttp.ClientSession(connector=aiohttp.TCPConnector(limit=0)) as session:
        while (wish := await told()) is not None:
            people = [TelegramTalk(session, wish["at"], Outside(), wish["first"] + n) for n in range(wish["people"])]
            if wish["per_second"]:
                await at_rate(people, wish["per_second"], wish["seconds"])
            else:
                await as_fast_as_answered(people, wish["seconds"])


async def as_fast_as_answered(people: list[TelegramTalk], seconds: float) -> None:
    """How many taps a second are answered, each after the one before."""
    ends, began, taps = time.monotonic() + seconds, time.monotonic(), itertools.count()

    async def lane(person: TelegramTalk) -> None:
        while time.monotonic() < ends:
            await person.taps(PAGE)
            next(taps)

    await asyncio.gather(*(lane(person) for person in people))
    say(per_second=next(taps) / (time.monotonic() - began))


async def at_rate(people: list[TelegramTalk], per_second: float, seconds: float) -> None:
    """So many taps a second by all together, whether those before were answered or not."""
    say(begun=True)
    began, running = time.monotonic(), set[asyncio.Task[None]]()
    for number in range(int(per_second * seconds)):
        await asyncio.sleep(max(0.0, began + number / per_second - time.monotonic()))
        task = asyncio.create_task(people[number % len(people)].taps(PAGE))
        running.add(task)
        task.add_done_callback(running.discard)
    await asyncio.gather(*running, return_exceptions=True)
    say(ended=True)


if __name__ == "__main__":
    asyncio.run(play() if sys.argv[1] == "outside" else flood())
