"""The runner of intents, with a vendor that knows nothing of it: away, refused, put off, given up, leased."""

import asyncio
from collections.abc import AsyncIterator
from datetime import timedelta

import pytest

from bot.integrations.vendor import VendorAway, VendorRefused
from tests.services.bare_practice import NOW
from tests.services.kit.fake_meetings import Meetings, Slow, meeting


@pytest.fixture
async def meetings(sqlite_url: str) -> AsyncIterator[Meetings]:
    async with meeting(sqlite_url) as opened:
        yield opened


async def test_what_is_wished_is_done_once(meetings: Meetings) -> None:
    await meetings.wish(NOW, 1, 2)
    assert sum(await asyncio.gather(meetings.links.due(NOW), meetings.links.due(NOW))) == 2
    assert await meetings.links.due(NOW + timedelta(days=1)) == 0
    assert await meetings.states() == [("made", 0), ("made", 0)]
    assert (sorted(meetings.vendor.keys), sorted(meetings.outcomes)) == (["link:1", "link:2"], [1, 2])


@pytest.mark.parametrize("trouble", [VendorAway("500"), Slow()], ids=["away", "silent"])
async def test_a_vendor_that_is_away_is_asked_again_under_the_same_key(meetings: Meetings, trouble: Exception) -> None:
    """After 10 seconds, 20, 40: each wait twice as long as the one before."""
    meetings.vendor.script = [trouble] * 3
    await meetings.wish(NOW, 1)
    at = NOW
    for wait_s in (10, 20, 40):
        assert await meetings.links.due(at) == 1
        assert await meetings.links.due(at + timedelta(seconds=wait_s - 1)) == 0
        at += timedelta(seconds=wait_s)
    assert (await meetings.states(), meetings.outcomes) == ([("wished", 0)], [])
    assert await meetings.links.due(at) == 1
    assert (await meetings.states(), meetings.outcomes) == ([("made", 0)], [1])
    assert meetings.vendor.keys == ["link:1"] * 4


async def test_a_vendor_is_left_alone_for_as_long_as_it_asks(meetings: Meetings) -> None:
    meetings.vendor.script = [VendorAway("429", seconds=90)]
    await meetings.wish(NOW, 1)
    await meetings.links.due(NOW)
    assert await meetings.links.due(NOW + timedelta(seconds=89)) == 0
    assert await meetings.links.due(NOW + timedelta(seconds=90)) == 1


async def test_what_is_refused_is_not_asked_again(meetings: Meetings) -> None:
    meetings.vendor.script = [VendorRefused("no_seats")]
    await meetings.wish(NOW, 1)
    await meetings.links.due(NOW)
    assert await meetings.links.due(NOW + timedelta(days=1)) == 0
    assert (await meetings.states(), meetings.outcomes) == ([("refused", 0)], [1])


async def test_it_is_given_up_in_the_end(meetings: Meetings) -> None:
    meetings.vendor.script = [VendorAway("500")] * 9
    await meetings.wish(NOW, 1)
    for minute in range(9):
        await meetings.links.due(NOW + timedelta(minutes=minute))
    assert (await meetings.states(), len(meetings.vendor.keys)) == ([("given up", 0)], 5)


async def test_a_fault_of_ours_hinders_no_other_wish_and_is_tried_ever_later(meetings: Meetings) -> None:
    meetings.vendor.script = [ZeroDivisionError()]
    await meetings.wish(NOW, 1, 2)
    assert await meetings.links.due(NOW) == 2
    assert sorted(await meetings.states()) == [("made", 0), ("wished", 0)]
    assert await meetings.links.due(NOW + timedelta(seconds=9)) == 0
    assert await meetings.links.due(NOW + timedelta(seconds=10)) == 1
    assert await meetings.states() == [("made", 0), ("made", 0)]


async def test_a_fault_that_comes_each_time_ends(meetings: Meetings) -> None:
    meetings.vendor.script = [ZeroDivisionError()] * 9
    await meetings.wish(NOW, 1)
    for minute in range(9):
        await meetings.links.due(NOW + timedelta(minutes=minute))
    assert (await meetings.states(), len(meetings.vendor.keys)) == ([("given up", 0)], 5)
