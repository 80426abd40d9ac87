"""A connection to a database that a test can cut, silence and restore."""

import asyncio
from types import TracebackType
from typing import Self
from urllib.parse import urlsplit

from tests.support.servers.relay import Ends, Passing, Relay


class Line(Passing):
    """A TCP line to where `url` leads; `url` of the line itself is the same with another port."""

    def __init__(self, url: str) -> None:
        self._parts = urlsplit(url)
        self._flows = asyncio.Event()
        self._flows.set()
        self._relay = Relay(self._lead, lambda: self)
        self._is_cut = True
        self.port = 0

    async def __aenter__(self) -> Self:
        await self.heal()
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._flows.set()
        self.cut()
        await self._relay.close()

    @property
    def url(self) -> str:
        user, _, _place = self._parts.netloc.rpartition("@")
        return self._parts._replace(netloc=f"{user}@127.0.0.1:{self.port}").geturl()

    def cut(self) -> None:
        """Nobody answers there any more, and what was open is closed."""
        self._is_cut = True
        self._relay.cut()

    def fall_silent(self) -> None:
        """What is sent stays on the way, and nothing comes back."""
        self._flows.clear()

    async def heal(self) -> None:
        self._flows.set()
        if self._is_cut:
            self.port = await self._relay.open(self.port)
            self._is_cut = False

    async def _lead(self) -> Ends:
        return await asyncio.open_connection(self._parts.hostname, self._parts.port)

    async def there(self, data: bytes) -> None:
        await self._flows.wait()

    async def back(self, data: bytes) -> None:
        await self._flows.wait()
