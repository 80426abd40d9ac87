"""Whoever has the bot's own rights in the database changes nothing of what has happened."""

import asyncio
import statistics
from collections.abc import Callable
from datetime import UTC, datetime

import aiohttp
import pytest
import sqlalchemy as sa

from bench.scene import OWNER, Outside, environment, serve
from bench.talk import TelegramTalk, first_day
from bot.domain.payments.money import Money
from bot.domain.payments.payments import Movement, MovementKind
from storage.engine import DatabaseError, Storage, Tx
from storage.payments import transactions
from tests.attack.test_slow import waits
from tests.storage.support import new_sealer

OTHER = 9003
TRAIL = "audit (via, act, subject, at) VALUES ('cli', 'coach.removed', 'coach:1', {at})"
MONEY = "transactions (kind, external_ref, amount, currency, at) VALUES ('refund', 're_1', -9900, 'EUR', {at})"
LIES = (
    "UPDATE audit SET act = 'nothing'",
    "UPDATE audit SET at = at - 86400",
    "DELETE FROM audit",
    "DELETE FROM audit WHERE id = (SELECT max(id) FROM audit)",
    "UPDATE transactions SET amount = 1",
    "DELETE FROM transactions",
    "INSERT INTO " + TRAIL.format(at=1),
    "INSERT INTO " + MONEY.format(at=1),
    "INSERT INTO " + TRAIL.replace("(via", "(id, via").replace("('cli'", "(1, 'cli'").format(at=1)
    + " ON CONFLICT (id) DO UPDATE SET act = 'nothing'",
    "REPLACE INTO " + TRAIL.replace("(via", "(id, via").replace("('cli'", "(1, 'cli'").format(at=1),
    "TRUNCATE audit",
    "DROP TABLE audit",
    "ALTER TABLE audit DISABLE TRIGGER ALL",
)  # fmt: skip
NO_OWNER = ("DROP", "ALTER")
"""On SQLite whoever can open the file owns its tables: what is left is that no statement of the bot's changes a row."""


@pytest.mark.attack("Rewrites, back-dates, replaces and deletes what happened, with the bot's own rights")
async def test_what_happened_stays_as_it_was_written(
    database_url: str, record_property: Callable[[str, object], None]
) -> None:
    lies = [lie for lie in LIES if not (database_url.startswith("sqlite") and lie.startswith(NO_OWNER))]
    async with (
        Outside().served() as outside,
        aiohttp.ClientSession() as session,
        serve(["-m", "bot", "web"], environment(outside, database_url)) as web,
    ):
        await first_day(TelegramTalk(session, web.url, outside, OWNER))
        other = TelegramTalk(session, web.url, outside, OTHER)
        idle = await waits(other)
        storage = await Storage.open(database_url, new_sealer())
        await storage.write(paid)
        before = await storage.read(history)
        attacking = asyncio.gather(*(tells(storage, lie) for lie in lies))
        beside = await waits(other)
        refused = sum(await attacking)
        after = await storage.read(history)
        await storage.close()
    assert after[: len(before)] == before
    assert refused == len(lies)
    assert len(before) > 5
    record_property("outcome", f"{refused} of {len(lies)} statements refused; {len(before)} rows stand as they were")
    record_property(
        "cost",
        f"median {statistics.median(idle) * 1000:.1f} ms before, {statistics.median(beside) * 1000:.1f} meanwhile",
    )


async def tells(storage: Storage, lie: str) -> bool:
    """Whether it was refused."""
    try:
        await storage.write(lambda tx: tx.execute(sa.text(lie)).close())
    except DatabaseError:
        return True
    return False


def paid(tx: Tx) -> None:
    transactions.add(tx, Movement(MovementKind.CHARGE, "ch_1", Money(4500, "EUR"), datetime.now(UTC)))


def history(tx: Tx) -> list[tuple[object, ...]]:
    """Money first: nobody but us writes any here, while the trail may grow."""
    every = ("SELECT kind, external_ref, amount, at FROM transactions", "SELECT id, via, act, subject, at FROM audit")
    return [tuple(row) for rows in every for row in tx.execute(sa.text(f"{rows} ORDER BY id"))]
