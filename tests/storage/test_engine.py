"""Transactions: commit, retry, cancellation, readers beside a writer, and a database that is away."""

import asyncio
import contextvars
import threading
from collections.abc import Callable
from pathlib import Path

import pytest
import sqlalchemy as sa

from storage.backends.urls import parse
from storage.engine import DatabaseError, Storage, StorageAway, Tx, Violation
from storage.tables import leases
from tests.storage.support import add_lease, names_of_leases, new_sealer


async def test_an_error_undoes_everything_and_reaches_the_caller(storage: Storage) -> None:
    def work(tx: Tx) -> None:
        add_lease(tx)
        raise KeyError("mine")

    with pytest.raises(KeyError, match="mine"):
        await storage.write(work)
    assert await storage.read(names_of_leases) == []


async def test_a_savepoint_undoes_only_what_was_inside(storage: Storage) -> None:
    def inside(tx: Tx) -> None:
        with tx.savepoint():
            add_lease(tx, "b")
            add_lease(tx)

    def work(tx: Tx) -> None:
        add_lease(tx)
        with pytest.raises(Violation):
            inside(tx)
        add_lease(tx, "c")

    await storage.write(work)
    assert await storage.read(names_of_leases) == ["a", "c"]


async def test_a_read_refuses_to_change_anything(storage: Storage) -> None:
    with pytest.raises(DatabaseError):
        await storage.read(add_lease)
    await storage.write(add_lease)
    assert await storage.read(names_of_leases) == ["a"]


async def test_a_read_sees_one_moment(storage: Storage) -> None:
    loop = asyncio.get_running_loop()
    between = threading.Event()

    def twice(tx: Tx) -> tuple[list[str], list[str]]:
        before = names_of_leases(tx)
        if tx.postgres:
            tx.execute(sa.text("SELECT pg_sleep(0.5)"))
        else:
            assert between.wait(5)
        return before, names_of_leases(tx)

    reading = loop.create_task(storage.read(twice))
    await asyncio.sleep(0.2)
    await storage.write(add_lease)
    between.set()
    assert await reading == ([], [])


async def test_a_read_does_not_wait_for_a_writer(storage: Storage) -> None:
    release = threading.Event()

    def slow(tx: Tx) -> None:
        add_lease(tx)
        if tx.postgres:
            tx.execute(sa.text("SELECT pg_sleep(1)"))
        else:
            assert release.wait(5)

    writing = asyncio.create_task(storage.write(slow))
    await asyncio.sleep(0.1)
    assert await storage.read(names_of_leases) == []
    assert not writing.done()
    release.set()
    await writing
    assert await storage.read(names_of_leases) == ["a"]


async def test_a_write_runs_to_its_end_when_its_caller_is_cancelled(storage: Storage) -> None:
    begun, release = threading.Event(), threading.Event()

    def slow(tx: Tx) -> None:
        add_lease(tx)
        begun.set()
        if tx.postgres:
            tx.execute(sa.text("SELECT pg_sleep(0.3)"))
        else:
            assert release.wait(5)
        add_lease(tx, "b")

    writing = asyncio.create_task(storage.write(slow))
    await asyncio.to_thread(begun.wait, 5)
    writing.cancel()
    with pytest.raises(asyncio.CancelledError):
        await writing
    release.set()
    await storage.write(lambda tx: tx.execute(sa.text("SELECT 1")).close())
    await asyncio.sleep(0.5)
    assert await storage.read(names_of_leases) == ["a", "b"]


async def test_closing_waits_for_a_cancelled_write(database_url: str) -> None:
    opened = await Storage.open(database_url, new_sealer())
    writing = asyncio.create_task(opened.write(add_lease))
    await asyncio.sleep(0)
    writing.cancel()
    with pytest.raises(asyncio.CancelledError):
        await writing
    await opened.close()
    again = await Storage.open(database_url, new_sealer())
    assert await again.read(names_of_leases) == ["a"]
    await again.close()


async def test_work_sees_the_callers_context_and_cannot_change_it(storage: Storage) -> None:
    here = contextvars.ContextVar("here", default="nowhere")
    here.set("outside")

    def work(_tx: Tx) -> str:
        seen = here.get()
        here.set("inside")
        return seen

    assert await storage.write(work) == "outside"
    assert await storage.read(work) == "outside"
    assert here.get() == "outside"


async def test_many_writes_at_once_all_happen(storage: Storage) -> None:
    await asyncio.gather(*(storage.write(lambda tx, n=n: add_lease(tx, f"{n:02}")) for n in range(50)))  # type: ignore[misc]
    assert len(await storage.read(names_of_leases)) == 50


@pytest.mark.postgres
async def test_a_lost_connection_is_tried_again(storage: Storage, database_url: str) -> None:
    tries = []

    def work(tx: Tx) -> None:
        if not tx.postgres:
            pytest.skip("SQLite has no connection to lose")
        tries.append(1)
        add_lease(tx)
        if len(tries) == 1:
            tx.execute(sa.text("SELECT pg_terminate_backend(pg_backend_pid())"))

    await storage.write(work)
    assert len(tries) == 2
    assert await storage.read(names_of_leases) == ["a"]


RAISE = "DO $$ BEGIN RAISE EXCEPTION 'no room' USING ERRCODE = '{code}'; END $$"


@pytest.mark.postgres
@pytest.mark.parametrize("code", ["25006", "53100", "53200", "53300", "57P03", "58030"])
async def test_a_server_that_cannot_write_is_storage_away(direct_database_url: str, code: str) -> None:
    storage = await Storage.open(direct_database_url, new_sealer())
    with pytest.raises(StorageAway):
        await storage.write(lambda tx: tx.execute(sa.text(RAISE.format(code=code))))
    assert await storage.read(names_of_leases) == []
    await storage.close()


async def test_a_database_that_is_read_only_is_storage_away_and_can_be_read(storage: Storage) -> None:
    def work(tx: Tx) -> None:
        tx.execute(sa.text("SET TRANSACTION READ ONLY" if tx.postgres else "PRAGMA query_only = 1"))
        add_lease(tx)

    await storage.write(lambda tx: add_lease(tx, "b"))
    with pytest.raises(StorageAway):
        await storage.write(work)
    assert await storage.read(names_of_leases) == ["b"]


@pytest.mark.postgres
async def test_a_deadlock_is_tried_again(storage: Storage) -> None:
    await storage.write(lambda tx: add_lease(tx, "a"))
    await storage.write(lambda tx: add_lease(tx, "b"))
    tries: list[str] = []

    def touch(first: str, second: str) -> Callable[[Tx], None]:
        def work(tx: Tx) -> None:
            tries.append(first)
            for name in (first, second):
                tx.execute(sa.update(leases).where(leases.c.name == name).values(epoch=leases.c.epoch + 1))
                if tx.postgres and tries.count(first) == 1:
                    tx.execute(sa.text("SELECT pg_sleep(0.3)"))

        return work

    await asyncio.gather(storage.write(touch("a", "b")), storage.write(touch("b", "a")))
    epochs = await storage.read(lambda tx: list(tx.execute(sa.select(leases.c.epoch)).scalars()))
    assert epochs == [3, 3]


async def test_a_disk_that_is_full_is_storage_away_inside_of_a_savepoint_too(sqlite_url: str) -> None:
    storage = await Storage.open(sqlite_url, new_sealer())

    def work(tx: Tx) -> None:
        pages = tx.execute(sa.text("PRAGMA page_count")).scalar_one()
        tx.execute(sa.text(f"PRAGMA max_page_count = {pages}"))
        with tx.savepoint():
            add_lease(tx, "a" * 1_000_000)

    with pytest.raises(StorageAway):
        await storage.write(work)
    assert await storage.read(names_of_leases) == []
    await storage.close()


async def test_nobody_at_home_is_storage_away(tmp_path: Path) -> None:
    with pytest.raises(StorageAway):
        await Storage.open("postgresql://me@127.0.0.1:1/none", new_sealer())
    (tmp_path / "folder.db").mkdir()
    with pytest.raises(StorageAway):
        await Storage.open(f"sqlite:///{tmp_path}/folder.db", new_sealer())
    (tmp_path / "file").touch()
    with pytest.raises(StorageAway):
        await Storage.open(f"sqlite:///{tmp_path}/file/rapport.db", new_sealer())


@pytest.mark.parametrize("scheme", ["postgres", "postgresql", "postgresql+asyncpg"])
async def test_every_form_of_the_address_opens(database_url: str, scheme: str) -> None:
    url = f"{scheme}:{database_url.split(':', 1)[1]}?sslmode=disable"
    if database_url.startswith("sqlite"):
        url = database_url.replace("sqlite:", "sqlite+aiosqlite:")
    opened = await Storage.open(url, new_sealer())
    assert await opened.read(names_of_leases) == []
    await opened.close()


def test_addresses_are_understood_or_refused_without_repeating_them() -> None:
    place = parse("postgres://me:s%40cret@db.example:6543/postgres?sslmode=require&pgbouncer=true")
    assert place.address is not None
    assert (place.address.password, place.arguments) == ("s@cret", {"ssl": "require"})
    for wrong in ("", "mysql://me:secret@x/y", "sqlite://", "postgres://me:secret@x/y?sslmode=maybe"):
        with pytest.raises(ValueError, match="DATABASE_URL") as refused:
            parse(wrong)
        assert "secret" not in str(refused.value)


async def test_a_glance_sees_what_was_committed(storage: Storage) -> None:
    await storage.write_one(add_lease)
    assert await storage.read_one(names_of_leases) == ["a"]
    await storage.write(lambda tx: add_lease(tx, "b"))
    assert await storage.read_one(names_of_leases) == ["a", "b"]


async def test_many_glances_at_once_each_get_an_answer(storage: Storage) -> None:
    await storage.write_one(add_lease)
    assert await asyncio.gather(*(storage.read_one(names_of_leases) for _each in range(40))) == [["a"]] * 40


async def test_closing_waits_for_who_only_reads(database_url: str) -> None:
    """A connection that came back afterwards would stay open until the server ends it."""
    opened, ended = await Storage.open(database_url, new_sealer()), False

    async def reads() -> None:
        nonlocal ended
        await opened.read_one(names_of_leases)
        ended = True

    reading = asyncio.create_task(reads())
    await asyncio.sleep(0)
    await opened.close()
    assert ended
    await reading
