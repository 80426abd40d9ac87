"""Running processes say which keys they hold, and hear of what others did to what is sealed."""

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import AsyncExitStack

import pytest
import sqlalchemy as sa

from bot.services.kit import key_checks
from bot.services.kit.key_watch import KeyWatch
from storage import tables
from storage.engine import Storage
from storage.journal import processes
from storage.leased import real_now
from storage.sealing import Sealer, Stage
from storage.upkeep import canary
from storage.upkeep.rotation import CannotRotate, rotate, sealing_otherwise
from tests.storage.support import add_person, new_key
from tests.support.leases import time_passes

Opens = Callable[..., Awaitable[tuple[Storage, KeyWatch]]]
OLD, NEW = new_key(), new_key()


@pytest.fixture
async def opens(database_url: str) -> AsyncIterator[Opens]:
    """A process that started with these keys and runs."""
    async with AsyncExitStack() as stack:

        async def one(*keys: str) -> tuple[Storage, KeyWatch]:
            storage = await Storage.open(database_url, Sealer(keys))
            stack.push_async_callback(storage.close)
            storage.sealer.stage = await storage.write(canary.admit)
            watch = KeyWatch(storage)
            await watch.beat()
            return storage, watch

        yield one


async def test_rotation_waits_for_nobody_who_has_both_keys_in_any_order(opens: Opens) -> None:
    first, ahead = await opens(NEW, OLD)
    second, behind = await opens(OLD, NEW)
    await first.write(add_person)
    await second.write(add_person)
    assert await key_checks.wrong(first) is None
    await rotate(first)
    assert len(await first.read(sealing_otherwise)) == 1
    for watch in (ahead, behind):
        await watch.beat()
        assert watch.fits


async def test_who_lacks_the_new_key_keeps_it_from_being_used(opens: Opens, caplog: pytest.LogCaptureFixture) -> None:
    _second, lacking = await opens(OLD)
    first, _ahead = await opens(NEW, OLD)
    await lacking.beat()
    assert "keys.lacking" in caplog.messages
    assert "cannot open what others seal" in (await key_checks.wrong(first) or "")
    with pytest.raises(CannotRotate, match="add that key there"):
        await rotate(first)
    await lacking.leave()
    await rotate(first)
    await lacking.beat()  # it was only thought to be gone
    assert not lacking.fits


async def test_who_has_been_silent_for_a_minute_is_not_waited_for(opens: Opens) -> None:
    second, _silent = await opens(OLD)
    first, _ahead = await opens(NEW, OLD)
    assert await key_checks.wrong(first) is not None
    await time_passes(second, 61)
    await rotate(first)


@pytest.mark.parametrize("row", ["'', 'later'", "'{key}', 'later'", "'', 'contract'"])
async def test_a_process_of_another_version_is_waited_for_and_stops_nothing(opens: Opens, row: str) -> None:
    first, watch = await opens(NEW, OLD)
    values = row.format(key=first.sealer.key_ids[0])
    strange = f"INSERT INTO processes (id, kind, key_ids, stage, seen_at) VALUES ('x', 'worker', {values}, 0)"
    await first.write(lambda tx: tx.execute(sa.text(strange)).close())
    now = sa.update(tables.processes).where(tables.processes.c.id == "x").values(seen_at=real_now())
    await first.write(lambda tx: tx.execute(now).close())
    await watch.beat()
    assert "1 running process (worker) of another version" in (await key_checks.wrong(first) or "")
    turning = asyncio.create_task(rotate(first))
    done, _waits = await asyncio.wait({turning}, timeout=0.2)
    assert not done
    await time_passes(first, 61)
    await turning


async def test_where_rotation_is_refused_nothing_is_written(storage: Storage, database_url: str) -> None:
    """Where the canary is lost, too."""
    lacking = processes.RunningProcess("x", "web", Sealer([OLD]).key_ids, Stage.CONTRACT)
    await storage.write(lambda tx: processes.note(tx, lacking))
    first = await Storage.open(database_url, Sealer([NEW, OLD]))
    with pytest.raises(CannotRotate, match=r"1 running process \(web\) cannot open .* nothing was sealed anew"):
        await rotate(first)
    await first.close()
    assert await storage.read(lambda tx: tx.execute(sa.select(tables.canary)).all()) == []


async def test_who_puts_the_key_from_before_first_again_is_told_which_one_is_used(opens: Opens) -> None:
    first, watch = await opens(NEW, OLD)
    await first.write(add_person)
    await rotate(first)
    assert await key_checks.state(first) == (
        "what is sealed can be read with these keys; nothing needs any but the first key"
    )
    await watch.leave()
    back, _behind = await opens(OLD, NEW)
    assert "the first key of this process is not the one that values are sealed with: put that one first" in (
        await key_checks.state(back)
    )


async def test_running_processes_hear_that_values_are_bound_now(opens: Opens) -> None:
    storage, watch = await opens(OLD)
    await storage.write(lambda tx: canary.set_stage(tx, Stage.EXPAND))
    await watch.beat()
    heard = [storage.sealer.stage]
    await storage.write(lambda tx: canary.set_stage(tx, Stage.CARRY_OVER))
    await watch.beat()
    assert [*heard, storage.sealer.stage] == [Stage.EXPAND, Stage.CARRY_OVER]


async def test_a_row_from_the_future_is_no_running_process(opens: Opens) -> None:
    storage, watch = await opens(NEW, OLD)
    row = {"id": "x", "kind": "web", "key_ids": "none", "stage": "contract", "seen_at": 10**17}
    await storage.write(lambda tx: tx.execute(sa.insert(tables.processes).values(row)))
    await rotate(storage)
    await watch.leave()
    assert await storage.read(lambda tx: tx.execute(sa.select(tables.processes.c.id)).all()) == []
