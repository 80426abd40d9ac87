"""Line 13: what the web process holds after 60,000 turns, beside what it held when it was warm.

People tap pages of every kind and act now and then, eight at a time, on SQLite; memory is the kernel's figure of the
process (VmRSS). Once is enough: it takes minutes, and what leaks does so every time.
"""

import asyncio
import itertools

from bench.figures import Figure
from bench.scene import Served
from bench.talk import TelegramTalk, arrives
from bench.turns import Scene, scene

TURNS, WARM = 60_000, 6_000
PEOPLE = 8
LIMIT_MB = 2.0
PAGES = ("sessions", "start", "book", "days/1/1", "settings", "help")


async def measure(_rounds: int) -> list[Figure]:
    """The growth in MB, never less than nothing, beside the growth that is allowed."""
    async with scene() as played:
        served = await played.product(await played.sqlite())
        people = [played.on_telegram(served) for _each in range(PEOPLE)]
        for person in people:
            await arrives(person)
        await tap(played, served, people, WARM)
        warm = served.rss_mb()
        await tap(played, served, people, TURNS)
        grown = max(0.0, served.rss_mb() - warm)
    name = f"Memory that {TURNS:,} turns leave, over {warm:.0f} MB; what is allowed"
    return [Figure("13", name, [grown], [LIMIT_MB], "MB", 1.0)]


async def tap(played: Scene, served: Served, people: list[TelegramTalk], turns: int) -> None:
    async def one(person: TelegramTalk) -> None:
        for page in itertools.islice(itertools.cycle(PAGES), turns // PEOPLE):
            await person.taps(page)

    await asyncio.gather(*map(one, people))
    played.outside.sent.clear()


if __name__ == "__main__":
    (figure,) = asyncio.run(measure(1))
    print(figure.name, figure.product)
