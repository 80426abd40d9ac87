"""A turn in a practice of 100,000 conversations and 1,000,000 bookings beside one of 100 and 1,000.

Both practices have the same sessions ahead, and the same person taps the same buttons; only the past differs. On
Postgres the CPU time of its processes that serve the web process counts too. Small and large take turns.
"""

import asyncio
import itertools
import statistics
import time
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

import asyncpg

from bench import crowd
from bench.figures import Figure
from bench.postgres import keep_house
from bench.scene import KEY, Served, cpu_us
from bench.talk import TelegramTalk, arrives, owner
from bench.turns import HORIZON_DAYS, Block, Scene, scene
from bot.domain.notices.notices import Notice, NoticeKind
from storage.backends import postgres, sqlite
from storage.backends.urls import parse
from storage.engine import Storage, Tx
from storage.link import Link
from storage.notices import outbox, outbox_claims
from storage.sealing import Sealer

SMALL, LARGE = (100, 1_000), (100_000, 1_000_000)
"""Clients with a conversation each, and bookings."""

TURNS, BOOKINGS, CLAIMS = 25, 8, 40
PARTS = 5
"""Of a round: both sizes take turns in each, so that what else the machine does meets both."""

KINDS = ("Postgres", "SQLite")
LIMIT = 1.1


@dataclass
class WithDatabase(Served):
    """The web process and those processes of Postgres that serve it."""

    database_url: str = ""
    backends: tuple[int, ...] = ()

    def cpu_us(self) -> float:
        return super().cpu_us() + sum(map(cpu_us, self.backends))

    async def look(self) -> None:
        self.backends = await backends(self.database_url)


async def measure(rounds: int) -> list[Figure]:
    figures = []
    for kind in KINDS:
        async with scene() as played:
            pairs = [await _blocks(played, kind, *size) for size in (LARGE, SMALL)]
            spent: dict[str, tuple[list[float], list[float]]] = {name: ([], []) for name in pairs[0]}
            for number in range(rounds + 1):
                for name, lists in spent.items():
                    costs = [[await blocks[name]() for blocks in pairs] for _part in range(PARTS)]
                    if number:
                        for values, parts in zip(lists, zip(*costs, strict=True), strict=True):
                            values.append(statistics.fmean(parts))
            figures += [
                Figure("13", f"{name}, {kind}: a million bookings; a thousand", large, small, "µs CPU", LIMIT)
                for name, (large, small) in spent.items()
            ]
    return figures


async def _blocks(played: Scene, kind: str, clients: int, bookings: int) -> dict[str, Block]:
    """A practice of this size, and what is asked of it, by name."""
    url = await (played.database() if kind == "Postgres" else played.sqlite())
    await crowd.admit_unbound(url, KEY)
    web = await played.product(url)
    storage = await Storage.open(url, Sealer([KEY]))
    played.stack.push_async_callback(storage.close)
    print(f"scale: filling {kind} with {bookings} bookings …", flush=True)
    await fill(url, clients, bookings)
    served = WithDatabase(web.process, web.url, web.start_ms, url)
    known = TelegramTalk(played.session, served.url, played.outside, crowd.FIRST + 7)
    day = datetime.now(UTC).date() + timedelta(days=HORIZON_DAYS - 5)

    def taps(who: TelegramTalk, value: str) -> Block:
        async def block() -> float:
            await served.look()
            spent = await played.cpu(served, [[lambda: who.taps(value)] * TURNS])
            if "cannot be read" in str(played.outside.last):
                raise AssertionError("the past was filled with rows that cannot be read")
            return spent

        return block

    return {
        "The days to book": taps(known, "days/1/1"),
        "A time before it is booked": taps(known, f"review/1/1/{day:%Y%m%d}T1200Z"),
        "Own sessions": taps(known, "sessions"),
        "A coach's day": taps(owner(played.session, served.url, played.outside), "today"),
        "A booking": _books(played, served),
        "A reminder claimed and sent": _claims(storage, url),
    }


async def fill(url: str, clients: int, bookings: int) -> None:
    """The past, and on Postgres what its own housekeeping does within a minute."""
    now, sealed = int(time.time()), crowd.unbound(Sealer([KEY]), "Somebody")

    def work(link: Link) -> None:
        crowd.fill(link.core(), clients=clients, bookings=bookings, now=now, sealed=sealed)

    place = parse(url)
    if place.file is not None:
        filled = sqlite.engine(place.file, begin="BEGIN IMMEDIATE", pool_size=1)
        await asyncio.to_thread(sqlite.transact, filled, work)
        filled.dispose()
        return
    patient = postgres.engine(place, 1, statement_seconds=3600)
    await postgres.transact(patient, work)
    await patient.dispose()
    await keep_house(url)


def _books(played: Scene, served: WithDatabase) -> Block:
    """Somebody new each time, since nobody may do many acts a minute."""
    first = datetime.now(UTC).replace(hour=0, minute=0, second=0, microsecond=0) + timedelta(days=5)
    starts = (first + timedelta(hours=number) for number in itertools.count())

    async def block() -> float:
        client = played.on_telegram(served)
        await arrives(client)
        acts = []
        for start in itertools.islice(starts, BOOKINGS):
            await client.taps(f"review/1/1/{start:%Y%m%dT%H%MZ}")
            acts.append(client.act("Book it"))
        await served.look()
        return await played.cpu(served, [acts])

    return block


def _claims(storage: Storage, url: str) -> Block:
    """What a sender asks of the database for one message that is due; in this process."""
    numbers = itertools.count()

    def work(tx: Tx) -> None:
        now = datetime.now(UTC)
        key = f"bench:{next(numbers)}"
        outbox.put(tx, Notice(key, crowd.FIRST + 7, NoticeKind.REMINDER, "sessions", now - timedelta(seconds=1)), now)
        if not outbox.anything_due(tx, now):
            raise AssertionError("what was put is not due")
        for row in outbox_claims.claim(tx, "bench", now, 30, 60):  # one, and at first what the bookings left
            outbox.mark_sending(tx, row.id, "bench", 60)
            outbox.mark_sent(tx, row.id, "bench", account_id=1, chat_ref="1", message_ref="1", digest=None, now=now)

    async def block() -> float:
        for _warm in range(CLAIMS // 10):
            await storage.write(work)
        mine = await backends(url)
        before = time.process_time() * 1e6 + sum(map(cpu_us, mine))
        for _each in range(CLAIMS):
            await storage.write(work)
        return (time.process_time() * 1e6 + sum(map(cpu_us, mine)) - before) / CLAIMS

    return block


async def backends(url: str) -> tuple[int, ...]:
    """The processes of Postgres that serve this database; none on SQLite."""
    if url.startswith("sqlite"):
        return ()
    connection = await asyncpg.connect(url)
    try:
        rows = await connection.fetch(
            "SELECT pid FROM pg_stat_activity WHERE datname = current_database() AND pid != pg_backend_pid()"
            " AND backend_type = 'client backend'"
        )
    finally:
        await connection.close()
    return tuple(row["pid"] for row in rows)
