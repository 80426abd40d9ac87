"""The right to poll changes hands within seconds when its holder falls silent, and at once when it is given up."""

import sqlalchemy as sa

from bot.services.conversation.polling import PollingLease
from storage.engine import Storage
from storage.tables import leases
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


async def test_an_offset_that_makes_no_sense_keeps_nobody_from_polling(storage: Storage) -> None:
    lease = PollingLease(storage, "telegram")
    assert await lease.acquire()
    for offset in ("no-such/word", "", "-5", "٧"):
        await storage.write(lambda tx, offset=offset: tx.execute(sa.update(leases).values(cursor=offset)))  # type: ignore[misc]
        assert await lease.load() is None
    assert await lease.save(77)
    assert await lease.load() == 77
