"""What the web process holds after 60,000 turns, beside what it held when it was warm.

People on Telegram and on Slack tap pages of every kind, four and four at a time, on SQLite; memory is the kernel's
figure of the process (VmRSS). One round is enough: it takes minutes, and what leaks does so every time.
"""

import asyncio

from bench.figures import Figure
from bench.scene import Served
from bench.talk import Talk, arrives
from bench.turns import Scene, scene

TURNS, WARM = 60_000, 6_000
EACH = 4
LIMIT_MB = 2.0
PAGES = ("sessions", "start", "book", "days/1/1", "settings", "help")


async def measure(_rounds: int) -> list[Figure]:
    """The growth in MB, never less than nothing, beside the growth that is allowed."""
    async with scene() as played:
        served = await played.product(await played.sqlite())
        people = await _people(played, served)
        await tap(played, people, WARM)
        warm = served.rss_mb()
        await tap(played, people, TURNS)
        grown = max(0.0, served.rss_mb() - warm)
    name = f"Memory that {TURNS:,} turns leave; what is allowed"
    return [Figure("13", name, [grown], [LIMIT_MB], "MB", 1.0)]


async def _people(played: Scene, served: Served) -> list[Talk]:
    on_telegram = [played.on_telegram(served) for _each in range(EACH)]
    on_slack = [played.on_slack(served) for _each in range(EACH)]
    for person in on_telegram:
        await arrives(person)
    for other in on_slack:
        await other.taps("start")
    return [*on_telegram, *on_slack]


async def tap(played: Scene, people: list[Talk], turns: int) -> None:
    """Everybody looks at page after page; Slack's answers follow the acknowledgement and are waited for."""
    for number in range(turns // len(people)):
        wanted = played.outside.shown + len(people)
        await asyncio.gather(*(person.taps(PAGES[number % len(PAGES)]) for person in people))
        await played.until_shown(wanted)
        played.outside.sent.clear()
