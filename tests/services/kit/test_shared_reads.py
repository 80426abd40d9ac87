import asyncio

import pytest

from bot.services.kit.shared_reads import Together


class Well:
    """Gives the number of the reading, once it is let."""

    def __init__(self) -> None:
        self.together = Together[int]()
        self.begun = 0
        self.let = asyncio.Event()

    async def draw(self) -> int:
        self.begun += 1
        number = self.begun
        await self.let.wait()
        if number == 3:
            raise ValueError("dry")
        return number

    def asks(self) -> asyncio.Task[int]:
        return asyncio.create_task(self.together.ask("a", self.draw))


async def test_who_asks_during_a_reading_shares_the_next() -> None:
    well = Well()
    first = well.asks()
    await asyncio.sleep(0)
    others = [well.asks() for _each in range(50)]
    well.let.set()
    assert await asyncio.gather(first, *others) == [1] + [2] * 50


async def test_no_answer_was_read_before_its_question() -> None:
    well = Well()
    well.let.set()
    assert [await well.asks() for _each in range(2)] == [1, 2]


async def test_a_failure_reaches_all_who_share_it_and_nobody_later() -> None:
    well = Well()
    well.begun = 1
    first = well.asks()
    await asyncio.sleep(0)
    sharing = [well.asks(), well.asks()]
    well.let.set()
    assert await first == 2
    for each in sharing:
        with pytest.raises(ValueError, match="dry"):
            await each
    assert await well.asks() == 4


async def test_one_who_goes_away_takes_nobody_along() -> None:
    well = Well()
    first = well.asks()
    await asyncio.sleep(0)
    gone, stays = well.asks(), well.asks()
    await asyncio.sleep(0)
    gone.cancel()
    first.cancel()
    well.let.set()
    assert await stays == 2
    assert not well.together._reading
    assert not well.together._next
