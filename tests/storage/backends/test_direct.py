"""Postgres with no pooler before it: connections are the server's own, and keep statements prepared."""

import asyncio
import contextlib
from collections.abc import AsyncIterator

import asyncpg
import pytest
import sqlalchemy as sa

from storage.backends import postgres
from storage.backends.urls import parse
from storage.engine import Locks, Storage, StorageAway, Tx
from storage.ready import Ready
from tests.storage.support import add_lease, new_sealer
from tests.support.servers.databases import as_role, execute
from tests.support.servers.postgres import OWNER

pytestmark = pytest.mark.postgres


@pytest.fixture
async def direct(direct_database_url: str) -> AsyncIterator[Storage]:
    opened = await Storage.open(direct_database_url, new_sealer(), pool_size=3)
    yield opened
    await opened.close()


async def test_statements_that_alternate_on_one_connection_keep_their_answers(direct_database_url: str) -> None:
    opened = await Storage.open(direct_database_url, new_sealer(), pool_size=1)
    questions = [sa.text(f"SELECT CAST(:n AS text) || '-{word}'") for word in ("a", "b", "c")]
    for ask in (opened.read_one, opened.read, opened.write) * 3:
        for n, question in enumerate(questions):
            answer = await ask(lambda tx, q=question, n=n: tx.execute(q, {"n": str(n)}).scalar_one())  # type: ignore[misc]
            assert answer == f"{n}-{'abc'[n]}"
    await opened.close()


async def test_a_changed_table_is_read_on_connections_that_know_it_of_old(
    direct: Storage, direct_database_url: str
) -> None:
    everything = sa.text("SELECT * FROM leases")
    await direct.write_one(add_lease)
    before = await direct.read_one(lambda tx: len(tx.execute(everything).one()))
    execute(as_role(direct_database_url, OWNER), "ALTER TABLE leases ADD COLUMN more INTEGER")
    for ask in (direct.read_one, direct.read, direct.write):
        assert await ask(lambda tx: len(tx.execute(everything).one())) == before + 1


async def test_connections_that_died_while_idle_are_not_handed_out(direct: Storage, direct_database_url: str) -> None:
    other = await Storage.open(direct_database_url, new_sealer(), pool_size=1)
    sleep = sa.text("SELECT pg_sleep(0.1)")
    await asyncio.gather(*(direct.write(lambda tx: tx.execute(sleep).close()) for _ in range(3)))
    kill = sa.text(
        "SELECT pg_terminate_backend(pid) FROM pg_stat_activity"
        " WHERE datname = current_database() AND usename = current_user AND pid <> pg_backend_pid()"
    )
    await other.write(lambda tx: tx.execute(kill).close())
    await asyncio.sleep(0.1)
    tries = []

    def work(tx: Tx) -> None:
        tries.append(1)
        add_lease(tx)

    await direct.write(work)
    assert tries == [1]
    await other.close()


async def test_a_wrong_database_is_storage_away(direct_database_url: str) -> None:
    with pytest.raises(StorageAway):
        await Storage.open(direct_database_url + "_not", new_sealer())


async def test_a_statement_is_planned_once_for_each_connection(direct_database_url: str) -> None:
    opened = await Storage.open(direct_database_url, new_sealer(), pool_size=1)
    mine = sa.text("SELECT :n + 41")
    for n in range(3):
        assert await opened.read_one(lambda tx, n=n: tx.execute(mine, {"n": n}).scalar_one()) == n + 41  # type: ignore[misc]
    kept = sa.text("SELECT count(*) FROM pg_prepared_statements WHERE statement LIKE '%+ 41'")
    assert await opened.read_one(lambda tx: tx.execute(kept).scalar_one()) == 1
    await opened.close()


async def test_a_connection_keeps_no_more_statements_than_it_may(direct_database_url: str) -> None:
    few = Storage(postgres.PostgresBackend(postgres.engine(parse(direct_database_url), 1, prepared=8)), new_sealer())
    numbers = [sa.literal_column(str(number), sa.Integer) for number in range(10)]
    questions = [sa.select(number.label("number")) for number in numbers]
    for question in (*questions, *map(Ready, questions)):
        await few.read_one(lambda tx, asked=question: tx.execute(asked).all())  # type: ignore[misc]
    kept = Ready(sa.text("SELECT count(*) FROM pg_prepared_statements").columns(sa.column("count", sa.BigInteger)))
    assert await few.read_one(lambda tx: tx.execute(kept).scalar_one()) <= 8 + 4  # some may go soon
    await few.close()


async def test_who_waits_for_a_coach_does_not_hold_the_client_yet(direct: Storage, direct_database_url: str) -> None:
    """Else two who lock the same in another order could wait for each other."""
    here = "database = (SELECT oid FROM pg_database WHERE datname = current_database())"
    counts = "SELECT count(*) FILTER (WHERE granted), count(*) FROM pg_locks"
    held = sa.text(f"{counts} WHERE locktype = 'advisory' AND {here}")
    holder = await asyncpg.connect(direct_database_url.replace("+asyncpg", ""))
    try:
        await holder.execute("SELECT pg_advisory_lock(7)")
        waiting = asyncio.create_task(direct.write(lambda _tx: None, locks=Locks(7, 3)))
        found = None
        for _look in range(1000):
            found = await direct.read_one(lambda tx: tuple(tx.execute(held).one()))
            if found != (1, 1):
                break
        assert found == (1, 2)
        await asyncio.wait_for(direct.write(lambda tx: tx.lock_client(3)), 10)
        assert not waiting.done()
    finally:
        await holder.close()
    await asyncio.wait_for(waiting, 10)


@pytest.mark.parametrize("freed_after", [0.1995, 9])
async def test_who_waited_too_long_for_a_lock_leaves_no_transaction_behind(
    direct_database_url: str, freed_after: float
) -> None:
    """Given up while the lock is waited for, and at the very moment at which it is given."""
    engine = postgres.engine(parse(direct_database_url), 1, statement_seconds=0.2, prepared=9)
    impatient = Storage(postgres.PostgresBackend(engine), new_sealer())
    await impatient.write(add_lease)
    holder = await asyncpg.connect(direct_database_url)
    others = "SELECT state FROM pg_stat_activity WHERE datname = current_database() AND pid <> pg_backend_pid()"
    try:
        await holder.execute("SELECT pg_advisory_lock(7)")
        waiting = asyncio.create_task(impatient.write(lambda tx: add_lease(tx, "b"), locks=Locks(7)))
        await asyncio.sleep(min(freed_after, 1))
        await holder.execute("SELECT pg_advisory_unlock(7)")
        with contextlib.suppress(StorageAway):
            await waiting
        assert [row["state"] for row in await holder.fetch(others)] == ["idle"]
        await impatient.write(lambda tx: add_lease(tx, "c"), locks=Locks(7))
    finally:
        await holder.close()
        await impatient.close()
