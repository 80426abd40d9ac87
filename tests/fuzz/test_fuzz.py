"""A portion of `make fuzz`, on both kinds of database, and every find once more."""

import logging
from collections.abc import AsyncIterator
from dataclasses import replace
from pathlib import Path

import pytest

from storage import payments
from storage.tables import metadata
from tests.fuzz.judge import BEHIND
from tests.fuzz.offered import offered
from tests.fuzz.run import CHAPTER, chapter
from tests.fuzz.shots import NOTHING, STAFF, Shot, encoded, from_find
from tests.fuzz.world import World
from tests.promises.posting import pressed
from tests.services.house import OWNER

FINDS = sorted((Path(__file__).parent / "finds").glob("*.json"))
ON_POSTGRES = 300
"""What differs there are the texts that it does not keep."""

SLOW = 900
"""Seconds that a chapter may take on a busy machine; a few on an idle one."""


@pytest.fixture
async def world(tmp_path: Path) -> AsyncIterator[World]:
    async with World(tmp_path) as opened:
        yield opened


@pytest.mark.timeout(SLOW)
@pytest.mark.parametrize("seed", ["one", "two", "three"])
async def test_broken_payloads_break_nothing(database_url: str, tmp_path: Path, seed: str) -> None:
    kept = None if database_url.startswith("sqlite") else database_url
    shots = CHAPTER if kept is None else ON_POSTGRES
    async with World(tmp_path, kept) as opened:
        outcome = await chapter(opened, seed, shots)
    assert outcome.table.total() == shots
    told = [f"{shot.kind}: {why}\n{shot.body[:500]!r}" for why, shot in outcome.finds]
    assert not told, "\n\n".join(told[:5])


async def test_finds_stay_mended(world: World) -> None:
    ref = (await world.house.storage.read(lambda tx: payments.find(tx, 3))).checkout_ref or ""  # type: ignore[union-attr]
    wrong = []
    for path in FINDS:
        shot = from_find(path)
        status, complaints = await world.fires(replace(shot, body=shot.body.replace(b"CHECKOUT_OF_3", ref.encode())))
        wrong += [f"{path.stem} ({status}): {each}" for each in complaints]
    assert len(FINDS) > 10
    assert not wrong, "\n".join(wrong)


async def test_the_judge_sees_changes_refusals_and_failures(world: World) -> None:
    acts = (await offered(world))[OWNER].acts
    await world.passes(0)
    told = []
    for number, act in enumerate(acts, 7_000):
        tap = encoded(pressed(number, act, int(OWNER.user_ref)))
        told += (await world.fires(Shot("", "telegram", tap, may=NOTHING)))[1]
    assert any(each.startswith("changed offers") for each in told), told
    assert (await world.fires(Shot("", "telegram", b"{}", taken=True)))[1] == ["answered 400"]
    logging.getLogger("bot.anything").error("fault")
    assert "fault" in (await world.fires(Shot("", "telegram", b"{}")))[1][0]


def test_every_table_is_either_watched_or_left_out_on_purpose() -> None:
    assert {table.name for table in metadata.sorted_tables} == STAFF | BEHIND
