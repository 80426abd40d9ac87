"""A run: batches of shots, each from its own seed, and what came of them."""

import json
import random
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field
from hashlib import sha256
from itertools import count
from pathlib import Path

from tests.fuzz.offered import offered
from tests.fuzz.shots import Shot
from tests.fuzz.slack import SlackShots
from tests.fuzz.stripe import StripeShots, pages
from tests.fuzz.telegram import TelegramShots
from tests.fuzz.world import World

BATCH = 1000
"""Shots that go at one copy of the practice: acts that succeed wear it down."""

MINUTE = 35
"""Shots after which a minute passes, so that the limit of acts a minute hides nothing."""


@dataclass
class Outcome:
    """`table` counts by kind and status; `finds` are what was wrong, with the shot that did it."""

    table: Counter[tuple[str, int]] = field(default_factory=Counter)
    finds: list[tuple[str, Shot]] = field(default_factory=list)

    def add(self, other: "Outcome") -> None:
        self.table += other.table
        self.finds += other.finds

    def told(self) -> str:
        """The table of kind and status, with the sums."""
        statuses = sorted({status for _kind, status in self.table})
        kinds = sorted({kind for kind, _status in self.table})
        width = max(map(len, kinds), default=4)
        lines = ["  ".join(["kind".ljust(width), *(f"{status:>7}" for status in statuses)])]
        lines += [
            "  ".join([kind.ljust(width), *(f"{self.table[kind, status] or '':>7}" for status in statuses)])
            for kind in kinds
        ]
        sums = [sum(n for (_kind, at), n in self.table.items() if at == status) for status in statuses]
        return "\n".join([*lines, "  ".join(["all".ljust(width), *(f"{n:>7}" for n in sums)])])


async def batch(world: World, seed: str, shots: int) -> Outcome:
    """So many shots at a fresh copy of the practice. The same seed makes the same shots."""
    everybody = await offered(world)
    await world.begin()
    rng = random.Random(seed)
    number = _numbers(seed)
    makers = (
        SlackShots(rng, world, everybody, number),
        TelegramShots(rng, everybody, number),
        # Of its own, so that the others' shots are the same with Stripe's samples and without.
        StripeShots(random.Random(f"{seed}:stripe"), await pages(world), number),
    )
    outcome = Outcome()
    for nth in range(shots):
        shot = rng.choices(makers, (9, 9, 2))[0].make()
        status, wrong = await world.fires(shot)
        outcome.table[shot.kind, status] += 1
        outcome.finds += [(each, shot) for each in wrong]
        if nth % MINUTE == 0:
            await world.passes(61)
    return outcome


def _numbers(seed: str) -> Iterator[int]:
    """Ids of this batch alone."""
    return count(int.from_bytes(sha256(seed.encode()).digest()[:4]) * 10_000 + 1)


def different(finds: list[tuple[str, Shot]]) -> list[tuple[int, str, Shot]]:
    """Finds that are not the same failure again: how many there were of each, and the first."""
    by_place: dict[str, list[tuple[str, Shot]]] = {}
    for why, shot in finds:
        by_place.setdefault(_place(why), []).append((why, shot))
    return [(len(each), *each[0]) for each in by_place.values()]


def keep(finds: list[tuple[str, Shot]], folder: Path) -> list[Path]:
    """One file for each different failure, as `tests/fuzz/finds` holds them."""
    folder.mkdir(parents=True, exist_ok=True)
    kept = []
    for _times, why, shot in different(finds):
        name = sha256(_place(why).encode()).hexdigest()[:8]
        kept.append(folder / f"{shot.kind.replace(' ', '-')}-{name}.json")
        kept[-1].write_text(json.dumps(shot.as_find(why), indent=1) + "\n")
    return kept


def _place(why: str) -> str:
    """What makes two finds the same: the last lines of a trace, or the words without their numbers."""
    lines = [line for line in why.splitlines() if line.strip(" ^")]
    place = " ".join(lines[-3:-1]) + lines[-1].partition(":")[0] if "Traceback" in why else lines[0]
    return "".join(letter for letter in place if not letter.isdigit())[:300]
