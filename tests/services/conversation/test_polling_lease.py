"""The right to poll changes hands within seconds when its holder falls silent, and at once when it is given up."""

from datetime import datetime, timedelta

from bot.services.conversation.polling import PollingLease
from storage.engine import Storage
from tests.storage.support import NOW


class Watch:
    now: datetime = NOW

    def passes(self, seconds: float) -> None:
        self.now += timedelta(seconds=seconds)


async def test_a_process_that_fell_silent_is_followed_within_seconds(storage: Storage) -> None:
    watch = Watch()
    dead, next_one = (PollingLease(storage, "telegram", lambda: watch.now) for _ in range(2))
    assert await next_one.seconds_left() == 0
    assert await dead.acquire()
    assert await dead.save(77)
    watch.passes(12)  # longer than a database that is silent for ten seconds keeps its holder waiting
    assert await dead.acquire()
    assert not await next_one.acquire()
    assert await next_one.seconds_left() == 15
    watch.passes(15)
    assert await next_one.acquire()
    assert await next_one.load() == 77
    assert not await dead.save(99)


async def test_one_that_ends_leaves_at_once(storage: Storage) -> None:
    watch = Watch()
    ends, next_one = (PollingLease(storage, "telegram", lambda: watch.now) for _ in range(2))
    assert await ends.acquire()
    await ends.release()
    assert await next_one.acquire()
