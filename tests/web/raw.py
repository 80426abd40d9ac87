"""A server of ours in this process, and a client that sends bytes and is held to no rule of HTTP."""

import asyncio
from collections.abc import AsyncIterator, Iterable
from contextlib import asynccontextmanager
from dataclasses import dataclass

from aiohttp import web

from bot.http_route import HttpRoute
from bot.web.limits import Limits
from bot.web.server import Runner, application

PATIENCE_S = 10.0


@dataclass
class Raw:
    reader: asyncio.StreamReader
    writer: asyncio.StreamWriter

    async def send(self, data: bytes) -> None:
        self.writer.write(data)
        await self.writer.drain()

    async def answer(self) -> tuple[int, dict[str, str], bytes]:
        """The next answer: its status, its headers by their names in small letters, and its body."""
        async with asyncio.timeout(PATIENCE_S):
            head = (await self.reader.readuntil(b"\r\n\r\n")).decode("latin-1").split("\r\n")
            headers = {name.lower(): value for name, value in (line.split(": ", 1) for line in head[1:] if line)}
            body = await self.reader.readexactly(int(headers.get("content-length", 0)))
        return int(head[0].split()[1]), headers, body

    async def closed(self) -> bytes:
        """What still comes until the server closes; TimeoutError when it does not."""
        try:
            async with asyncio.timeout(PATIENCE_S):
                return await self.reader.read()
        except ConnectionError:
            return b""

    def close(self) -> None:
        self.writer.transport.abort()


async def connect(port: int, source: str | None = None) -> Raw:
    address = None if source is None else (source, 0)
    return Raw(*await asyncio.open_connection("127.0.0.1", port, local_addr=address))


@dataclass
class Opened:
    port: int
    runner: Runner
    clients: list[Raw]

    async def connect(self, source: str | None = None) -> Raw:
        client = await connect(self.port, source)
        self.clients.append(client)
        return client


@asynccontextmanager
async def opened(routes: Iterable[HttpRoute], limits: Limits, shutdown_s: float = 0.1) -> AsyncIterator[Opened]:
    runner = Runner(application(routes), limits, shutdown_timeout=shutdown_s)
    await runner.setup()
    await web.TCPSite(runner, "127.0.0.1", 0).start()
    served = Opened(int(runner.addresses[0][1]), runner, [])
    try:
        yield served
    finally:
        for client in served.clients:
            client.close()
        await runner.cleanup()
