"""Processes of the version before go on working while the schema is brought to the newest."""

import asyncio
import sys
from collections.abc import AsyncIterator, Callable
from contextlib import AsyncExitStack, asynccontextmanager
from functools import partial

import asyncpg
import pytest
import sqlalchemy as sa

from bot.domain.subjects import Subject
from storage import subjects, tables
from storage.engine import Storage
from storage.notices import outbox
from storage.payments import carried_orders, payments
from storage.upkeep.migrate import CannotMigrate, downgrade, migrate, state
from tests.storage.support import NOW, new_sealer, revisions
from tests.storage.upkeep.old_process import SELLING
from tests.support.servers.databases import as_role, execute
from tests.support.servers.postgres import ADMIN, BOT

SECONDS = 60
BOOKINGS = sa.select(tables.bookings.c.id)
MIGRATE = "import asyncio, sys, storage.upkeep.migrate as m; asyncio.run(m.migrate(sys.argv[1]))"


class OldProcess:
    """One that serves, and counts what it committed."""

    def __init__(self, process: asyncio.subprocess.Process) -> None:
        self._process = process
        self.turns = 0
        self._counting = asyncio.create_task(self._count())

    async def _count(self) -> None:
        assert self._process.stdout is not None
        async for _line in self._process.stdout:
            self.turns += 1

    async def makes(self, more: int) -> None:
        """Until it has committed so many more turns."""
        wanted = self.turns + more
        async with asyncio.timeout(SECONDS):
            while self.turns < wanted:
                assert not self._counting.done(), await self._said()
                await asyncio.sleep(0.02)

    async def ends(self) -> None:
        """Let it come to its end; it must have had no trouble."""
        assert self._process.stdin is not None
        self._process.stdin.close()
        await self._counting
        assert (await self._process.wait(), await self._said()) == (0, "")

    async def _said(self) -> str:
        assert self._process.stderr is not None
        return (await self._process.stderr.read()).decode()


@asynccontextmanager
async def running(*arguments: str, pipe: int | None = None) -> AsyncIterator[asyncio.subprocess.Process]:
    process = await asyncio.create_subprocess_exec(sys.executable, *arguments, stdin=pipe, stdout=pipe, stderr=pipe)
    try:
        yield process
    finally:
        if process.returncode is None:
            process.kill()
            await process.wait()


@asynccontextmanager
async def old_process(url: str, *does: str) -> AsyncIterator[OldProcess]:
    async with running("-m", "tests.storage.upkeep.old_process", url, *does, pipe=asyncio.subprocess.PIPE) as process:
        yield OldProcess(process)


async def test_old_processes_write_before_while_and_after(empty_database_url: str) -> None:
    await migrate(empty_database_url)
    await downgrade(empty_database_url)
    async with AsyncExitStack() as stack:
        serving = [await stack.enter_async_context(old_process(as_role(empty_database_url, BOT))) for _ in range(2)]
        await asyncio.gather(*(each.makes(3) for each in serving))
        migrating = asyncio.create_task(migrate(empty_database_url))
        await asyncio.gather(*(each.makes(3) for each in serving))
        await migrating
        assert await state(empty_database_url) == "current"
        await asyncio.gather(*(each.makes(3) for each in serving))
        await asyncio.gather(*(each.ends() for each in serving))


async def test_what_old_processes_wrote_meanwhile_is_found_and_corrected_by_new_ones(empty_database_url: str) -> None:
    """Old ones, from before revision 0012, say in `booking_id` alone what a message or a payment is about."""
    await migrate(empty_database_url)
    newer = [revision.revision for revision in revisions() if revision.revision >= "0012"]
    await downgrade(empty_database_url, steps=len(newer))
    async with old_process(as_role(empty_database_url, BOT), SELLING) as serving:
        await serving.makes(3)
        migrating = asyncio.create_task(migrate(empty_database_url))
        await serving.makes(3)
        await migrating
        await serving.makes(3)
        await serving.ends()
    storage = await Storage.open(as_role(empty_database_url, BOT), new_sealer())
    sold = await storage.read(lambda tx: [Subject("booking", each) for each in tx.execute(BOOKINGS).scalars()])
    assert len(sold) >= 9
    for carried_over in (False, True):
        for subject in sold:
            assert await storage.write(lambda tx, s=subject: outbox.ask_correction(tx, s, NOW)) == 1  # type: ignore[misc]
            payment = await storage.read(lambda tx, s=subject: payments.live(tx, s))  # type: ignore[misc]
            assert payment is not None
            assert payment.subject == subject
        if not carried_over:
            for table in (tables.outbox, tables.payments):
                part = partial(subjects.carry_over, table=table, limit=5)
                assert sum([await storage.write(part) for _part in range(len(sold))]) == len(sold)
            for step in carried_orders.STEPS:
                await storage.write(partial(step, limit=len(sold)))
            for subject in sold:
                ordered = await storage.read(lambda tx, s=subject: payments.live(tx, s))  # type: ignore[misc]
                assert ordered is not None
                assert ordered.order_id is not None
    await storage.close()


async def test_a_table_in_long_use_makes_the_migration_wait_and_nobody_else(
    empty_database_url: str, directly: Callable[[str, str], str]
) -> None:
    url = empty_database_url
    if url.startswith("sqlite"):
        pytest.skip("SQLite locks the whole file, for as long as the migration takes")
    await migrate(url)
    # As a database of the version before row-level security has them.
    for change in (
        "DROP POLICY rapport ON {}",
        "ALTER TABLE {} NO FORCE ROW LEVEL SECURITY, DISABLE ROW LEVEL SECURITY",
    ):
        for table in ("persons", "outbox"):
            execute(url, change.format(table))
    reader, watcher = await asyncpg.connect(directly(url, ADMIN)), await asyncpg.connect(directly(url, ADMIN))
    using = reader.transaction()
    await using.start()
    await reader.execute("SELECT count(*) FROM persons")
    async with AsyncExitStack() as stack:
        serving = [await stack.enter_async_context(old_process(as_role(url, BOT))) for _ in range(2)]
        await asyncio.gather(*(each.makes(3) for each in serving))
        process = await stack.enter_async_context(running("-c", MIGRATE, url))
        await waits_for(watcher, "persons")
        await asyncio.gather(*(each.makes(20) for each in serving))
        assert process.returncode is None
        await using.rollback()
        assert await process.wait() == 0
        await asyncio.gather(*(each.makes(3) for each in serving))
        await asyncio.gather(*(each.ends() for each in serving))
    assert await watcher.fetchval("SELECT relforcerowsecurity FROM pg_class WHERE relname = 'persons'")
    await reader.close()
    await watcher.close()


async def waits_for(watcher: asyncpg.Connection, table: str) -> None:
    """Until somebody stands in line for the whole table."""
    waiting = "SELECT 1 FROM pg_locks WHERE relation = $1::regclass AND mode = 'AccessExclusiveLock' AND NOT granted"
    async with asyncio.timeout(SECONDS):
        while True:
            if await watcher.fetchval(waiting, table):
                return
            await asyncio.sleep(0.02)


@pytest.mark.postgres
async def test_the_bot_may_not_migrate_and_is_told_who_may(direct_database_url: str) -> None:
    execute(as_role(direct_database_url, ADMIN), "UPDATE alembic_version SET version_num = '0007'")
    with pytest.raises(CannotMigrate, match="address of their owner") as refused:
        await migrate(direct_database_url)
    assert "\n" not in str(refused.value)
