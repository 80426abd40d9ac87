"""Processes that send from one database, judged by the log of the platform that they send to."""

import asyncio
import os
import signal
from collections import Counter
from pathlib import Path

import pytest

from tests.force.senders import END_S, Senders
from tests.support.leases import time_passes

ROWS = int(os.environ.get("ROWS", "1500"))
APART_S = 120
SLOWEST = 40  # messages a second, on a machine that does much else
FOUR = ("a", "b", "c", "d")

BEGUN = 5
"""A call that was begun before the stop ends after it: nobody can take it back."""


@pytest.mark.timeout(120 + ROWS / SLOWEST)
async def test_four_workers_send_every_row_and_none_twice(database_url: str, tmp_path: Path) -> None:
    """The one that sends is ended in the middle, as at a deploy; another goes on."""
    async with Senders(database_url, tmp_path) as senders:
        keys = await senders.due(ROWS)
        await senders.start(*FOUR)
        await senders.until(lambda: len(senders.log) > 400)
        first = senders.log[-1][0]
        senders.signal(first, signal.SIGTERM)
        await senders.until(lambda: senders.came == keys, END_S + ROWS / SLOWEST)
        await asyncio.sleep(0.5)

        assert Counter(key for _name, key, _at in senders.log) == Counter(keys)
        assert {name for name, _key, _at in senders.log} > {first}
        assert await senders.open_rows() == 0


@pytest.mark.timeout(120 + ROWS / SLOWEST)
@pytest.mark.attack("Sets the clocks of two senders two minutes apart")
async def test_clocks_two_minutes_apart_send_nothing_twice(database_url: str, tmp_path: Path) -> None:
    """One process takes every lease of the other for one that ended long ago, if it asks its own clock."""
    async with Senders(database_url, tmp_path, a_second=300) as senders:
        await senders.start("behind")
        await senders.start("ahead", ahead_s=APART_S)
        keys = await senders.due(ROWS)
        await senders.until(lambda: senders.came == keys, END_S + ROWS / SLOWEST)
        await asyncio.sleep(0.5)
        assert Counter(key for _name, key, _at in senders.log) == Counter(keys)
        assert await senders.open_rows() == 0


@pytest.mark.postgres
async def test_a_sender_that_was_stopped_sends_nothing_once_another_does(
    direct_database_url: str, tmp_path: Path
) -> None:
    """Only what was on its way at the stop may come twice, since nobody knows whether it came."""
    async with Senders(direct_database_url, tmp_path, a_second=150) as senders:
        keys = await senders.due(1200)
        await senders.start("a", "b")
        for _turn in range(2):
            before = len(senders.log)
            await senders.until(lambda before=before: len(senders.log) > before + 50)  # type: ignore[misc]
            stopped = senders.log[-1][0]
            other = "b" if stopped == "a" else "a"
            senders.signal(stopped, signal.SIGSTOP)
            await time_passes(senders.storage, 100)
            heard = len(senders.by(other))
            await senders.until(lambda other=other, heard=heard: len(senders.by(other)) > heard)  # type: ignore[misc]
            sent = len(senders.by(stopped))
            senders.signal(stopped, signal.SIGCONT)
            await asyncio.sleep(1.0)
            assert len(senders.by(stopped)) <= sent + BEGUN
        await senders.until(lambda: senders.came == keys)

        doubles = Counter(key for _name, key, _at in senders.log) - Counter(keys)
        assert doubles.total() <= 2 * BEGUN
