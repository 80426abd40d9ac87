"""A transaction pooler: every transaction of a client gets another connection of the server, as Supavisor does."""

import asyncio
import contextlib
import random
import struct
from collections.abc import AsyncIterator
from dataclasses import dataclass

import sqlalchemy as sa

SSL_REQUEST = 80877103


@dataclass
class Peer:
    reader: asyncio.StreamReader
    writer: asyncio.StreamWriter

    async def message(self) -> tuple[bytes, bytes]:
        """The kind and the whole bytes of the next message."""
        head = await self.reader.readexactly(5)
        (length,) = struct.unpack("!i", head[1:])
        return head[:1], head + await self.reader.readexactly(length - 4)


class Pooler:
    """`greeting` is what a server says after the password: its parameters, up to "ready"."""

    def __init__(self, url: sa.URL) -> None:
        self.url = url
        self.free: list[Peer] = []
        self.available = asyncio.Semaphore(0)
        self.greeting = b""

    async def connect(self) -> None:
        peer = Peer(*await asyncio.open_connection(self.url.host, self.url.port))
        names = f"user\0{self.url.username}\0database\0{self.url.database}\0\0".encode()
        peer.writer.write(struct.pack("!ii", len(names) + 8, 196608) + names)
        await peer.message()
        password = f"{self.url.password}\0".encode()
        peer.writer.write(b"p" + struct.pack("!i", len(password) + 4) + password)
        self.greeting, kind = b"", b""
        while kind != b"Z":
            kind, message = await peer.message()
            self.greeting += message
        self.release(peer)

    def release(self, peer: Peer) -> None:
        self.free.append(peer)
        self.available.release()

    async def acquire(self) -> Peer:
        await self.available.acquire()
        return self.free.pop(random.randrange(len(self.free)))

    async def serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        client = Peer(reader, writer)
        server: Peer | None = None
        pumping: asyncio.Task[None] | None = None
        try:
            code = 0
            while code in (0, SSL_REQUEST):
                length, code = struct.unpack("!ii", await reader.readexactly(8))
                await reader.readexactly(length - 8)
                if code == SSL_REQUEST:
                    writer.write(b"N")
            writer.write(self.greeting)
            while True:
                kind, message = await client.message()
                if kind == b"X":
                    return
                if server is None or pumping is None or pumping.done():
                    server = await self.acquire()
                    pumping = asyncio.create_task(self.pump(server, client))
                server.writer.write(message)
        except (asyncio.IncompleteReadError, ConnectionError):
            return
        finally:
            writer.close()

    async def pump(self, server: Peer, client: Peer) -> None:
        """Pass the server's answers on until its transaction has ended, then let others have the server."""
        ended = False
        while not ended:
            kind, message = await server.message()
            ended = kind == b"Z" and message[-1:] == b"I"
            if ended:
                self.release(server)
            client.writer.write(message)


@contextlib.asynccontextmanager
async def pooled(url: str, servers: int) -> AsyncIterator[str]:
    """The address of a pooler with that many connections to `url`."""
    parsed = sa.make_url(url)
    pooler = Pooler(parsed)
    for _ in range(servers):
        await pooler.connect()
    listening = await asyncio.start_server(pooler.serve, "127.0.0.1", 0)
    port = listening.sockets[0].getsockname()[1]
    try:
        yield parsed.set(host="127.0.0.1", port=port).render_as_string(hide_password=False)
    finally:
        listening.close()
        for peer in pooler.free:
            peer.writer.close()
            with contextlib.suppress(ConnectionError):
                await peer.writer.wait_closed()
