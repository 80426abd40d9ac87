"""The product in the test's own process, once or several times on one database, with the outside world beside it."""

import asyncio
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Self

from bot import sweeps as due_sweeps
from bot.app import App as Parts
from bot.app import build
from bot.config import load
from bot.http_routes import http_routes
from bot.sandbox.standin import Served, serve
from bot.web.server import application
from tests.promises.posting import Answer, Post, Poster
from tests.support.in_process import InOneProcess, answered, no_wait_in_chats

SETTLED_ROUNDS = 8
ANA, MIA = 1001, 2002


@dataclass
class Instance:
    """One of the processes: its parts, its doors, and who posts to them."""

    parts: Parts
    served: Served
    poster: Poster

    async def quiet(self) -> None:
        """What goes on after an answer was given has ended."""
        await answered(self.parts)


@dataclass
class Instances(InOneProcess):
    """A product without processes of its own: `desks` answer at addresses of their own, nothing sweeps by itself."""

    desks: list[Instance] = field(default_factory=list)

    async def opens_desks(self, count: int = 1) -> Self:
        self.install()
        for _number in range(count):
            parts = await build(load(self.environment()))
            self._stack.push_async_callback(parts.close)
            no_wait_in_chats(parts)
            served = await serve(application(http_routes(parts)))
            self._stack.push_async_callback(served.close)
            self.desks.append(Instance(parts, served, Poster(self.session, served.url, self.environment())))
        return self

    async def sweeps(self) -> None:
        """Everything that repeats, until nothing more comes of it."""
        for _round in range(SETTLED_ROUNDS):
            before = self._made()
            for desk in self.desks:
                await desk.quiet()
                for sweep in due_sweeps.all_sweeps(desk.parts):
                    await sweep.run()
                await desk.quiet()
            if self._made() == before:
                return

    async def answered(self) -> None:
        for desk in self.desks:
            await desk.quiet()

    async def rests(self) -> None:
        await self.sweeps()

    def hurries(self) -> None:
        if self._hurrying is None or self._hurrying.done():
            self._hurrying = asyncio.create_task(self.sweeps())

    def _made(self) -> int:
        """How much was asked of the outside world so far."""
        return sum(len(standin.journal.calls()) for standin in (self.slack, self.telegram, self.stripe))

    async def post(self, post: Post, at: int = 0) -> Answer:
        return await self.desks[at].poster.send(post)

    async def together(self, posts: Sequence[Post], at: Sequence[int]) -> list[Answer]:
        """All at once, each to its process."""
        return list(await asyncio.gather(*(self.post(post, desk) for post, desk in zip(posts, at, strict=True))))


@asynccontextmanager
async def two_desks(folder: Path, database_url: str) -> AsyncIterator[Instances]:
    """Two processes on one database; Ana and Mia write on Telegram."""
    async with Instances(folder, database_url) as opened:
        for name, number in (("Ana Fischer", ANA), ("Mia Kovalenko", MIA)):
            opened.person("telegram", name, id=str(number))
            opened.telegram.world.chats[number].started = True
        yield await opened.opens_desks(2)
