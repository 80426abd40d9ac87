"""`make bench`: every goal of speed beside its anchor, in one table and one picture.

`python -m bench [MODULE …] [--rounds N]` runs some modules and prints; without names it runs all of them, a module with
a missed goal twice, and writes docs/performance.md. `python -m bench profile review|confirm|show|no-op slack|telegram`
shows where the time of a turn goes.
"""

import argparse
import asyncio
import importlib
import os
import sys
from datetime import UTC, datetime

from bench import profile, report
from bench.figures import Figure, joined
from bot.clock import use_pinned_zones

MODULES = ("turns", "startup", "slots", "bookers", "reminders", "scale", "credits", "memory")
ROUNDS = 5


async def measure(name: str, rounds: int, *, again: bool) -> tuple[list[Figure], bool]:
    """The figures of a module, measured once more (`again`) where a goal was missed; whether it was."""
    module = importlib.import_module(f"bench.{name}")
    first = await module.measure(rounds)
    if not again or all(figure.met for figure in first):
        return first, False
    print(f"{name}: a goal was missed, once more …", flush=True)
    return joined(first, await module.measure(rounds)), True


async def run(names: list[str], rounds: int, *, again: bool) -> tuple[list[Figure], report.Run]:
    began, load = datetime.now(UTC), os.getloadavg()[0]
    figures: list[Figure] = []
    repeated, failed = [], []
    for name in names:
        print(f"{name} …", flush=True)
        try:
            found, repeats = await measure(name, rounds, again=again)
        except Exception as error:  # noqa: BLE001 - what the others measured is not lost
            print(f"{name}: not measured, {error!r}", flush=True)
            failed.append(name)
            continue
        print(*map(report.line, found), sep="\n", flush=True)
        figures += found
        repeated += [name] if repeats else []
    return sorted(figures, key=report.in_order), report.Run(began, rounds, load, repeated, failed)


def main() -> int:
    use_pinned_zones()
    os.environ.pop("PYTHONDONTWRITEBYTECODE", None)  # a start would compile every module anew, and is measured
    parser = argparse.ArgumentParser(prog="python -m bench")
    parser.add_argument("modules", nargs="*", metavar="MODULE", help=", ".join(MODULES))
    parser.add_argument("--rounds", type=int, default=ROUNDS)
    parser.add_argument("--write", action="store_true", help="write the page from these modules alone")
    options = parser.parse_args()
    if options.modules[:1] == ["profile"]:
        asyncio.run(profile.run(*options.modules[1:]))
        return 0
    figures, told = asyncio.run(run(options.modules or list(MODULES), options.rounds, again=not options.modules))
    if options.write or not options.modules:
        report.write(figures, told)
        print(f"written: {report.DOCS / 'performance.md'}")
    return 1 if told.failed else 0


if __name__ == "__main__":
    sys.exit(main())
