"""A clock that jumps, forward and back: sweeps go on, nothing is sent twice or never, people are answered."""

import asyncio
from datetime import UTC, datetime, timedelta, tzinfo

import pytest

from bot.scheduling.sweeps import Sweep
from bot.scheduling.ticker import Ticker
from tests.force.recorded_payloads import Recorder
from tests.journeys.stories import FREE, books, moves, practice

HOUR = timedelta(hours=1)


class Machine(datetime):
    """The machine's clock, which somebody sets."""

    shift = timedelta(0)

    @classmethod
    def now(cls, tz: tzinfo | None = None) -> datetime:  # type: ignore[override]
        return datetime.now(tz) + cls.shift


@pytest.mark.parametrize("jump", [HOUR, -HOUR], ids=["forward", "back"])
async def test_sweeps_go_on_when_the_machine_s_clock_is_set(monkeypatch: pytest.MonkeyPatch, jump: timedelta) -> None:
    ran: list[float] = []

    async def sweep() -> None:
        ran.append(asyncio.get_running_loop().time())

    monkeypatch.setattr("apscheduler.schedulers.base.datetime", Machine)
    monkeypatch.setattr("bot.clock.datetime", Machine)
    monkeypatch.setattr(Machine, "shift", timedelta(0))
    ticker = Ticker([Sweep("sweep", 0.1, sweep)], lambda: Machine.now(UTC))
    ticker.start()
    following = asyncio.create_task(ticker.follow_jumps())
    await asyncio.sleep(0.3)
    monkeypatch.setattr(Machine, "shift", jump)
    before = len(ran)
    await asyncio.sleep(1.5)
    assert len(ran) >= before + 5
    following.cancel()
    await ticker.stop()


@pytest.mark.timeout(240)
@pytest.mark.parametrize("vendor", ["slack", "telegram"])
async def test_people_are_answered_and_reminded_once_over_every_jump(vendor: str, product: Recorder) -> None:
    ana, mia = await practice(product, "telegram" if vendor == "slack" else "slack", vendor, FREE)
    await books(mia, "Wed 3 Feb", "10:00")
    await product.passes(hours=-3)
    await moves(mia, "11:00")
    await mia.sees("Moved, and I am letting Ana Fischer know")
    await ana.sees("Moved: First talk")
    await product.passes(hours=30)
    await mia.still_sees("Reminder: First talk")
    await product.passes(hours=-6)
    await product.passes(hours=7)
    await mia.says("/sessions")
    await mia.sees("11:00")
    assert await mia.counts("Reminder: First talk") == 1
