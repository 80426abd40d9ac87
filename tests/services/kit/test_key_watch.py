"""Running processes say which keys they hold, and hear of what others did to what is sealed."""

from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import AsyncExitStack

import pytest

from bot.services.kit import key_checks
from bot.services.kit.key_watch import KeyWatch
from storage.engine import Storage
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
    assert await first.read(sealing_otherwise) == 1
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


async def test_running_processes_hear_that_values_are_bound_now(opens: Opens) -> None:
    storage, watch = await opens(OLD)
    await storage.write(lambda tx: canary.set_stage(tx, Stage.EXPAND))
    await watch.beat()
    heard = [storage.sealer.stage]
    await storage.write(lambda tx: canary.set_stage(tx, Stage.CARRY_OVER))
    await watch.beat()
    assert [*heard, storage.sealer.stage] == [Stage.EXPAND, Stage.CARRY_OVER]
