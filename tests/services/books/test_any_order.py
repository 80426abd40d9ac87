"""Messages of Stripe in any order, any number of times, some never, end alike after one look of the doctor; and each
movement of money or credit has its row in the audit trail, however it was heard of.

SHUFFLES: how many ways are played; SEED: which.
"""

import os
import random
from pathlib import Path

from bot.domain.payments.differences import Differs
from bot.domain.payments.payments import MovementKind
from storage.engine import Storage
from tests.services.books.stories import Recorded, life, recorded
from tests.services.paid_practice import running
from tests.services.written_down import not_written_down
from tests.storage.support import new_sealer

SHUFFLES = int(os.environ.get("SHUFFLES", "2"))
SEED = int(os.environ.get("SEED", "11"))
DROPPED, DOUBLED = 0.1, 0.2


async def test_shuffled_doubled_and_lost(sqlite_url: str, tmp_path: Path) -> None:
    storage = await Storage.open(sqlite_url, new_sealer())
    try:
        async with running(storage) as practice:
            story = await recorded(practice, Path(sqlite_url.removeprefix("sqlite:///")), tmp_path)
            expected = await _as_told(story, tmp_path)
            await _all_lost(story, tmp_path, expected)
            for number in range(SHUFFLES):
                await _another_way(story, tmp_path, number, expected)
    finally:
        await storage.close()


async def _as_told(story: Recorded, folder: Path) -> dict[str, list[object]]:
    """In order, each once: then there is nothing to mend, but for a fee that nobody tells. The worker asks for it."""
    async with life(story, folder, 0) as told:
        for event in story.events:
            await told.hears(event)
            await told.applies()
        await told.settles()
        found = await told.doctor()
        assert ([each.what for each in found.mended], found.left) == ([Differs.FEE], ())
        assert found.looked_at > 25
        assert not await told.storage.read(not_written_down)
        assert {kind for kind, *_rest in (await told.ends())["transactions"]} == set(MovementKind)
        return await told.ends()


async def _another_way(story: Recorded, folder: Path, number: int, expected: dict[str, list[object]]) -> None:
    chance = random.Random(f"{SEED}:{number}")
    shuffled = list(story.events)
    chance.shuffle(shuffled)
    async with life(story, folder, number + 1) as told:
        for event in shuffled:
            lot = chance.random()
            if lot < DROPPED and event not in story.of_others:
                continue
            await told.hears(event)
            if lot < DOUBLED:
                await told.hears(event)
            if lot < DOUBLED and event not in story.of_others:
                await told.hears(event, f"{event['id']}-again")
            if chance.random() < 0.5:
                await told.applies()
        await told.settles()
        found = await told.doctor()
        assert not found.left, (SEED, number, found.left)
        assert await told.ends() == expected, (SEED, number)
        assert not await told.storage.read(not_written_down)


async def _all_lost(story: Recorded, folder: Path, expected: dict[str, list[object]]) -> None:
    """One look brings everything: what was paid, what went back, what banks say."""
    async with life(story, folder, 0) as told:
        for event in story.of_others:
            await told.hears(event)
        await told.applies()
        found = await told.doctor()
        assert not found.left
        assert {each.what for each in found.mended} == {
            Differs.PAID, Differs.ENDED, Differs.FEE, Differs.REFUND, Differs.DISPUTE, Differs.CARD_KEPT
        }  # fmt: skip
        assert await told.ends() == expected
        assert not await told.storage.read(not_written_down)
        nothing = await told.doctor()
        assert (nothing.mended, nothing.left) == ((), ())
