"""`python -m bench profile review|confirm|show|no-op slack|telegram`: where the CPU time of a turn goes.

The product's process looks at its own calls while a block of taps runs, so nothing of the bench is in the figures.
cProfile makes every call dearer: the order is true, the sums are not.
"""

import json
import pstats
import re
import tempfile
from collections import Counter
from pathlib import Path

from bench.scene import Served
from bench.turns import (
    BOOKINGS,
    NO_OPS,
    PEOPLE,
    PLAIN,
    SHOWS,
    Block,
    Scene,
    hours,
    no_ops,
    scene,
    slack_books,
    slack_taps,
    telegram_books,
    telegram_taps,
)

TOP = 45
BLOCKS = 4


async def run(what: str, platform: str) -> None:
    taps = BLOCKS * PEOPLE * {"confirm": BOOKINGS, "no-op": NO_OPS}.get(what, SHOWS)
    with tempfile.TemporaryDirectory() as folder:
        file = Path(folder) / "profile"
        async with scene() as played:
            served = await played.product(await played.database(), PROFILE_FILE=str(file))
            block = await _block(played, served, what, platform)
            await block()
            cpu = [await block() for _each in range(BLOCKS)]
            played.profiled = True
            for _each in range(BLOCKS):
                await block()
        stats = pstats.Stats(str(file))
        for order in ("cumtime", "tottime"):
            stats.sort_stats(order).print_stats(TOP)
        _print_packages(stats, taps)
        print("\nstatements of a turn")
        for statement, count in json.loads(file.with_suffix(".json").read_text()):
            print(f"  {count / taps:6.2f}  {' '.join(statement.split())[:400]}")
        print(f"\n{what}, {platform}: {min(cpu):,.0f} µs CPU a turn without the profiler, lowest of {BLOCKS} blocks")


def _print_packages(stats: pstats.Stats, taps: int) -> None:
    """Own time by package; what is built in counts to who called it most."""
    spent: Counter[str] = Counter()
    for (file, _line, _name), (_calls, _all, own, _cumulated, callers) in stats.stats.items():  # type: ignore[attr-defined]
        while file == "~" and callers:
            file = max(callers, key=lambda caller: callers[caller][2])[0]
            callers = {}
        found = re.search(r"site-packages/(\w+)|/(bot/\w+|storage)/|lib/python3\.\d+/(?!site-packages)(\w+)", file)
        spent[next((group for group in found.groups() if group), file) if found else file] += own
    print("\nµs of a turn by package, with the profiler's own cost")
    for package, seconds in spent.most_common(25):
        print(f"  {seconds / taps * 1e6:8,.0f}  {package}")


async def _block(played: Scene, served: Served, what: str, platform: str) -> Block:
    if what == "confirm":
        books = slack_books if platform == "slack" else telegram_books
        return books(played, served, hours())
    if what == "no-op":
        return no_ops(played, served)
    value = PLAIN if what == "show" else f"review/1/1/{next(hours()):%Y%m%dT%H%MZ}"
    if platform == "slack":
        return await slack_taps(played, served, value, SHOWS)
    return await telegram_taps(played, served, value, SHOWS, product=True)
