"""Behind a transaction pooler nothing may rely on a connection of the server."""

import asyncio

import pytest
import sqlalchemy as sa
from sqlalchemy.ext.asyncio import create_async_engine

from storage import acts
from storage.engine import Storage, Tx
from tests.storage.pooler import pooled
from tests.storage.support import NOW, add_person, new_sealer

TURNS = 100


@pytest.fixture
def server_url(database_url: str) -> str:
    if database_url.startswith("sqlite"):
        pytest.skip("poolers stand before Postgres")
    return database_url


async def test_turns_behind_a_transaction_pooler_all_succeed(server_url: str) -> None:
    async with pooled(server_url, servers=3) as url:
        storage = await Storage.open(url, new_sealer(), pool_size=8)

        def turn(tx: Tx, n: int) -> None:
            assert acts.seen(tx, f"k{n}") is acts.UNSEEN
            tx.lock_coach(n % 5)
            acts.mark(tx, f"k{n}", add_person(tx), None, NOW)

        await asyncio.gather(*(storage.write(lambda tx, n=n: turn(tx, n)) for n in range(TURNS)))  # type: ignore[misc]
        count = sa.text("SELECT count(*) FROM acts WHERE at > 0")
        assert await storage.read(lambda tx: tx.execute(count).scalar()) == TURNS
        await storage.close()


async def test_the_drivers_own_settings_would_fail_there(server_url: str) -> None:
    async with pooled(server_url, servers=3) as url:
        engine = create_async_engine(sa.make_url(url).set(drivername="postgresql+asyncpg"), pool_size=8)

        async def turn() -> None:
            async with engine.begin() as connection:
                await connection.execute(sa.text("SELECT 1"))
                await connection.execute(sa.text("SELECT 2"))

        outcomes = await asyncio.gather(*(turn() for _ in range(TURNS)), return_exceptions=True)
        assert any(isinstance(outcome, Exception) for outcome in outcomes)
        await engine.dispose()
