"""Behind a transaction pooler nothing may rely on a connection of the server, and nothing may stay on one."""

import asyncio
from collections.abc import AsyncIterator

import asyncpg
import pytest
import sqlalchemy as sa
from sqlalchemy.ext.asyncio import create_async_engine

from storage.engine import DatabaseError, Overlap, Storage, Tx
from storage.journal import acts
from storage.upkeep.migrate import migrate, state
from tests.storage.support import NOW, add_coach, add_person, add_session, new_sealer
from tests.support.servers.leftovers import left_behind

pytestmark = [pytest.mark.postgres, pytest.mark.pooler]

TURNS = 100
COUNT = sa.text("SELECT count(*) FROM acts WHERE at > 0")


@pytest.fixture
async def pooled(pooled_database_url: str) -> AsyncIterator[Storage]:
    opened = await Storage.open(pooled_database_url, new_sealer(), pool_size=8)
    yield opened
    await opened.close()


async def test_the_probe_finds_what_stays(pooled_database_url: str) -> None:
    careless = await asyncpg.connect(pooled_database_url, statement_cache_size=0)
    await careless.execute("SET statement_timeout = '9s'")
    await careless.execute("SELECT pg_advisory_lock(7)")
    await careless.execute("CREATE TEMP TABLE mine (id int)")
    await careless.execute("PREPARE again AS SELECT 1")
    await careless.execute("LISTEN news")
    await careless.close()
    assert {one.split()[0] for one in await left_behind(pooled_database_url)} == {
        "setting", "lock", "table", "statement", "channel",
    }  # fmt: skip


async def test_turns_all_succeed_and_leave_nothing(pooled: Storage, pooled_database_url: str) -> None:
    def turn(tx: Tx, n: int) -> None:
        assert acts.seen(tx, f"k{n}") is acts.UNSEEN
        tx.lock_coach(n % 5)
        acts.mark(tx, f"k{n}", add_person(tx), None, NOW)

    async def one(n: int) -> None:
        await pooled.write(lambda tx: turn(tx, n))
        for ask in (pooled.read, pooled.read_one):
            await ask(lambda tx: tx.execute(COUNT).scalar())

    await asyncio.gather(*(one(n) for n in range(TURNS)))
    assert await pooled.read(lambda tx: tx.execute(COUNT).scalar()) == TURNS
    assert await left_behind(pooled_database_url) == set()


async def test_what_fails_or_is_given_up_leaves_nothing(pooled: Storage, pooled_database_url: str) -> None:
    coach = await pooled.write(add_coach)

    def refused(tx: Tx) -> None:
        tx.lock_coach(coach)
        add_session(tx, coach, 1000, 2000)
        add_session(tx, coach, 1500, 2500)

    def slow(tx: Tx) -> None:
        tx.lock_coach(coach)
        tx.execute(sa.text("SELECT pg_sleep(0.2)"))

    with pytest.raises(Overlap):
        await pooled.write(refused)
    with pytest.raises(DatabaseError):
        await pooled.read(add_coach)
    given_up = asyncio.create_task(pooled.write(slow))
    await asyncio.sleep(0.05)
    given_up.cancel()
    with pytest.raises(asyncio.CancelledError):
        await given_up
    await asyncio.wait_for(pooled.write(lambda tx: tx.lock_coach(coach)), 10)
    assert await left_behind(pooled_database_url) == set()


async def test_readers_and_writers_of_two_clients_keep_their_own_isolation(
    pooled: Storage, pooled_database_url: str
) -> None:
    other = await Storage.open(pooled_database_url, new_sealer(), pool_size=8)
    asked = sa.text(
        "SELECT current_setting('transaction_isolation') || ' ' || current_setting('transaction_read_only')"
    )

    def how(tx: Tx) -> str:
        found: str = tx.execute(asked).scalar_one()
        return found

    asks = [ask for client in (pooled, other) for ask in (client.read, client.write, client.write_one)] * 20
    found = await asyncio.gather(*(ask(how) for ask in asks))
    await other.close()
    assert list(found) == ["repeatable read on", "read committed off", "read committed off"] * 40


async def test_migrating_there_leaves_nothing_and_is_done_once(pooled_empty_database_url: str) -> None:
    await asyncio.gather(*(migrate(pooled_empty_database_url) for _ in range(3)))
    assert await state(pooled_empty_database_url) == "current"
    assert await left_behind(pooled_empty_database_url) == set()


async def test_the_drivers_own_settings_would_fail_there(pooled_database_url: str) -> None:
    engine = create_async_engine(sa.make_url(pooled_database_url).set(drivername="postgresql+asyncpg"), pool_size=8)

    async def turn() -> None:
        async with engine.begin() as connection:
            await connection.execute(sa.text("SELECT 1"))
            await connection.execute(sa.text("SELECT 2"))

    outcomes = await asyncio.gather(*(turn() for _ in range(TURNS)), return_exceptions=True)
    assert any(isinstance(outcome, Exception) for outcome in outcomes)
    await engine.dispose()
