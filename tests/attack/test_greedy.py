"""Who takes what others need gets their own part of it, at however many processes they ask at once."""

import asyncio
import itertools
import re
import statistics
from collections.abc import Callable

import aiohttp
import pytest
import sqlalchemy as sa

from bench.scene import OWNER, Outside, environment, serve
from bench.talk import TelegramTalk, arrives, first_day
from storage.engine import Storage
from storage.tables import bookings
from tests.attack.test_slow import waits
from tests.storage.support import new_sealer

GREEDY, OTHER, TIMES = 9001, 9002, 6
STANDING = 2
"""Sessions without a price that a client has ahead."""

CLOCK = re.compile(r"\d\d:\d\d")


@pytest.mark.attack("Books six free times at once, at two processes")
async def test_whoever_books_many_times_at_once_has_two(
    database_url: str, record_property: Callable[[str, object], None]
) -> None:
    async with Outside().served() as outside, aiohttp.ClientSession() as session:
        settings = environment(outside, database_url)
        async with serve(["-m", "bot", "web"], settings) as one, serve(["-m", "bot", "web"], settings) as two:
            owner = TelegramTalk(session, one.url, outside, OWNER)
            await first_day(owner)
            greedy, other = (TelegramTalk(session, one.url, outside, number) for number in (GREEDY, OTHER))
            await arrives(greedy)
            await arrives(other)
            idle = await waits(other)
            reviews = [await reviewed(greedy, place) for place in range(TIMES)]
            elsewhere = TelegramTalk(session, two.url, outside, GREEDY)
            talks = itertools.cycle((greedy, elsewhere))
            booking = asyncio.gather(*(next(talks).taps(each) for each in reviews))
            beside = await waits(other)
            await booking
    storage = await Storage.open(database_url, new_sealer())
    booked = await storage.read(lambda tx: tx.execute(sa.select(sa.func.count()).select_from(bookings)).scalar_one())
    await storage.close()
    record_property("outcome", f"{booked} of {TIMES} were booked, the others refused in words")
    record_property(
        "cost",
        f"median {statistics.median(idle) * 1000:.1f} ms before, {statistics.median(beside) * 1000:.1f} meanwhile",
    )
    assert booked == STANDING


async def reviewed(person: TelegramTalk, place: int) -> str:
    """The button that books the time at this place of the second day's."""
    await person.says("/book")
    await person.taps(person.buttons()[1][1])
    times = [to for words, to in person.buttons() if CLOCK.fullmatch(words)]
    await person.taps(times[2 * place])
    return person.button("Book it")
