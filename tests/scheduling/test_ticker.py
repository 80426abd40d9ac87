import asyncio

from bot.scheduling.sweeps import Sweep, of_bookings
from bot.scheduling.ticker import Ticker
from bot.services.reactions import react
from storage.engine import Storage, StorageAway
from tests.scheduling.platform import Post, Wire
from tests.services.bare_practice import NOW


async def test_sweeps_run_at_once_and_again_and_a_failing_one_harms_no_other() -> None:
    ran: list[str] = []

    async def works() -> None:
        ran.append("works")

    async def fails() -> None:
        ran.append("fails")
        raise ValueError("a mistake") if len(ran) % 2 else StorageAway("gone")

    ticker = Ticker([Sweep("works", 0.1, works), Sweep("fails", 0.1, fails)], lambda: NOW)
    ticker.start()
    await asyncio.sleep(0.55)
    await ticker.stop()

    assert ran.count("works") >= 3
    assert ran.count("fails") >= 3
    assert ticker.heartbeats == {"works": NOW}
    before = len(ran)
    await asyncio.sleep(0.25)
    assert len(ran) == before


async def test_a_sweep_never_runs_twice_at_once_and_ends_before_the_ticker_stops() -> None:
    running, most, ended = 0, 0, 0

    async def slow() -> None:
        nonlocal running, most, ended
        running += 1
        most = max(most, running)
        await asyncio.sleep(0.3)
        running -= 1
        ended += 1

    ticker = Ticker([Sweep("slow", 0.05, slow)], lambda: NOW)
    ticker.start()
    await asyncio.sleep(0.4)
    await ticker.stop()

    assert (most, running) == (1, 0)
    assert ended == 2


async def test_every_sweep_runs_on_an_empty_database(storage: Storage) -> None:
    post = Post(storage, Wire())
    sweeps = of_bookings(storage, react, post.deliveries, lambda: NOW)
    assert len({sweep.name for sweep in sweeps}) == len(sweeps)
    for sweep in sweeps:
        await sweep.run()
