"""`python -m tests.fuzz`: posts broken payloads, correctly signed, to the product's endpoints.

The same seed makes the same payloads. `--only 7` plays the seventh batch of that seed alone, to look at a find.
"""

import argparse
import asyncio
import secrets
import sys
import tempfile
import time
from collections.abc import Sequence
from concurrent.futures import ProcessPoolExecutor
from functools import partial
from pathlib import Path

from tests.fuzz.run import BATCH, Outcome, batch, different, keep
from tests.fuzz.world import World
from tests.support import loopback

COUNT = 200_000
MEMORY = "/dev/shm" if Path("/dev/shm").is_dir() else None
SHOWN = 700
Batch = tuple[str, int]


def main() -> int:
    asked = _arguments()
    batches = [
        (f"{asked.seed}:{nth}", min(BATCH, asked.count - at))
        for nth, at in enumerate(range(0, asked.count, BATCH))
        if asked.only in (None, nth)
    ]
    _say(f"seed {asked.seed}, {sum(size for _seed, size in batches)} payloads, {asked.jobs} at once")
    began, outcome = time.monotonic(), Outcome()
    with ProcessPoolExecutor(asked.jobs) as pool:
        for part in pool.map(partial(_play, asked.finds), [batches[at :: asked.jobs] for at in range(asked.jobs)]):
            outcome.add(part)
    seconds = time.monotonic() - began
    _say(outcome.told())
    total = outcome.table.total()
    _say(f"{total} payloads, {len(outcome.finds)} finds, seed {asked.seed}, {total / seconds:.0f} a second")
    return 1 if outcome.finds else 0


def _arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m tests.fuzz", description=__doc__)
    parser.add_argument("--seed", default=secrets.token_hex(4), help="repeats a run")
    parser.add_argument("--count", type=int, default=COUNT, help="payloads (%(default)s)")
    parser.add_argument("--jobs", type=int, default=1, help="processes (%(default)s)")
    parser.add_argument("--only", type=int, help="one batch, by its number")
    parser.add_argument("--finds", type=Path, default=Path("build/finds"), help="where finds are kept (%(default)s)")
    return parser.parse_args()


def _play(finds: Path, batches: Sequence[Batch]) -> Outcome:
    """Chapters one after the other, in a process of their own."""
    loopback.guard()
    return asyncio.run(_batches(finds, batches))


async def _batches(finds: Path, batches: Sequence[Batch]) -> Outcome:
    outcome = Outcome()
    with tempfile.TemporaryDirectory(dir=MEMORY) as folder:
        async with World(Path(folder)) as world:
            for seed, size in batches:
                played = await batch(world, seed, size)
                outcome.add(played)
                _say(f"  {seed}: {outcome.table.total()} payloads, {len(outcome.finds)} finds")
                for path in keep(played.finds, finds):
                    _say(f"    {path}")
                for times, why, shot in different(played.finds):
                    _say(f"    {times} x {shot.kind}: {why[:150]} … {why[-SHOWN:]}\n    {shot.body[:SHOWN]!r}")
    return outcome


def _say(words: str) -> None:
    sys.stdout.write(words + "\n")
    sys.stdout.flush()


if __name__ == "__main__":
    sys.exit(main())
