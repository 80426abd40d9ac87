"""`python -m tests.fuzz`: broken payloads at the product's doors, correctly signed; see README."""

import argparse
import asyncio
import secrets
import sys
import tempfile
import time
from concurrent.futures import ProcessPoolExecutor
from pathlib import Path

from tests.fuzz.run import CHAPTER, Outcome, chapter, different, keep
from tests.fuzz.world import World
from tests.support import loopback

COUNT = 200_000
MEMORY = "/dev/shm" if Path("/dev/shm").is_dir() else None
SHOWN, MOST = 30, 700


def main() -> int:
    asked = _arguments()
    sizes = [min(CHAPTER, asked.count - at) for at in range(0, asked.count, CHAPTER)]
    _say(f"seed {asked.seed}, {asked.count} payloads in {len(sizes)} chapters, {asked.jobs} at once")
    parts = [
        [(f"{asked.seed}:{nth}", size) for nth, size in enumerate(sizes)][at :: asked.jobs] for at in range(asked.jobs)
    ]
    began, outcome = time.monotonic(), Outcome()
    if asked.jobs == 1:
        outcome = _play(parts[0])
    else:
        with ProcessPoolExecutor(asked.jobs) as pool:
            for part in pool.map(_play, parts):
                outcome.add(part)
    _say(outcome.told())
    _say(
        f"{outcome.table.total()} payloads in {time.monotonic() - began:.0f} s, "
        f"{len(outcome.finds)} finds, seed {asked.seed}"
    )
    for path in keep(outcome.finds, asked.finds) if outcome.finds else []:
        _say(f"  {path}")
    for times, why, shot in different(outcome.finds)[:SHOWN]:
        _say(f"{times} x {shot.kind}: {why[:150]} … {why[-MOST:]}\n  {shot.body[:MOST]!r}")
    return 1 if outcome.finds else 0


def _arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m tests.fuzz", description=__doc__)
    parser.add_argument("--seed", default=secrets.token_hex(4), help="repeats a run")
    parser.add_argument("--count", type=int, default=COUNT, help="payloads (%(default)s)")
    parser.add_argument("--jobs", type=int, default=1, help="processes (%(default)s)")
    parser.add_argument("--finds", type=Path, default=Path("build/finds"), help="where finds are kept (%(default)s)")
    return parser.parse_args()


def _play(chapters: list[tuple[str, int]]) -> Outcome:
    """Chapters one after the other, in a process of their own."""
    loopback.guard()
    return asyncio.run(_chapters(chapters))


async def _chapters(chapters: list[tuple[str, int]]) -> Outcome:
    outcome = Outcome()
    with tempfile.TemporaryDirectory(dir=MEMORY) as folder:
        async with World(Path(folder)) as world:
            for seed, size in chapters:
                outcome.add(await chapter(world, seed, size))
                _say(f"  {seed}: {outcome.table.total()} payloads, {len(outcome.finds)} finds")
    return outcome


def _say(words: str) -> None:
    sys.stdout.write(words + "\n")
    sys.stdout.flush()


if __name__ == "__main__":
    sys.exit(main())
