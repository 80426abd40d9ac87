"""`make bench`: every goal of speed beside its anchor, in one table and one picture.

`python -m bench [MODULE …] [--rounds N]` runs some modules and prints; without names it runs all of them and writes
docs/performance.md. `python -m bench profile review|confirm slack|telegram` shows where the time of a turn goes.
"""

import argparse
import asyncio
import importlib

from bench import profile
from bench.figures import Figure, spread

MODULES = ("turns", "startup")
ROUNDS = 5


async def measure(names: list[str], rounds: int) -> list[Figure]:
    figures: list[Figure] = []
    for name in names:
        print(f"{name} …", flush=True)
        figures += await importlib.import_module(f"bench.{name}").measure(rounds)
    return figures


def main() -> None:
    parser = argparse.ArgumentParser(prog="python -m bench")
    parser.add_argument("modules", nargs="*", default=MODULES, metavar="MODULE", help=", ".join(MODULES))
    parser.add_argument("--rounds", type=int, default=ROUNDS)
    options = parser.parse_args()
    if options.modules[0] == "profile":
        asyncio.run(profile.run(*options.modules[1:]))
        return
    for each in asyncio.run(measure(list(options.modules), options.rounds)):
        print(f"{each.goal:>3} {each.name:60} {spread(each.product)} / {spread(each.anchor)} {each.unit}", end="")
        print(f"  {each.ratio:.2f} of {each.limit} {'met' if each.met else 'MISSED'}")


if __name__ == "__main__":
    main()
