"""Two hundred people tap the same hour. Times are judged by `python -m bench bookers`, outcomes here."""

import os
from collections.abc import AsyncIterator
from contextlib import AsyncExitStack

import pytest

from bench.bookers import APART_S, Rushed, starts
from bot.services.bookings.bookings import Bookings
from bot.services.reactions import react
from storage.engine import Storage
from tests.storage.support import new_sealer

ROUNDS = int(os.environ.get("ROUNDS", "3"))


@pytest.fixture
async def rushed(database_url: str) -> AsyncIterator[Rushed]:
    """Two processes on one database, each with the connections that the product opens."""
    async with AsyncExitStack() as stack:
        opened, sealer = [], new_sealer()
        for _each in range(2):
            opened.append(await Storage.open(database_url, sealer))
            stack.push_async_callback(opened[-1].close)
        practice = await Rushed(opened[0]).open()
        practice.counters.append(Bookings(opened[1], react))
        yield practice


@pytest.mark.timeout(120 + 5 * ROUNDS)
@pytest.mark.parametrize("apart_s", [0, APART_S], ids=["same-start", "overlapping"])
async def test_one_of_two_hundred_wins_and_the_others_see_what_is_near(rushed: Rushed, apart_s: int) -> None:
    for _round in range(ROUNDS):
        await rushed.rush(starts(apart_s))


async def test_in_one_process(rushed: Rushed) -> None:
    rushed.counters.pop()
    for apart_s in (0, APART_S):
        await rushed.rush(starts(apart_s))
