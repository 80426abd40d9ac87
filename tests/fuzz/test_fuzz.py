"""A portion of `make fuzz`, on both kinds of database, and every find once more."""

import logging
import re
from collections.abc import AsyncIterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
import sqlalchemy as sa

from bot.chat.clean import clean
from bot.http_body import MAX_BODY_BYTES
from storage import tables
from storage.engine import Tx
from storage.payments import payments
from storage.schema.sealed import sealed_row
from tests.fuzz.judge import BEHIND
from tests.fuzz.offered import offered
from tests.fuzz.run import BATCH, batch
from tests.fuzz.shots import CLIENTS, NOTHING, STAFF, Shot, from_find
from tests.fuzz.telegram import answers_a_question
from tests.fuzz.world import World
from tests.promises.posting import encoded, pressed, update
from tests.services.bare_practice import CLIENT, OWNER

FOLDER = Path(__file__).parent / "finds"
FINDS = sorted(FOLDER.glob("*.json"))
ON_POSTGRES = 100
"""What differs there are the texts that it does not keep."""

ESCAPED_MARK = re.compile(r"\\u(?:0000|061c|200[ef]|202[a-e]|206[6-9])")
"""As JSON writes it."""

SLOW = 900
"""Seconds that a batch may take on a busy machine; a few on an idle one."""


@pytest.fixture
async def world(tmp_path: Path) -> AsyncIterator[World]:
    async with World(tmp_path) as opened:
        yield opened


@pytest.mark.timeout(SLOW)
async def test_broken_payloads_break_nothing(database_url: str, tmp_path: Path) -> None:
    postgres = None if database_url.startswith("sqlite") else database_url
    shots = BATCH if postgres is None else ON_POSTGRES
    async with World(tmp_path, postgres) as opened:
        outcome = await batch(opened, "one", shots)
        kept = await opened.house.storage.read(_unclean)
    assert outcome.table.total() == shots
    told = [f"{shot.kind}: {why}\n{shot.body[:500]!r}" for why, shot in outcome.finds]
    assert not told, "\n\n".join(told[:5])
    assert kept == set(), "marks that turn the words beside them were kept"


def _unclean(tx: Tx) -> set[str]:
    """Columns with words that `clean` would change, but for what vendors posted, which is kept as it came."""
    found = set()
    for table in set(tables.metadata.sorted_tables) - {tables.inbox}:
        for row in tx.execute(sa.select(table)).mappings():
            for column, value in row.items():
                words = value
                if value is not None and column.endswith("_sealed"):
                    words = tx.sealer.open(value, f"{table.name}.{column}", sealed_row(table, dict(row)))
                if isinstance(words, str) and (clean(words) != words or ESCAPED_MARK.search(words)):
                    found.add(f"{table.name}.{column}")
    return found


async def test_finds_stay_mended(world: World) -> None:
    ref = (await world.house.storage.read(lambda tx: payments.find(tx, 3))).checkout_ref or ""  # type: ignore[union-attr]
    wrong = []
    for path in FINDS:
        shot = from_find(path)
        status, complaints = await world.fires(replace(shot, body=shot.body.replace(b"CHECKOUT_OF_3", ref.encode())))
        wrong += [f"{path.stem} ({status}): {each}" for each in complaints]
    assert len(FINDS) > 10
    assert not wrong, "\n".join(wrong)


@pytest.mark.parametrize("platform", ["slack", "telegram"])
async def test_whoever_looks_at_a_hold_changes_nothing(world: World, platform: str) -> None:
    """Neither a stranger nor who holds the time, whose page is gone: another one is made by an act or a sweep."""
    holder = from_find(FOLDER / f"{platform}-tap-shows-a-hold-without-a-page.json")
    await _pages_close(world)
    before = await _newest_payment(world)
    for number, hold in enumerate(("hold/6", "hold/8"), 8_000):
        stranger = encoded(pressed(number, hold, int(CLIENT.user_ref)))
        assert await world.fires(Shot("", "telegram", stranger, who=CLIENT.user_ref)) == (200, [])
    assert await world.fires(holder) == (200, [])
    assert await _newest_payment(world) == before


async def _pages_close(world: World) -> None:
    closes = sa.update(tables.payments).where(tables.payments.c.state == "open").values(state="closed")
    await world.house.storage.write(lambda tx: tx.execute(closes).rowcount)
    assert world.ledger is not None
    world.ledger.changes()


async def _newest_payment(world: World) -> int:
    newest = sa.select(sa.func.max(tables.payments.c.id))
    return await world.house.storage.read(lambda tx: int(tx.execute(newest).scalar_one()))


async def test_an_act_of_ones_own_is_one_whatever_falls_out_of_its_address(world: World) -> None:
    everybody = await offered(world)
    for act in everybody[CLIENT].acts:
        assert everybody[CLIENT].judged(f"{act[:4]}\x00\u202e{act[4:]}") == CLIENTS
    own = set(everybody[CLIENT].acts)
    assert all(everybody[CLIENT].judged(act) == NOTHING for act in everybody[OWNER].acts if act not in own)


def test_a_link_broken_into_plain_words_may_answer_an_open_question() -> None:
    link: dict[str, Any] = update(1, "/start offer-1", int(OWNER.user_ref))
    assert not answers_a_question(link)
    for words, answer in (("private", True), ("/startle", True), ("\u202e/start x", False), ("", True), (7, False)):
        assert answers_a_question({**link, "message": link["message"] | {"text": words}}) is answer
    assert not answers_a_question({**link, "message": link["message"] | {"text": "private", "chat": {"type": "group"}}})
    assert not answers_a_question(pressed(2, "start", int(OWNER.user_ref)))


async def test_the_judge_sees_changes_refusals_and_failures(world: World) -> None:
    # One person does thirty acts in a minute at most: those on offers are enough.
    acts = [each for each in (await offered(world))[OWNER].acts if each.startswith("offer/")]
    await world.passes(0)
    told = []
    for number, act in enumerate(acts, 7_000):
        if number % 20 == 0:
            await world.passes(61)  # more in a minute are refused
        tap = encoded(pressed(number, act, int(OWNER.user_ref)))
        told += (await world.fires(Shot("", "telegram", tap, may=NOTHING)))[1]
    assert any(each.startswith("changed offers") for each in told), told
    assert (await world.fires(Shot("", "telegram", b"{}", taken=True)))[1] == ["answered 400"]
    too_large = encoded({"update_id": 1, "x": "x" * MAX_BODY_BYTES})
    assert await world.fires(Shot("", "telegram", too_large, taken=True)) == (413, [])
    logging.getLogger("bot.anything").error("fault")
    assert "fault" in (await world.fires(Shot("", "telegram", b"{}")))[1][0]


def test_every_table_is_either_watched_or_left_out_on_purpose() -> None:
    assert {table.name for table in tables.metadata.sorted_tables} == STAFF | BEHIND
