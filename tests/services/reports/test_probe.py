"""The probe of the database: what it finds, and that the owners are told once when it was away."""

import asyncio

import pytest
import sqlalchemy as sa

from bot.domain.notices.notices import Notice, NoticeKind, address_of
from bot.services.reports.figures import figures
from bot.services.reports.probe import EVERY_S, Probe
from storage import tables
from storage.engine import Storage, StorageAway
from storage.journal import marks
from storage.notices import outbox
from tests.services.bare_practice import NOW, OWNER, BarePractice
from tests.storage.support import new_sealer
from tests.support.leases import time_passes
from tests.support.unwritable import fills_up, has_room_again


class Ticks:
    now = 1000.0

    def __call__(self) -> float:
        return self.now


def probe(storage: Storage, ticks: Ticks, woken: list[int]) -> Probe:
    return Probe(storage, lambda: NOW, ticks, lambda: woken.append(1))


async def test_it_says_what_it_found_and_how_long_ago(storage: Storage) -> None:
    ticks = Ticks()
    one = probe(storage, ticks, [])
    assert not one.found.ready
    await one.look()
    ticks.now += 9
    assert (one.found.written, one.found.age_s, one.found.ready) == (True, 9.0, True)
    ticks.now += 30  # it waits for a database that is silent
    assert not one.found.ready


async def test_owners_are_told_once_that_it_was_away_and_for_how_long(
    bare_practice: BarePractice, database_url: str
) -> None:
    storage, ticks, woken = bare_practice.storage, Ticks(), list[int]()
    await bare_practice.meet(OWNER)
    other_storage = await Storage.open(database_url, new_sealer())
    one, other = probe(storage, ticks, woken), probe(other_storage, ticks, woken)
    await one.look()
    await other.look()
    await fills_up(storage, database_url)
    if database_url.startswith("sqlite"):
        await fills_up(other_storage, database_url)
    await one.look()
    await other.look()
    assert (one.found.written, one.found.ready) == (False, False)
    assert await storage.read(lambda tx: marks.age(tx, marks.WRITTEN)) is not None, "it can be read"
    ticks.now += 300
    await has_room_again(storage, database_url)
    if database_url.startswith("sqlite"):
        await has_room_again(other_storage, database_url)
    await time_passes(storage, 300)
    await one.look()
    await other.look()
    await one.look()
    assert one.found.ready
    told = await bare_practice.notices("database-back")
    assert len(told) == 1
    assert any("notice/database-back/5/" in str(part) for part in told[0])
    assert woken == [1]
    await other_storage.close()


async def test_a_failed_write_has_it_look_at_once(storage: Storage, database_url: str) -> None:
    one = probe(storage, Ticks(), [])
    await one.start()
    await fills_up(storage, database_url)
    with pytest.raises(StorageAway):
        await storage.write(lambda tx: marks.touch(tx, "x"))
    async with asyncio.timeout(EVERY_S / 2):
        while one.found.written:  # noqa: ASYNC110 - nobody is told of it
            await asyncio.sleep(0.02)
    await one.close()


async def test_a_request_through_the_proxy_is_remembered(storage: Storage) -> None:
    one = probe(storage, Ticks(), [])
    await one.look()
    assert await storage.read(lambda tx: marks.age(tx, marks.PROXIED)) is None
    one.proxied = True
    await one.look()
    assert await storage.read(lambda tx: marks.age(tx, marks.PROXIED)) in (0, 1)


@pytest.mark.parametrize("due", [-(10**15), 10**15, "soon"])
async def test_a_moment_that_makes_no_sense_does_not_count_as_a_database_that_is_away(
    bare_practice: BarePractice, due: object
) -> None:
    storage = bare_practice.storage
    owner = await bare_practice.meet(OWNER)
    notice = Notice("key", owner.id, NoticeKind.SET_ASIDE, address_of(NoticeKind.SET_ASIDE), NOW)
    await storage.write(lambda tx: outbox.put(tx, notice, NOW))
    if isinstance(due, str) and await storage.read(lambda tx: tx.postgres):
        pytest.skip("a number is a number there")
    await storage.write(lambda tx: tx.execute(sa.update(tables.outbox).values(due=due)))
    one = probe(storage, Ticks(), [])
    await one.start()
    await one.close()
    assert one.found.ready
    assert one.counted is not None
    assert figures(one.counted, NOW)["rapport_outbox_late_seconds"] >= 0
