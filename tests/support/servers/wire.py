"""A relay to PostgreSQL that counts the round trips through it."""

import asyncio
import contextlib
import struct
from collections.abc import AsyncIterator
from dataclasses import dataclass, field
from urllib.parse import urlsplit, urlunsplit

from tests.support.servers.relay import Passing, Relay

WANTS_TLS = 80877103
ENDS = ("COMMIT", "ROLLBACK")


@dataclass
class Work:
    """One transaction, or one statement without: what it had executed, beside BEGIN and COMMIT, and how often the
    client sent something for it and waited for an answer. `prepared`: how many of these trips only named a statement,
    which a connection needs once."""

    trips: int = 0
    prepared: int = 0
    statements: list[str] = field(default_factory=list)


@dataclass
class Wire:
    """All that was asked, on all connections, since `works` was last cleared."""

    works: list[Work] = field(default_factory=list)


class _Client(Passing):
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
        self._asked = False  # something was sent since the server last answered

    async def back(self, data: bytes) -> None:
        self._asked = False

    async def there(self, data: bytes) -> None:
        self._held += data
        while (message := self._next()) is not None:
            self._reads(*message)
        if self._work is not None:
            self._work.trips += not self._asked
            # Also where what was sent at once arrives in two parts.
            if not self._inside and (self._work.statements or self._ended):
                self._work = None
        self._asked = True

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
            self._work.prepared += name != b""
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
    parts, wire = urlsplit(url), Wire()
    relay = Relay(lambda: asyncio.open_connection(parts.hostname, parts.port), lambda: _Client(wire))
    port = await relay.open()
    who = parts.netloc.rpartition("@")[0]
    try:
        yield urlunsplit(parts._replace(netloc=f"{who}@127.0.0.1:{port}")), wire
    finally:
        await relay.close()
