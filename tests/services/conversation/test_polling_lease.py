"""The right to poll changes hands within seconds when its holder falls silent, and at once when it is given up."""

from bot.services.conversation.polling import PollingLease
from storage.engine import Storage
from tests.support.leases import time_passes


async def test_a_process_that_fell_silent_is_followed_within_seconds(storage: Storage) -> None:
    dead, next_one = (PollingLease(storage, "telegram") for _ in range(2))
    assert await next_one.seconds_left() == 0
    assert await dead.acquire()
    assert await dead.save(77)
    await time_passes(storage, 12)  # longer than a database that is silent for ten seconds keeps its holder waiting
    assert await dead.acquire()
    assert not await next_one.acquire()
    assert await next_one.seconds_left() in (14, 15)
    await time_passes(storage, 15)
    assert await next_one.acquire()
    assert await next_one.load() == 77
    assert not await dead.save(99)


async def test_one_that_ends_leaves_at_once(storage: Storage) -> None:
    ends, next_one = (PollingLease(storage, "telegram") for _ in range(2))
    assert await ends.acquire()
    await ends.release()
    assert await next_one.acquire()
