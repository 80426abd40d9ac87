"""The database away for ten seconds, cut off or silent: what Slack and Telegram send again is done by itself, what
they send once is answered in time with the truth, and nothing is done twice."""

import asyncio
import time
from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from tests.force.line import Line
from tests.journeys.stories import FREE, arrives, first_day, reviews
from tests.promises.everything import ask
from tests.support.people.person import Person
from tests.support.whole_product import WholeProduct

AWAY_SECONDS = 10.0
RETRIES = (0.0, 4.0, 10.0)
"""Slack's are at once, after a minute and after five."""

pytestmark = [pytest.mark.postgres, pytest.mark.timeout(240)]


@pytest.fixture
async def line(direct_database_url: str) -> AsyncIterator[Line]:
    async with Line(direct_database_url) as opened:
        yield opened


@pytest.fixture
async def product(line: Line, tmp_path: Path) -> AsyncIterator[WholeProduct]:
    """`web` and `worker` on a Postgres behind the line."""
    async with WholeProduct(tmp_path, line.url) as opened:
        opened.slack.settings.retry_delays = RETRIES
        yield await opened.opens()


async def people(product: WholeProduct) -> tuple[Person, Person, Person]:
    """Ana who coaches and Mia, on Telegram; Sam on Slack, before the button that books."""
    ana = product.owner("telegram")
    await first_day(ana, FREE)
    mia = await arrives(product.person("telegram", "Mia Kovalenko", "Kyiv"))
    sam = await arrives(product.person("slack", "Sam Hughes", "London"))
    await reviews(sam, "Wed 3 Feb", "10:00")
    return ana, mia, sam


async def ready(product: WholeProduct) -> int:
    async with product.session.get(f"{product.url}/readyz") as answer:
        return answer.status


async def booked(line: Line, states: str = "confirmed") -> int:
    [(count,)] = await ask(line.url, f"SELECT count(*) FROM bookings WHERE state = '{states}'")
    assert isinstance(count, int)
    return count


@pytest.mark.attack("Cuts every process off from its database, and lets it come back")
async def test_cut_off_what_comes_again_is_done_and_who_asked_once_is_told(product: WholeProduct, line: Line) -> None:
    ana, mia, sam = await people(product)
    line.cut()
    went = time.monotonic()
    await asyncio.gather(
        mia.hands.say("/sessions"),  # redelivered by Telegram until it is taken
        sam.hands.say("sessions"),  # an event: Slack comes again
    )
    await sam.taps("Book it")
    await sam.sees("Nothing was changed")
    await sam.says("/book")
    await sam.sees("Nothing was changed")
    assert await ready(product) == 503
    assert all(process.alive for process in product.processes)
    await asyncio.sleep(max(0.0, AWAY_SECONDS - (time.monotonic() - went)))
    assert "Your sessions" not in mia.transcript() + sam.transcript()
    await line.heal()
    await mia.still_sees("You have nothing booked", within=30)
    await sam.still_sees("You have nothing booked", within=30)
    assert await booked(line) == 0
    await reviews(sam, "Wed 3 Feb", "10:00")
    await sam.taps("Book it")
    await sam.sees("Booked: First talk")
    await ana.sees("New booking", within=30)
    assert await booked(line) == 1
    await ana.still_sees("My database was away", within=30)
    assert await ana.counts("My database was away") == 1
    assert await ready(product) == 200
    assert "Traceback" not in "".join(process.logged(10_000) for process in product.processes)


async def test_silent_slack_has_its_answer_in_time_and_the_tap_counts_once(product: WholeProduct, line: Line) -> None:
    """Nobody knows whether what was sent arrived: either it is done when the line is back, or the person is told."""
    _ana, mia, sam = await people(product)
    line.fall_silent()
    went = time.monotonic()
    await mia.hands.say("/sessions")
    began = time.monotonic()
    await sam.taps("Book it")  # the stand-in shows an error where no answer came within three seconds
    assert time.monotonic() - began < 8
    assert not await sam.counts("operation_timeout")
    await asyncio.sleep(max(0.0, AWAY_SECONDS - (time.monotonic() - went)))
    await line.heal()
    await mia.still_sees("You have nothing booked", within=45)
    for _look in range(100):
        if await sam.counts("Nothing was changed") or await booked(line):
            break
        await asyncio.sleep(0.2)
    await reviews(sam, "Thu 4 Feb", "10:00")
    assert await booked(line) <= 1
    assert await booked(line) or await sam.counts("Nothing was changed")
    assert bool(await sam.counts("Booked: First talk")) == bool(await booked(line))
    assert product.processes[0].alive
