"""Several processes that send from one database, and the platform's own log of what came from which."""

import asyncio
import os
import signal
import time
from collections.abc import Callable
from contextlib import AsyncExitStack
from dataclasses import dataclass, field
from pathlib import Path
from types import TracebackType
from typing import Self

import sqlalchemy as sa
from aiohttp import web

from bot.domain.notices.notices import NoticeKind
from storage import tables
from storage.engine import Storage, Tx
from storage.schema.people import NAME
from storage.sealing import Sealer
from tests.storage.support import new_key
from tests.support.warm import WarmProcess

START_S, END_S = 30.0, 60.0
PART = 1000


@dataclass
class Senders:
    """`log`: sender, key of the message and when it came, in the order in which they came; `came`: the keys."""

    database_url: str
    folder: Path
    a_second: int = 5000
    log: list[tuple[str, str, float]] = field(default_factory=list)
    came: set[str] = field(default_factory=set)
    processes: dict[str, WarmProcess] = field(default_factory=dict)
    _stack: AsyncExitStack = field(default_factory=AsyncExitStack)

    async def __aenter__(self) -> Self:
        self._key = new_key()
        self.storage = await Storage.open(self.database_url, Sealer([self._key]))
        self._stack.push_async_callback(self.storage.close)
        app = web.Application()
        app.router.add_post("/{sender}", self._take)
        runner = web.AppRunner(app, access_log=None)
        await runner.setup()
        self._stack.push_async_callback(runner.cleanup)
        await web.TCPSite(runner, "127.0.0.1", 0).start()
        self._url = f"http://127.0.0.1:{runner.addresses[0][1]}"
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        for process in self.processes.values():
            if process.returncode is None:
                process.send_signal(signal.SIGKILL)
                await process.wait()
        await self._stack.aclose()

    async def due(self, count: int) -> set[str]:
        """So many reminders of as many people, due by now; their keys."""
        now = int(time.time())
        for first in range(0, count, PART):
            numbers = range(first, min(first + PART, count))
            await self.storage.write(lambda tx, numbers=numbers: _add(tx, numbers, now))  # type: ignore[misc]
        return {f"due:{number}" for number in range(count)}

    async def start(self, *names: str, ahead_s: int = 0) -> None:
        """`ahead_s`: how far their clocks are ahead of the machine's."""
        for name in names:
            clock = self.folder / f"{name}.clock"
            clock.write_text(str(ahead_s))
            environment = {
                **os.environ, "DATABASE_URL": self.database_url, "SECRET_KEYS": self._key, "NAME": name,
                "CLOCK_FILE": str(clock), "API_URL": self._url, "A_SECOND": str(self.a_second),
            }  # fmt: skip
            self.processes[name] = WarmProcess("tests.force.sender_process", (), environment)
            await self.processes[name].start(self.folder / f"{name}.log")

    def signal(self, name: str, number: signal.Signals) -> None:
        self.processes[name].send_signal(number)

    def by(self, sender: str) -> list[str]:
        return [key for name, key, _at in self.log if name == sender]

    async def until(self, so: Callable[[], bool], within: float = END_S) -> None:
        for _ in range(int(within / 0.02)):
            if so():
                return
            await asyncio.sleep(0.02)
        raise AssertionError(f"it did not come about; {len(self.log)} messages came")

    async def open_rows(self) -> int:
        still = sa.select(sa.func.count()).where(tables.outbox.c.state.in_(("pending", "sending")))
        return int(await self.storage.read(lambda tx: tx.execute(still).scalar_one()))

    async def _take(self, request: web.Request) -> web.Response:
        key = str((await request.json())["key"])
        self.log.append((request.match_info["sender"], key, time.monotonic()))
        self.came.add(key)
        return web.json_response({"id": len(self.log)})


def _add(tx: Tx, numbers: range, now: int) -> None:
    ids = [10_000 + number for number in numbers]
    names = [tx.sealer.seal("Mia", NAME, each) for each in ids]
    people = [{"id": each, "name_sealed": name, "created_at": 0} for each, name in zip(ids, names, strict=True)]
    tx.execute(sa.insert(tables.persons), people)
    account = {"platform": "telegram", "seen_at": 0}
    tx.execute(
        sa.insert(tables.accounts),
        [{**account, "person_id": each, "user_ref": str(each), "chat_ref": str(each)} for each in ids],
    )
    rows = [
        {
            "key": f"due:{number}", "person_id": 10_000 + number, "kind": NoticeKind.REMINDER.value, "address": "x",
            "due": now, "created_at": now,
        }
        for number in numbers
    ]  # fmt: skip
    tx.execute(sa.insert(tables.outbox), rows)
