"""A turn asks the database little: counted on the wire between `rapport web` and PostgreSQL."""

import asyncio
from pathlib import Path

import pytest

from tests.journeys.stories import FREE, gives_two, holds, looks, practice, reviews
from tests.support.servers.wire import Wire, Work, counted
from tests.support.whole_product import WholeProduct

STATEMENTS, TRIPS, TRIPS_BEHIND_A_POOLER = 2, 4, 6
BOOKING, BOOKED_TRIPS, ON_CREDIT = 4, 9, 2
"""Seen before, what is in the way and both sides' wishes, what is busy, and all that is written. BEGIN takes the locks
along; COMMIT, who it is, where the chat stands then, and that the answer is the booking's one message make nine.
"""

QUIET_SECONDS = 0.15
OF_THE_DRIVER = ("'jit'", "typeinfo_tree")
"""What asyncpg asks for itself, once on each connection that meets a type it does not know."""

ASIDE = ("FROM leases", "FROM marks", "processes")
"""What is asked now and then beside the turns, whoever taps: whether another process sends, who runs, and sweeps."""


@pytest.mark.postgres
@pytest.mark.parametrize("platform", ["telegram", "slack"])
async def test_a_show_is_two_statements_in_four_trips(direct_database_url: str, tmp_path: Path, platform: str) -> None:
    for turn in await _turns(direct_database_url, tmp_path, platform):
        _asks_at_most(turn, TRIPS)


@pytest.mark.postgres
@pytest.mark.pooler
async def test_a_show_is_six_trips_behind_a_pooler(pooled_database_url: str, tmp_path: Path) -> None:
    for turn in await _turns(pooled_database_url, tmp_path, "telegram"):
        _asks_at_most(turn, TRIPS_BEHIND_A_POOLER)


@pytest.mark.postgres
@pytest.mark.parametrize("platform", ["telegram", "slack"])
async def test_a_booking_is_one_transaction_of_four_statements_in_nine_trips(
    direct_database_url: str, tmp_path: Path, platform: str
) -> None:
    async with counted(direct_database_url) as (url, wire), WholeProduct(tmp_path, url) as product:
        product.slack.slack.install(product.slack.slack.teams["T0HARBOUR"], "U0OWNER", None)
        await product.start_web()
        _ana, mia = await practice(product, platform, platform, FREE)
        await reviews(mia)
        await _settles(wire)
        wire.works.clear()
        await mia.taps("Book it")
        await mia.sees("Booked:")
        await _settles(wire)
    turn = _of_the_turn(wire.works)
    [booked] = [work for work in turn if any("INTO bookings" in words for words in work.statements)]
    asked = _asked(booked)
    assert len(asked) <= BOOKING, "\n\n".join(asked)
    assert sum(map(_trips, turn)) == BOOKED_TRIPS, "\n".join(f"{_trips(each)}: {each.statements}" for each in turn)


@pytest.mark.postgres
async def test_a_booking_on_credit_asks_two_statements_more(direct_database_url: str, tmp_path: Path) -> None:
    """The locks of the grants that may be used, and what they hold; the entry goes with all that is written."""
    async with counted(direct_database_url) as (url, wire), WholeProduct(tmp_path, url) as product:
        await product.start_web()
        ana, mia = await practice(product, "telegram", "telegram")
        await holds(mia)
        await mia.taps("Let it go")
        await gives_two(ana)
        await looks(mia)
        await mia.taps("10:00")
        await mia.sees("Uses 1 of 2")
        await _settles(wire)
        wire.works.clear()
        await mia.taps("Book it")
        await mia.sees("Booked:")
        await _settles(wire)
    turn = _of_the_turn(wire.works)
    [booked] = [work for work in turn if any("INTO bookings" in words for words in work.statements)]
    asked = _asked(booked)
    assert len(asked) <= BOOKING + ON_CREDIT, "\n\n".join(asked)
    assert sum(map(_trips, turn)) == BOOKED_TRIPS + ON_CREDIT


def _asked(work: Work) -> list[str]:
    return [each for each in work.statements if not any(part in each for part in OF_THE_DRIVER)]


def _trips(work: Work) -> int:
    """On a connection that knows the statements and their types."""
    return work.trips - work.prepared - (len(work.statements) - len(_asked(work)))


def _of_the_turn(works: list[Work]) -> list[Work]:
    """Without what the sender does at the same time: it tells the coach."""
    whose = [work for work in works if any("FROM persons" in each and "accounts" in each for each in work.statements)]
    kinds = ("INTO acts", "INTO conversations", "WITH newest")
    return whose[:1] + [work for work in works if any(kind in each for each in work.statements for kind in kinds)]


async def _settles(wire: Wire) -> None:
    """What goes on after a turn is over: nothing more is asked for a while."""
    before = -1
    while len(wire.works) != before:
        before = len(wire.works)
        await asyncio.sleep(QUIET_SECONDS)


def _asks_at_most(turn: list[Work], trips: int) -> None:
    # A Slack workspace's token is read again when what is kept of it has become too old, once for all turns.
    turn = [work for work in turn if not any("workspaces.token_sealed" in each for each in work.statements)]
    asked = "\n".join(f"{work.trips} trips: {work.statements}" for work in turn)
    assert 0 < sum(len(work.statements) for work in turn) <= STATEMENTS, asked
    assert sum(work.trips for work in turn) <= trips, asked


def _is_aside(work: Work) -> bool:
    return any(each in words for words in work.statements for each in ASIDE)


async def _turns(database_url: str, folder: Path, platform: str) -> list[list[Work]]:
    """What a page without questions of its own asked, tapped on another one; statements are prepared by then."""
    turns = []
    async with counted(database_url) as (url, wire), WholeProduct(folder, url) as product:
        product.slack.slack.install(product.slack.slack.teams["T0HARBOUR"], "U0OWNER", None)
        await product.start_web()
        _ana, mia = await practice(product, platform, platform)
        await mia.says("/start")
        for number in range(4):
            await mia.taps("Help")
            await _settles(wire)
            wire.works.clear()
            await mia.taps("Settings")
            await _settles(wire)
            if number:
                turns.append([work for work in wire.works if not _is_aside(work)])
    return turns
