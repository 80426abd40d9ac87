"""The least database work of a turn, in SQLAlchemy Core `text()` statements, for the composed floors.

A booking: one joined read, the coach's lock, the clash check, and one statement that writes the booking, two
reminders, the update's id and the conversation. A plain turn: one joined read, and one statement that writes the
conversation and the update's id.
"""

import asyncio
import itertools
import json
import time
from concurrent.futures import ThreadPoolExecutor

import sqlalchemy as sa
from sqlalchemy.ext.asyncio import create_async_engine

SCHEMA = """
CREATE TABLE users (id bigint PRIMARY KEY, name text NOT NULL, zone text NOT NULL, language text NOT NULL);
CREATE TABLE conversations (
    platform text NOT NULL, chat text NOT NULL, user_id bigint NOT NULL REFERENCES users, state text NOT NULL,
    version bigint NOT NULL, PRIMARY KEY (platform, chat)
);
CREATE TABLE updates (platform text NOT NULL, key text NOT NULL, PRIMARY KEY (platform, key));
CREATE TABLE bookings (
    id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY, coach bigint NOT NULL, client bigint NOT NULL,
    starts bigint NOT NULL, ends bigint NOT NULL, state text NOT NULL
);
CREATE INDEX bookings_by_coach ON bookings (coach, starts);
CREATE TABLE reminders (
    id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY, booking bigint NOT NULL REFERENCES bookings,
    due bigint NOT NULL, kind text NOT NULL
);
CREATE INDEX reminders_by_due ON reminders (due);
"""

READ = sa.text(
    "SELECT c.state, c.version, u.id, u.name, u.zone, u.language FROM conversations c JOIN users u ON u.id = c.user_id"
    " WHERE c.platform = :platform AND c.chat = :chat"
)
LOCK = sa.text("SELECT pg_advisory_xact_lock(:coach)")
CLASH = sa.text(
    "SELECT 1 FROM bookings WHERE coach = :coach AND state = 'confirmed' AND starts < :ends AND ends > :starts LIMIT 1"
)
BOOK = sa.text(
    "WITH booked AS ("
    "  INSERT INTO bookings (coach, client, starts, ends, state)"
    "  VALUES (:coach, :client, :starts, :ends, 'confirmed') RETURNING id"
    "), reminded AS ("
    "  INSERT INTO reminders (booking, due, kind)"
    "  SELECT id, :starts - 86400, 'day' FROM booked UNION ALL SELECT id, :starts - 3600, 'hour' FROM booked"
    "), marked AS (INSERT INTO updates (platform, key) VALUES (:platform, :key)"
    "), kept AS ("
    "  UPDATE conversations SET state = :state, version = version + 1"
    "  WHERE platform = :platform AND chat = :chat AND version = :version"
    ") SELECT id FROM booked"
)
WRITE = sa.text(
    "WITH marked AS (INSERT INTO updates (platform, key) VALUES (:platform, :key))"
    " UPDATE conversations SET state = :state, version = version + 1"
    " WHERE platform = :platform AND chat = :chat AND version = :version"
)
MARK = sa.text("INSERT INTO updates (platform, key) VALUES (:platform, :key)")
KEEP = sa.text(
    "UPDATE conversations SET state = :state, version = version + 1"
    " WHERE platform = :platform AND chat = :chat AND version = :version"
)
STATE = json.dumps({"at": "booked", "message": 100})
COACH = 1
POOL = 10


class Postgres:
    """Over asyncpg with its prepared statements, as it comes."""

    def __init__(self, url: str) -> None:
        self._engine = create_async_engine(url.replace("postgresql://", "postgresql+asyncpg://"), pool_size=POOL)
        self._starts = itertools.count(int(time.time()) // 3600 * 3600 + 86400, 1800)

    async def open(self) -> None:
        async with self._engine.begin() as connection:
            for statement in SCHEMA.split(";\n"):
                if statement.strip():
                    await connection.exec_driver_sql(statement)

    async def arrives(self, platform: str, chat: str) -> None:
        async with self._engine.begin() as connection:
            await connection.run_sync(_arrives, platform, chat)

    async def books(self, platform: str, chat: str, key: str) -> None:
        starts = next(self._starts)
        span = {"coach": COACH, "starts": starts, "ends": starts + 1800}
        who = {"platform": platform, "chat": chat}
        async with self._engine.begin() as connection:
            known = (await connection.execute(READ, who)).one()
            await connection.execute(LOCK, {"coach": COACH})
            assert (await connection.execute(CLASH, span)).first() is None
            values = {**span, **who, "client": known.id, "key": key, "state": STATE, "version": known.version}
            (await connection.execute(BOOK, values)).one()

    async def turns(self, platform: str, chat: str, key: str) -> None:
        who = {"platform": platform, "chat": chat}
        async with self._engine.begin() as connection:
            known = (await connection.execute(READ, who)).one()
            await connection.execute(WRITE, {**who, "key": key, "state": STATE, "version": known.version})


class Sqlite:
    """The whole turn in one hop to the thread that has the one writing connection."""

    def __init__(self, url: str) -> None:
        self._engine = sa.create_engine(
            url, pool_size=1, connect_args={"check_same_thread": False, "isolation_level": None}
        )
        sa.event.listen(self._engine, "connect", _prepare)
        sa.event.listen(self._engine, "begin", lambda connection: connection.exec_driver_sql("BEGIN IMMEDIATE"))
        self._thread = ThreadPoolExecutor(1)

    async def open(self) -> None:
        def work(connection: sa.Connection) -> None:
            for statement in SCHEMA.replace("bigint GENERATED ALWAYS AS IDENTITY", "integer").split(";\n"):
                if statement.strip():
                    connection.exec_driver_sql(statement)

        await asyncio.to_thread(self._run, work)

    async def arrives(self, platform: str, chat: str) -> None:
        await asyncio.to_thread(self._run, _arrives, platform, chat)

    async def turns(self, platform: str, chat: str, key: str) -> None:
        await asyncio.get_running_loop().run_in_executor(self._thread, self._run, _turns, platform, chat, key)

    async def books(self, platform: str, chat: str, key: str) -> None:
        raise NotImplementedError

    def _run(self, work, *arguments) -> None:  # type: ignore[no-untyped-def]
        with self._engine.begin() as connection:
            work(connection, *arguments)


def _prepare(connection: object, _record: object) -> None:
    for pragma in ("journal_mode=WAL", "synchronous=FULL", "foreign_keys=1"):
        connection.execute(f"PRAGMA {pragma}")  # type: ignore[attr-defined]


def _arrives(connection: sa.Connection, platform: str, chat: str) -> None:
    number = int("".join(filter(str.isdigit, chat)))
    insert = "INSERT INTO users VALUES (:id, 'Mia', 'Europe/London', 'en') ON CONFLICT DO NOTHING"
    connection.execute(sa.text(insert), {"id": number})
    insert = "INSERT INTO conversations VALUES (:platform, :chat, :id, '{}', 1) ON CONFLICT DO NOTHING"
    connection.execute(sa.text(insert), {"platform": platform, "chat": chat, "id": number})


def _turns(connection: sa.Connection, platform: str, chat: str, key: str) -> None:
    who = {"platform": platform, "chat": chat}
    known = connection.execute(READ, who).one()
    connection.execute(MARK, {"platform": platform, "key": key})
    connection.execute(KEEP, {**who, "state": STATE, "version": known.version})


def opened(url: str) -> Postgres | Sqlite:
    return Sqlite(url) if url.startswith("sqlite") else Postgres(url)
