"""Whoever can write to the database, and has no key, makes nobody read what was sealed for somebody else."""

import asyncio
import os
import statistics
import sys
from collections.abc import Callable

import aiohttp
import pytest
import sqlalchemy as sa

from bench.scene import KEY, Outside, environment, serve
from bench.talk import TelegramTalk
from storage.engine import Storage, Tx
from storage.sealing import Sealer
from storage.tables import accounts, persons
from tests.attack.test_slow import waits
from tests.storage.support import new_key
from tests.support.servers.postgres import free_port

ONE, TWO, OTHER = 9001, 9002, 9003
WRONG_SETTINGS = 2


def exchange(tx: Tx) -> None:
    theirs = sa.join(persons, accounts, accounts.c.person_id == persons.c.id)
    named = sa.select(persons.c.id, persons.c.name_sealed).select_from(theirs)
    rows = tx.execute(named.where(accounts.c.user_ref.in_((str(ONE), str(TWO))))).all()
    assert len(rows) == 2
    for row, other in zip(rows, reversed(rows), strict=True):
        tx.execute(sa.update(persons).where(persons.c.id == row.id).values(name_sealed=other.name_sealed))


@pytest.mark.attack("Exchanges the sealed names of two people in the database")
async def test_names_that_changed_places_do_not_open(
    database_url: str, record_property: Callable[[str, object], None]
) -> None:
    async with (
        Outside().served() as outside,
        aiohttp.ClientSession() as session,
        serve(["-m", "bot", "web"], environment(outside, database_url)) as web,
    ):
        one, two, other = (TelegramTalk(session, web.url, outside, number) for number in (ONE, TWO, OTHER))
        for each in (one, two, other):
            await each.says("/start")
        idle = await waits(other)
        storage = await Storage.open(database_url, Sealer([KEY]))
        await storage.write(exchange)
        await storage.close()
        outside.last.clear()
        for each in (one, two):
            await each.says("/settings")
        shown = str(outside.last)
        beside = await waits(other)
        assert str(OTHER) in outside.last
    assert f"P{ONE}" not in shown
    assert f"P{TWO}" not in shown
    record_property("outcome", "neither name opened; both were told of a failure, the others were answered")
    record_property("cost", _compared(idle, beside))


@pytest.mark.attack("Starts a process with the keys of another database")
async def test_a_process_with_foreign_keys_ends_at_once(
    database_url: str, record_property: Callable[[str, object], None]
) -> None:
    async with Outside().served() as outside, aiohttp.ClientSession() as session:
        settings = environment(outside, database_url)
        async with serve(["-m", "bot", "web"], settings) as web:
            other = TelegramTalk(session, web.url, outside, OTHER)
            await other.says("/start")
            idle = await waits(other)
            foreign = asyncio.create_task(_starts({**settings, "SECRET_KEYS": new_key()}))
            beside = await waits(other)
            status, said = await foreign
    assert (status, "None of SECRET_KEYS opens" in said) == (WRONG_SETTINGS, True), said
    record_property("outcome", "ended with one sentence, and wrote nothing")
    record_property("cost", _compared(idle, beside))


async def _starts(settings: dict[str, str]) -> tuple[int | None, str]:
    """Its exit status, and what it said."""
    process = await asyncio.create_subprocess_exec(
        sys.executable, "-m", "bot", "web",
        env={**os.environ, **settings, "PORT": str(free_port())}, stderr=asyncio.subprocess.PIPE,
    )  # fmt: skip
    _out, said = await process.communicate()
    return process.returncode, said.decode()


def _compared(before: list[float], after: list[float]) -> str:
    meanwhile = statistics.median(after) * 1000
    return f"median {statistics.median(before) * 1000:.1f} ms before, {meanwhile:.1f} ms meanwhile"
