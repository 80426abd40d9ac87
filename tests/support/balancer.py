"""A plain TCP balancer: knows nothing of HTTP, gives each connection to the next process that takes it."""

import asyncio
import contextlib
from collections.abc import Sequence

CHUNK = 2**16


class Balancer:
    """`served` counts the connections that each port of `backends` took."""

    def __init__(self, backends: Sequence[int]) -> None:
        self.served = dict.fromkeys(backends, 0)
        self._backends = list(backends)
        self._server: asyncio.Server | None = None
        self._running: set[asyncio.Task[None]] = set()

    async def start(self, port: int) -> None:
        self._server = await asyncio.start_server(self._accept, "127.0.0.1", port)

    async def close(self) -> None:
        if self._server is not None:
            self._server.close()
        for task in list(self._running):
            task.cancel()
        await asyncio.gather(*self._running, return_exceptions=True)

    async def _accept(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        task = asyncio.current_task()
        assert task is not None
        self._running.add(task)
        try:
            await self._join(reader, writer)
        finally:
            self._running.discard(task)
            writer.close()

    async def _join(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        taken = await self._next()
        if taken is None:
            return
        theirs, ours = taken
        try:
            await asyncio.gather(_pipe(reader, ours), _pipe(theirs, writer))
        finally:
            ours.close()

    async def _next(self) -> tuple[asyncio.StreamReader, asyncio.StreamWriter] | None:
        for _each in self._backends:
            port = self._backends.pop(0)
            self._backends.append(port)
            with contextlib.suppress(OSError):
                joined = await asyncio.open_connection("127.0.0.1", port)
                self.served[port] += 1
                return joined
        return None


async def _pipe(source: asyncio.StreamReader, target: asyncio.StreamWriter) -> None:
    """Until the source has said everything; a cut line on one side cuts the other."""
    with contextlib.suppress(OSError):
        while data := await source.read(CHUNK):
            target.write(data)
            await target.drain()
        if target.can_write_eof():
            target.write_eof()
        return
    target.close()
