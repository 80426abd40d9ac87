"""A TCP relay: what comes in at one end goes out at the other."""

import asyncio
import contextlib
from collections.abc import Awaitable, Callable

CHUNK = 2**16

Ends = tuple[asyncio.StreamReader, asyncio.StreamWriter]
Lead = Callable[[], Awaitable[Ends | None]]
"""Opens what a new connection leads to; None closes it at once."""


class Passing:
    """Sees what passes on one connection, before it goes on."""

    async def there(self, data: bytes) -> None:
        """From who came in."""

    async def back(self, data: bytes) -> None:
        """From where it leads."""


class Relay:
    def __init__(self, lead: Lead, passing: Callable[[], Passing] = Passing) -> None:
        self._lead = lead
        self._passing = passing
        self._server: asyncio.Server | None = None
        self._writers: set[asyncio.StreamWriter] = set()
        self._running: set[asyncio.Task[None]] = set()

    async def open(self, port: int = 0) -> int:
        """Take connections on this port, or on a free one; which it is."""
        self._server = await asyncio.start_server(self._accept, "127.0.0.1", port)
        return int(self._server.sockets[0].getsockname()[1])

    def shut(self) -> None:
        """Nobody answers there any more; what is open stays open."""
        if self._server is not None:
            self._server.close()
            self._server = None

    def cut(self) -> None:
        """Nobody answers there any more, and what is open breaks off."""
        self.shut()
        for writer in list(self._writers):
            writer.transport.abort()

    async def close(self) -> None:
        self.shut()
        for task in list(self._running):
            task.cancel()
        await asyncio.gather(*self._running, return_exceptions=True)

    async def _accept(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        task = asyncio.current_task()
        assert task is not None
        self._running.add(task)
        task.add_done_callback(self._running.discard)
        self._writers.add(writer)
        try:
            with contextlib.suppress(OSError):
                await self._join(reader, writer)
        finally:
            self._writers.discard(writer)
            writer.close()

    async def _join(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        ends = await self._lead()
        if ends is None:
            return
        theirs, ours = ends
        self._writers.add(ours)
        seen = self._passing()
        try:
            await asyncio.gather(_pipe(reader, ours, seen.there), _pipe(theirs, writer, seen.back))
        finally:
            self._writers.discard(ours)
            ours.close()


async def _pipe(
    source: asyncio.StreamReader, target: asyncio.StreamWriter, seen: Callable[[bytes], Awaitable[None]]
) -> None:
    """Until the source has said everything; a line that breaks on one side breaks on the other."""
    try:
        while data := await source.read(CHUNK):
            await seen(data)
            target.write(data)
            await target.drain()
        if target.can_write_eof():
            target.write_eof()
    except OSError:
        target.close()
