"""Schema: from empty to newest and back, on both databases."""

import asyncio
import sys

import pytest
import sqlalchemy as sa
from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext

from storage.engine import Overlap, Storage, Tx
from storage.tables import metadata
from storage.upkeep import guards
from storage.upkeep.migrate import downgrade, migrate, state
from tests.storage.support import add_coach, add_session, new_sealer, revisions


async def test_from_empty_to_newest_one_step_back_and_forth_again(empty_database_url: str) -> None:
    assert await state(empty_database_url) == "empty"
    await migrate(empty_database_url)
    assert await state(empty_database_url) == "current"
    await migrate(empty_database_url)
    await downgrade(empty_database_url)
    assert await state(empty_database_url) == "old"
    await migrate(empty_database_url)
    assert await state(empty_database_url) == "current"


async def test_all_the_way_back_leaves_nothing(empty_database_url: str) -> None:
    await migrate(empty_database_url)
    await downgrade(empty_database_url, steps=1000)
    assert await state(empty_database_url) == "empty"
    opened = await Storage.open(empty_database_url, new_sealer())
    assert await opened.read(lambda tx: sa.inspect(tx.connection).get_table_names()) == ["alembic_version"]
    await opened.close()
    await migrate(empty_database_url)
    assert await state(empty_database_url) == "current"


async def test_a_revision_of_a_later_version_is_recognised(empty_database_url: str) -> None:
    await migrate(empty_database_url)
    opened = await Storage.open(empty_database_url, new_sealer())
    await opened.write(lambda tx: tx.execute(sa.text("UPDATE alembic_version SET version_num = '9999'")))
    await opened.close()
    assert await state(empty_database_url) == "newer"


async def test_migrated_schema_equals_the_tables(storage: Storage) -> None:
    def differences(tx: Tx) -> list[object]:
        # Alembic cannot compare an empty default on SQLite; the revisions are the same for both.
        options = {"compare_type": True, "compare_server_default": tx.postgres}
        found = compare_metadata(MigrationContext.configure(tx.connection, opts=options), metadata)
        return list(found)

    assert await storage.read(differences) == []


async def test_an_overlap_is_refused_after_every_revision_that_has_sessions(empty_database_url: str) -> None:
    await migrate(empty_database_url)
    seen = 0
    for _ in revisions():
        opened = await Storage.open(empty_database_url, new_sealer())
        tables = await opened.read(lambda tx: sa.inspect(tx.connection).get_table_names())
        if "sessions" in tables:
            seen += 1
            coach = await opened.write(add_coach)
            await opened.write(lambda tx, coach=coach: add_session(tx, coach, 1000, 2000))  # type: ignore[misc]
            with pytest.raises(Overlap):
                await opened.write(lambda tx, coach=coach: add_session(tx, coach, 1999, 2500))  # type: ignore[misc]
        await opened.close()
        await downgrade(empty_database_url)
    assert seen == len(revisions()) - 1  # the first knows no sessions


async def test_two_processes_that_start_at_once_both_succeed(empty_database_url: str) -> None:
    code = "import asyncio, sys, storage.upkeep.migrate as m; asyncio.run(m.migrate(sys.argv[1]))"
    both = [await asyncio.create_subprocess_exec(sys.executable, "-c", code, empty_database_url) for _ in range(2)]
    assert [await process.wait() for process in both] == [0, 0]
    assert await state(empty_database_url) == "current"


async def test_a_failed_migration_leaves_nothing_behind(
    empty_database_url: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fail(connection: sa.Connection) -> None:
        raise RuntimeError("no")

    monkeypatch.setattr(guards, "create", fail)
    with pytest.raises(RuntimeError):
        await migrate(empty_database_url)
    assert await state(empty_database_url) == "empty"
