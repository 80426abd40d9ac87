"""A way to PostgreSQL that counts what goes over it."""

import asyncio
import contextlib
import struct
from collections.abc import AsyncIterator
from dataclasses import dataclass, field
from urllib.parse import urlsplit, urlunsplit

CHUNK = 65536
WANTS_TLS = 80877103


ENDS = ("COMMIT", "ROLLBACK")


@dataclass
class Work:
    """One transaction, or one statement without: what it had executed, beside BEGIN and COMMIT, and how often the
    client sent something for it and waited for an answer."""

    trips: int = 0
    statements: list[str] = field(default_factory=list)


@dataclass
class Wire:
    """All that was asked, on all connections, since `works` was last cleared."""

    works: list[Work] = field(default_factory=list)


class _Client:
    """The client's side of one connection, message by message (PostgreSQL documentation, 55.7)."""

    def __init__(self, wire: Wire) -> None:
        self._wire = wire
        self._held = b""
        self._begun = False
        self._named: dict[bytes, str] = {}
        self._bound: bytes = b""
        self._work: Work | None = None
        self._inside = False  # a transaction
        self._ended = False
        self.asked = False
        """Whether something was sent since the server last answered."""

    def sends(self, data: bytes) -> None:
        self._held += data
        while (message := self._next()) is not None:
            self._reads(*message)
        if not self.asked and self._work is not None:
            self._work.trips += 1
            if not self._inside and (self._work.statements or self._ended):
                self._work = None
        self.asked = True

    def _next(self) -> tuple[bytes, bytes] | None:
        head = 1 if self._begun else 0  # the first messages have no kind
        if len(self._held) < head + 4:
            return None
        end = head + int(struct.unpack_from("!i", self._held, head)[0])
        if len(self._held) < end:
            return None
        kind, body, self._held = self._held[:head], self._held[head + 4 : end], self._held[end:]
        return kind, body

    def _reads(self, kind: bytes, body: bytes) -> None:
        self._ended = False
        if kind == b"":
            self._begun = struct.unpack_from("!i", body)[0] != WANTS_TLS
            return
        if self._work is None:
            self._work = Work()
            self._wire.works.append(self._work)
        if kind == b"P":
            name, words, _types = body.split(b"\0", 2)
            self._named[name] = words.decode()
        elif kind == b"B":
            self._bound = body.split(b"\0", 2)[1]
        elif kind == b"E":
            self._work.statements.append(self._named.get(self._bound, "?"))
        elif kind == b"Q":
            asked = body.rstrip(b"\0").decode()
            self._inside = asked.upper().startswith("BEGIN") or (self._inside and not asked.upper().startswith(ENDS))
            self._ended = asked.upper().startswith(ENDS)
            if not asked.upper().startswith(("BEGIN", *ENDS)):
                self._work.statements.append(asked)


@contextlib.asynccontextmanager
async def counted(url: str) -> AsyncIterator[tuple[str, Wire]]:
    """The address of the same database over a wire that counts."""
    parts = urlsplit(url)
    wire, connections = Wire(), set[asyncio.Task[None]]()

    async def connected(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        task = asyncio.current_task()
        assert task is not None
        connections.add(task)
        with contextlib.suppress(asyncio.CancelledError, OSError):
            await _carry(reader, writer, parts.hostname or "", parts.port or 0, _Client(wire))

    server = await asyncio.start_server(connected, "127.0.0.1", 0)
    port = server.sockets[0].getsockname()[1]
    who = parts.netloc.rpartition("@")[0]
    try:
        yield urlunsplit(parts._replace(netloc=f"{who}@127.0.0.1:{port}")), wire
    finally:
        server.close()
        for task in connections:
            task.cancel()
        await asyncio.gather(*connections)


async def _carry(
    reader: asyncio.StreamReader, writer: asyncio.StreamWriter, host: str, port: int, client: _Client
) -> None:
    from_server, to_server = await asyncio.open_connection(host, port)

    async def there() -> None:
        while data := await reader.read(CHUNK):
            client.sends(data)
            to_server.write(data)
        to_server.close()

    async def back() -> None:
        while data := await from_server.read(CHUNK):
            client.asked = False
            writer.write(data)
        writer.close()

    try:
        await asyncio.gather(there(), back())
    finally:
        for each in (writer, to_server):
            each.close()
            with contextlib.suppress(OSError):
                await each.wait_closed()
